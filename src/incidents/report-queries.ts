import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { andOfLoanInReach } from './queries.ts'

/**
 * The newest incident of these items that took them from one's own wards: where a colleague was a moment quicker, the thing
 * is out of one's reach already, and yet one may know why.
 */
export async function findReportFromOwnWards(db: Database, actor: Actor, itemIds: number[], seen: number) {
  const { rows } = await sql<{ item_id: number; tag: string; incident_id: number }>`
    select of_it.item_id, items.tag, of_it.incident_id
    from incident_items of_it
    join items on items.id = of_it.item_id
    join loan_lines line on line.id in (of_it.loan_line_id, of_it.pool_line_id)
    where of_it.item_id = any(${itemIds}::bigint[]) and of_it.organisation_id = ${actor.organisationId}
      and of_it.incident_id > ${seen} and line.placed_with_ward_id = any(${actor.wardIds}::bigint[])
    order by of_it.incident_id desc
    limit 1
  `.execute(db)
  return rows[0]
}

/** A line of a loan that somebody wants to report: what it was about, and whether it is over. */
export async function findReportedLine(db: Database, actor: Actor, lineId: number) {
  const { rows } = await sql<ReportedLine>`
    select line.item_id, items.tag, line.loan_id, line.taken_at, line.ended_at, line.ended_as, line.cancelled_at
    from loan_lines line join items on items.id = line.item_id
    where line.id = ${lineId} and line.organisation_id = ${actor.organisationId} and ${isInReach(actor)}
      ${andOfLoanInReach(actor)}
  `.execute(db)
  return rows[0]
}

export interface ReportedLine {
  item_id: number
  tag: string
  loan_id: number
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
}

/** What else somebody has in the same loan and may have lost with it. */
export async function listItemsInLoan(db: Database, actor: Actor, loanId: number, exceptItemId: number) {
  const { rows } = await sql<{ id: number; tag: string; maker: string; model: string }>`
    select items.id, items.tag, models.maker, models.name as model
    from loan_lines line
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    where line.loan_id = ${loanId} and line.organisation_id = ${actor.organisationId} and line.taken_at is not null
      and line.ended_at is null and items.id <> ${exceptItemId} and ${isInReach(actor)}
      ${andOfLoanInReach(actor)}
    order by line.id
  `.execute(db)
  return rows
}

export interface PlanRow {
  item_id: number
  tag: string
  starts_at: string
  ward: string | null
}

/** Who is to have these items later, the soonest first. */
export async function listPlansFor(db: Database, scope: Scope, itemIds: number[], now: Date) {
  const { rows } = await sql<PlanRow>`
    select item_holds.item_id, items.tag, lower(plan) as starts_at, wards.name as ward
    from item_holds
    join items on items.id = item_holds.item_id
    left join wards on wards.id = item_holds.ward_id
    where item_holds.item_id = any(${itemIds}::bigint[]) and item_holds.organisation_id = ${scope.organisationId}
      and taken_at is null and cancelled_at is null and upper(plan) > ${now}
    order by starts_at, item_holds.id
  `.execute(db)
  return rows
}
