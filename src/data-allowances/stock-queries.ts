import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import type { SimRead } from './reading-rules.ts'
import type { NewStock } from './stock-rules.ts'
import type { Kind, Period } from './words-rules.ts'

/** Of these numbers and codes: what came into our stock before, and which SIMs somebody has from elsewhere. */
export async function listStockKnown(
  db: Database,
  { organisationId }: Scope,
  { sims, hashes }: { sims: readonly string[]; hashes: readonly string[] },
) {
  const { rows: stock } = await sql<Omit<NewStock, 'codeSealed'>>`
    select kind, provider, network, megabytes, period, use_by as "useBy", funder, cost_pence as "costPence",
           sim_number as "simNumber",
           encode(code_hash, 'hex') as "codeHash"
    from data_stock
    where organisation_id = ${organisationId}
      and (sim_number = any(${sims}::text[])
        or code_hash = any(array(select decode(said, 'hex') from unnest(${hashes}::text[]) said)))
  `.execute(db)
  const { rows: used } = await sql<{ sim_number: string }>`
    select distinct sim_number from data_allowances
    where organisation_id = ${organisationId} and cancelled_at is null and sim_number = any(${sims}::text[])
  `.execute(db)
  return { stock, simsInUse: new Set(used.map(({ sim_number }) => sim_number)) }
}

/** Every allowance on one of these SIMs that is not cancelled, with its last reading. `hold`: nobody else reads them meanwhile. */
export async function listSimsRead(
  db: Database,
  { organisationId }: Scope,
  sims: readonly string[],
  hold: boolean,
): Promise<SimRead[]> {
  if (hold) {
    await sql`
      select allowance.id from ${asked(sims)} said
      join data_allowances allowance on allowance.sim_number = said.number
      where allowance.organisation_id = ${organisationId} and allowance.cancelled_at is null
      order by allowance.id for no key update of allowance
    `.execute(db)
  }
  const { rows } = await sql<SimRead>`
    select allowance.id, allowance.sim_number, allowance.service_user_id, allowance.megabytes, allowance.starts_on,
           allowance.ends_on, last.read_at, last.megabytes_left as left, last.source
    from ${asked(sims)} said
    join data_allowances allowance on allowance.sim_number = said.number
    left join lateral (
      select read_at, megabytes_left, source from data_readings
      where data_allowance_id = allowance.id order by read_at desc limit 1
    ) last on true
    where allowance.organisation_id = ${organisationId} and allowance.cancelled_at is null
    order by allowance.id
  `.execute(db)
  return rows
}

/** Thousands of numbers are joined: held against each row one by one they would take minutes. */
const asked = (sims: readonly string[]) => sql`(select distinct unnest(${sims}::text[]) as number)`

/** A sort of stock, of which one is as good as another: how many are left, and until when the oldest has to be started. */
export interface StockSort {
  /** The one of them that is handed out next. */
  id: number
  kind: Kind
  provider: string
  network: string
  megabytes: number | null
  period: Period
  funder: string
  left_count: number
  use_by: string | null
}

/** What there is to hand out on this day, by sort. */
export async function listStock(db: Database, { organisationId }: Scope, today: string): Promise<StockSort[]> {
  const { rows } = await sql<StockSort>`
    select (array_agg(id order by use_by nulls last, id))[1] as id, kind, provider, network, megabytes, period, funder,
           count(*)::integer as left_count, min(use_by) as use_by
    from data_stock
    where organisation_id = ${organisationId} and taken_at is null and (use_by is null or use_by >= ${today}::date)
    group by kind, provider, network, megabytes, period, funder
    order by kind, provider, network, period, megabytes nulls last, funder
  `.execute(db)
  return rows
}

/** Fewer than these of a sort, and somebody brings in more. */
const FEW = 5

/** Sorts of which few or none are left, and of which one was handed out in these days or waits to be. */
export async function listLowStock(
  db: Database,
  { organisationId }: Scope,
  { today, since }: { today: string; since: string },
): Promise<Omit<StockSort, 'id' | 'use_by'>[]> {
  const isThere = sql`taken_at is null and (use_by is null or use_by >= ${today}::date)`
  const { rows } = await sql<StockSort>`
    select kind, provider, network, megabytes, period, funder, (count(*) filter (where ${isThere}))::integer as left_count
    from data_stock
    where organisation_id = ${organisationId} and (taken_at is null or taken_at >= ${since}::date)
    group by kind, provider, network, megabytes, period, funder
    having count(*) filter (where ${isThere}) < ${FEW}
    order by left_count, kind, provider, network limit 20
  `.execute(db)
  return rows
}

export interface StockTaken {
  id: number
  kind: Kind
  provider: string
  network: string
  megabytes: number | null
  period: Period
  funder: string
  cost_pence: number | null
  sim_number: string | null
}

/**
 * The next one to hand out of the sort that this one is of: whichever has to be started soonest. One at a time hands out, until
 * their change ends.
 */
export async function nextOfStock(
  trx: InTransaction,
  { organisationId }: Scope,
  { stockId, startsOn }: { stockId: number; startsOn: string },
): Promise<StockTaken | undefined> {
  await sql`select pg_advisory_xact_lock(${STOCK_LOCK}, ${organisationId}::integer)`.execute(trx)
  const { rows } = await sql<StockTaken>`
    select next.id, next.kind, next.provider, next.network, next.megabytes, next.period, next.funder, next.cost_pence,
           next.sim_number
    from data_stock like_it join data_stock next
      on (next.organisation_id, next.kind, next.provider, next.network, next.period, next.funder)
         = (like_it.organisation_id, like_it.kind, like_it.provider, like_it.network, like_it.period, like_it.funder)
      and next.megabytes is not distinct from like_it.megabytes
    where like_it.id = ${stockId} and like_it.organisation_id = ${organisationId} and next.taken_at is null
      and (next.use_by is null or next.use_by >= ${startsOn}::date)
    order by next.use_by nulls last, next.id limit 1
  `.execute(trx)
  return rows[0]
}

const STOCK_LOCK = 7_216_342

export interface CodeRow {
  made_by: number
  code_sealed: Buffer
  code_hash: Buffer
  view_count: number
}

/** The code of a voucher from our stock, encrypted, and how often it was looked at. */
export async function findCode(db: Database, { organisationId }: Actor, id: number): Promise<CodeRow | undefined> {
  const { rows } = await sql<CodeRow>`
    select allowance.made_by, stock.code_sealed, stock.code_hash,
           (select count(*)::integer from data_code_views where data_allowance_id = allowance.id) as view_count
    from data_allowances allowance join data_stock stock on stock.id = allowance.stock_id
    where allowance.id = ${id} and allowance.organisation_id = ${organisationId} and stock.code_sealed is not null
  `.execute(db)
  return rows[0]
}
