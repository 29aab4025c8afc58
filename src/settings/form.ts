import { type Role, roles } from '../lib/actor.ts'
import { accepted, fieldText, fieldTexts, type Parsed, rejected, type Typed } from '../lib/fields.ts'

export interface SecondStepRules {
  /** The roles that are to sign in with a second step. */
  required: Role[]
  /** Those that had to when the form was shown. */
  shown: Role[]
}

/** Reads which roles must use a second step. None is an answer; it is to be confirmed in so many words. */
export function parseSecondStepRules(body: unknown): Parsed<SecondStepRules> {
  const required = rolesIn(fieldTexts(body, 'role'))
  const shown = rolesIn(fieldText(body, 'shown').split(' '))
  const values: Typed = { role: required.join(' '), isNobody: fieldTexts(body, 'role').includes('nobody') ? 'yes' : '' }
  if (required.length > 0 || values.isNobody === 'yes') return accepted({ required, shown }, values)
  return rejected([{ field: 'role', text: 'Choose who must use a second step, or “Nobody has to”' }], values)
}

function rolesIn(texts: string[]): Role[] {
  return roles.filter((role) => texts.includes(role))
}
