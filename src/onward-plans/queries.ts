import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { andLoanInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'

/** A plan as the pages of a loan show it. */
export interface OnwardPlan {
  choices: string[]
  notes: string
  agreed_with: string
  agreed_who: string
  agreed_on: string
  to_keep: string
  covers_until: string
  recorded_at: string
  recorder: string
}

/** The newest plan of the row of `loans` at hand, as JSON; null where there is none. */
export const newestPlan: RawBuilder<OnwardPlan | null> = sql<OnwardPlan | null>`(
  select json_build_object(
    'choices', plan.choices, 'notes', plan.notes, 'agreed_with', plan.agreed_with, 'agreed_who', plan.agreed_who,
    'agreed_on', plan.agreed_on, 'to_keep', plan.to_keep, 'covers_until', plan.covers_until,
    'recorded_at', plan.recorded_at, 'recorder', recorder.name
  )
  from onward_plans plan join staff recorder on recorder.id = plan.recorded_by
  where plan.loan_id = loans.id
  order by plan.id desc
  limit 1
)`

export interface Rescue {
  id: number
  loan_line_id: number
  item_id: number
  tag: string
  what: string
  asked_at: string
  asker: string
  closed_at: string | null
  closed_as: string | null
  closer: string | null
  /** Whether it is on the bench, waiting for this. */
  is_back: boolean
}

const selectRescues = sql`
  select rescues.id, rescues.loan_line_id, rescues.item_id, items.tag, rescues.what, rescues.asked_at,
         asker.name as asker, rescues.closed_at, rescues.closed_as, closer.name as closer,
         line.ended_at is not null as is_back
  from rescues
  join items on items.id = rescues.item_id
  join loan_lines line on line.id = rescues.loan_line_id
  join staff asker on asker.id = rescues.asked_by
  left join staff closer on closer.id = rescues.closed_by`

/** What the borrower of a loan wanted to keep, in the order it was asked for. */
export async function listRescues(db: Database, actor: Actor, loanId: number): Promise<Rescue[]> {
  const { rows } = await sql<Rescue>`
    ${selectRescues}
    where line.loan_id = ${loanId} and rescues.organisation_id = ${actor.organisationId}
    order by rescues.id`.execute(db)
  return rows
}

/** The rescue and the item it is of, held against everybody else who would wipe it. */
export async function lockRescue({ trx, scope }: { trx: InTransaction; scope: Scope }, id: number) {
  const found = await trx
    .selectFrom('rescues')
    .select('item_id')
    .where('id', '=', id)
    .where('organisation_id', '=', scope.organisationId)
    .executeTakeFirst()
  if (!found) return undefined
  await trx.selectFrom('items').select('id').where('id', '=', found.item_id).forNoKeyUpdate().execute()
  return trx
    .selectFrom('rescues')
    .innerJoin('loan_lines as line', 'line.id', 'rescues.loan_line_id')
    .innerJoin('loans', 'loans.id', 'line.loan_id')
    .innerJoin('items', 'items.id', 'rescues.item_id')
    .select([
      'rescues.id',
      'rescues.item_id',
      'rescues.closed_at',
      'line.loan_id',
      'loans.service_user_id',
      'items.tag',
    ])
    .where('rescues.id', '=', id)
    .executeTakeFirst()
}

/** One line of the worklist: what somebody has, whose review comes soon and about which nothing is agreed. */
export interface LineToPlanRow extends BorrowerFacts {
  loan_id: number
  tag: string
  due_on: string
}

/**
 * What people have whose review is in these days and about which nothing is agreed, the earliest first. Through the index of
 * what is out by its review, so that it reads those days alone.
 */
export function linesWithoutPlan(actor: Reach, days: { from: string; until: string }, limit: number) {
  return sql<LineToPlanRow>`
    select line.loan_id, items.tag, line.due_on, loans.service_user_id, person.name as service_user,
           null as ward_id, null as ward, null as staff_id, null as staff_member
    from loan_lines line
    join loans on loans.id = line.loan_id
    join items on items.id = line.item_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    where line.organisation_id = ${actor.organisationId} and line.taken_at is not null and line.ended_at is null
      and loans.service_user_id is not null ${andLoanInReach(actor)} and line.due_on between ${days.from} and ${days.until}
      and not exists (
        select from service_users who
        where who.id = loans.service_user_id and who.state in ('admitted', 'died')
        offset 0
      )
      and not exists (
        select from onward_plans where loan_id = line.loan_id and covers_until >= line.due_on
      )
    order by line.due_on, line.id
    limit ${limit}`
}
