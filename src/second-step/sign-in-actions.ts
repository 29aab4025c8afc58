import { findPasswordHash } from '../account/queries.ts'
import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Actor } from '../lib/actor.ts'
import { verifyPassword } from '../lib/passwords.ts'
import { type Doorkeeper, guessKey, spendGuess } from '../sign-in/actions.ts'
import { noteSignIn } from '../sign-in/queries.ts'
import { setUpSecondStep, takeCode, type Verdict } from './actions.ts'
import type { Proof, TypedCode } from './form.ts'
import { findSecondStep, type SecondStep, type SignsIn } from './queries.ts'

export type KeyedDoor = Doorkeeper & { secondStepKey: string }

export type CodeResult =
  | { isIn: true; codesLeft: number }
  | { refused: 'wrong' }
  | { refused: 'too-many-guesses'; minutes: number }

const auditWords: Record<Exclude<Verdict, 'right'>, string> = { wrong: 'wrong code', used: 'code that was used before' }

/**
 * The second step of somebody whose password was right. Codes count with passwords: ten tries in five minutes an account, in
 * all. A code that was used and one that is wrong come out alike; only the audit tells.
 */
export async function finishSignIn(door: KeyedDoor, staff: SignsIn, typed: TypedCode): Promise<CodeResult> {
  const key = guessKey(staff.email)
  const minutes = await spendGuess(door, key)
  const verdict = await asThem(door, staff, async (change) => {
    const step = await findSecondStep(change.trx, staff.id)
    const result = step === null || minutes !== null ? 'wrong' : await takeCode(change, step, typed, door.secondStepKey)
    if (result === 'right') await noteDone(change, staff, typed)
    else refuse(change, minutes === null ? auditWords[result] : 'too many guesses')
    return { result, codesLeft: (step?.codes_left ?? 0) - (typed.kind === 'recovery' ? 1 : 0) }
  })
  if (minutes !== null) return { refused: 'too-many-guesses', minutes }
  if (verdict.result !== 'right') return { refused: 'wrong' }
  await door.guesses.reward(key)
  return { isIn: true, codesLeft: verdict.codesLeft }
}

/** Sets up the first phone of somebody whose password was right, and signs them in; null: the code is wrong. */
export function setUpAtSignIn(
  door: KeyedDoor,
  staff: SignsIn,
  { secret, code }: { secret: string; code: string },
): Promise<string[] | null> {
  return asThem(door, staff, async (change) => {
    const codes = await setUpSecondStep(change, staff, { secret, code, key: door.secondStepKey, replaces: false })
    if (codes !== null) await noteDone(change, staff, { kind: 'phone' })
    return codes
  })
}

export type ProofResult = 'right' | 'wrong-password' | 'wrong-code' | { minutes: number }

/** Whether it is still them who sits there. Wrong passwords and codes count as they do at the door. */
export async function checkProof(
  door: KeyedDoor,
  actor: Pick<Actor, 'staffId' | 'organisationId' | 'email'>,
  step: SecondStep | null,
  proof: Proof,
): Promise<ProofResult> {
  const key = guessKey(actor.email)
  const minutes = await spendGuess(door, key)
  const who = { id: actor.staffId, organisation_id: actor.organisationId }
  const isRight = minutes === null && (await verifyPassword(await findPasswordHash(door.db, actor), proof.password))
  const result = await asThem(door, who, async (change): Promise<ProofResult> => {
    const verdict = await judge(change, { isRight, step, proof, key: door.secondStepKey })
    const verb = verdict === 'right' ? 'staff:proved' : 'staff:code-refused'
    change.audit({ verb, subject: ['staff', actor.staffId] })
    return verdict
  })
  if (minutes !== null) return { minutes }
  if (result === 'right') await door.guesses.reward(key)
  return result
}

interface Judged {
  isRight: boolean
  step: SecondStep | null
  proof: Proof
  key: string
}

/** A code is not used up by whoever does not know the password. */
async function judge(change: Change<Author>, { isRight, step, proof, key }: Judged): Promise<ProofResult> {
  if (!isRight) return 'wrong-password'
  if (step === null) return 'right'
  if (proof.code === null) return 'wrong-code'
  return (await takeCode(change, step, proof.code, key)) === 'right' ? 'right' : 'wrong-code'
}

function asThem<T>(
  { db, clock, requestId }: Doorkeeper,
  staff: Pick<SignsIn, 'id' | 'organisation_id'>,
  work: (change: Change<Author>) => Promise<T>,
): Promise<T> {
  const by: Author = { organisationId: staff.organisation_id, staffId: staff.id }
  return makeChange({ db, by, clock, ...(requestId !== undefined && { requestId }) }, work)
}

async function noteDone(change: Change<Author>, { id }: SignsIn, { kind }: Pick<TypedCode, 'kind'>): Promise<void> {
  await noteSignIn(change.trx, id, change.now())
  if (kind === 'recovery') change.audit({ verb: 'staff:recovery-code-used', subject: ['staff', id] })
  change.audit({ verb: 'session:signed-in', subject: ['staff', id] })
}

function refuse(change: Change<Author>, why: string): void {
  change.audit({ verb: 'session:refused', details: { why } })
}
