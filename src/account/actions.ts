import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { queueEmail } from '../messages/actions.ts'
import { invitationText, passwordResetText } from './letters-rules.ts'
import { type LinkPurpose, makeLink, useLink } from './link-actions.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Long enough for slow mail, short enough for a mailbox that somebody else reads. */
const RESET_HOURS = 2
/** An invitation is good for a week: people have days off. */
const INVITATION_DAYS = 7

export interface Invited {
  id: number
  name: string
  email: string
  organisation: string
}

/** Makes an invitation and the email that brings it. The ones before it open nothing any more. */
export function sendInvitation(change: Change<Author>, staff: Invited, publicUrl: string): Promise<void> {
  const until = new Date(change.now().getTime() + INVITATION_DAYS * DAY)
  return sendLink(change, staff, 'invitation', until, (token) =>
    invitationText({ ...staff, until, url: `${publicUrl}/invitation/${token}` }),
  )
}

export function sendReset(
  change: Change<Author>,
  staff: Omit<Invited, 'organisation'>,
  publicUrl: string,
): Promise<void> {
  const until = new Date(change.now().getTime() + RESET_HOURS * HOUR)
  return sendLink(change, staff, 'password-reset', until, (token) =>
    passwordResetText({ ...staff, until, url: `${publicUrl}/reset-password/${token}` }),
  )
}

async function sendLink(
  change: Change<Author>,
  { id: staffId, name, email }: Omit<Invited, 'organisation'>,
  purpose: LinkPurpose,
  until: Date,
  text: (token: string) => { subject: string; body: string },
): Promise<void> {
  const link = await makeLink(change, { staffId, purpose, madeBy: change.by.staffId, until })
  await queueEmail(change, {
    cause: `staff-link:${link.id}`,
    kind: purpose === 'invitation' ? 'staff-invitation' : 'password-reset',
    to: { staffId, name, address: email },
    ...text(link.token),
    sendUntil: until,
    isSecret: true,
  })
}

/** Where somebody stands who is not signed in. */
export interface Door {
  db: Database
  clock: () => Date
  requestId?: string
}

/** Whoever has the link sets the password of the account it is for. Refuses (NotFound) one that was used meanwhile. */
export function takeUpLink(
  door: Door,
  link: { id: number; staff_id: number; organisation_id: number },
  passwordHash: string,
): Promise<void> {
  const by: Author = { organisationId: link.organisation_id, staffId: link.staff_id }
  return makeChange({ ...door, by }, (change) => useLink(change, link.id, passwordHash))
}

/**
 * Somebody at the door asks for a link to set a new password. An address that nobody has, an account that is closed, and
 * one that never joined come out like any other: the page says the same, and nothing is sent.
 */
export async function askForReset(door: Door & { publicUrl: string }, email: string): Promise<void> {
  const { db, clock, requestId, publicUrl } = door
  const staff = await db
    .selectFrom('staff')
    .select(['id', 'organisation_id', 'name', 'email'])
    .where('email', '=', email)
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    .executeTakeFirst()
  if (!staff) return
  const by: Author = { organisationId: staff.organisation_id, staffId: staff.id }
  await makeChange({ db, by, clock, ...(requestId && { requestId }) }, async (change) => {
    await sendReset({ ...change, by: { ...by, staffId: null } }, staff, publicUrl)
    change.audit({ verb: 'staff:reset-asked', subject: ['staff', staff.id] })
  })
}
