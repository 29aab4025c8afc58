import { shutOutSentences } from '../conversations/shut-out-rules.ts'
import type { DueDataRow } from '../data-allowances/due-queries.ts'
import type { Link } from '../lib/view-model.ts'
import type { DueAppointments } from '../readiness/queries.ts'
import type { WaitingReferralRow } from '../referrals/queries.ts'
import { nearUntil } from '../referrals/rules.ts'
import { packingListUrl } from '../visits/rules.ts'
import { dataRows, type LowStock, lowStockRows } from './data-rows-presenter.ts'
import {
  atRiskRows,
  noChargerRow,
  offerRows,
  repairRows,
  supportRow,
  taskRows,
  uncollectedRows,
} from './item-rows-presenter.ts'
import { byLoan, dueRows, kindlyRows, loanRows, toPlanRows, visitRows } from './loan-rows-presenter.ts'
import {
  cableRows,
  carePlanRows,
  concernRows,
  contactRows,
  groupRows,
  referralRows,
  troubleRows,
} from './person-rows-presenter.ts'
import type { WorklistRows } from './queries.ts'
import {
  allConcerns,
  allIncidents,
  allRepairs,
  appointmentSections,
  carePlansHeading,
  lostHeading,
  MOST_ROWS,
  ROWS_READ,
  repairsHeading,
  section,
  type WorklistPage,
  worklistPage,
} from './section-presenter.ts'
import { talkRows } from './talk-presenter.ts'

export interface Worklist extends WorklistRows, DueAppointments {
  /** Data that may need something done. */
  data: DueDataRow[]
  lowStock: LowStock[]
  meetsPeople: boolean
  now: Date
  today: string
  /** As many lines of loans were read at most; where there are so many, nobody counted the rest. */
  limit: number
}

/** Of lines of loans, the device and its charger of each row that is shown; what was read for nothing costs time. */
export const LINES_READ = 2 * MOST_ROWS + 1

/** What needs doing today, the oldest first. A heading with nothing under it is left out. */
export function presentWorklist(worklist: Worklist): WorklistPage {
  const {
    overdue,
    due,
    worries,
    atRisk,
    tasks,
    repairs,
    toPlan,
    visits,
    contacts,
    troubles,
    referrals,
    concerns,
    kindly,
    now,
    today,
    limit,
    meetsPeople,
  } = worklist
  const { reviews, suggestions, notTalkedTo, barriers, uncollected } = worklist
  const withoutCharger = worries.filter((line) => line.worry === 'no-charger')
  const ending = worries.filter((line) => line.worry === 'support')
  const isCut = (lines: unknown[]) => lines.length >= limit
  const isNear = ({ first_appointment_on: day }: WaitingReferralRow) => day !== null && day <= nearUntil(today)
  const areReferralsCut = referrals.length >= ROWS_READ
  const sections = [
    ...appointmentSections(worklist, now),
    section('data', 'Data that runs out or ends', dataRows(worklist.data, now, today), false, allData),
    section('data-stock', 'Few SIMs or vouchers left', lowStockRows(worklist.lowStock), false, allStock),
    section('incidents', lostHeading, taskRows(tasks, now, true), tasks.length >= ROWS_READ, allIncidents),
    section('waiting', 'Free for somebody who waits', offerRows(worklist, now), false),
    section('lockers', 'Not collected from a locker', uncollectedRows(uncollected), uncollected.length >= ROWS_READ),
    section('concerns', 'Concerns to follow up', concernRows(concerns, now), concerns.length >= ROWS_READ, allConcerns),
    section('cables', 'Cables too long for the ward', cableRows(worklist.cables), worklist.cables.length >= ROWS_READ),
    section('care-plans', carePlansHeading, carePlanRows(worklist.carePlans), worklist.carePlans.length >= ROWS_READ),
    section('groups', 'Groups: who came', groupRows(worklist.groups), worklist.groups.length >= ROWS_READ),
    section('check-ins', 'Something is wrong with what they have', troubleRows(troubles), troubles.length >= ROWS_READ),
    section(
      'contact',
      'Could not be sent: tell them in another way',
      contactRows(contacts),
      contacts.length >= ROWS_READ,
    ),
    section(
      'first-appointment',
      'First appointment soon: get them ready',
      referralRows(referrals.filter(isNear), today),
      areReferralsCut && referrals.every(isNear),
      { href: '/referrals?show=near', text: 'See every referral with a first appointment soon' },
    ),
    section('going-out', 'Going out today', visitRows(visits, today, true), isCut(visits), packingList(today)),
    section('not-handed-over', 'Not handed over yet', visitRows(visits, today, false), isCut(visits)),
    section('overdue', 'Overdue: find out what they need', loanRows(byLoan(overdue), today), isCut(overdue), {
      href: '/loans?show=overdue',
      text: 'See all overdue loans',
    }),
    section(
      'referrals',
      'Referrals waiting',
      referralRows(
        referrals.filter((row) => !isNear(row)),
        today,
      ),
      areReferralsCut,
      { href: '/referrals', text: 'See all who wait' },
    ),
    section('kindly', 'Somebody who died has it: ask kindly', kindlyRows(kindly), isCut(kindly)),
    section(
      'not-talked-to',
      'Referred and not talked to yet',
      talkRows(notTalkedTo, 'referral'),
      notTalkedTo.length >= ROWS_READ,
    ),
    section('talk-again', 'Time to talk again', talkRows(reviews, 'review'), reviews.length >= ROWS_READ),
    section('suggestions', 'What would help', talkRows(suggestions, 'suggestion'), suggestions.length >= ROWS_READ),
    section('at-risk', 'Somebody else is waiting for it', atRiskRows(atRisk, today), atRisk.length >= ROWS_READ),
    section('due', 'To review in the next 7 days', dueRows(due, toPlan, today), isCut(due), {
      href: '/loans?show=due',
      text: 'See all loans to review in 4 weeks',
    }),
    section('onward', 'Plan what comes next', toPlanRows(toPlan, due, today), isCut(toPlan), {
      href: '/loans?show=due',
      text: 'See all loans to review in 4 weeks',
    }),
    section('repairs', repairsHeading, repairRows(repairs, today), repairs.length >= ROWS_READ, allRepairs),
    section(
      'no-charger',
      'No charger with the device',
      withoutCharger.map(noChargerRow),
      withoutCharger.length >= ROWS_READ,
    ),
    section(
      'support',
      'Security updates ending',
      ending.map((line) => supportRow(line, today)),
      ending.length >= ROWS_READ,
    ),
  ]
  return worklistPage(sections, { today, meetsPeople, shutOut: shutOutSentences(barriers) })
}

const allStock = { href: '/data-allowances/stock', text: 'See the stock' }
const allData = { href: '/data-allowances', text: 'See all data allowances' }

function packingList(today: string): Link {
  return { href: packingListUrl(today), text: 'Print the packing list' }
}
