import { accepted, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { isProfileId, type ProfileId } from './disclosure-rules.ts'

/** Reads how small numbers are to be hidden, and that whoever chose it knows it is for good. */
export function parseProfile(body: unknown): Parsed<ProfileId> {
  const values = typedValues(body, ['profile', 'sure'])
  const { profile = '', sure } = values
  const errors = [
    ...(isProfileId(profile) ? [] : [{ field: 'profile', text: 'Choose how small numbers are hidden' }]),
    ...(sure === 'yes' ? [] : [{ field: 'sure', text: 'Confirm that it cannot be changed later' }]),
  ]
  return isProfileId(profile) && errors.length === 0 ? accepted(profile, values) : rejected(errors, values)
}
