import { hash, randomBytes } from 'node:crypto'
import type { Author, Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { NotFound } from '../lib/refusals.ts'

export type LinkPurpose = 'invitation' | 'password-reset'

export interface LinkOrder {
  staffId: number
  purpose: LinkPurpose
  madeBy: number | null
  until: Date
}

/** Makes a link that opens once, and takes back those of the same purpose that were not used. Gives what to put in it. */
export async function makeLink(change: Change<Author>, order: LinkOrder): Promise<{ id: number; token: string }> {
  const now = change.now()
  await change.trx
    .updateTable('staff_links')
    .set({ cancelled_at: now })
    .where('staff_id', '=', order.staffId)
    .where('purpose', '=', order.purpose)
    .where('used_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
  const token = randomBytes(32).toString('base64url')
  const { id } = await change.trx
    .insertInto('staff_links')
    .values({
      organisation_id: change.by.organisationId,
      staff_id: order.staffId,
      purpose: order.purpose,
      token_hash: hashOf(token),
      made_at: now,
      made_by: order.madeBy,
      expires_at: order.until,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, token }
}

/** Whose link this is, if it opens anything now. Before signing in there is no scope: the link says who. */
export function findLink(db: Database, purpose: LinkPurpose, token: string, now: Date) {
  return db
    .selectFrom('staff_links')
    .innerJoin('staff', 'staff.id', 'staff_links.staff_id')
    .innerJoin('organisations', 'organisations.id', 'staff.organisation_id')
    .select([
      'staff_links.id',
      'staff.id as staff_id',
      'staff.organisation_id',
      'staff.name',
      'staff.email',
      'staff.role',
      'organisations.name as organisation',
    ])
    .where('staff_links.token_hash', '=', hashOf(token))
    .where('staff_links.purpose', '=', purpose)
    .where('staff_links.used_at', 'is', null)
    .where('staff_links.cancelled_at', 'is', null)
    .where('staff_links.expires_at', '>', now.toISOString())
    .where('staff.disabled_at', 'is', null)
    .executeTakeFirst()
}

/**
 * Uses a link: the password is set and everybody who was signed in with the old one is signed out. Of two who use it at
 * once the second is refused (NotFound).
 */
export async function useLink(change: Change<Author>, linkId: number, passwordHash: string): Promise<void> {
  const now = change.now()
  const link = await change.trx
    .updateTable('staff_links')
    .set({ used_at: now })
    .where('id', '=', linkId)
    .where('used_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('expires_at', '>', now.toISOString())
    .returning(['staff_id', 'purpose'])
    .executeTakeFirst()
  if (!link) throw new NotFound()
  await setPassword(change, link.staff_id, passwordHash)
  const verb = link.purpose === 'invitation' ? 'staff:joined' : 'staff:password-set'
  change.audit({ verb, subject: ['staff', link.staff_id] })
}

/** Also ends every session but the one named: whoever knew the old password is out. */
export async function setPassword(
  { trx }: Change<Author>,
  staffId: number,
  passwordHash: string,
  except?: Buffer,
): Promise<void> {
  await trx
    .updateTable('staff')
    .set((eb) => ({ password_hash: passwordHash, version: eb('version', '+', 1) }))
    .where('id', '=', staffId)
    .execute()
  await endSessions({ trx }, staffId, except)
}

/** Signs somebody out everywhere; all but one session, where one is named. */
export async function endSessions(
  { trx }: Pick<Change<Author>, 'trx'>,
  staffId: number,
  except?: Buffer,
): Promise<void> {
  let query = trx.deleteFrom('sessions').where('staff_id', '=', staffId)
  if (except) query = query.where('id_hash', '!=', except)
  await query.execute()
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
