import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { incidentIdInReach } from '../incidents/reach-queries.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { loanIdInReach, peopleInReach } from '../service-users/reach-queries.ts'
import type { Counts, ItemPlace, Outcome, Standing, StandingOf } from './rules.ts'

/** Whether this person may see the row of `stock_checks` at hand: ward staff look round their own wards. */
function isCheckInReach(actor: Actor): RawBuilder<SqlBool> {
  const isOurs = sql<SqlBool>`stock_checks.organisation_id = ${actor.organisationId}`
  if (actor.role !== 'ward-staff') return isOurs
  return sql<SqlBool>`${isOurs} and stock_checks.ward_id = any(${actor.wardIds}::bigint[])`
}

/** Whoever has the row of `items` at hand now, the ward it is placed with, and where it is kept. */
export const whereNow = sql`
  left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
  left join loan_lines line on line.id = hold.loan_line_id
  left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
    and placement.taken_at is not null and placement.ended_at is null`

export const belongsTo = (wardId: RawBuilder<unknown>) => sql<SqlBool>`
  items.left_at is null and coalesce(placement.placed_with_ward_id, items.kept_at_ward_id) = ${wardId}`

/**
 * What should be there: what is kept or placed at the ward, and is with nobody, on no bench and not in repair. A bay or a
 * room is part of the place, and is not looked for.
 */
const isExpectedAt = (wardId: RawBuilder<unknown>) => sql<SqlBool>`
  ${belongsTo(wardId)} and hold.id is null and items.category not in ('locker-bay', 'private-room')`

export interface StockCheck {
  id: number
  ward_id: number
  ward: string
  started_at: string
  starter: string
  finished_at: string | null
  finisher: string | null
}

/** One check. Another organisation's, or of a ward out of reach: none. */
export async function findStockCheck(db: Database, actor: Actor, id: number): Promise<StockCheck | undefined> {
  const { rows } = await sql<StockCheck>`
    ${selectChecks} where stock_checks.id = ${id} and ${isCheckInReach(actor)}`.execute(db)
  return rows[0]
}

const selectChecks = sql`
  select stock_checks.id, stock_checks.ward_id, wards.name as ward, stock_checks.started_at, starter.name as starter,
         stock_checks.finished_at, finisher.name as finisher
  from stock_checks
  join wards on wards.id = stock_checks.ward_id
  join staff starter on starter.id = stock_checks.started_by
  left join staff finisher on finisher.id = stock_checks.finished_by`

export interface StockCheckRow extends StockCheck {
  expected: number
  /** How many of those were scanned, whatever became of them. */
  scanned: number
  /** What was decided when it ended. */
  missing: number
  unexpected: number
}

export type CheckFilter = 'open' | 'finished' | 'all'

const isOfFilter: Record<CheckFilter, RawBuilder<unknown>> = {
  open: sql`and stock_checks.finished_at is null`,
  finished: sql`and stock_checks.finished_at is not null`,
  all: sql``,
}

