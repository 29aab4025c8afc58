import { detailLines } from '../audit/details-rules.ts'
import { auditSentence } from '../audit/rules.ts'
import { formatDate, formatInstant, isDate } from '../lib/dates.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import { agreements, ethnicities, genders, housings, needs, states } from '../service-users/words-rules.ts'
import { askers, endings, identityChecks } from './rules.ts'

/** Words of the database that do not read well as they are. Others do, with a capital letter and spaces. */
const words: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(states).map(([value, { text }]) => [value, text])),
  ...Object.fromEntries(
    [...needs, ...genders, ...ethnicities, ...housings, ...agreements].map(({ value, text }) => [value, text]),
  ),
  ...askers,
  ...identityChecks,
  ...endings,
  self: 'You do',
  'with-support': 'You do, with support to decide',
  'prefer-not': 'You prefer not to say',
  'not-safe': 'No, it is not safe',
  'not-known': 'Not known',
  seeking: 'Seeking asylum',
  email: 'Email',
  other: 'Something else',
  some: 'Yes',
  none: 'No',
  screen: 'On screen',
  paper: 'On paper',
  spoken: 'Spoken',
  withheld: 'Not sent',
  trying: 'We began to send it',
  kept: 'Kept here, and not sent',
  'gave-up': 'It could not be sent',
  'last-contact': 'Long after the last contact',
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function inWords(value: string): string {
  const text = words[value] ?? value.replaceAll('-', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A value as the person reads it, in lines; none where there is nothing to say. */
export function valueLines(value: unknown, as: string, row: Readonly<Record<string, unknown>> = {}): string[] {
  if (value === null || value === undefined || value === '') return []
  if (as === 'event') return [eventSentence(String(value), row)]
  if (as === 'details') return detailLines(value)
  if (as === 'yes-no') return [value === true ? 'Yes' : 'No']
  if (as === 'list' && Array.isArray(value)) {
    return value.map((one) => (typeof one === 'number' ? (weekdays[one - 1] ?? String(one)) : inWords(String(one))))
  }
  const text = String(value)
  if (as === 'date' && isDate(text)) return [formatDate(text)]
  if (as === 'instant') return [formatInstant(text)]
  if (as === 'nhs-number') return [formatNhsNumber(text)]
  return as === 'word' ? [inWords(text)] : text.split('\n')
}

function eventSentence(verb: string, row: Readonly<Record<string, unknown>>): string {
  const type = row.subject_type === null ? null : String(row.subject_type)
  const facts = {
    ...{ verb, staff_member: row.staff_id === null ? null : String(row.staff_id), service_user_id: null },
    ...{ subject_type: type, subject_id: row.subject_id === null ? null : Number(row.subject_id) },
  }
  return auditSentence(facts, type === 'service-user' ? 'your record' : undefined)
}
