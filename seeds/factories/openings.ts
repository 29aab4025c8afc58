import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { RecordOpenings } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'

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
export function recordOpening(db: Database, opening: Opening): Promise<Selectable<RecordOpenings>> {
  const {
    organisationId: organisation_id,
    openedAt = exampleNow,
    reason = 'They rang and were in distress',
    seenBy,
  } = opening
  const write = async (trx: Database) => {
    const made = await insertOne(trx, 'record_openings', {
      organisation_id,
      staff_id: opening.by.id,
      service_user_id: opening.serviceUser.id,
      opened_at: openedAt,
      ends_at: new Date(openedAt.getTime() + HOUR),
      ...(seenBy && { seen_at: openedAt, seen_by: seenBy.id }),
    })
    await insertOne(trx, 'record_opening_words', { opening_id: made.id, organisation_id, reason })
    return made
  }
  // its reason is asked for when the transaction ends
  return db.isTransaction ? write(db) : db.transaction().execute(write)
}
