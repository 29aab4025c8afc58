import { type RawBuilder, sql } from 'kysely'
import { type WaitingGround, waitingGround } from '../bookings/waiting-queries.ts'
import { type LongCableRow, longCablesOnWards } from '../cables/queries.ts'
import { type TroubleRow, troubles } from '../check-ins/queries.ts'
import { type ConcernRow, concernsToFollowUp } from '../concerns/queries.ts'
import {
  barriersCounted,
  type PersonToTalkRow,
  referredNotTalkedTo,
  reviewsDue,
  type ShutOutRow,
  suggestionsWaiting,
} from '../conversations/worklist-queries.ts'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import { type DueTaskRow, dueTasks } from '../incidents/due-queries.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { type UncollectedRow, uncollectedDeposits } from '../lockers/queries.ts'
import { type LineToPlanRow, linesWithoutPlan } from '../onward-plans/queries.ts'
import { type WaitingReferralRow, waitingReferrals } from '../referrals/queries.ts'
import { type DueRepairRow, dueRepairs } from '../repairs/queries.ts'
import { type RestrictedPerson, restrictionsToReview } from '../restrictions/queries.ts'
import { type DueContactRow, dueContacts } from '../safe-contact/queries.ts'
import {
  andLoanInReach,
  isLoanInReach,
  loanIdInReach,
  peopleInReach,
  type Reach,
  reachesEveryLoan,
} from '../service-users/reach-queries.ts'
import { groupsWithoutSheet, type UntoldGroupRow } from '../training/group-queries.ts'
import { type HandOverRow, handOversUntil } from '../visits/queries.ts'

/** A line that is out, by its review. */
export interface DueRow extends BorrowerFacts {
  loan_id: number
  tag: string
  due_on: string
}

/** What the worklist asks for; days and moments that its parts end at. */
export interface WorklistAsked extends Reach {
  isLeadChampion: boolean
  now: Date
  today: string
  yesterday: string
  /** Of reviews: those of these days are soon, and those until then are planned. */
  soonUntil: string
  reviewsUntil: string
  supportUntil: string
  plansUntil: Date
  tasksUntil: Date
  /** What a locker had ready by then should have been collected. */
  collectedUntil: Date
  visitsUntil: Date
  /** The most lines of loans, of which several make one row; and the most of what is a row each. */
  lines: number
  rows: number
}

/**
 * Open lines in reach whose review is in these days, the oldest first. Nobody is chased who is on a ward, and what somebody
 * who died had is asked for in another way (`withWhoDied`).
 */
function dueLines(asked: WorklistAsked, days: RawBuilder<unknown>) {
  return sql`
    select line.loan_id, items.tag, line.due_on, loans.service_user_id, person.name as service_user,
           loans.ward_id, wards.name as ward, loans.staff_id, staff.name as staff_member
    from loan_lines line
    join loans on loans.id = line.loan_id
    join items on items.id = line.item_id
    left join ${peopleInReach(asked)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = loans.ward_id
    left join staff on staff.id = loans.staff_id
    where line.organisation_id = ${asked.organisationId} and line.taken_at is not null and line.ended_at is null
      and line.due_on ${days} ${andLoanInReach(asked)}
      and not exists (
        select from service_users who
        where who.id = loans.service_user_id and who.state in ('admitted', 'died')
        offset 0
      )
    order by line.due_on, line.id
    limit ${asked.lines}`
}

/** What somebody who died has still: the ward they were on and whom they named, to ask there. */
export interface KindlyRow extends Pick<DueRow, 'loan_id' | 'tag'> {
  service_user_id: number
  service_user: string
  died_on: string | null
  ward: string | null
  next_of_kin: string
  relation: string
}

function withWhoDied(asked: WorklistAsked) {
  return sql`
    select line.loan_id, items.tag, loans.service_user_id, person.name as service_user, who.state_on as died_on,
           wards.name as ward, person.emergency_name as next_of_kin, person.emergency_relation as relation
    from service_users who
    join loans on loans.service_user_id = who.id
    join loan_lines line on line.loan_id = loans.id and line.taken_at is not null and line.ended_at is null
    join items on items.id = line.item_id
    join ${peopleInReach(asked)} person on person.service_user_id = who.id
    left join wards on wards.id = who.ward_id
    where who.organisation_id = ${asked.organisationId} and who.state = 'died' and who.merged_into is null
    order by who.id, line.id
    limit ${asked.lines}`
}

export interface DeviceWorryRow extends Omit<DueRow, 'due_on'> {
  line_id: number
  category: string
  maker: string
  model: string
  worry: 'no-charger' | 'support'
  support_ends_on: string | null
  taken_at: string
}

/** Open lines with a device, of the loans that the table `of` has. */
const devices = (of: string) => sql`
  join loan_lines line on line.loan_id = ${sql.ref(of)}.id and line.taken_at is not null and line.ended_at is null
  join items on items.id = line.item_id and items.category in ('tablet', 'smartphone', 'laptop', 'hotspot')
  join models on models.id = items.model_id`

const deviceColumns = sql`
  line.id as line_id, line.loan_id, items.tag, items.category, models.maker, models.name as model,
  models.support_ends_on, line.taken_at`

