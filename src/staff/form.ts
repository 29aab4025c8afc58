import { type Role, roles } from '../lib/actor.ts'
import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
} from '../lib/fields.ts'
import { cleanLine, isEmail, isLongerThan } from '../lib/text.ts'
import { worksOnWards } from './rules.ts'

export interface StaffDetails {
  name: string
  role: Role
  isLeadChampion: boolean
  /** A champion who sees the people on their caseload, and nobody else. */
  caseloadOnly: boolean
  wardIds: number[]
}

export type Invitation = StaffDetails & { email: string }

const LONGEST = 200

/** Reads who is to be invited. Wards and teams count for ward staff, who need one, and for the care team. */
export function parseInvitation(body: unknown): Parsed<Invitation> {
  const { errors, values, details } = readDetails(body)
  const email = cleanLine(fieldText(body, 'email')).toLowerCase()
  if (email === '')
    errors.splice(errors[0]?.field === 'name' ? 1 : 0, 0, { field: 'email', text: 'Enter their email address' })
  else if (!isEmail(email) || isLongerThan(email, LONGEST)) {
    const text = 'Enter an email address in the correct format, like name@example.com'
    errors.splice(errors[0]?.field === 'name' ? 1 : 0, 0, { field: 'email', text })
  }
  return errors.length > 0 ? rejected(errors, values) : accepted({ ...details, email }, values)
}

export function parseStaffDetails(body: unknown): Parsed<StaffDetails> {
  const { errors, values, details } = readDetails(body)
  return errors.length > 0 ? rejected(errors, values) : accepted(details, values)
}

function readDetails(body: unknown) {
  const wards = fieldTexts(body, 'ward').filter((text) => /^[1-9]\d{0,14}$/.test(text))
  const values: Typed = { ...typedValues(body, ['name', 'email', 'role', 'sees']), wards: wards.join(' ') }
  const errors: FieldError[] = []
  const name = cleanLine(values.name)
  if (name === '') errors.push({ field: 'name', text: 'Enter their full name' })
  else if (isLongerThan(name, LONGEST)) errors.push({ field: 'name', text: 'Full name must be 200 characters or less' })
  const role = roles.find((one) => one === values.role)
  if (role === undefined) errors.push({ field: 'role', text: 'Choose what they do' })
  if (role === 'ward-staff' && wards.length === 0) errors.push({ field: 'ward', text: 'Choose at least one ward' })
  const details: StaffDetails = {
    name,
    role: role ?? 'ward-staff',
    isLeadChampion: role === 'champion' && values.sees === 'lead',
    caseloadOnly: role === 'champion' && values.sees === 'caseload',
    wardIds: role !== undefined && worksOnWards.has(role) ? [...new Set(wards.map(Number))] : [],
  }
  return { errors, values, details }
}
