import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames } from '../lib/form-fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'
import { readTypedTime } from '../trial-calls/typed-time-rules.ts'
import { lengths, type Topic, type TrainingWay, topicNames, wayNames } from './rules.ts'

/** What was decided about a session. */
export interface TrainingOrder {
  startsAt: Date
  minutes: number
  way: TrainingWay
  championId: number
  topics: Topic[]
  /** The way there; nobody travels to a call. */
  travelMinutes?: number
  /** The appointment it prepares for, where there is one. */
  appointmentId?: number
  supporterJoins: boolean
  interpreterJoins: boolean
}

const fields = [...dateFieldNames('on'), 'at', 'length', 'way', 'champion', 'supporter', 'interpreter', 'anyway']

export function parseTraining(body: unknown, now: Date): Parsed<TrainingOrder> {
  const topics = fieldTexts(body, 'topic').filter((one): one is Topic => Object.hasOwn(topicNames, one))
  const values: Typed = { ...typedValues(body, fields), topic: topics.join(' ') }
  const errors: FieldError[] = []
  const time = readTypedTime(values, lengths, errors)
  if (time && time.startsAt <= now) errors.push({ field: 'on', text: 'The session must be in the future' })
  const way = values.way ?? ''
  if (!Object.hasOwn(wayNames, way)) errors.push({ field: 'way', text: 'Choose how you meet' })
  if (topics.length === 0) errors.push({ field: 'topic', text: 'Choose what it is about' })
  const championId = /^[1-9]\d{0,14}$/.test(values.champion ?? '') ? Number(values.champion) : 0
  if (championId === 0) errors.push({ field: 'champion', text: 'Choose who gives it' })
  if (errors.length > 0 || !time) return rejected(errors, values)
  const joins = { supporterJoins: values.supporter === 'yes', interpreterJoins: values.interpreter === 'yes' }
  return accepted({ ...time, way: way as TrainingWay, championId, topics, ...joins }, values)
}

/** What came of a session. */
export interface TrainingResult {
  came: boolean
  confidence_before: number | null
  confidence_after: number | null
  wants_more: boolean | null
  note: string
}

const MOST_IN_NOTE = 1000

/** Reads whether they came and how sure they felt; of somebody who did not come nothing else is known. */
export function parseAttendance(body: unknown): Parsed<TrainingResult> {
  const values = typedValues(body, ['came', 'before', 'after', 'more', 'note'])
  const errors: FieldError[] = []
  if (values.came !== 'yes' && values.came !== 'no') errors.push({ field: 'came', text: 'Choose whether they came' })
  const note = cleanText(values.note ?? '')
  if (isLongerThan(note, MOST_IN_NOTE)) {
    errors.push({ field: 'note', text: `Notes must be ${MOST_IN_NOTE} characters or fewer` })
  }
  if (errors.length > 0) return rejected(errors, values)
  const rated = (text = '') => (values.came === 'yes' && /^[1-5]$/.test(text) ? Number(text) : null)
  const more = values.came === 'yes' && (values.more === 'yes' || values.more === 'no') ? values.more === 'yes' : null
  const sure = { confidence_before: rated(values.before), confidence_after: rated(values.after) }
  return accepted({ came: values.came === 'yes', ...sure, wants_more: more, note }, values)
}
