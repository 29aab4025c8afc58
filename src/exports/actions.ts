import type { Database, InTransaction } from '../database/connection.ts'
import { inSnapshot } from '../database/snapshot.ts'
import type { PageAsked, PageOf } from '../lib/keyset.ts'

/** One page of a list, read in the snapshot that the whole of it comes from. */
export type ReadPage<Row> = (snapshot: InTransaction, asked: PageAsked) => Promise<PageOf<Row>>

const ROWS_AT_ONCE = 1_000

/**
 * Gives every row of a list to `take`, page after page, all of them from one moment of the database. `take` is called once the
 * first page is there, so that what goes wrong before can still be told, and the snapshot lasts until it is done.
 */
export function readWholeList<Row>(
  db: Database,
  page: ReadPage<Row>,
  take: (rows: AsyncIterable<Row>) => Promise<void>,
): Promise<void> {
  return inSnapshot(db, async (snapshot) => {
    const first = await page(snapshot, { size: ROWS_AT_ONCE })
    await take(rowsFrom(first, (after) => page(snapshot, { size: ROWS_AT_ONCE, after })))
  })
}

async function* rowsFrom<Row>(first: PageOf<Row>, read: (after: string) => Promise<PageOf<Row>>): AsyncGenerator<Row> {
  let page = first
  yield* page.rows
  while (page.next !== undefined) {
    page = await read(page.next)
    yield* page.rows
  }
}
