import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { loanIdInReach, peopleInReach } from '../service-users/reach-queries.ts'

export interface LendableRow {
  id: number
  tag: string
  category: string
  maker: string
  model: string
  support_ends_on: string | null
  kit_id: number | null
}

/** The items chosen so far, in the order they were chosen. One that is not this organisation's is left out. */
export async function listChosenItems(db: Database, actor: Actor, itemIds: number[]): Promise<LendableRow[]> {
  if (itemIds.length === 0) return []
  const { rows } = await sql<LendableRow>`
    select items.id, items.tag, items.category, models.maker, models.name as model, models.support_ends_on, items.kit_id
    from unnest(${itemIds}::bigint[]) with ordinality as chosen (id, place)
    join items on items.id = chosen.id and items.organisation_id = ${actor.organisationId}
    join models on models.id = items.model_id
    order by place
  `.execute(db)
  return rows
}

/** The items of a kit that are still ours. */
export async function listKitItemIds(db: Database, actor: Actor, kitId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('items')
    .select('id')
    .where('kit_id', '=', kitId)
    .where('organisation_id', '=', actor.organisationId)
    .where('left_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/** The agreement in force: the newest version. */
export function findAgreement(db: Database, actor: Actor) {
  return db
    .selectFrom('agreement_versions')
    .select(['id', 'number', 'body'])
    .where('organisation_id', '=', actor.organisationId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function readLoanLengths(db: Database, actor: Actor): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('loan_lengths')
    .select(['category', 'weeks'])
    .where('organisation_id', '=', actor.organisationId)
    .execute()
  return new Map(rows.map((row) => [row.category, row.weeks]))
}

export function listStaff(db: Database, actor: Actor) {
  return db
    .selectFrom('staff')
    .select(['id', 'name', 'role'])
    .where('organisation_id', '=', actor.organisationId)
    .where('disabled_at', 'is', null)
    .orderBy('name')
    .execute()
}

export interface TakenRow {
  item_id: number
  tag: string
  category: string
  left_as: string | null
  kind: string
  is_out: boolean
  since: string | null
  until: string | null
  due_on: string | null
  loan_id: number | null
  service_user_id: number | null
  service_user: string | null
  ward_id: number | null
  ward: string | null
  staff_id: number | null
  staff_member: string | null
}

/** What stands in the way depends on what is meant to happen to the items. */
export interface Wanted {
  from: Date
  /** null: for ever, so that every plan to come is in the way. */
  until: Date | null
  /** A placement: what that ward's own people have planned goes on within it, and another placement does not. */
  wardId?: number
  /** The lines that have the items now, and are no obstacle to themselves. */
  exceptLineIds?: number[]
}

/**
 * Why these items cannot be had: for each the first thing in the way, or no row. Whose hands it is in comes before whose
 * pool, and that before what is planned. Asked before anything is written or after the rollback, so the answer may be
 * old: PostgreSQL has the last word.
 */
export async function explainTaken(db: Database, actor: Actor, itemIds: number[], wanted: Wanted) {
  if (itemIds.length === 0) return []
  const { from, until, wardId, exceptLineIds = [] } = wanted
  const isOther = sql`not (coalesce(loan_line_id, 0) = any(${exceptLineIds}::bigint[]))`
  const isBefore = until === null ? sql`true` : sql`lower(plan) < ${until}`
  const isOutside = wardId === undefined ? sql`true` : sql`ward_id is distinct from ${wardId}`
  const placed = sql`
    union all
    select 'placement', taken_at, null, id, placed_with_ward_id, 2 from loan_lines
    where item_id = items.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
      and not (id = any(${exceptLineIds}::bigint[]))`
  const poolCounts = wardId !== undefined || until === null
  const { rows } = await sql<TakenRow>`
    select items.id as item_id, items.tag, items.category, items.left_as,
           coalesce(held.kind, 'gone') as kind, held.taken_at is not null as is_out,
           coalesce(held.taken_at, lower(held.plan)) as since, upper(held.plan) as until, line.due_on,
           ${loanIdInReach(actor)} as loan_id,
           loans.service_user_id, person.name as service_user, coalesce(loans.ward_id, held.ward_id) as ward_id,
           wards.name as ward, loans.staff_id, staff.name as staff_member
    from items
    left join lateral (
      select kind, taken_at, plan, loan_line_id, ward_id, 1 as rank from item_holds
      where item_id = items.id and taken_at is not null and ended_at is null and ${isOther}
      ${poolCounts ? placed : sql``}
      union all
      select kind, taken_at, plan, loan_line_id, ward_id, 3 from item_holds
      where item_id = items.id and taken_at is null and cancelled_at is null and ${isOther}
        and upper(plan) > ${from} and ${isBefore} and ${isOutside}
      order by rank, plan
      limit 1
    ) held on true
    left join loan_lines line on line.id = held.loan_line_id
    left join loans on loans.id = line.loan_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = coalesce(loans.ward_id, held.ward_id)
    left join staff on staff.id = loans.staff_id
    where items.id = any(${itemIds}::bigint[]) and items.organisation_id = ${actor.organisationId}
      and (held.kind is not null or items.left_at is not null)
    order by items.id
  `.execute(db)
  return rows
}

export interface FreeRow {
  id: number
  tag: string
  maker: string
  model: string
  /** The item it can stand in for. */
  like_item_id: number
}

/**
 * For each of these items up to three others that are free for as long as it is wanted and in nobody's pool: those that
 * get security updates until then first, and of the same model first. What belongs to a kit is left in its kit.
 */
export async function listFreeAlike(
  db: Database,
  actor: Actor,
  itemIds: number[],
  { from, until }: Wanted,
  exceptIds: number[],
) {
  if (itemIds.length === 0) return []
  const isBefore = until === null ? sql`true` : sql`lower(plan) < ${until}`
  const { rows } = await sql<FreeRow>`
    select free.*, wanted.id as like_item_id
    from items wanted
    cross join lateral (
      select items.id, items.tag, models.maker, models.name as model
      from items join models on models.id = items.model_id
      where items.organisation_id = wanted.organisation_id and items.category = wanted.category
        and items.left_at is null and items.kit_id is null and not (items.id = any(${exceptIds}::bigint[]))
        and not exists (select from item_holds where item_id = items.id and taken_at is not null and ended_at is null)
        and not exists (
          select from item_holds
          where item_id = items.id and taken_at is null and cancelled_at is null and upper(plan) > ${from} and ${isBefore}
        )
        and not exists (
          select from loan_lines
          where item_id = items.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
        )
      order by coalesce(models.support_ends_on < ${until ?? from}, false), items.model_id = wanted.model_id desc,
               items.tag_key
      limit 3
    ) free
    where wanted.id = any(${itemIds}::bigint[]) and wanted.organisation_id = ${actor.organisationId}
  `.execute(db)
  return rows
}
