import { addDays, londonDate } from '../lib/dates.ts'
import { isEmptyAnswer, type Known, type Question, type Section, sections } from './section-rules.ts'

/**
 * What becomes of each table that is about a person when two records become one. `moves`: its rows go over, one by one, and
 * back when the merge is undone. `stays`: its rows are left with the record that goes. A table that is not here fails a
 * test, so whoever adds one decides. `by-itself`: an action of its own carries over what there is (caseloads/merge-actions).
 */
export const tablesOfPeople: Readonly<Record<string, 'moves' | 'stays' | 'by-itself'>> = {
  loans: 'moves',
  bookings: 'moves',
  booking_waits: 'moves',
  locker_deposits: 'moves',
  supporters: 'moves',
  contact_answers: 'moves',
  contact_address_answers: 'moves',
  contact_pauses: 'moves',
  contact_risks: 'moves',
  contact_tasks: 'moves',
  messages: 'moves',
  legal_holds: 'moves',
  subject_access_requests: 'moves',
  conversations: 'moves',
  conversation_answers: 'moves',
  suggestions: 'moves',
  referrals: 'moves',
  concerns: 'moves',
  quotations: 'moves',
  device_restrictions: 'moves',
  meeting_preferences: 'moves',
  appointments: 'moves',
  diary_entries: 'moves',
  guides_given: 'moves',
  check_ins: 'moves',
  data_allowances: 'moves',
  caseload_entries: 'by-itself',
  // who somebody is, and which sections were answered: what the other record lacks is written into it (see units)
  service_user_details: 'stays',
  service_user_sections: 'stays',
  // the merges themselves, and the pointer they set
  // which record was opened, and looked over, is told as it was
  record_openings: 'stays',
  // both are emptied on one night, and each says so of itself
  anonymisations: 'stays',
  service_user_merges: 'stays',
  service_users: 'stays',
}

/** What is chosen as one when the two records differ: a single answer, or those that are only true together. */
export interface Unit {
  id: string
  label: string
  questions: readonly Question[]
  /** The section it stands in; none for who somebody is. */
  section?: Section
}

const identity = (id: string, label: string, kind: Question['kind'] = 'line'): Unit => ({
  id,
  label,
  questions: [{ id, label, kind, table: 'details', column: id.replaceAll('-', '_') }],
})

/** The questions of a section that are answered together. */
const together: Readonly<Record<string, readonly string[]>> = {
  where: ['state', 'state-on', 'ward'],
  needs: ['needs-asked', 'needs'],
}

export const units: readonly Unit[] = [
  identity('name', 'Name'),
  identity('known-as', 'What they like to be called'),
  identity('date-of-birth', 'Date of birth', 'date'),
  identity('nhs-number', 'NHS number'),
  identity('local-id', 'Hospital number'),
  ...sections.flatMap(unitsOf),
]

function unitsOf(section: Section): Unit[] {
  const joined = section.questions.filter(({ id }) => together[section.name]?.includes(id))
  const single = section.questions.filter((question) => !joined.includes(question))
  const unit = (questions: readonly Question[]): Unit => ({
    id: questions[0]?.id ?? section.name,
    label: questions.length > 1 ? section.title : (questions[0]?.label ?? '').replace(/\?$/, ''),
    questions,
    section,
  })
  return [...(joined.length > 0 ? [unit(joined)] : []), ...single.map((question) => unit([question]))]
}

const isEmptyUnit = ({ questions }: Unit, record: Known) =>
  questions.every(({ column }) => isEmptyAnswer(record[column]))
const isSame = ({ questions }: Unit, one: Known, other: Known) =>
  questions.every(({ column }) => JSON.stringify(one[column]) === JSON.stringify(other[column]))

/** What both records say, and say differently: somebody has to choose. */
export function unitsToChoose(kept: Known, merged: Known): Unit[] {
  return units.filter((unit) => !isSame(unit, kept, merged) && !isEmptyUnit(unit, kept) && !isEmptyUnit(unit, merged))
}

/** What is taken over from the record that goes: what the other lacks, and what was chosen from it. */
export function unitsTaken(kept: Known, merged: Known, chosen: ReadonlySet<string>): Unit[] {
  const open = new Set(unitsToChoose(kept, merged))
  return units.filter((unit) =>
    open.has(unit) ? chosen.has(unit.id) : isEmptyUnit(unit, kept) && !isEmptyUnit(unit, merged),
  )
}

/** The columns of units, as a record has them. */
export function valuesOf(taken: readonly Unit[], record: Known): Record<string, unknown> {
  const columns = taken.flatMap(({ questions }) => questions.map(({ column }) => column))
  return Object.fromEntries(columns.map((column) => [column, record[column] ?? null]))
}

/** Of what a merge put into a record, the units that still say so: whatever was changed since is left alone. */
export function unitsToRestore(after: Known, current: Known): Unit[] {
  return units.filter(
    (unit) => unit.questions.every(({ column }) => Object.hasOwn(after, column)) && isSame(unit, after, current),
  )
}

/**
 * Stands for all that two records say, in a form that is shown before it is sent: 1 to 9 digits that change when they do.
 * (FNV-1a, 32 bits.)
 */
export function fingerprint(kept: Known, merged: Known): number {
  const text = JSON.stringify([valuesOf(units, kept), valuesOf(units, merged)])
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % 999_999_999
}

const DAYS_TO_UNDO = 30

/** The last day on which a merge can be undone. */
export function lastDayToUndo(mergedAt: string): string {
  return addDays(londonDate(mergedAt), DAYS_TO_UNDO)
}
