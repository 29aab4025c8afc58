import type { Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import type { FieldError } from '../lib/fields.ts'
import { verifyPassword } from '../lib/passwords.ts'
import { giveTriesBack, lockPin, type Owner, takeTry } from './actions.ts'
import { findPin } from './queries.ts'

/** Somebody who is to sign, and the PIN that was typed as theirs, at whoever's screen. */
export interface Signature {
  signer: Owner | undefined
  pin: string
}

/** How a change is written outside of the one that is asked for: a wrong try counts whatever becomes of that. */
export interface Tries {
  db: Database
  inTransaction: (work: (change: Change) => Promise<void>) => Promise<void>
  /** Tells the audit of a wrong PIN. */
  audit: (change: Change, signerId: number) => void
}

const locked = 'This PIN is locked. They sign in with their password and choose a new one'

/**
 * Whether a PIN is that of whoever signs. Each try is taken before it is checked, as at the tablet's door; the fifth wrong one in a
 * row locks it, and its owner is told. Gives the PIN's id, for its tries to be given back, or what is wrong and at which field.
 */
export async function provePin(
  { db, inTransaction, audit }: Tries,
  { signer, pin }: Signature,
): Promise<{ pinId: number; error?: undefined } | { error: FieldError }> {
  if (!signer) return { error: { field: 'signer', text: 'Choose a member of staff of this ward' } }
  const known = await findPin(db, signer.id)
  if (!known) return { error: { field: 'signer', text: `${signer.name} has no PIN yet` } }
  const left = await takeTry(db, known.id)
  if (left === null) return { error: { field: 'pin', text: locked } }
  if (await verifyPassword(known.pin_hash, pin)) {
    // at once, and not with what is signed: the same form sent twice signs once, and costs no try
    await giveTriesBack(db, known.id)
    return { pinId: known.id }
  }
  await inTransaction(async (change) => {
    if (left === 0) await lockPin(change, signer, known.id)
    audit(change, signer.id)
  })
  const tries = left === 1 ? '1 try is left' : `${left} tries are left`
  return { error: { field: 'pin', text: left === 0 ? locked : `This is not their PIN. ${tries}` } }
}
