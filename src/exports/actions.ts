import type { Database, InTransaction } from '../database/connection.ts'
import { inSnapshot } from '../database/snapshot.ts'
import type { PageAsked, PageOf } from '../lib/keyset.ts'

/** One page of a list, read in the snapshot that the whole of it comes from. */
export type ReadPage<Row> = (snapshot: InTransaction, asked: PageAsked) => Promise<PageOf<Row>>

/** More are hardly faster, and what is at hand when V8 tidies up stays in memory for longer. */
const ROWS_AT_ONCE = 200

/**
 * Gives all of a list to `take`, page after page, from one moment of the database. `take` is called once the first page is
 * there, so that what goes wrong before can still be told, and the snapshot lasts until it is done.
 */
export function readWholeList<Row>(
  db: Database,
  read: ReadPage<Row>,
  take: (pages: AsyncIterable<Row[]>) => Promise<void>,
): Promise<void> {
  return inSnapshot(db, async (snapshot) => {
    const first = await read(snapshot, { size: ROWS_AT_ONCE })
    await take(pagesFrom(first, (after) => read(snapshot, { size: ROWS_AT_ONCE, after })))
  })
}

async function* pagesFrom<Row>(first: PageOf<Row>, read: (after: string) => Promise<PageOf<Row>>) {
  yield first.rows
  for (let after = first.next; after !== undefined; ) {
    const page = await read(after)
    yield page.rows
    after = page.next
  }
}
