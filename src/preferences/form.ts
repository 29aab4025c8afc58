import { waysOfMeeting } from '../conversations/question-rules.ts'
import { accepted, type FieldError, fieldTexts, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { cameras, frequencies, lengths, purposes, timesOfDay } from './rules.ts'

export interface NewPreference {
  ways: string[]
  camera: string | null
  length: string | null
  frequency: string | null
  times: string[]
  review_on: string
  joins: string
  notes: string
  platformIds: number[]
  /** The other purposes for which it is the same. */
  also: string[]
}

export const wayFields = waysOfMeeting.map((_, at) => `way-${at + 1}`)

/** Reads how somebody wants to meet for one purpose. Nothing asks for a reason. */
export function parsePreference(
  body: unknown,
  { today, platformIds }: { today: string; platformIds: ReadonlySet<number> },
): Parsed<NewPreference> {
  const names = [...wayFields, 'camera', 'length', 'frequency', 'joins', 'notes', ...dateFieldNames('review-on')]
  const lists = {
    times: fieldTexts(body, 'times'),
    platforms: fieldTexts(body, 'platforms'),
    also: fieldTexts(body, 'also'),
  }
  const values = {
    ...typedValues(body, names),
    ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.join(' ')])),
  }
  const typed = typedValues(body, names)
  const errors: FieldError[] = []
  const ways = wayFields.flatMap((field) => {
    const way = typed[field] ?? ''
    return waysOfMeeting.some(({ value }) => value === way) ? [way] : []
  })
  if (ways.length === 0) errors.push({ field: 'way-1', text: 'Choose at least one way of meeting' })
  const twice = wayFields.find(
    (field, at) => typed[field] && wayFields.slice(0, at).some((other) => typed[other] === typed[field]),
  )
  if (twice) errors.push({ field: twice, text: 'Choose each way once' })
  const joins = cleanLine(typed.joins)
  const notes = cleanText(typed.notes)
  if (isLongerThan(joins, 200)) errors.push({ field: 'joins', text: 'Who joins must be 200 characters or less' })
  if (isLongerThan(notes, 1000))
    errors.push({ field: 'notes', text: 'What you write must be 1,000 characters or less' })
  const { date, error } = readOptionalDate(typed, 'review-on', 'The day to ask again')
  if (error) errors.push(error)
  else if (date === null || date <= today) {
    errors.push({ field: 'review-on', text: 'The day to ask again must be in the future' })
  }
  if (errors.length > 0 || date === null) return rejected(errors, values)
  const oneOf = (list: readonly { value: string }[], name: string) =>
    list.find(({ value }) => value === typed[name])?.value ?? null
  return accepted(
    {
      ways,
      ...{
        camera: oneOf(cameras, 'camera'),
        length: oneOf(lengths, 'length'),
        frequency: oneOf(frequencies, 'frequency'),
      },
      times: lists.times.filter((time) => timesOfDay.some(({ value }) => value === time)),
      review_on: date,
      ...{ joins, notes },
      platformIds: lists.platforms.map(Number).filter((id) => platformIds.has(id)),
      also: lists.also.filter((purpose) => purposes.some(({ value }) => value === purpose)),
    },
    values,
  )
}
