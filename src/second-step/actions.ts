import { randomBytes } from 'node:crypto'
import { endSessions } from '../account/link-actions.ts'
import type { Author, Change } from '../database/change.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { keyedHash, seal, unseal } from '../lib/sealed.ts'
import { queueEmail } from '../messages/actions.ts'
import type { TypedCode } from './form.ts'
import { changeNotice, resetNotice } from './letters-rules.ts'
import { aboutSecretOf, findSecondStep, isSecondStepRequired, type SecondStep } from './queries.ts'
import { plainRecoveryCode, RECOVERY_CODE_BYTES, RECOVERY_CODES, recoveryCodeFrom, timeStepOf } from './rules.ts'

const DAY = 86_400_000

export type Verdict = 'right' | 'wrong' | 'used'

/** Whose second step it is, and where they are told of changes to it. */
export interface Owner {
  id: number
  name: string
  email: string
}

/**
 * Whether a code from the phone, or a recovery code, is good, and uses it up. PostgreSQL decides: of two who bring the
 * same one at once, one is told that it was used.
 */
export async function takeCode(
  change: Change<Author>,
  step: SecondStep,
  typed: TypedCode,
  key: string,
): Promise<Verdict> {
  return typed.kind === 'phone'
    ? takePhoneCode(change, step, typed.code, key)
    : takeRecoveryCode(change, step, typed, key)
}

async function takePhoneCode(change: Change<Author>, step: SecondStep, code: string, key: string): Promise<Verdict> {
  const timeStep = timeStepOf(unseal(key, step.secret, aboutSecretOf(step.staff_id)), code, change.now())
  if (timeStep === null) return 'wrong'
  const taken = await change.trx
    .updateTable('second_steps')
    .set({ last_time_step: timeStep })
    .where('id', '=', step.id)
    .where('ended_at', 'is', null)
    .where('last_time_step', '<', timeStep)
    .returning('id')
    .executeTakeFirst()
  return taken ? 'right' : 'used'
}

async function takeRecoveryCode(
  change: Change<Author>,
  step: SecondStep,
  { code }: TypedCode,
  key: string,
): Promise<Verdict> {
  const plain = plainRecoveryCode(code)
  if (plain === null) return 'wrong'
  const hash = recoveryHash(key, step.id, plain)
  const taken = await change.trx
    .updateTable('recovery_codes')
    .set({ used_at: change.now() })
    .where('second_step_id', '=', step.id)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (taken) return 'right'
  const known = await change.trx
    .selectFrom('recovery_codes')
    .select('id')
    .where('second_step_id', '=', step.id)
    .where('code_hash', '=', hash)
    .executeTakeFirst()
  return known ? 'used' : 'wrong'
}

/**
 * Sets up a phone whose code shows that it knows the secret, in place of the one before, and gives the recovery codes. null:
 * the code is wrong. Somebody who is not signed in yet may set up a first one only: PostgreSQL refuses (NotUnique) a second.
 */
