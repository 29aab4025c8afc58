import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { verifyPassword } from '../lib/passwords.ts'
import { badgeHash, giveTriesBack, lockPin, takeTry } from '../pins/actions.ts'
import { findPin } from '../pins/queries.ts'
import { MOST_TRIES, plainBadgeCode } from '../pins/rules.ts'
import { noteSignIn } from '../sign-in/queries.ts'
import { type AskingTablet, type ChosenPerson, findBadgeOwner, findTabletPerson } from './queries.ts'

export interface TabletDoor {
  db: Database
  clock: () => Date
  requestId?: string
  tablet: AskingTablet
}

export type PinResult =
  /** How many wrong PINs were typed for them since the last right one. */
  | { staffId: number; wrongBefore: number }
  | { refused: 'wrong'; triesLeft: number }
  | { refused: 'locked' | 'no-pin' | 'gone' }

/**
 * Somebody at a ward's tablet chose a name and typed a PIN. Each try is taken before it is checked; the fifth wrong one in a
 * row locks the PIN.
 */
export async function signInByPin(door: TabletDoor, staffId: number, typed: string): Promise<PinResult> {
  const { db, tablet } = door
  const person = await findTabletPerson(db, tablet.id, staffId)
  if (!person) return { refused: 'gone' }
  const pin = await findPin(db, staffId)
  if (!pin) return { refused: 'no-pin' }
  const left = await takeTry(db, pin.id)
  if (left === null) {
    await atTablet(door, person, async (change) => refuse(change, 'the PIN is locked'))
    return { refused: 'locked' }
  }
  if (!(await verifyPassword(pin.pin_hash, typed))) return refuseWrong(door, person, pin.id, left)
  const isIn = await atTablet(door, person, async (change) => {
    const isStill = await giveTriesBack(change.trx, pin.id)
    if (isStill) await noteIn(change, door, staffId, 'PIN')
    else refuse(change, 'the PIN was changed or locked meanwhile')
    return isStill
  })
  return isIn ? { staffId, wrongBefore: MOST_TRIES - 1 - left } : { refused: 'locked' }
}

async function refuseWrong(door: TabletDoor, person: ChosenPerson, pinId: number, left: number): Promise<PinResult> {
  await atTablet(door, person, async (change) => {
    if (left === 0) await lockPin(change, person, pinId)
    refuse(change, 'wrong PIN')
  })
  return left === 0 ? { refused: 'locked' } : { refused: 'wrong', triesLeft: left }
}

export type BadgeResult =
  | { staffId: number }
  /** Whose it is; their PIN is still to come. */
  | { pinOf: number }
  | { refused: 'wrong' }

/** Somebody scanned a badge. A code of another ward's badge, a removed one and nonsense come out alike. */
export async function signInByBadge(door: TabletDoor, scanned: string): Promise<BadgeResult> {
  const plain = plainBadgeCode(scanned)
  const owner = plain === null ? null : await findBadgeOwner(door.db, door.tablet.id, badgeHash(plain))
  if (!owner) return { refused: 'wrong' }
  if (owner.needs_pin) return { pinOf: owner.staff_id }
  await atTablet(door, { id: owner.staff_id, organisation_id: owner.organisation_id }, async (change) => {
    await change.trx
      .updateTable('staff_badges')
      .set({ last_used_at: change.now() })
      .where('id', '=', owner.badge_id)
      .where('ended_at', 'is', null)
      .execute()
    await noteIn(change, door, owner.staff_id, 'badge')
  })
  return { staffId: owner.staff_id }
}

/** The tablet's row is written before the audit takes it for share, or two who sign in at once would wait for each other. */
async function noteIn(change: Change<Author>, { tablet }: TabletDoor, staffId: number, by: string): Promise<void> {
  await change.trx
    .updateTable('ward_tablets')
    .set({ last_used_at: change.now() })
    .where('id', '=', tablet.id)
    .where('revoked_at', 'is', null)
    .execute()
  await noteSignIn(change.trx, staffId, change.now())
  change.audit({ verb: 'session:signed-in', subject: ['staff', staffId], details: { by } })
}

function refuse(change: Change<Author>, why: string): void {
  change.audit({ verb: 'session:refused', details: { why } })
}

function atTablet<T>(
  { db, clock, requestId, tablet }: TabletDoor,
  person: Pick<ChosenPerson, 'id' | 'organisation_id'>,
  work: (change: Change<Author>) => Promise<T>,
): Promise<T> {
  const by: Author = { organisationId: person.organisation_id, staffId: person.id, tablet: { id: tablet.id } }
  return makeChange({ db, by, clock, ...(requestId !== undefined && { requestId }) }, work)
}
