import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { writeAudit } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { hashPassword, needsRehash, verifyPassword } from '../lib/passwords.ts'
import type { SignIn } from './form.ts'
import { findStaffForSignIn, noteSignIn, restartWindow } from './queries.ts'

export type SignInResult = { staffId: number } | { refused: 'wrong' } | { refused: 'too-many-guesses'; minutes: number }

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
 * alike. A guess is counted before it is checked, so that many at once cannot slip past the limit.
 */
export async function signIn(door: Doorkeeper, { email, password }: SignIn): Promise<SignInResult> {
  const key = createHash('sha256').update(email).digest('hex')
  const blockedFor = await spendGuess(door, key)
  const staff = await findStaffForSignIn(door.db, email)
  const by = staff ? { organisationId: staff.organisation_id, staffId: staff.id } : null
  const context = { at: door.clock(), by, requestId: door.requestId }
  if (blockedFor !== null) {
    await writeAudit(door.db, context, [{ verb: 'session:refused', details: { why: 'too many guesses' } }])
    return { refused: 'too-many-guesses', minutes: Math.max(1, Math.ceil(blockedFor / 60_000)) }
  }
  const isRight = await verifyPassword(staff?.password_hash ?? null, password)
  if (!isRight || !staff) {
    await writeAudit(door.db, context, [{ verb: 'session:refused', details: { why: 'wrong password' } }])
    return { refused: 'wrong' }
  }
  // this one was no guess; those before it may have been somebody else's, and stay counted
  await door.guesses.reward(key)
  await door.db.transaction().execute(async (trx) => {
    const newHash =
      staff.password_hash !== null && needsRehash(staff.password_hash) ? await hashPassword(password) : null
    await noteSignIn(trx, staff.id, context.at, newHash)
    await writeAudit(trx, context, [{ verb: 'session:signed-in', subject: ['staff', staff.id] }])
  })
  return { staffId: staff.id }
}

/** Milliseconds until the next guess is allowed; null when this one is. */
async function spendGuess({ db, guesses }: Doorkeeper, key: string): Promise<number | null> {
  try {
    await guesses.consume(key)
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return thrown.msBeforeNext
    throw thrown
  }
  // real time, as the limiter has it
  await restartWindow(db, guesses.getKey(key), Date.now() + WINDOW_MINUTES * 60_000)
  return null
}