/**
 * Devices out on loan whose borrower was lent no charger, in that loan or another. The loan itself knows whether it lacks
 * one; a charger lent later counts, else the line would stay on the list for ever. (`offset 0`: it is looked up for the
 * few that are shown. Left to choose, PostgreSQL looks it up for all.)
 */
function withoutCharger(asked: WorklistAsked) {
  const { organisationId, rows: limit } = asked
  return sql`
    select 'no-charger' as worry, ${deviceColumns}, lacking.service_user_id, lacking.ward_id, lacking.staff_id
    from (
      select id, service_user_id, ward_id, staff_id from loans
      where organisation_id = ${organisationId} and lacks_charger ${andLoanInReach(asked)} and not exists (
        select from loans theirs where theirs.service_user_id = loans.service_user_id and theirs.has_charger
        offset 0
      ) and not exists (
        select from loans theirs where theirs.staff_id = loans.staff_id and theirs.has_charger
        offset 0
      ) and not exists (
        select from loan_lines with_it
        join items on items.id = with_it.item_id
        where with_it.placed_with_ward_id = loans.ward_id and with_it.taken_at is not null and with_it.ended_at is null
          and items.category = 'charger'
        offset 0
      )
      order by id
      limit ${limit}
    ) lacking
    ${devices('lacking')}
    order by lacking.id, line.id
    limit ${limit}`
}

/** Lines of loans in reach, where the loan itself is not at hand. */
function andOfLoanInReach(asked: WorklistAsked) {
  if (reachesEveryLoan(asked)) return sql``
  return sql`and exists (select from loans where loans.id = line.loan_id and ${isLoanInReach(asked)})`
}

/**
 * Devices out on loan whose security updates end by a day, the soonest first. Of each model only as many are read as are
 * wanted, so that it does not matter how many there are.
 */
function withoutUpdates(asked: WorklistAsked) {
  const { organisationId, supportUntil, rows: limit } = asked
  return sql`
    select 'support' as worry, device.line_id, device.loan_id, device.tag, ending.category, ending.maker,
           ending.name as model, ending.support_ends_on, device.taken_at, loans.service_user_id, loans.ward_id, loans.staff_id
    from (
      select id, category, maker, name, support_ends_on from models
      where organisation_id = ${organisationId} and support_ends_on <= ${supportUntil}
        and category in ('tablet', 'smartphone', 'laptop', 'hotspot')
      order by support_ends_on, id
    ) ending
    cross join lateral (
      select line.id as line_id, line.loan_id, line.taken_at, items.tag, items.id as item_id
      from items
      cross join lateral (
        select loan_line_id from item_holds where item_id = items.id and taken_at is not null and ended_at is null
        union all
        select id from loan_lines
        where item_id = items.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
      ) open
      join loan_lines line on line.id = open.loan_line_id
      where items.model_id = ending.id ${andOfLoanInReach(asked)}
      order by items.id
      limit ${limit}
    ) device
    join loans on loans.id = device.loan_id
    order by ending.support_ends_on, ending.id, device.item_id, device.line_id
    limit ${limit}`
}

/** What is wrong with devices that people have: no charger with them, or soon no security updates. */
function deviceWorries(asked: WorklistAsked) {
  return sql`
    select worrying.*, person.name as service_user, wards.name as ward, staff.name as staff_member
    from (
      (${withoutCharger(asked)}) union all (${withoutUpdates(asked)})
    ) worrying
    left join ${peopleInReach(asked)} person on person.service_user_id = worrying.service_user_id
    left join wards on wards.id = worrying.ward_id
    left join staff on staff.id = worrying.staff_id
    order by worry, case worry when 'support' then support_ends_on end, line_id`
}

export interface PlanAtRiskRow {
  item_id: number
  tag: string
  category: string
  kind: string
  starts_at: string
  ward: string | null
  held_as: string
  held_by: number
  due_on: string | null
  loan_id: number | null
}

/**
 * Plans that what is out now puts at risk: the item is overdue or in turnaround or repair, and somebody is to have it
 * soon. Looked for from the plans, of which few begin soon; of what is out there is far more.
 */
function plansAtRisk(asked: WorklistAsked) {
  const { organisationId, now, plansUntil, rows: limit } = asked
  return sql`
    select items.id as item_id, items.tag, items.category, planned.kind, planned.starts_at, wards.name as ward,
           planned.held_as, planned.held_by, line.due_on, ${loanIdInReach(asked)} as loan_id
    from (
      select to_come.item_id, to_come.kind, to_come.ward_id, lower(to_come.plan) as starts_at,
             held.kind as held_as, held.id as held_by, held.loan_line_id
      from item_holds to_come
      cross join lateral (
        select id, kind, loan_line_id from item_holds
        where item_id = to_come.item_id and taken_at is not null and ended_at is null
          and (plan is null or upper(plan) <= ${now})
        offset 0
      ) held
      where to_come.organisation_id = ${organisationId} and to_come.taken_at is null and to_come.cancelled_at is null
        and upper(to_come.plan) > ${now} and lower(to_come.plan) <= ${plansUntil}
      order by lower(to_come.plan), to_come.id
      limit ${limit}
    ) planned
    join items on items.id = planned.item_id
    left join loan_lines line on line.id = planned.loan_line_id
    left join loans on loans.id = line.loan_id
    left join wards on wards.id = planned.ward_id
    order by starts_at`
}

