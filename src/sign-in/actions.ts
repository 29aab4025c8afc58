import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { writeAudit } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { hashPassword, needsRehash, verifyPassword } from '../lib/passwords.ts'
import { findWhoSignsIn, type SignsIn } from '../second-step/queries.ts'
import type { SignIn } from './form.ts'
import { findStaffForSignIn, keepPasswordHash, noteSignIn, restartWindow } from './queries.ts'

export type SignInResult =
  | { staffId: number }
  /** The second step is still to come: a code, or the setting up of a phone. */
  | { pending: SignsIn }
  | { refused: 'wrong' }
  | { refused: 'too-many-guesses'; minutes: number }

export interface Doorkeeper {
  db: Database
  guesses: RateLimiterPostgres
  clock: () => Date
  requestId?: string
}

const MOST_GUESSES = 10
const WINDOW_MINUTES = 5

/**
 * Ten guesses in five minutes an account, counted in the database and so across addresses, processes and restarts. Never
 * by address alone: a whole hospital shares one. The five minutes begin anew with every guess, or else nine at the end of
 * one window and ten at the start of the next would be nineteen in a few seconds. What is refused is no guess, so whoever
 * the account belongs to waits five minutes at most once the guessing stops.
 */
export function countGuesses(pool: Pool): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: 'sign-in',
    points: MOST_GUESSES,
    duration: WINDOW_MINUTES * 60,
  })
}

/**
 * Checks an address and a password. An unknown address, a disabled account and a wrong password come out alike and take
 * alike. A guess is counted before it is checked, so that many at once cannot slip past the limit. Where a second step is
 * set up, or asked for, the password alone signs nobody in.
 */
export async function signIn(door: Doorkeeper, { email, password }: SignIn): Promise<SignInResult> {
  const key = guessKey(email)
  const minutes = await spendGuess(door, key)
  const staff = await findStaffForSignIn(door.db, email)
  const by = staff ? { organisationId: staff.organisation_id, staffId: staff.id } : null
  const context = { at: door.clock(), by, requestId: door.requestId }
  if (minutes !== null) {
    await writeAudit(door.db, context, [{ verb: 'session:refused', details: { why: 'too many guesses' } }])
    return { refused: 'too-many-guesses', minutes }
  }
  const isRight = await verifyPassword(staff?.password_hash ?? null, password)
  if (!isRight || !staff) {
    await writeAudit(door.db, context, [{ verb: 'session:refused', details: { why: 'wrong password' } }])
    return { refused: 'wrong' }
  }
  // this one was no guess; those before it may have been somebody else's, and stay counted
  await door.guesses.reward(key)
  const newHash = staff.password_hash !== null && needsRehash(staff.password_hash) ? await hashPassword(password) : null
  const who = await findWhoSignsIn(door.db, staff.id)
  const isPending = who !== null && (who.has_second_step || who.is_required)
  await door.db.transaction().execute(async (trx) => {
    if (newHash !== null) await keepPasswordHash(trx, staff.id, newHash)
    if (!isPending) await noteSignIn(trx, staff.id, context.at)
    const verb = isPending ? 'session:password-given' : 'session:signed-in'
    await writeAudit(trx, context, [{ verb, subject: ['staff', staff.id] }])
  })
  return isPending ? { pending: who } : { staffId: staff.id }
}

/** Guesses are counted by the address that somebody signs in with, whoever it belongs to and whatever is guessed. */
export function guessKey(email: string): string {
  return createHash('sha256').update(email).digest('hex')
}

/** Minutes until the next guess is allowed; null when this one is. */
export async function spendGuess({ db, guesses }: Doorkeeper, key: string): Promise<number | null> {
  try {
    await guesses.consume(key)
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return Math.max(1, Math.ceil(thrown.msBeforeNext / 60_000))
    throw thrown
  }
  // real time, as the limiter has it
  await restartWindow(db, guesses.getKey(key), Date.now() + WINDOW_MINUTES * 60_000)
  return null
}
