import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays, type Instant, parseInstant } from '../../src/lib/dates.ts'
import type { Ward } from '../factories/places.ts'
import { type CheckedItem, openStockCheck, type StockCheck } from '../factories/stock-checks.ts'
import { lastWorkingDay, minutesAfter, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/**
 * The check in which something was missing from its shelf, with one thing that turned up elsewhere and one that belongs
 * elsewhere; and another one, left half way when somebody had to go home. Gives what the audit tells of them.
 */
export async function checkStock(db: Database, trust: Trust, today: string): Promise<PastEvent[]> {
  const loss = await findLossFromTheShelf(db, trust)
  const ward = trust.wards.find(({ id }) => id === loss?.wardId)
  const elsewhere = trust.wards.find(({ id, kind }) => id !== loss?.wardId && kind !== 'inpatient ward')
  if (!loss || !ward || !elsewhere) return []
  const finished = await checkWithLoss(db, loss, { ward, elsewhere })
  return [...finished, ...(await checkHalfWay(db, trust, elsewhere, today))]
}

interface Places {
  ward: Ward
  /** Where something belongs that was found at the ward. */
  elsewhere: Ward
}

interface Loss {
  incidentId: number
  itemId: number
  wardId: number
  at: Date
  by: number
}

async function findLossFromTheShelf(db: Database, { organisation }: Trust): Promise<Loss | undefined> {
  const row = await db
    .selectFrom('incidents')
    .innerJoin('incident_items', 'incident_items.incident_id', 'incidents.id')
    .innerJoin('items', 'items.id', 'incident_items.item_id')
    .select(['incidents.id', 'incidents.reported_at', 'incidents.reported_by', 'item_id', 'kept_at_ward_id'])
    .where('incidents.organisation_id', '=', organisation.id)
    .where('incidents.kind', '=', 'lost')
    .where('incidents.loan_id', 'is', null)
    .executeTakeFirst()
  if (!row || row.kept_at_ward_id === null) return undefined
  const { id: incidentId, reported_at, reported_by: by, item_id: itemId, kept_at_ward_id: wardId } = row
  return { incidentId, itemId, wardId, at: parseInstant(reported_at), by }
}

/** Begun an hour before the loss was reported, and finished by reporting it. */
async function checkWithLoss(db: Database, loss: Loss, { ward, elsewhere }: Places): Promise<PastEvent[]> {
  const startedAt = minutesAfter(loss.at, -70)
  const expected = await expectedAt(db, ward, startedAt)
  const [atReception, ...found] = expected.filter(({ id }) => id !== loss.itemId)
  const stray = (await expectedAt(db, elsewhere, startedAt)).at(-1)
  if (!atReception || !stray) return []
  const items: CheckedItem[] = [
    { item: atReception, outcome: 'elsewhere', note: 'On the desk at reception' },
    ...found.map((item, at) => ({ item, scannedAt: scanTime(startedAt, at), outcome: 'found' as const })),
    {
      item: stray,
      isExpected: false,
      scannedAt: scanTime(startedAt, found.length),
      outcome: 'unexpected',
      note: `Kept at ${elsewhere.name}`,
    },
  ]
  const check = await openStockCheck(db, { ward, startedBy: { id: loss.by }, startedAt, items })
  const within = { organisation_id: check.organisation_id, stock_check_id: check.id, is_expected: true }
  await db
    .insertInto('stock_check_items')
    .values({ ...within, item_id: loss.itemId, outcome: 'reported', incident_id: loss.incidentId })
    .execute()
  await db
    .updateTable('stock_checks')
    .set({ finished_at: loss.at, finished_by: loss.by })
    .where('id', '=', check.id)
    .execute()
  return [begun(check, expected.length), ...scans(check, [...found, stray]), ...ended(check, loss)]
}

/** Read off a label in a cupboard: somebody else's. */
const UNKNOWN = 'SN 88-1042'

/** Begun at the end of a day. Everything up to half of the list is scanned, and something that nobody knows. */
async function checkHalfWay(db: Database, trust: Trust, ward: Ward, today: string): Promise<PastEvent[]> {
  const startedAt = timeOn(lastWorkingDay(addDays(today, -1)), 17, 5)
  const expected = await expectedAt(db, ward, startedAt)
  const half = Math.ceil(expected.length / 2)
  const items = expected.map((item, at) => ({ item, scannedAt: at < half ? scanTime(startedAt, at) : null }))
  const startedBy = trust.champions[1] ?? trust.champions[0]!
  const check = await openStockCheck(db, { ward, startedBy, startedAt, items, unknownCodes: [UNKNOWN] })
  const unknown = { at: check.started_at, tag: UNKNOWN }
  return [begun(check, expected.length), scanned(check, unknown), ...scans(check, expected.slice(0, half))]
}

/** One thing takes twenty seconds to find and to scan. */
function scanTime(startedAt: Date, at: number): Date {
  return new Date(startedAt.getTime() + (at + 1) * 20_000)
}

/** What was kept at a place at a moment gone by, and was with nobody. */
async function expectedAt(db: Database, ward: Ward, at: Date): Promise<{ id: number; tag: string }[]> {
  const { rows } = await sql<{ id: number; tag: string }>`
    select id, tag from items
    where organisation_id = ${ward.organisation_id} and kept_at_ward_id = ${ward.id} and created_at < ${at}
      and category not in ('locker-bay', 'private-room') and (left_at is null or left_at > ${at})
      and not exists (
        select from item_holds where item_id = items.id and taken_at <= ${at} and coalesce(ended_at, 'infinity') > ${at}
      )
      and not exists (
        select from loan_lines
        where item_id = items.id and taken_at <= ${at} and coalesce(ended_at, 'infinity') > ${at}
      )
    order by tag_key
  `.execute(db)
  return rows
}

function begun(check: StockCheck, expected: number): PastEvent {
  const details = { wardId: check.ward_id, expected }
  return { ...aboutOf(check), at: check.started_at, by: check.started_by, verb: 'stock-check:started', details }
}

/** One after the other, as `scanTime` says. */
function scans(check: StockCheck, items: { tag: string }[]): PastEvent[] {
  const startedAt = parseInstant(check.started_at)
  return items.map(({ tag }, at) => scanned(check, { at: scanTime(startedAt, at), tag }))
}

function scanned(check: StockCheck, { at, tag }: { at: Instant; tag: string }): PastEvent {
  return { ...aboutOf(check), at, by: check.started_by, verb: 'stock-check:scanned', details: { items: [tag] } }
}

function ended(check: StockCheck, loss: Loss): PastEvent[] {
  const details = { reported: 1, moved: 0, foundAgain: 0, missing: 2 }
  return [{ ...aboutOf(check), at: loss.at, by: loss.by, verb: 'stock-check:finished', details }]
}

function aboutOf(check: StockCheck) {
  return { organisationId: check.organisation_id, subject: ['stock-check', check.id] as ['stock-check', number] }
}
