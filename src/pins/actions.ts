import { hash, randomBytes } from 'node:crypto'
import type { Author, Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { typedCodeFrom } from '../lib/typed-codes.ts'
import { queueEmail } from '../messages/actions.ts'
import { tabletKeyNotice } from './letters-rules.ts'
import { BADGE_LETTERS, plainBadgeCode } from './rules.ts'

const DAY = 86_400_000

/** Whose PIN or badge it is, and where they are told of changes to it. */
export interface Owner {
  id: number
  name: string
  email: string
}

export function ownerOf({ staffId: id, name, email }: Actor): Owner {
  return { id, name, email }
}

/** Sets a PIN in place of the one before, locked or not. */
export async function setPin(change: Change, owner: Owner, pinHash: string): Promise<void> {
  await endPin(change, owner.id)
  const { id } = await change.trx
    .insertInto('staff_pins')
    .values({
      organisation_id: change.by.organisationId,
      staff_id: owner.id,
      pin_hash: pinHash,
      set_at: change.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'staff:pin-set', subject: ['staff', owner.id] })
  await tellOwner(change, owner, `pin-set-${id}`, 'A PIN for your ward’s tablets was set.')
}

/** Refuses (RuleBroken) where there is none. */
export async function removePin(change: Change, owner: Owner): Promise<void> {
  const ended = await endPin(change, owner.id)
  if (!ended) throw new RuleBroken('You have no PIN to remove.')
  change.audit({ verb: 'staff:pin-removed', subject: ['staff', owner.id] })
}

async function endPin(change: Change, staffId: number): Promise<{ id: number } | undefined> {
  return await change.trx
    .updateTable('staff_pins')
    .set({ ended_at: change.now(), pin_hash: null })
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}

/**
 * Takes one of a PIN's five tries before it is checked, in a statement of its own: however many try at once, in however many
 * processes, five are checked and no more. Gives how many are left then; null: there was none left.
 */
export async function takeTry(db: Database, pinId: number): Promise<number | null> {
  const row = await db
    .updateTable('staff_pins')
    .set((eb) => ({ tries_left: eb('tries_left', '-', 1) }))
    .where('id', '=', pinId)
    .where('tries_left', '>', 0)
    .where('ended_at', 'is', null)
    .returning('tries_left')
    .executeTakeFirst()
  return row?.tries_left ?? null
}

/** The PIN was right: all five tries are there again. False: it was changed or locked meanwhile. */
export async function giveTriesBack(db: Database, pinId: number): Promise<boolean> {
  const row = await db
    .updateTable('staff_pins')
    .set({ tries_left: 5 })
    .where('id', '=', pinId)
    .where('locked_at', 'is', null)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The fifth one was wrong. Only its owner can set another, signed in with the password. */
export async function lockPin(change: Change<Author>, owner: Owner, pinId: number): Promise<void> {
  await change.trx
    .updateTable('staff_pins')
    .set({ locked_at: change.now() })
    .where('id', '=', pinId)
    .where('tries_left', '=', 0)
    .where('ended_at', 'is', null)
    .execute()
  change.audit({ verb: 'staff:pin-locked', subject: ['staff', owner.id] })
  const what =
    'A wrong PIN was typed for you five times on a ward’s tablet, so your PIN works no more. Sign in with your password and choose a new one.'
  await tellOwner(change, owner, `pin-locked-${pinId}`, what)
}

/** Makes a new badge in place of the one before, and gives what is to be printed on it. Nobody sees that again. */
export async function issueBadge(change: Change, owner: Owner): Promise<string> {
  await endBadge(change, owner.id)
  const code = typedCodeFrom(randomBytes(BADGE_LETTERS))
  const { id } = await change.trx
    .insertInto('staff_badges')
    .values({
      organisation_id: change.by.organisationId,
      staff_id: owner.id,
      code_hash: badgeHash(plainBadgeCode(code) ?? ''),
      issued_at: change.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'staff:badge-issued', subject: ['staff', owner.id] })
  await tellOwner(change, owner, `badge-issued-${id}`, 'A badge for your ward’s tablets was made.')
  return code
}

/** By its owner, or by an administrator when it is lost. Refuses (RuleBroken) where there is none. */
export async function removeBadge(change: Change, owner: Owner): Promise<void> {
  const ended = await endBadge(change, owner.id)
  if (!ended) throw new RuleBroken('There is no badge to remove.')
  change.audit({ verb: 'staff:badge-removed', subject: ['staff', owner.id] })
}

async function endBadge(change: Change, staffId: number): Promise<{ id: number } | undefined> {
  return await change.trx
    .updateTable('staff_badges')
    .set({ ended_at: change.now(), ended_by: change.by.staffId })
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}

export function badgeHash(plainCode: string): Buffer {
  return hash('sha256', `badge ${plainCode}`, 'buffer')
}

/** Whoever did it, its owner hears of it: somebody else at their desk would not tell. */
async function tellOwner(change: Change<Author>, owner: Owner, cause: string, what: string): Promise<void> {
  await queueEmail(change, {
    cause: `tablet-key:${cause}`,
    kind: 'account-changed',
    to: { staffId: owner.id, name: owner.name, address: owner.email },
    ...tabletKeyNotice(owner.name, what),
    sendUntil: new Date(change.now().getTime() + 7 * DAY),
    isSecret: false,
  })
}
