import { hash } from 'node:crypto'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

/** Where somebody is signed in just now, the last used first. */
export function listSessions(db: Database, { staffId }: Pick<Actor, 'staffId'>, now: Date) {
  return db
    .selectFrom('sessions')
    .select(['id_hash', 'created_at', 'seen_at'])
    .where('staff_id', '=', staffId)
    .where('idle_until', '>', now.toISOString())
    .where('ends_at', '>', now.toISOString())
    .orderBy('seen_at', 'desc')
    .execute()
}

export async function findPasswordHash(db: Database, { staffId }: Pick<Actor, 'staffId'>): Promise<string | null> {
  const row = await db.selectFrom('staff').select('password_hash').where('id', '=', staffId).executeTakeFirst()
  return row?.password_hash ?? null
}

/** As the sessions' table has it. */
export function sessionHash(sessionId: string): Buffer {
  return hash('sha256', sessionId, 'buffer')
}
