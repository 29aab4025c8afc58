import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames } from '../lib/form-fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'
import {
  answerNames,
  type Checklist,
  outcomeOf,
  type StepAnswer,
  stepIds,
  stepsFor,
  type TrialOutcome,
} from './checklist-rules.ts'
import { lengths } from './rules.ts'
import { readTypedTime } from './typed-time-rules.ts'

/** What was decided about a trial-run call. */
export interface TrialOrder {
  startsAt: Date
  minutes: number
  championId: number
  supporterJoins: boolean
  interpreterJoins: boolean
}

const orderFields = [...dateFieldNames('on'), 'at', 'length', 'champion', 'supporter', 'interpreter', 'anyway']

/** Reads when, how long and with whom; whether the time fits the appointment is for the rules. */
export function parseTrial(body: unknown): Parsed<TrialOrder> {
  const values = typedValues(body, orderFields)
  const errors: FieldError[] = []
  const time = readTypedTime(values, lengths, errors)
  const champion = /^[1-9]\d{0,14}$/.test(values.champion ?? '') ? Number(values.champion) : 0
  if (champion === 0) errors.push({ field: 'champion', text: 'Choose who makes the call' })
  if (errors.length > 0 || !time) return rejected(errors, values)
  const joins = { supporterJoins: values.supporter === 'yes', interpreterJoins: values.interpreter === 'yes' }
  return accepted({ ...time, championId: champion, ...joins }, values)
}

/** What was written down on a call. */
export interface TrialResult {
  checklist: Checklist
  outcome: TrialOutcome
  note: string
}

const MOST_IN_NOTE = 1000

/** Reads the checklist of a call in this way. Where nobody answered, nothing was tried. */
export function parseResult(body: unknown, way: string): Parsed<TrialResult> {
  const values = typedValues(body, [...stepIds, 'note', 'reached'])
  const errors: FieldError[] = []
  const nothing = Object.fromEntries(stepIds.map((id) => [id, null])) as Checklist
  const note = cleanText(values.note ?? '')
  if (isLongerThan(note, MOST_IN_NOTE)) {
    errors.push({ field: 'note', text: `Notes must be ${MOST_IN_NOTE} characters or fewer` })
  }
  if (values.reached === 'no') {
    return errors.length > 0
      ? rejected(errors, values)
      : accepted({ checklist: nothing, outcome: 'not-reached', note }, values)
  }
  const checklist = { ...nothing }
  for (const { id, ask } of stepsFor(way)) {
    const answer = values[id] ?? ''
    if (Object.hasOwn(answerNames, answer)) checklist[id] = answer as StepAnswer
    else errors.push({ field: id, text: `Answer “${ask}”` })
  }
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ checklist, outcome: outcomeOf(checklist, way), note }, values)
}
