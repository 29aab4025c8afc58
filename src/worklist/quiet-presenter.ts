import type { ConcernRow } from '../concerns/queries.ts'
import { roleNames } from '../lib/actor.ts'
import { formatShortInstant } from '../lib/dates.ts'
import type { OpeningRow } from '../openings/queries.ts'
import type { QuotationRow } from '../quotations/queries.ts'
import { quotationsUrl } from '../quotations/rules.ts'
import type { DueAppointments } from '../readiness/queries.ts'
import type { RestrictedPerson } from '../restrictions/queries.ts'
import { repairRows, taskRows } from './item-rows-presenter.ts'
import { carePlanRows, concernRows, quotationRows } from './person-rows-presenter.ts'
import type { Worklist } from './presenter.ts'
import {
  allConcerns,
  allIncidents,
  allRepairs,
  appointmentSections,
  carePlansHeading,
  lostHeading,
  repairsHeading,
  type Section,
  section,
  type WorklistPage,
  worklistPage,
} from './section-presenter.ts'

/** Of what information governance has to look at, which is most of their list. */
const MOST_OPENINGS = 10
export const OPENINGS_READ = MOST_OPENINGS + 1

export type QuietWorklist = Pick<Worklist, 'tasks' | 'repairs' | 'now' | 'today' | 'limit' | 'meetsPeople'> &
  DueAppointments & {
    /** What information governance has still to look at. */
    openings: OpeningRow[]
    /** Concerns that nobody has followed up in time. */
    concerns: ConcernRow[]
    words: QuotationRow[]
    carePlans: RestrictedPerson[]
  }

/** The home of a role whose work is not lending: at most what is to be done about lost and broken things, without names. */
export function presentQuietWorklist({
  tasks,
  repairs,
  openings,
  concerns,
  words,
  carePlans,
  soon,
  moreComes,
  waiting,
  trials,
  now,
  today,
  limit,
  meetsPeople,
}: QuietWorklist): WorklistPage {
  const sections = [
    ...appointmentSections({ soon, moreComes, waiting, trials }, now),
    section('incidents', lostHeading, taskRows(tasks, now, false), tasks.length >= limit, allIncidents),
    section('repairs', repairsHeading, repairRows(repairs, today), repairs.length >= limit, allRepairs),
    section('care-plans', carePlansHeading, carePlanRows(carePlans), carePlans.length >= limit),
    section(
      'concerns',
      'Concerns that nobody followed up in time',
      concernRows(concerns, now),
      concerns.length >= limit,
      allConcerns,
    ),
    section(
      'words',
      'What people say: read it before it is shown',
      quotationRows(words),
      words.length >= limit,
      allWords,
    ),
    openingsSection(openings),
  ]
  return worklistPage(sections, { today, meetsPeople })
}

const allWords = { href: quotationsUrl, text: 'See all that waits to be read' }

function openingsSection(openings: OpeningRow[]): Section {
  const rows = openings.slice(0, MOST_OPENINGS).map(({ id, staff_member, role, service_user_id, opened_at }) => ({
    cells: [
      { text: staff_member, hint: roleNames[role] },
      { text: `Service user ${service_user_id}` },
      { text: formatShortInstant(opened_at) },
      { text: 'Look at it', href: `/openings/${id}`, visuallyHiddenText: `(opening ${id})` },
    ],
  }))
  const columns = [{ text: 'Who' }, { text: 'Record' }, { text: 'When' }, { text: 'What to do' }]
  const isCut = openings.length > MOST_OPENINGS
  const link = { href: '/openings', text: 'See all opened records' }
  return {
    id: 'openings',
    table: { caption: 'Records opened outside somebody’s reach', columns, rows },
    more: isCut ? { text: `These are the first ${MOST_OPENINGS}.`, link } : null,
  }
}