export async function setUpSecondStep(
  change: Change<Author>,
  owner: Owner,
  { secret, code, key, replaces }: { secret: string; code: string; key: string; replaces: boolean },
): Promise<string[] | null> {
  const { trx, by } = change
  const now = change.now()
  const timeStep = timeStepOf(secret, code, now)
  if (timeStep === null) {
    change.audit({ verb: 'staff:code-refused', subject: ['staff', owner.id] })
    return null
  }
  if (replaces) await endSecondStep(change, owner.id)
  const { id } = await trx
    .insertInto('second_steps')
    .values({
      organisation_id: by.organisationId,
      staff_id: owner.id,
      secret: seal(key, secret, aboutSecretOf(owner.id)),
      confirmed_at: now,
      last_time_step: timeStep,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const codes = await addRecoveryCodes(change, id, key)
  change.audit({ verb: 'staff:second-step-set-up', subject: ['staff', owner.id] })
  await tellOwner(change, owner, `set-up-${id}`, 'A phone was set up for the second step of signing in.')
  return codes
}

/** Ten new recovery codes; those before them work no more. Refuses somebody who has no second step. */
export async function renewRecoveryCodes(change: Change<Author>, owner: Owner, key: string): Promise<string[]> {
  const step = await lockSecondStep(change, owner.id)
  if (!step) throw new RuleBroken('The second step is not set up, so there is nothing to recover.')
  await cancelRecoveryCodes(change, step.id)
  const codes = await addRecoveryCodes(change, step.id, key)
  change.audit({ verb: 'staff:recovery-codes-made', subject: ['staff', owner.id] })
  const made = await change.trx
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('second_step_id', '=', step.id)
    .executeTakeFirstOrThrow()
  await tellOwner(change, owner, `codes-${made.id}`, 'New recovery codes were made. The ones before them work no more.')
  return codes
}

/** Signing in takes the password alone again. Refuses (RuleBroken) where the organisation asks for a second step. */
export async function switchOffSecondStep(change: Change, owner: Owner): Promise<void> {
  if (await isSecondStepRequired(change.trx, change.by, change.by.role))
    throw new RuleBroken('Your organisation asks for the second step, so it cannot be switched off.')
  const step = await lockSecondStep(change, owner.id)
  if (!step) throw new RuleBroken('The second step is switched off already.')
  await endSecondStep(change, owner.id)
  change.audit({ verb: 'staff:second-step-off', subject: ['staff', owner.id] })
  await tellOwner(change, owner, `off-${step.id}`, 'The second step of signing in was switched off.')
}

/**
 * For somebody who lost the phone and the recovery codes: they are signed out everywhere, whoever is halfway in begins
 * again, and they hear of it by email. Refuses (RuleBroken) where there is nothing to reset.
 */
export async function resetSecondStep(change: Change<Author>, owner: Owner, publicUrl: string): Promise<void> {
  const ended = await endSecondStep(change, owner.id)
  if (!ended) throw new RuleBroken(`${owner.name} has no second step to reset.`)
  await change.trx
    .updateTable('staff')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', owner.id)
    .execute()
  await endSessions(change, owner.id)
  change.audit({ verb: 'staff:second-step-reset', subject: ['staff', owner.id] })
  await queueEmail(change, {
    cause: `second-step:reset-${ended.id}`,
    kind: 'second-factor-reset',
    to: { staffId: owner.id, name: owner.name, address: owner.email },
    ...resetNotice(owner.name, `${publicUrl}/sign-in`),
    sendUntil: new Date(change.now().getTime() + 7 * DAY),
    isSecret: false,
  })
}

/** Ends what is set up, and its recovery codes with it; the secret is forgotten. */
export async function endSecondStep(change: Change<Author>, staffId: number): Promise<{ id: number } | undefined> {
  const ended = await change.trx
    .updateTable('second_steps')
    .set({ ended_at: change.now(), secret: null })
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (ended) await cancelRecoveryCodes(change, ended.id)
  return ended
}

async function lockSecondStep({ trx }: Change<Author>, staffId: number): Promise<SecondStep | null> {
  await trx
    .selectFrom('second_steps')
    .select('id')
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .forUpdate()
    .execute()
  return findSecondStep(trx, staffId)
}

async function cancelRecoveryCodes(change: Change<Author>, stepId: number): Promise<void> {
  await change.trx
    .updateTable('recovery_codes')
    .set({ cancelled_at: change.now() })
    .where('second_step_id', '=', stepId)
    .where('used_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
}

async function addRecoveryCodes(change: Change<Author>, stepId: number, key: string): Promise<string[]> {
  const { trx, by } = change
  const made_at = change.now()
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodeFrom(randomBytes(RECOVERY_CODE_BYTES)))
  const rows = codes.map((code) => ({
    organisation_id: by.organisationId,
    second_step_id: stepId,
    code_hash: recoveryHash(key, stepId, plainRecoveryCode(code) ?? ''),
    made_at,
  }))
  await trx.insertInto('recovery_codes').values(rows).execute()
  return codes
}

function recoveryHash(key: string, stepId: number, plain: string): Buffer {
  return keyedHash(key, `${stepId}:${plain}`)
}

/** Whoever did it, its owner hears of it: somebody else at their desk would not tell. */
async function tellOwner(change: Change<Author>, owner: Owner, cause: string, what: string): Promise<void> {
  await queueEmail(change, {
    cause: `second-step:${cause}`,
    kind: 'account-changed',
    to: { staffId: owner.id, name: owner.name, address: owner.email },
    ...changeNotice(owner.name, what),
    sendUntil: new Date(change.now().getTime() + 7 * DAY),
    isSecret: false,
  })
}
