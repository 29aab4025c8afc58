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
  /** Whom it is for, where it is for somebody who supports them. */
  supporterId?: number
}

const fields = [...dateFieldNames('on'), 'at', 'length', 'way', 'champion', 'supporter', 'interpreter', 'for', 'anyway']

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
  const isForSupporter = /^[1-9]\d{0,14}$/.test(values.for ?? '')
  const whom = isForSupporter ? { supporterId: Number(values.for) } : {}
  return accepted({ ...time, way: way as TrainingWay, championId, topics, ...joins, ...whom }, values)
}

/** What came of a session. */
export interface TrainingResult {
  came: boolean
  /** In a group: whether they agreed to how it works; null where nobody asked. */
  agreed_ways: boolean | null
  /** What of it they could do before and after, alone or with help; null where nobody asked. */
  could_before: Topic[] | null
  could_after: Topic[] | null
  confidence_before: number | null
  confidence_after: number | null
  wants_more: boolean | null
  note: string
}

const MOST_IN_NOTE = 1000

/** Reads whether they came, what they can do and how sure they felt; of somebody who did not come nothing else is known. */
export function parseAttendance(body: unknown, about: readonly string[]): Parsed<TrainingResult> {
  const could = (name: string) => fieldTexts(body, name).filter((one): one is Topic => about.includes(one))
  const [couldBefore, couldAfter] = [could('could-before'), could('could-after')]
  const values: Typed = {
    ...typedValues(body, ['came', 'agreed', 'before', 'after', 'more', 'note']),
    ...{ 'could-before': couldBefore.join(' '), 'could-after': couldAfter.join(' ') },
  }
  const errors: FieldError[] = []
  if (values.came !== 'yes' && values.came !== 'no') errors.push({ field: 'came', text: 'Choose whether they came' })
  const note = cleanText(values.note ?? '')
  if (isLongerThan(note, MOST_IN_NOTE)) {
    errors.push({ field: 'note', text: `Notes must be ${MOST_IN_NOTE} characters or fewer` })
  }
  if (errors.length > 0) return rejected(errors, values)
  const rated = (text = '') => (values.came === 'yes' && /^[1-5]$/.test(text) ? Number(text) : null)
  const hasCome = values.came === 'yes'
  const yesNo = (text = '') => (text === 'yes' || text === 'no' ? text === 'yes' : null)
  // with nothing ticked before or after nobody asked; with something ticked, what is not was asked and is not there yet
  const isAsked = hasCome && couldBefore.length + couldAfter.length > 0
  const skills = { could_before: isAsked ? couldBefore : null, could_after: isAsked ? couldAfter : null }
  const sure = { confidence_before: rated(values.before), confidence_after: rated(values.after) }
  const more = hasCome ? yesNo(values.more) : null
  return accepted(
    { came: hasCome, agreed_ways: yesNo(values.agreed), ...skills, ...sure, wants_more: more, note },
    values,
  )
}
