import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { londonToday } from '../lib/dates.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { peopleInReach } from '../service-users/reach-queries.ts'

/** The next plan for an item: who is to have it and from when. All null when nobody is. */
export interface NextPlan extends BorrowerFacts {
  wanted_at: string | null
}

export interface TurnaroundRow extends NextPlan {
  hold_id: number
  id: number
  tag: string
  category: string
  maker: string
  model: string
  /** When it came back. */
  taken_at: string
  /** The steps done so far. */
  done: string[]
  /** Data that was given with it still runs. */
  has_data: boolean
}

/** Whether data that was given with the item in this column still runs, though the item is back. */
const hasData = (item: string, today: string) =>
  sql<boolean>`data_runs_on_after_return(${sql.ref(item)}, ${today}::date)`

/** Who is to have the row of `items` at hand next, with what it takes to name them. What was never collected is over. */
const nextPlan = (actor: Actor, now: Date) => sql`
  left join lateral (
    select lower(plan) as starts_at, ward_id, loan_line_id
    from item_holds
    where item_id = items.id and taken_at is null and cancelled_at is null and upper(plan) > ${now}
    order by lower(plan)
    limit 1
  ) planned on true
  left join loan_lines planned_line on planned_line.id = planned.loan_line_id
  left join loans on loans.id = planned_line.loan_id
  left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
  left join wards on wards.id = case when loans.id is null then planned.ward_id else loans.ward_id end
  left join staff on staff.id = loans.staff_id`

const nextPlanColumns = sql`
  planned.starts_at as wanted_at, loans.service_user_id, person.name as service_user,
  wards.id as ward_id, wards.name as ward, loans.staff_id, staff.name as staff_member`

/**
 * One page of what is being made ready, the longest back first. A cursor is the id of a turnaround. An item that left the
 * stock is on nobody's bench, whatever became of its turnaround. (`offset 0`: left to choose, PostgreSQL reads the whole
 * stock to join it to the few that wait.)
 */