export interface WorklistRows extends WaitingGround {
  overdue: DueRow[]
  due: DueRow[]
  worries: DeviceWorryRow[]
  atRisk: PlanAtRiskRow[]
  /** What an incident asks for that is due, or overdue. */
  tasks: DueTaskRow[]
  repairs: DueRepairRow[]
  /** What people have whose review comes, and about which nothing is agreed. */
  toPlan: LineToPlanRow[]
  /** Visits of today and before on which something is still to be handed over. */
  visits: HandOverRow[]
  /** What could not be sent to people, and is to be done in another way. */
  contacts: DueContactRow[]
  /** Who answered that something is wrong with what they were lent. */
  troubles: TroubleRow[]
  /** What a care plan keeps from somebody, and was to be looked at again. */
  carePlans: RestrictedPerson[]
  groups: UntoldGroupRow[]
  /** Who has a longer cable with them than their ward permits. */
  cables: LongCableRow[]
  /** What people who died have still. */
  kindly: KindlyRow[]
  /** With whom it is time to talk again; for whom something is suggested; who was referred and not talked to. */
  reviews: PersonToTalkRow[]
  suggestions: PersonToTalkRow[]
  notTalkedTo: PersonToTalkRow[]
  /** What shuts out most people. */
  barriers: ShutOutRow[]
  /** Referrals that wait, the soonest first appointment first. */
  referrals: WaitingReferralRow[]
  /** What somebody was worried about, as far as whoever asks reads it, that nobody has followed up. */
  concerns: ConcernRow[]
  /** Devices in charging lockers that nobody came for. */
  uncollected: UncollectedRow[]
}

const nothing: WorklistRows = {
  overdue: [],
  kindly: [],
  due: [],
  worries: [],
  atRisk: [],
  tasks: [],
  repairs: [],
  toPlan: [],
  visits: [],
  contacts: [],
  troubles: [],
  carePlans: [],
  groups: [],
  cables: [],
  reviews: [],
  suggestions: [],
  notTalkedTo: [],
  barriers: [],
  referrals: [],
  concerns: [],
  uncollected: [],
  waits: [],
  waitItems: [],
}

/**
 * Everything on the worklist, in one statement for all its parts: each would be quick, but every question more is a way to
 * the database and back on the page that everybody opens first. Ward staff see what is to be reviewed on their wards.
 */
export async function readWorklist(db: Database, asked: WorklistAsked): Promise<WorklistRows> {
  const [rows] = await readParts(db, asked)
  return { ...nothing, ...rows }
}

const readParts = builtOnce<WorklistAsked, Partial<WorklistRows>>(
  ['role', 'caseloadOnly', 'isLeadChampion', 'lines', 'rows'],
  (_db, asked) => {
    const reviews = {
      overdue: dueLines(asked, sql`<= ${asked.yesterday}`),
      due: dueLines(asked, sql`between ${asked.today} and ${asked.soonUntil}`),
    }
    const onWards = {
      ...reviews,
      uncollected: uncollectedDeposits(asked, asked.collectedUntil, asked.rows),
      carePlans: restrictionsToReview(asked, { today: asked.today, limit: asked.rows }),
      cables: longCablesOnWards(asked, { now: asked.now, limit: asked.rows }),
    }
    if (asked.role === 'ward-staff') {
      const { now, today } = asked
      const waiting = waitingGround(asked, { wardIds: sql`${asked.wardIds}::bigint[]`, now, today })
      return asLists<
        Pick<WorklistRows, 'overdue' | 'due' | 'uncollected' | 'carePlans' | 'cables' | keyof WaitingGround>
      >({
        ...onWards,
        ...waiting,
      })
    }
    return asLists<Omit<WorklistRows, keyof WaitingGround>>({
      ...onWards,
      kindly: withWhoDied(asked),
      worries: deviceWorries(asked),
      atRisk: plansAtRisk(asked),
      tasks: dueTasks(asked, asked.tasksUntil, asked.rows),
      repairs: dueRepairs(asked, asked.today, asked.rows),
      toPlan: linesWithoutPlan(asked, { from: asked.today, until: asked.reviewsUntil }, asked.lines),
      visits: handOversUntil(asked, asked.visitsUntil, asked.lines),
      contacts: dueContacts(asked, asked.rows),
      troubles: troubles(asked, asked.rows),
      groups: groupsWithoutSheet(asked, { now: asked.now, limit: asked.rows }),
      reviews: reviewsDue(asked, asked.today, asked.rows),
      suggestions: suggestionsWaiting(asked, asked.today, asked.rows),
      notTalkedTo: referredNotTalkedTo(asked, asked.rows),
      barriers: barriersCounted(asked),
      referrals: waitingReferrals(asked, asked.rows),
      concerns: concernsToFollowUp(asked, { limit: asked.rows }),
    })
  },
)
