import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { RecordOpenings } from '../../src/database/schema.ts'
import { exampleNow, insertAll } from './example.ts'

export interface Opening {
  organisationId: number
  by: { id: number }
  serviceUser: { id: number }
  openedAt?: Date
  reason?: string
  seenBy?: { id: number }
}

const HOUR = 3_600_000

/** A record that somebody opened an hour ago or less, for an hour. */
export async function recordOpening(db: Database, { by, ...opening }: Opening): Promise<Selectable<RecordOpenings>> {
  const [made] = await recordOpenings(db, { ...opening, by: [by] })
  if (made === undefined) throw new Error('No opening came back')
  return made
}

/** The same of one record by several people. */
export function recordOpenings(
  db: Database,
  opening: Omit<Opening, 'by'> & { by: { id: number }[] },
): Promise<Selectable<RecordOpenings>[]> {
  const {
    organisationId: organisation_id,
    openedAt = exampleNow,
    reason = 'They rang and were in distress',
    seenBy,
  } = opening
  const rows = opening.by.map(({ id: staff_id }) => ({
    organisation_id,
    staff_id,
    service_user_id: opening.serviceUser.id,
    opened_at: openedAt,
    ends_at: new Date(openedAt.getTime() + HOUR),
    ...(seenBy && { seen_at: openedAt, seen_by: seenBy.id }),
  }))
  const write = async (trx: Database) => {
    const made = await insertAll(trx, 'record_openings', rows)
    const words = made.map(({ id: opening_id }) => ({ opening_id, organisation_id, reason }))
    await insertAll(trx, 'record_opening_words', words)
    return made
  }
  // its reason is asked for when the transaction ends
  return db.isTransaction ? write(db) : db.transaction().execute(write)
}