export async function listTurnarounds(db: Database, actor: Actor, now: Date, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from =
    cursor === undefined
      ? sql``
      : sql`and (hold.taken_at, hold.id) ${isBackwards ? sql`<` : sql`>`} (${placeOf(actor, cursor)})`
  const order = isBackwards ? sql`taken_at desc, hold_id desc` : sql`taken_at, hold_id`
  const { rows } = await sql<TurnaroundRow>`
    with waiting as (
      select hold.id as hold_id, hold.taken_at, items.id, items.tag, items.category, items.model_id
      from item_holds hold
      cross join lateral (
        select id, tag, category, model_id from items where id = hold.item_id and left_at is null offset 0
      ) items
      where hold.organisation_id = ${actor.organisationId} and hold.kind = 'turnaround'
        and hold.taken_at is not null and hold.ended_at is null ${from}
      order by ${order}
      limit ${rowsToRead(asked)}
    )
    select items.hold_id, items.id, items.tag, items.category, items.taken_at, models.maker, models.name as model,
           array(select step from turnaround_steps where turnaround_steps.hold_id = items.hold_id) as done,
           ${hasData('items.id', londonToday(now))} as has_data,
           ${nextPlanColumns}
    from waiting items
    join models on models.id = items.model_id
    ${nextPlan(actor, now)}
    order by ${order}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.hold_id))
}

/** Where a turnaround stands in the list. One that is over, too: it was there when the page was shown. */
function placeOf(scope: Scope, cursor: string) {
  const id = /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
  return sql`select place.taken_at, place.id from item_holds place
    where place.id = ${id} and place.organisation_id = ${scope.organisationId}`
}

/** What comes after a turnaround in the list, or the first of the list after the last. None when it is the only one. */
export async function findNextTurnaround(db: Database, actor: Actor, now: Date, holdId: number) {
  const [after, first] = await Promise.all([
    listTurnarounds(db, actor, now, { after: String(holdId), size: 1 }),
    listTurnarounds(db, actor, now, { size: 1 }),
  ])
  return [...after.rows, ...first.rows].find((row) => row.hold_id !== holdId)
}

export interface Turnaround extends NextPlan {
  id: number
  tag: string
  category: string
  maker: string
  model: string
  left_as: string | null
  /** Where it belongs when it is ready: the ward it is placed with, or else where it is kept. */
  placed_with: string | null
  kept_at: string | null
  /** The item's last turnaround, over or not; null for one that never came back. */
  hold_id: number | null
  taken_at: string | null
  ended_at: string | null
  /** What somebody wants to keep of what is on it, and nobody has saved yet. */
  to_save: ToSave | null
  /** Data that was given with it still runs. */
  has_data: boolean
}

export interface ToSave {
  id: number
  what: string
  asked_at: string
  asker: string
}

/** An item with its last turnaround. Another organisation's item: none. */
export async function findTurnaround(db: Database, actor: Actor, now: Date, itemId: number) {
  const { rows } = await sql<Turnaround>`
    select items.id, items.tag, items.category, items.left_as, models.maker, models.name as model,
           placed.name as placed_with, kept.name as kept_at,
           last_one.id as hold_id, last_one.taken_at, last_one.ended_at, (
             select json_build_object(
               'id', rescues.id, 'what', rescues.what, 'asked_at', rescues.asked_at, 'asker', asker.name
             )
             from rescues join staff asker on asker.id = rescues.asked_by
             where rescues.item_id = items.id and rescues.closed_at is null
           ) as to_save, ${hasData('items.id', londonToday(now))} as has_data,
           ${nextPlanColumns}
    from items
    join models on models.id = items.model_id
    left join lateral (
      select id, taken_at, ended_at from item_holds hold
      where item_id = items.id and kind = 'turnaround' and ended_as is distinct from 'not-returned'
      order by id desc
      limit 1
    ) last_one on true
    left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
      and placement.taken_at is not null and placement.ended_at is null
    left join wards placed on placed.id = placement.placed_with_ward_id
    left join wards kept on kept.id = items.kept_at_ward_id
    ${nextPlan(actor, now)}
    where items.id = ${itemId} and items.organisation_id = ${actor.organisationId}
  `.execute(db)
  return rows[0]
}

/** The steps done in a turnaround, the first first. */
export function listDoneSteps(db: Database, actor: Actor, holdId: number) {
  return db
    .selectFrom('turnaround_steps as done')
    .innerJoin('item_holds', 'item_holds.id', 'done.hold_id')
    .innerJoin('staff', 'staff.id', 'done.done_by')
    .select(['done.step', 'done.done_at', 'done.method', 'done.note', 'staff.name as staff_member'])
    .where('done.hold_id', '=', holdId)
    .where('item_holds.organisation_id', '=', actor.organisationId)
    .orderBy('done.done_at')
    .execute()
}

export type DoneStep = Awaited<ReturnType<typeof listDoneSteps>>[number]

/** The item of a turnaround, held against everybody else who wants to change who has it. */
export function lockReturnedItem(trx: InTransaction, scope: Scope, itemId: number) {
  return trx
    .selectFrom('items')
    .select(['id', 'tag', 'category'])
    .where('id', '=', itemId)
    .where('organisation_id', '=', scope.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** The item's last turnaround, over or not, with the steps done in it. Read it after the item is locked. */
export function findLastTurnaround(trx: InTransaction, itemId: number, today: string) {
  return trx
    .selectFrom('item_holds as hold')
    .select(['hold.id', 'hold.ended_at', 'hold.ended_as'])
    .select(sql<string[]>`array(select step from turnaround_steps where hold_id = hold.id)`.as('done'))
    .select(hasData('hold.item_id', today).as('has_data'))
    .select(
      sql<string | null>`(select what from rescues where item_id = hold.item_id and closed_at is null)`.as('to_save'),
    )
    .where('hold.item_id', '=', itemId)
    .where('hold.kind', '=', 'turnaround')
    .where('hold.ended_as', 'is distinct from', 'not-returned')
    .orderBy('hold.id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Whether an item is ours and nobody has it: no hold is open, and it is in the stock. Read it after the item is locked. */
export async function isOnHand(trx: InTransaction, itemId: number): Promise<boolean> {
  const { rows } = await sql<{ is_on_hand: boolean }>`
    select left_at is null and not exists (
      select from item_holds where item_id = items.id and taken_at is not null and ended_at is null
    ) as is_on_hand
    from items where id = ${itemId}
  `.execute(trx)
  return rows[0]?.is_on_hand ?? false
}

export interface BenchRow {
  hold_id: number
  item_id: number
  tag: string
  category: string
  maker: string
  model: string
  ended_at: string | null
  last_at: string
  done: string[]
  has_data: boolean
}

/** What somebody worked on at the bench since a moment, the newest first: a look back over the batch. */
export async function listBenchWork(
  db: Database,
  actor: Actor,
  { since, today, limit }: { since: Date; today: string; limit: number },
): Promise<BenchRow[]> {
  const { rows } = await sql<BenchRow>`
    with mine as (
      select hold_id, max(done_at) as last_at from turnaround_steps
      where organisation_id = ${actor.organisationId} and done_by = ${actor.staffId} and done_at >= ${since}
      group by hold_id
      order by last_at desc, hold_id desc
      limit ${limit}
    )
    select mine.hold_id, items.id as item_id, items.tag, items.category, models.maker, models.name as model,
           hold.ended_at, mine.last_at,
           array(select step from turnaround_steps where turnaround_steps.hold_id = mine.hold_id) as done,
           ${hasData('items.id', today)} as has_data
    from mine
    join item_holds hold on hold.id = mine.hold_id
    join items on items.id = hold.item_id
    join models on models.id = items.model_id
    order by mine.last_at desc, mine.hold_id desc
  `.execute(db)
  return rows
}
