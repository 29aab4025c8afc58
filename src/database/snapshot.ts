import { sql } from 'kysely'
import type { Database, InTransaction } from './connection.ts'

/** How long what is read may wait for whoever takes it away, before the connection goes to somebody else. */
const LONGEST_PAUSE = '60s'

/**
 * Reads, in as many statements as it takes, one moment of the database: what others change meanwhile is not seen, and
 * nobody waits for it. Nothing can be written.
 */
export function inSnapshot<T>(db: Database, read: (snapshot: InTransaction) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (snapshot) => {
      await sql.raw(`set local idle_in_transaction_session_timeout = '${LONGEST_PAUSE}'`).execute(snapshot)
      return await read(snapshot)
    })
}
