import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { type StaffTopic, staffTopics } from './staff-rules.ts'

/** A session for staff that took place. */
export interface StaffSession {
  topic: StaffTopic
  trainedOn: string
  staffIds: number[]
}

const EARLIEST = '2015-01-01'

/** Reads what it was about, on which day and who came. */
export function parseStaffSession(body: unknown, today: string): Parsed<StaffSession> {
  const came = [...new Set(fieldTexts(body, 'came').filter((id) => /^[1-9]\d{0,14}$/.test(id)))]
  const values: Typed = { ...typedValues(body, ['topic', ...dateFieldNames('on')]), came: came.join(' ') }
  const errors: FieldError[] = []
  const { topic = '' } = values
  if (!Object.hasOwn(staffTopics, topic)) errors.push({ field: 'topic', text: 'Choose what it was about' })
  const { date, error } = readOptionalDate(values, 'on', 'Day')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'on', text: 'Enter the day' })
  else if (date > today)
    errors.push({ field: 'on', text: 'The day must be today or before: write it down when it is over' })
  else if (date < EARLIEST) errors.push({ field: 'on', text: 'The day must be 1 January 2015 or later' })
  if (came.length === 0) errors.push({ field: 'came', text: 'Choose who came' })
  if (errors.length > 0 || date === null) return rejected(errors, values)
  return accepted({ topic: topic as StaffTopic, trainedOn: date, staffIds: came.map(Number) }, values)
}