/** One page of the checks that are open, of those that are finished, or of both: the newest first. A cursor is the id of a check. */
export async function listStockChecks(db: Database, actor: Actor, filter: CheckFilter, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const id = cursor !== undefined && /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
  const isBackwards = asked.before !== undefined
  const from = cursor === undefined ? sql`` : sql`and stock_checks.id ${isBackwards ? sql`>` : sql`<`} ${id}`
  const order = isBackwards ? sql`asc` : sql`desc`
  const { rows } = await sql<StockCheckRow>`
    select page.*, counted.*
    from (
      ${selectChecks}
      where ${isCheckInReach(actor)} ${isOfFilter[filter]} ${from}
      order by stock_checks.id ${order}
      limit ${rowsToRead(asked)}
    ) page
    cross join lateral (
      select count(*) filter (where is_expected)::int as expected,
             count(*) filter (where is_expected and scanned_at is not null)::int as scanned,
             count(*) filter (where outcome in (${outcomesIn('missing')}))::int as missing,
             count(*) filter (where outcome in (${outcomesIn('unexpected')}))::int as unexpected
      from stock_check_items
      where stock_check_id = page.id
    ) counted
    order by page.id ${order}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** The same as in rules.ts, which the compiler sees to. */
const standingOf: StandingOf = {
  found: 'found',
  moved: 'unexpected',
  'found-again': 'unexpected',
  unexpected: 'unexpected',
  reported: 'missing',
  elsewhere: 'missing',
  missing: 'missing',
  'went-out': 'went-out',
}

const outcomes = Object.entries(standingOf) as [Outcome, Standing][]

const outcomesIn = (which: Standing) =>
  sql.join(outcomes.filter(([, standing]) => standing === which).map(([outcome]) => sql.lit(outcome)))

/** The last checks of a ward, the one that is under way first, as a question for a page that asks others with it. */
export function lastChecksOf(wardId: number, limit: number) {
  return sql`
    select stock_checks.id, stock_checks.started_at, stock_checks.finished_at, starter.name as starter,
           finisher.name as finisher,
           count(listed.item_id) filter (where listed.is_expected)::int as expected,
           count(listed.item_id) filter (where listed.is_expected and listed.scanned_at is not null)::int as scanned,
           count(listed.item_id) filter (where listed.outcome in (${outcomesIn('missing')}))::int as missing
    from (
      select * from stock_checks where ward_id = ${wardId} order by id desc limit ${limit}
    ) stock_checks
    join staff starter on starter.id = stock_checks.started_by
    left join staff finisher on finisher.id = stock_checks.finished_by
    left join stock_check_items listed on listed.stock_check_id = stock_checks.id
    group by stock_checks.id, stock_checks.started_at, stock_checks.finished_at, starter.name, finisher.name
    order by stock_checks.id desc`
}

export interface LastCheck {
  id: number
  started_at: string
  finished_at: string | null
  starter: string
  finisher: string | null
  expected: number
  scanned: number
  missing: number
}

/** The check of a place that is under way. */
export function findOpenCheck(db: Database, actor: Actor, wardId: number) {
  return db
    .selectFrom('stock_checks')
    .innerJoin('staff', 'staff.id', 'stock_checks.started_by')
    .innerJoin('wards', 'wards.id', 'stock_checks.ward_id')
    .select(['stock_checks.id', 'stock_checks.started_at', 'staff.name as starter', 'wards.name as ward'])
    .where('stock_checks.ward_id', '=', wardId)
    .where('stock_checks.organisation_id', '=', actor.organisationId)
    .where('stock_checks.finished_at', 'is', null)
    .executeTakeFirst()
}

/** How the row of `stock_check_items` at hand stands; see {@link Standing}. */
const standing = sql<Standing>`case
  ${sql.join(
    outcomes.map(([outcome, was]) => sql`when listed.outcome = ${sql.lit(outcome)} then ${sql.lit(was)}`),
    sql` `,
  )}
  when listed.scanned_at is not null and (
    listed.is_expected or (${belongsTo(sql`stock_checks.ward_id`)} and coalesce(hold.kind, '') not in ('loan', 'repair'))
  ) then 'found'
  when listed.scanned_at is not null then 'unexpected'
  when ${belongsTo(sql`stock_checks.ward_id`)} and hold.id is null then 'missing'
  else 'went-out'
end`

const rowsOfCheck = sql`
  from stock_check_items listed
  join stock_checks on stock_checks.id = listed.stock_check_id
  join items on items.id = listed.item_id
  ${whereNow}`

/** How many items stand how, and how many codes are none of ours. */
export async function countStandings(db: Database, actor: Actor, checkId: number): Promise<Counts> {
  const { rows } = await sql<{ standing: keyof Counts; count: number }>`
    select standing, count(*)::int as count
    from (select ${standing} as standing ${rowsOfCheck} where listed.stock_check_id = ${checkId} and ${isCheckInReach(actor)}) each
    group by standing
    union all
    select 'unknown', count(*)::int
    from stock_check_unknown_codes code join stock_checks on stock_checks.id = code.stock_check_id
    where code.stock_check_id = ${checkId} and ${isCheckInReach(actor)}
  `.execute(db)
  const counts: Counts = { missing: 0, found: 0, unexpected: 0, 'went-out': 0, unknown: 0 }
  for (const row of rows) counts[row.standing] = row.count
  return counts
}

export interface CheckItem extends ItemPlace, BorrowerFacts {
  id: number
  tag: string
  tag_key: string
  maker: string
  model: string
  category: string
  is_expected: boolean
  scanned_at: string | null
  scanner: string | null
  outcome: Outcome | null
  note: string
  incident_id: number | null
  standing: Standing
  /** Whether whoever asks may see the item apart from this check. */
  is_in_reach: boolean
  left_at: string | null
  kept_at_ward_id: number | null
  loan_id: number | null
  due_on: string | null
}

const itemColumns = (actor: Actor) => sql`
  items.id, items.tag, items.tag_key, models.maker, models.name as model, items.category, listed.is_expected, listed.scanned_at,
  scanner.name as scanner, listed.outcome, listed.note,
  ${incidentIdInReach(actor, sql<number | null>`listed.incident_id`)} as incident_id, ${standing} as standing,
  ${isInReach(actor)} as is_in_reach, items.left_at, items.left_as, hold.kind as hold_kind, items.kept_at_ward_id,
  kept.name as kept_at, placement.placed_with_ward_id, placed.name as placed_with, ${loanIdInReach(actor)} as loan_id,
  coalesce(line.due_on, placement.due_on) as due_on, loans.service_user_id, person.name as service_user, loans.ward_id,
  wards.name as ward, loans.staff_id, borrower.name as staff_member`

const itemsWithNames = (actor: Actor) => sql`
  ${rowsOfCheck}
  join models on models.id = items.model_id
  left join staff scanner on scanner.id = listed.scanned_by
  left join wards kept on kept.id = items.kept_at_ward_id
  left join wards placed on placed.id = placement.placed_with_ward_id
  left join loans on loans.id = coalesce(line.loan_id, placement.loan_id)
  left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
  left join wards on wards.id = loans.ward_id
  left join staff borrower on borrower.id = loans.staff_id`

/** One page of the items of a check that stand so, by tag. */
export async function listCheckItems(db: Database, actor: Actor, checkId: number, which: Standing, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from = cursor === undefined ? sql`` : sql`and items.tag_key ${isBackwards ? sql`<` : sql`>`} ${cursor}`
  const { rows } = await sql<CheckItem>`
    select ${itemColumns(actor)} ${itemsWithNames(actor)}
    where listed.stock_check_id = ${checkId} and ${isCheckInReach(actor)} and ${standsSo(which)} ${from}
    order by items.tag_key ${isBackwards ? sql`desc` : sql`asc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => row.tag_key)
}

function standsSo(which: Standing): RawBuilder<SqlBool> {
  return sql<SqlBool>`
    case when listed.outcome is null then ${standing} = ${which} else listed.outcome in (${outcomesIn(which)}) end`
}

/** One item of a check, if it is on its list. */
export async function findCheckItem(
  db: Database,
  actor: Actor,
  checkId: number,
  itemId: number,
): Promise<CheckItem | undefined> {
  const { rows } = await sql<CheckItem>`
    select ${itemColumns(actor)} ${itemsWithNames(actor)}
    where listed.stock_check_id = ${checkId} and listed.item_id = ${itemId} and ${isCheckInReach(actor)}
  `.execute(db)
  return rows[0]
}

export interface UnknownCode {
  id: number
  code: string
  scanned_at: string
  scanner: string
}

/** One page of what was scanned and is none of ours, as it was typed, in that order. A cursor is an id. */
export async function listUnknownCodes(db: Database, actor: Actor, checkId: number, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const id = cursor !== undefined && /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
  const from = cursor === undefined ? sql`` : sql`and code.id ${isBackwards ? sql`<` : sql`>`} ${id}`
  const { rows } = await sql<UnknownCode>`
    select code.id, code.code, code.scanned_at, staff.name as scanner
    from stock_check_unknown_codes code
    join stock_checks on stock_checks.id = code.stock_check_id
    join staff on staff.id = code.scanned_by
    where code.stock_check_id = ${checkId} and ${isCheckInReach(actor)} ${from}
    order by code.id ${isBackwards ? sql`desc` : sql`asc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** The last scans of items, the newest first. */
export async function listLatestScans(
  db: Database,
  actor: Actor,
  checkId: number,
  limit: number,
): Promise<CheckItem[]> {
  const { rows } = await sql<CheckItem>`
    select ${itemColumns(actor)} ${itemsWithNames(actor)}
    where listed.stock_check_id = ${checkId} and ${isCheckInReach(actor)} and listed.scanned_at is not null
    order by listed.scanned_at desc, listed.item_id
    limit ${limit}
  `.execute(db)
  return rows
}

/** Every item that was not simply found, by tag: what is missing, unexpected, or has gone elsewhere since. */
export async function listDifferences(db: Database, actor: Actor, checkId: number): Promise<CheckItem[]> {
  const { rows } = await sql<CheckItem>`
    select ${itemColumns(actor)} ${itemsWithNames(actor)}
    where listed.stock_check_id = ${checkId} and ${isCheckInReach(actor)} and ${standing} <> 'found'
    order by items.tag_key
  `.execute(db)
  return rows
}

/** A check that people scan for, shared with all who scan; or held alone, for whoever ends it. */
export async function lockStockCheck(trx: InTransaction, actor: Actor, id: number, how: 'shared' | 'alone') {
  const { rows } = await sql<{ id: number; ward_id: number; finished_at: string | null }>`
    select id, ward_id, finished_at from stock_checks where id = ${id} and ${isCheckInReach(actor)}
    for ${how === 'shared' ? sql`share` : sql`no key update`}
  `.execute(trx)
  return rows[0]
}

/** Puts what should be there now on the list of a check that was just begun. Gives how many. */
export async function expectItems(trx: InTransaction, actor: Actor, checkId: number, wardId: number): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into stock_check_items (organisation_id, stock_check_id, item_id, is_expected)
    select items.organisation_id, ${checkId}, items.id, true
    from items ${whereNow}
    where items.organisation_id = ${actor.organisationId} and ${isExpectedAt(sql`${wardId}`)}
    order by items.id
  `.execute(trx)
  return Number(numAffectedRows ?? 0)
}
