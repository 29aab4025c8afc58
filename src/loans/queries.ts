import { sql } from 'kysely'
import { joinCorrectionTold } from '../corrections/told-queries.ts'
import type { CorrectionTold } from '../corrections/told-rules.ts'
import { dataOfLoan } from '../data-allowances/forecast-queries.ts'
import type { Database } from '../database/connection.ts'
import type { DB } from '../database/schema.ts'
import type { Actor } from '../lib/actor.ts'
import { newestPlan } from '../onward-plans/queries.ts'
import { isLoanInReach, peopleInReach, reachesEveryLoan } from '../service-users/reach-queries.ts'

/** Loans with their borrower, in reach of whoever asks. */
function loansInReach(db: Database, actor: Actor) {
  const loans = db
    .selectFrom('loans')
    .leftJoin(
      sql<DB['service_user_details']>`${peopleInReach(actor)}`.as('person'),
      'person.service_user_id',
      'loans.service_user_id',
    )
    .leftJoin('wards', 'wards.id', 'loans.ward_id')
    .leftJoin('staff', 'staff.id', 'loans.staff_id')
    .where('loans.organisation_id', '=', actor.organisationId)
  return reachesEveryLoan(actor) ? loans : loans.where(isLoanInReach(actor))
}

const borrowerColumns = [
  'loans.service_user_id',
  'person.name as service_user',
  'loans.ward_id',
  'wards.name as ward',
  'loans.staff_id',
  'staff.name as staff_member',
] as const

/** One loan, with who lent it and what was agreed. Another organisation's, or out of reach: none. */
export function findLoan(db: Database, actor: Actor, id: number) {
  return loanById(db, actor, id).executeTakeFirst()
}

/** The same with what the forecasts of the data that was given with it are told from. */
export function findLoanWithData(db: Database, actor: Actor, id: number, now: Date) {
  return loanById(db, actor, id).select(dataOfLoan(now).as('data')).executeTakeFirst()
}

function loanById(db: Database, actor: Actor, id: number) {
  return loansInReach(db, actor)
    .leftJoin('staff as lender', 'lender.id', 'loans.lent_by')
    .leftJoin('staff as carer', 'carer.id', 'loans.looked_after_by')
    .innerJoin('organisations', 'organisations.id', 'loans.organisation_id')
    .leftJoin('agreement_versions as agreement', 'agreement.id', 'loans.agreement_version_id')
    .select([
      'loans.id',
      'loans.lent_at',
      'loans.version',
      'loans.notes',
      'loans.visit_place',
      'loans.referral_id',
      'loans.agreement_how',
      'loans.agreement_witness',
      'loans.lent_without_charger',
      'loans.unwiped_reason',
      'lender.name as lender',
      'carer.name as carer',
      'lender.email as lender_email',
      'organisations.name as organisation',
      'agreement.number as agreement_number',
      'agreement.body as agreement_body',
    ])
    .select(sql<string | null>`to_char(loans.visit_time, 'HH24:MI')`.as('visit_time'))
    .select(newestPlan.as('onward_plan'))
    .select(borrowerColumns)
    .where('loans.id', '=', id)
}

export type LoanDetail = NonNullable<Awaited<ReturnType<typeof findLoan>>>

/** The lines of a loan, each with its item and the next thing planned for that item after this line. */
export async function listLoanLines(db: Database, actor: Actor, loanId: number) {
  const { rows } = await sql<LoanLineRow>`
    select line.id, line.loan_id, line.item_id, line.from_at, line.due_on, line.taken_at, line.ended_at, line.ended_as,
           line.cancelled_at, line.moved_to_line_id, line.unsupported_reason, line.placed_with_ward_id,
           before_item.tag as in_place_of,
           after_item.tag as swapped_for, before.loan_id as moved_from, after.loan_id as moved_to, items.tag, items.category, items.serial,
           items.imei, models.maker, models.name as model, models.support_ends_on, lower(planned.plan) as wanted_at,
           wards.name as wanted_by, greatest(
             (select max(incident_id) from incident_items where loan_line_id = line.id),
             (select max(incident_id) from incident_items where pool_line_id = line.id)
           ) as incident_id
    from loan_lines line
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    left join lateral (
      select plan, ward_id from item_holds
      where item_id = line.item_id and taken_at is null and cancelled_at is null
        and loan_line_id is distinct from line.id and line.ended_at is null
        and lower(plan) >= line.from_at
      order by lower(plan)
      limit 1
    ) planned on true
    left join wards on wards.id = planned.ward_id
    left join loan_lines before on before.id = line.follows_line_id
    left join items before_item on before_item.id = before.item_id and before.loan_id = line.loan_id
    left join loan_lines after on after.follows_line_id = line.id
    left join items after_item on after_item.id = after.item_id and after.loan_id = line.loan_id
    where line.loan_id = ${loanId} and line.organisation_id = ${actor.organisationId}
    order by line.id
  `.execute(db)
  return rows
}

export interface LoanLineRow {
  id: number
  loan_id: number
  item_id: number
  from_at: string
  due_on: string | null
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  moved_to_line_id: number | null
  unsupported_reason: string | null
  placed_with_ward_id: number | null
  /** The item it was swapped for or from, where it was. */
  in_place_of: string | null
  swapped_for: string | null
  /** The loan it goes on from or went on to; of a swap, the same loan. */
  moved_from: number | null
  moved_to: number | null
  tag: string
  category: string
  serial: string | null
  imei: string | null
  maker: string
  model: string
  support_ends_on: string | null
  wanted_at: string | null
  wanted_by: string | null
  /** The last thing that was reported of it while it was in this loan. */
  incident_id: number | null
}

/** What was done to a loan, and what was reported of its items, newest first. */
export async function listLoanEvents(db: Database, actor: Actor, loanId: number) {
  const { rows } = await sql<LoanEventRow>`
    select event.at, event.verb, staff.name as staff_member, audit_details.details, event.incident_id,
           correction.told as correction
    from (
      (
        select id, at, verb, staff_id, null::bigint as incident_id
        from audit_events
        where subject_type = 'loan' and subject_id = ${loanId} and organisation_id = ${actor.organisationId}
          and verb <> all(array['loan:viewed', 'loan:corrected-away'])
        order by id desc
        limit ${MOST_EVENTS}
      )
      union all
      select audit_events.id, at, verb, staff_id, subject_id
      from (
        select id from incidents where loan_id = ${loanId}
        union
        select incident_id from loan_lines join incident_items on pool_line_id = loan_lines.id where loan_id = ${loanId}
      ) of_it
      join audit_events on subject_type = 'incident' and subject_id = of_it.id
      where organisation_id = ${actor.organisationId} and verb in ('incident:reported', 'incident:found')
    ) event
    left join staff on staff.id = event.staff_id
    left join audit_details on audit_details.audit_event_id = event.id
    ${joinCorrectionTold(actor)}
    order by event.id desc
    limit ${MOST_EVENTS}
  `.execute(db)
  return rows
}

const MOST_EVENTS = 200

export interface LoanEventRow {
  at: string
  verb: string
  staff_member: string | null
  details: unknown
  /** The incident it is about, when it is not about the loan itself. */
  incident_id: number | null
  /** What was corrected, when that is what it is about. */
  correction: CorrectionTold | null
}
