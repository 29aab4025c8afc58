import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { StockChecks } from '../../src/database/schema.ts'
import type { Outcome } from '../../src/stock-checks/rules.ts'
import { exampleNow, insertAll, insertOne } from './example.ts'

export type StockCheck = Selectable<StockChecks>

export interface CheckedItem {
  item: { id: number }
  isExpected?: boolean
  scannedAt?: Date | null
  /** Where it is said to be instead, of one that is elsewhere. */
  note?: string
  outcome?: Outcome
}

export interface StockCheckOverrides {
  ward: { id: number; organisation_id: number }
  startedBy: { id: number }
  startedAt?: Date
  items?: CheckedItem[]
  /** Scanned, and none of ours. */
  unknownCodes?: string[]
}

/** A check under way, begun an hour ago: what is named was expected, and is scanned where that says when. */
export async function openStockCheck(db: Database, story: StockCheckOverrides): Promise<StockCheck> {
  const { ward, startedBy, startedAt = hoursBefore(exampleNow, 1), items = [], unknownCodes = [] } = story
  const { organisation_id } = ward
  const check = await insertOne(db, 'stock_checks', {
    organisation_id,
    ward_id: ward.id,
    started_at: startedAt,
    started_by: startedBy.id,
  })
  const within = { organisation_id, stock_check_id: check.id }
  await insertAll(
    db,
    'stock_check_items',
    items.map(({ item, isExpected = true, scannedAt = null, note = '', outcome = null }) => ({
      ...within,
      item_id: item.id,
      is_expected: isExpected,
      scanned_at: scannedAt,
      scanned_by: scannedAt && startedBy.id,
      note,
      outcome,
    })),
  )
  await insertAll(
    db,
    'stock_check_unknown_codes',
    unknownCodes.map((code) => ({ ...within, code, scanned_at: startedAt, scanned_by: startedBy.id })),
  )
  return check
}

/** A check that was finished half an hour after it began. Each of its items has an outcome, or was found, or is missing. */
export async function finishedStockCheck(db: Database, story: StockCheckOverrides): Promise<StockCheck> {
  const items = story.items?.map((one) => ({ ...one, outcome: one.outcome ?? (one.scannedAt ? 'found' : 'missing') }))
  const check = await openStockCheck(db, { ...story, items: items as CheckedItem[] | undefined })
  const finished_at = new Date(Date.parse(check.started_at) + 30 * 60_000)
  return db
    .updateTable('stock_checks')
    .set({ finished_at, finished_by: story.startedBy.id })
    .where('id', '=', check.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

function hoursBefore(now: Date, hours: number): Date {
  return new Date(now.getTime() - hours * 3_600_000)
}
