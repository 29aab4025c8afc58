import type { Database } from '../database/connection.ts'

/** Who an address belongs to, or nobody: also for an account that is disabled. Before signing in there is no scope. */
export function findStaffForSignIn(db: Database, email: string) {
  return db
    .selectFrom('staff')
    .select(['id', 'organisation_id', 'password_hash'])
    .where('email', '=', email)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
}

export async function noteSignIn(db: Database, staffId: number, now: Date): Promise<void> {
  await db.updateTable('staff').set({ last_signed_in_at: now }).where('id', '=', staffId).execute()
}

export async function keepPasswordHash(db: Database, staffId: number, passwordHash: string): Promise<void> {
  await db.updateTable('staff').set({ password_hash: passwordHash }).where('id', '=', staffId).execute()
}

export async function restartWindow(db: Database, key: string, expire: number): Promise<void> {
  await db.updateTable('rate_limits').set({ expire }).where('key', '=', key).execute()
}

/** Clears away counts that are over. An address that somebody once guessed at would else be kept for ever. */
export async function clearOldGuesses(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('rate_limits').where('expire', '<', now.getTime()).execute()
}
