import { addDays } from '../lib/dates.ts'
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
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { channels } from '../safe-contact/kinds-rules.ts'
import { parseServiceUser } from '../service-users/person-rules.ts'
import type { ServiceUserDetails } from '../service-users/rules.ts'
import {
  type Ask,
  asks,
  type Barrier,
  barriers,
  type ContactSaid,
  type Ending,
  endingReasons,
  type Source,
  typedSources,
} from './rules.ts'

const MOST_WORDS = 1_000
const MOST_IN_A_LINE = 200
const OLDEST_DAYS = 366

/** Whom it is for: somebody on record, or somebody new; `isMeant` when those who may be the same were looked at. */
export type PersonReferred =
  | { id: number; added?: undefined }
  | { id?: undefined; added: ServiceUserDetails; isMeant: boolean }

export interface ReferralForm {
  person: PersonReferred
  barriers: Barrier[]
  barrierWords: string
  asks: Ask[]
  firstAppointmentOn: string | null
  contactSaid: ContactSaid
  contactWords: string
  teamId: number | null
  /** Where a champion types what came in another way. */
  typed: { source: Source; referrer: string; referredOn: string } | null
}

/** Who sends it decides what is asked: a champion types for others, and everybody else for their own ward or team. */
export interface ReferralAsker {
  isChampion: boolean
  wardIds: readonly number[]
}

/** Of a person's own form this one asks what tells them from others and how to reach them, and reads nothing else. */
const personFields = ['name', ...dateFieldNames('date-of-birth'), 'nhs-number', 'phone', 'email']

const fields = [
  'person',
  'barrier-words',
  ...dateFieldNames('appointment'),
  ...channels.map((channel) => `contact-${channel}`),
  'contact-words',
  'team',
  'source',
  'referrer',
  ...dateFieldNames('referred'),
]

export function parseReferral(body: unknown, today: string, asker: ReferralAsker): Parsed<ReferralForm> {
  const isOnRecord = idOf(fieldText(body, 'person')) !== null
  const added = isOnRecord ? undefined : parseServiceUser(typedValues(body, personFields), today)
  const chosen = { barriers: fieldTexts(body, 'barriers'), asks: fieldTexts(body, 'asks') }
  const values: Typed = {
    ...added?.values,
    ...typedValues(body, fields),
    barriers: chosen.barriers.join(' '),
    asks: chosen.asks.join(' '),
  }
  const errors: FieldError[] = [...(added?.errors ?? [])]
  const asked = chosen.asks.filter((ask): ask is Ask => Object.hasOwn(asks, ask))
  if (asked.length === 0) errors.push({ field: 'asks', text: 'Choose what would help. If you are not sure, say so' })
  const barrierWords = readText(values, 'barrier-words', 'What else is in the way', errors)
  const contactWords = readText(values, 'contact-words', 'What to do when contacting them', errors)
  const firstAppointmentOn = readAppointment(values, today, errors)
  const teamId = readTeam(values, asker, errors)
  const typed = asker.isChampion ? readTyped(values, today, errors) : null
  const person = readPerson(values, added?.value)
  if (errors.length > 0 || person === undefined) return rejected(errors, values)
  return accepted(
    {
      person,
      barriers: chosen.barriers.filter((barrier): barrier is Barrier => Object.hasOwn(barriers, barrier)),
      barrierWords,
      asks: asked,
      firstAppointmentOn,
      contactSaid: readContact(values),
      contactWords,
      teamId,
      typed,
    },
    values,
  )
}

function idOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

function readPerson(values: Typed, added: ServiceUserDetails | undefined): PersonReferred | undefined {
  const id = idOf(values.person)
  if (id !== null) return { id }
  return added && { added, isMeant: values.person === 'new' }
}

function readText(values: Typed, field: string, name: string, errors: FieldError[]): string {
  const text = cleanText(values[field])
  if (isLongerThan(text, MOST_WORDS)) errors.push({ field, text: `${name} must be 1,000 characters or less` })
  return text
}

/** Today or later, and within two years: what is further off is a slip of the pen. */
function readAppointment(values: Typed, today: string, errors: FieldError[]): string | null {
  const { date, error } = readOptionalDate(values, 'appointment', 'First appointment')
  if (error) errors.push(error)
  else if (date !== null && date < today) {
    errors.push({ field: 'appointment', text: 'First appointment must be today or in the future' })
  } else if (date !== null && date > addDays(today, 2 * OLDEST_DAYS)) {
    errors.push({ field: 'appointment', text: 'First appointment must be within two years' })
  }
  return date
}

/** Whoever works in one place alone is not asked which. */
function readTeam(values: Typed, { isChampion, wardIds }: ReferralAsker, errors: FieldError[]): number | null {
  const id = idOf(values.team)
  if (isChampion) return id
  if (wardIds.length < 2) return wardIds[0] ?? null
  if (id !== null && wardIds.includes(id)) return id
  errors.push({ field: 'team', text: 'Choose the ward or team that you refer them for' })
  return null
}

function readTyped(values: Typed, today: string, errors: FieldError[]): ReferralForm['typed'] {
  const source = typedSources.find((one) => one === values.source)
  if (!source) errors.push({ field: 'source', text: 'Choose how this referral came' })
  const referrer = cleanLine(values.referrer)
  if (referrer === '') errors.push({ field: 'referrer', text: 'Enter who asked' })
  else if (isLongerThan(referrer, MOST_IN_A_LINE)) {
    errors.push({ field: 'referrer', text: 'Who asked must be 200 characters or less' })
  }
  const { date, error } = readOptionalDate(values, 'referred', 'The day it was asked')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'referred', text: 'Enter the day it was asked' })
  else if (date > today) errors.push({ field: 'referred', text: 'The day it was asked must be today or in the past' })
  else if (date < addDays(today, -OLDEST_DAYS)) {
    errors.push({ field: 'referred', text: 'The day it was asked must be within the last year' })
  }
  return source && date !== null ? { source, referrer, referredOn: date } : null
}

function readContact(values: Typed): ContactSaid {
  const said = channels.flatMap((channel) => {
    const answer = values[`contact-${channel}`]
    return answer === 'allowed' || answer === 'not-allowed' ? [[channel, answer]] : []
  })
  return Object.fromEntries(said)
}

/** Reads another day for the first appointment, or none. */
export function parseFirstAppointment(body: unknown, today: string): Parsed<string | null> {
  const values = typedValues(body, dateFieldNames('appointment'))
  const errors: FieldError[] = []
  const date = readAppointment(values, today, errors)
  return errors.length > 0 ? rejected(errors, values) : accepted(date, values)
}

/** Reads why a referral ends without being met, and what whoever made it is told about it. */
export function parseEnding(ending: Ending, body: unknown): Parsed<{ why: string; words: string }> {
  const values = typedValues(body, ['why', 'words'])
  const errors: FieldError[] = []
  const why = values.why ?? ''
  if (!Object.hasOwn(endingReasons[ending], why)) errors.push({ field: 'why', text: 'Choose the reason' })
  const words = readText(values, 'words', 'What you write', errors)
  if (why === 'other' && words === '') errors.push({ field: 'words', text: 'Say what the reason is' })
  return errors.length > 0 ? rejected(errors, values) : accepted({ why, words }, values)
}
