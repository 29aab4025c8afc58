import { accepted, type FieldError, fieldText, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseNhsNumber } from '../lib/nhs-number.ts'
import { cleanCode, cleanLine, cleanPhone, isEmail, isLongerThan } from '../lib/text.ts'
import { EARLIEST_YEAR } from '../lib/typed-dates.ts'
import { birthProblem, inFuture, tooLongAgo } from './birth-rules.ts'
import type { ServiceUserDetails, ServiceUserIdentity } from './rules.ts'

const identityFields = ['name', 'known-as', 'nhs-number', 'local-id', ...dateFieldNames('date-of-birth')]
const mostCharacters = 200
const mostInANumber = 40

/** Reads a person who is added, on their own form or with a referral. Their name and date of birth must be there. */
export function parseServiceUser(body: unknown, today: string): Parsed<ServiceUserDetails> {
  const identity = parseIdentity(body, today)
  const values = { ...identity.values, ...typedValues(body, ['phone', 'email']) }
  const errors = identity.errors ?? []
  const phone = optional(values.phone, cleanPhone)
  if (phone.error) errors.push({ field: 'phone', text: phone.error.text })
  const email = cleanLine(values.email)
  const problem = emailProblem(email)
  if (problem) errors.push({ field: 'email', text: problem })
  if (errors.length > 0 || identity.value === undefined) return rejected(errors, values)
  return accepted({ ...identity.value, phone: phone.value?.typed ?? '', email }, values)
}

/** Reads who a person is: what tells them from everybody else. */
export function parseIdentity(body: unknown, today: string): Parsed<Required<ServiceUserIdentity>> {
  const values = typedValues(body, identityFields)
  const errors: FieldError[] = []
  const note = (field: string, text: string | undefined) => text !== undefined && errors.push({ field, text })

  const name = cleanLine(values.name)
  note('name', nameProblem(name))
  const knownAs = cleanLine(values['known-as'])
  note('known-as', knownAsProblem(knownAs))
  const birth = readDateOfBirth(values, today)
  if (birth.error) errors.push(birth.error)
  const nhsNumber = optional(values['nhs-number'], parseNhsNumber)
  note('nhs-number', nhsNumber.error?.text)
  const localId = cleanCode(values['local-id'])
  if (isLongerThan(localId, mostInANumber)) {
    note('local-id', `Hospital number must be ${mostInANumber} characters or less`)
  }

  if (errors.length > 0 || birth.date === null) return rejected(errors, values)
  const identity = { name, known_as: knownAs, date_of_birth: birth.date, local_id: localId }
  return accepted({ ...identity, nhs_number: nhsNumber.value ?? null }, values)
}

/** Whether somebody has looked at the people who may be the same, and adds this one all the same. */
export function isConfirmed(body: unknown): boolean {
  return fieldText(body, 'confirmed') === 'yes'
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'Enter the full name'
  if (!/\p{L}/u.test(name)) return 'Full name must have letters in it'
  return isLongerThan(name, mostCharacters) ? `Full name must be ${mostCharacters} characters or less` : undefined
}

function knownAsProblem(name: string): string | undefined {
  if (name !== '' && !/\p{L}/u.test(name)) return 'What they like to be called must have letters in it'
  return isLongerThan(name, mostCharacters)
    ? `What they like to be called must be ${mostCharacters} characters or less`
    : undefined
}

function readDateOfBirth(values: Typed, today: string): { date: string | null; error?: FieldError } {
  const { date, error } = readOptionalDate(values, 'date-of-birth', 'Date of birth')
  const year = values['date-of-birth-year'] ?? ''
  if (error?.field === 'date-of-birth-year' && /^\d{4}$/.test(year)) {
    return { date: null, error: { ...error, text: (Number(year) < EARLIEST_YEAR ? tooLongAgo : inFuture).text } }
  }
  if (error) return { date: null, error }
  if (date === null) return { date, error: { field: 'date-of-birth', text: 'Enter the date of birth' } }
  const problem = birthProblem(date, today)
  return problem ? { date: null, error: { field: 'date-of-birth', text: problem.text } } : { date }
}

function emailProblem(email: string): string | undefined {
  return email === '' || isEmail(email)
    ? undefined
    : 'Enter an email address in the correct format, like name@example.com'
}

type Read<T> = { value?: T; error?: { text: string } }

/** What may be left empty is only read when it was not. */
function optional<T>(typed: string | undefined, read: (text: string) => Read<T>): Read<T> {
  return typed === undefined || typed === '' ? {} : read(typed)
}
