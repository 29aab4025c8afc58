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
import { dateFieldNames, dateFieldValues, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { type IncidentKind, isIncidentKind, isLoss, MOST_ITEMS } from './rules.ts'

const MOST_STORY = 2000
const MOST_REFERENCE = 60
const MOST_NOTE = 1000

const detailFields = [...dateFieldNames('happened'), 'story', 'crime-reference']

interface DetailsForm {
  happened_on: string | null
  story: string
  crime_reference: string
}

export interface ReportForm extends DetailsForm {
  kind: IncidentKind
  itemIds: number[]
  lineId: number | null
  seen: number
}

/** What somebody wants to report, from an address or a form: an item, or a line of a loan. */
export function reportAsked(source: unknown): { itemId: number | null; lineId: number | null } {
  return { itemId: idOf(fieldText(source, 'item')), lineId: idOf(fieldText(source, 'line')) }
}

/** What else was ticked as having gone with it. */
export function alsoAsked(body: unknown): number[] {
  return [...new Set(fieldTexts(body, 'also').map(idOf))].filter((id) => id !== null)
}

/** The newest incident of the items that the form knew of; 0: none. */
export function seenIn(values: Typed): number {
  return idOf(values.seen ?? '') ?? 0
}

/** Reads the report of one item and of what went with it. Damage is described: whoever mends it must know what to look at. */
export function parseReport(body: unknown, today: string): Parsed<ReportForm> {
  const values = typedValues(body, ['kind', 'seen', ...detailFields])
  const { itemId, lineId } = reportAsked(body)
  const itemIds = [...new Set([...(itemId === null ? [] : [itemId]), ...alsoAsked(body)])]
  const kind = values.kind ?? ''
  const details = readDetails(values, today)
  const errors: FieldError[] = []
  if (!isIncidentKind(kind)) errors.push({ field: 'kind', text: 'Choose what happened' })
  if (itemIds.length > MOST_ITEMS) {
    errors.push({ field: 'also', text: `Report ${MOST_ITEMS} items at most, and the rest by themselves` })
  }
  errors.push(...details.errors)
  if (isDamage(kind) && details.value.story === '') errors.push({ field: 'story', text: 'Say what is damaged' })
  if (errors.length > 0 || !isIncidentKind(kind)) return rejected(errors, values)
  const crime_reference = isLoss(kind) ? details.value.crime_reference : ''
  return accepted({ ...details.value, crime_reference, kind, itemIds, lineId, seen: seenIn(values) }, values)
}

function isDamage(kind: string): boolean {
  return kind === 'damaged' || kind === 'repairable'
}

/** Reads what is said about an incident, to be changed. */
export function parseDetails(body: unknown, kind: string, today: string): Parsed<DetailsForm> {
  const values = typedValues(body, detailFields)
  const { value, errors } = readDetails(values, today)
  if (isDamage(kind) && value.story === '') errors.push({ field: 'story', text: 'Say what is damaged' })
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ ...value, crime_reference: isLoss(kind) ? value.crime_reference : '' }, values)
}

/** What is saved, as it is typed. */
export function detailValues(saved: DetailsForm): Typed {
  return {
    ...dateFieldValues('happened', saved.happened_on),
    story: saved.story,
    'crime-reference': saved.crime_reference,
  }
}

function readDetails(values: Typed, today: string): { value: DetailsForm; errors: FieldError[] } {
  const happened = readOptionalDate(values, 'happened', 'Day it happened')
  const story = cleanText(values.story)
  const crime_reference = cleanLine(values['crime-reference'])
  const errors: FieldError[] = []
  if (happened.error) errors.push(happened.error)
  if (happened.date !== null && happened.date > today) {
    errors.push({ field: 'happened', text: 'Day it happened must be today or in the past' })
  }
  if (isLongerThan(story, MOST_STORY)) {
    errors.push({ field: 'story', text: 'What happened must be 2,000 characters or less' })
  }
  if (isLongerThan(crime_reference, MOST_REFERENCE)) {
    errors.push({ field: 'crime-reference', text: `Crime reference must be ${MOST_REFERENCE} characters or less` })
  }
  return { value: { happened_on: happened.date, story, crime_reference }, errors }
}

/** Reads how a task was done. The police's number is asked for by the task that is about it; without one, the note says why. */
export function parseTaskDone(body: unknown, task: string): Parsed<{ note: string; crimeReference: string | null }> {
  const values = typedValues(body, ['note', 'crime-reference'])
  const note = cleanText(values.note)
  const reference = task === 'crime-reference' ? cleanLine(values['crime-reference']) : ''
  const errors: FieldError[] = []
  if (task === 'crime-reference' && reference === '' && note === '') {
    errors.push({ field: 'crime-reference', text: 'Enter the crime reference, or say in the note why there is none' })
  }
  if (isLongerThan(reference, MOST_REFERENCE)) {
    errors.push({ field: 'crime-reference', text: `Crime reference must be ${MOST_REFERENCE} characters or less` })
  }
  if (isLongerThan(note, MOST_NOTE)) errors.push({ field: 'note', text: 'Note must be 1,000 characters or less' })
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ note, crimeReference: reference === '' ? null : reference }, values)
}

/** Reads to whom a task is given, and who had it when the form was shown. */
export function parseOwner(body: unknown): Parsed<{ ownerId: number; from: number }> {
  const values = typedValues(body, ['owner', 'from'])
  const ownerId = idOf(values.owner ?? '')
  if (ownerId === null) return rejected([{ field: 'owner', text: 'Choose who does it' }], values)
  return accepted({ ownerId, from: idOf(values.from ?? '') ?? 0 }, values)
}

/** Reads which of the lost items were found. */
export function parseFound(body: unknown): Parsed<number[]> {
  const ids = [...new Set(fieldTexts(body, 'item').map(idOf))].filter((id) => id !== null)
  if (ids.length === 0) return rejected([{ field: 'item', text: 'Choose what was found' }], {})
  return accepted(ids)
}

function idOf(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
