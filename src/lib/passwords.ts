import argon2 from 'argon2'
import pLimit from 'p-limit'
import { inNormalForm } from './normal-form.ts'
import { TooBusy } from './refusals.ts'

/** OWASP's second recommended set (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const parameters = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Each hash takes 19 MiB and a core for some 30 ms: a crowd at the door must not take the machine with it. */
const atATime = pLimit(2)
const MOST_WAITING = 50

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => argon2.hash(inNormalForm(password), parameters))
}

/** Whether the password is the one behind the hash. With no hash it takes as long and says no. */
export async function verifyPassword(hash: string | null, password: string): Promise<boolean> {
  const isRight = await inTurn(async () => argon2.verify(hash ?? (await nobodysHash()), inNormalForm(password)))
  return isRight && hash !== null
}

/** Whether the hash was made with weaker parameters than today's. */
export function needsRehash(hash: string): boolean {
  return argon2.needsRehash(hash, parameters)
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (atATime.pendingCount >= MOST_WAITING) throw new TooBusy()
  return atATime(work)
}

let nobody: Promise<string> | undefined
function nobodysHash(): Promise<string> {
  nobody ??= argon2.hash(crypto.randomUUID(), parameters)
  return nobody
}
