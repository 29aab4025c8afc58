import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { readTypedTime } from '../trial-calls/typed-time-rules.ts'
import { type GroupWay, groupWayNames, LEAST_PLACES, MOST_PLACES } from './group-rules.ts'
import { lengths, type Topic, topicNames } from './rules.ts'

/** What a session of a group is about, where it is and how many may come: all of it but its time and who gives it. */
export interface GroupPlan {
  topics: Topic[]
  places: number
  place: string
  materials: string
}

/** What was decided about a session of a group. */
export interface GroupOrder extends GroupPlan {
  startsAt: Date
  minutes: number
  way: GroupWay
  championId: number
}

const planFields = ['places', 'place', 'materials']
const fields = [...dateFieldNames('on'), 'at', 'length', 'way', 'champion', ...planFields, 'anyway']

export function parseGroup(body: unknown, now: Date): Parsed<GroupOrder> {
  const errors: FieldError[] = []
  const topics = readTopics(body, errors)
  const values: Typed = { ...typedValues(body, fields), topic: topics.join(' ') }
  const way = values.way ?? ''
  if (!Object.hasOwn(groupWayNames, way)) errors.push({ field: 'way', text: 'Choose how you meet' })
  const plan = { topics, ...readPlan(values, way, errors) }
  const time = readTypedTime(values, lengths, errors)
  if (time && time.startsAt <= now) errors.push({ field: 'on', text: 'The session must be in the future' })
  const championId = /^[1-9]\d{0,14}$/.test(values.champion ?? '') ? Number(values.champion) : 0
  if (championId === 0) errors.push({ field: 'champion', text: 'Choose who gives it' })
  if (errors.length > 0 || !time) return rejected(errors, values)
  return accepted({ ...time, ...plan, way: way as GroupWay, championId }, values)
}

/** Reads what is changed of a group that meets in this way. */
export function parseGroupPlan(body: unknown, way: string): Parsed<GroupPlan> {
  const errors: FieldError[] = []
  const topics = readTopics(body, errors)
  const values: Typed = { ...typedValues(body, planFields), topic: topics.join(' ') }
  const plan = { topics, ...readPlan(values, way, errors) }
  return errors.length > 0 ? rejected(errors, values) : accepted(plan, values)
}

function readTopics(body: unknown, errors: FieldError[]): Topic[] {
  const topics = fieldTexts(body, 'topic').filter((one): one is Topic => Object.hasOwn(topicNames, one))
  if (topics.length === 0) errors.push({ field: 'topic', text: 'Choose what it is about' })
  return topics
}

function readPlan(values: Typed, way: string, errors: FieldError[]): Omit<GroupPlan, 'topics'> {
  const [place, materials] = [cleanLine(values.place), cleanLine(values.materials)]
  if (way === 'face-to-face' && place === '') errors.push({ field: 'place', text: 'Enter where you meet' })
  if (isLongerThan(place, 200)) errors.push({ field: 'place', text: 'Where you meet must be 200 characters or fewer' })
  const places = readPlaces(values.places ?? '', errors)
  if (isLongerThan(materials, 500)) {
    errors.push({ field: 'materials', text: 'What you use must be 500 characters or fewer' })
  }
  return { places, place, materials }
}

function readPlaces(typed: string, errors: FieldError[]): number {
  const places = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0
  if (places < LEAST_PLACES || places > MOST_PLACES) {
    const text = `A group has ${LEAST_PLACES} to ${MOST_PLACES} places. For one person plan a session on their record`
    errors.push({ field: 'places', text })
  }
  return places
}

/** Who was invited: somebody, or one of those who support them. */
export interface Invited {
  personId: number
  supporterId: number | null
}

export function parseInvited(body: unknown): Invited | null {
  const { person = '', supporter = '' } = typedValues(body, ['person', 'supporter'])
  if (!/^[1-9]\d{0,14}$/.test(person) || (supporter !== '' && !/^[1-9]\d{0,14}$/.test(supporter))) return null
  return { personId: Number(person), supporterId: supporter === '' ? null : Number(supporter) }
}

/** Of one place on the sheet: whether they came, and whether they agreed to how the group works. */
export interface SheetRow {
  id: number
  came: boolean
  agreed: boolean | null
}

const isAnswer = (text = '') => text === 'yes' || text === 'no'

/** What was sent of a sheet: every place that stood on it, and of which whether they came. */
export interface Sheet {
  ids: number[]
  rows: SheetRow[]
}

/** Reads a sheet. A place with no answer stays as it is; whether all of them are in the group is known to the group. */
export function parseSheet(body: unknown): { value: Sheet; values: Typed } {
  const ids = [...new Set(fieldTexts(body, 'place').filter((id) => /^[1-9]\d{0,14}$/.test(id)))].slice(0, MOST_PLACES)
  const values = typedValues(
    body,
    ids.flatMap((id) => [`came-${id}`, `agreed-${id}`]),
  )
  const rows = ids
    .filter((id) => isAnswer(values[`came-${id}`]))
    .map((id) => ({
      id: Number(id),
      came: values[`came-${id}`] === 'yes',
      agreed: isAnswer(values[`agreed-${id}`]) ? values[`agreed-${id}`] === 'yes' : null,
    }))
  return { value: { ids: ids.map(Number), rows }, values }
}
