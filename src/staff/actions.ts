import { sendInvitation, sendReset } from '../account/actions.ts'
import { endSessions } from '../account/link-actions.ts'
import { beginCaseload } from '../caseloads/actions.ts'
import type { Change } from '../database/change.ts'
import { lockRow } from '../database/lock.ts'
import type { Actor } from '../lib/actor.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { removeBadge } from '../pins/actions.ts'
import { resetSecondStep } from '../second-step/actions.ts'
import type { Invitation, StaffDetails } from './form.ts'
import { findStaff, type StaffRow } from './queries.ts'
import { accountState, grantable, whyNotToChange } from './rules.ts'

/**
 * Makes an account without a password and sends the invitation to choose one. Refuses (RuleBroken) a role that the
 * inviter may not give, (NotFound) wards that are not theirs; PostgreSQL refuses (NotUnique) an address that has an account.
 */
export async function inviteStaff(
  change: Change<Actor>,
  { name, email, role, isLeadChampion, caseloadOnly, wardIds }: Invitation,
  publicUrl: string,
): Promise<{ id: number }> {
  const { trx, by } = change
  if (!grantable(by.role).includes(role)) throw new RuleBroken('Your role may not give that role.')
  const staff = await trx
    .insertInto('staff')
    .values({
      organisation_id: by.organisationId,
      name,
      email,
      role,
      is_lead_champion: isLeadChampion,
      caseload_only: caseloadOnly,
      password_hash: null,
      created_at: change.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await giveWards(change, staff.id, wardIds)
  await sendInvitation(change, { id: staff.id, name, email, organisation: by.organisationName }, publicUrl)
  change.audit({
    verb: 'staff:invited',
    subject: ['staff', staff.id],
    details: { role, isLeadChampion, caseloadOnly, wardIds },
  })
  return staff
}

/** A new link for somebody who has not joined yet; the one before opens nothing any more. */
export async function inviteAgain(change: Change<Actor>, id: number, publicUrl: string): Promise<void> {
  const staff = await lockStaff(change, id)
  if (accountState(staff) !== 'invited')
    throw new RuleBroken(`${staff.name} has joined already, or the account is closed.`)
  await sendInvitation(change, { ...staff, organisation: change.by.organisationName }, publicUrl)
  change.audit({ verb: 'staff:invited-again', subject: ['staff', id] })
}

/** For somebody who cannot get in: the link goes to their own address, and nowhere else. */
export async function sendResetTo(change: Change<Actor>, id: number, publicUrl: string): Promise<void> {
  const staff = await lockStaff(change, id)
  if (accountState(staff) !== 'open') throw new RuleBroken(`${staff.name} has no password to set anew.`)
  await sendReset(change, staff, publicUrl)
  change.audit({ verb: 'staff:reset-sent', subject: ['staff', id] })
}

/** For somebody who lost the phone and the recovery codes: they set up another at their next sign-in. */
export async function resetSecondStepOf(change: Change<Actor>, id: number, publicUrl: string): Promise<void> {
  await resetSecondStep(change, await lockStaff(change, id), publicUrl)
}

/** For somebody who lost their badge for ward tablets. They make another one themselves: nobody else ever holds it. */
export async function removeBadgeOf(change: Change<Actor>, id: number): Promise<void> {
  await removeBadge(change, await lockStaff(change, id))
}

/** Changes what somebody may do. It binds with their very next request: a session reads its owner anew each time. */
export async function changeStaff(
  change: Change<Actor>,
  id: number,
  version: number,
  details: StaffDetails,
): Promise<void> {
  const staff = await lockStaff(change, id, details.role)
  if (staff.version !== version) throw new Stale()
  const { name, role, isLeadChampion, caseloadOnly, wardIds } = details
  await change.trx
    .updateTable('staff')
    .set({ name, role, is_lead_champion: isLeadChampion, caseload_only: caseloadOnly, version: version + 1 })
    .where('id', '=', id)
    .execute()
  await change.trx.deleteFrom('staff_wards').where('staff_id', '=', id).execute()
  await giveWards(change, id, wardIds)
  if (caseloadOnly && !staff.caseload_only) await beginCaseload(change, id)
  change.audit({
    verb: 'staff:updated',
    subject: ['staff', id],
    details: {
      old: {
        name: staff.name,
        role: staff.role,
        isLeadChampion: staff.is_lead_champion,
        caseloadOnly: staff.caseload_only,
        wardIds: staff.wards.map((ward) => ward.id),
      },
      new: details,
    },
  })
}

/** Nobody signs in with it any more, and whoever is signed in with it is out. What they did stays theirs. */
export async function closeAccount(change: Change<Actor>, id: number): Promise<void> {
  const staff = await lockStaff(change, id)
  if (staff.disabled_at !== null) throw new RuleBroken(`The account of ${staff.name} is closed already.`)
  const now = change.now()
  await change.trx
    .updateTable('staff')
    .set({ disabled_at: now, version: staff.version + 1 })
    .where('id', '=', id)
    .execute()
  await change.trx
    .updateTable('staff_links')
    .set({ cancelled_at: now })
    .where('staff_id', '=', id)
    .where('used_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
  await endSessions(change, id)
  change.audit({ verb: 'staff:closed', subject: ['staff', id] })
}

export async function openAccount(change: Change<Actor>, id: number): Promise<void> {
  const staff = await lockStaff(change, id)
  if (staff.disabled_at === null) throw new RuleBroken(`The account of ${staff.name} is open already.`)
  await change.trx
    .updateTable('staff')
    .set({ disabled_at: null, version: staff.version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'staff:opened', subject: ['staff', id] })
}

async function lockStaff(change: Change<Actor>, id: number, newRole?: Actor['role']): Promise<StaffRow> {
  const { trx, by } = change
  await lockRow(change, 'staff', id)
  const staff = await findStaff(trx, by, id)
  if (!staff) throw new NotFound()
  const refusal = whyNotToChange(by, staff, newRole)
  if (refusal !== null) throw new RuleBroken(refusal)
  return staff
}

async function giveWards({ trx, by }: Change<Actor>, staffId: number, wardIds: number[]): Promise<void> {
  if (wardIds.length === 0) return
  const ours = await trx
    .selectFrom('wards')
    .select('id')
    .where('organisation_id', '=', by.organisationId)
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(wardIds))))
    .execute()
  if (ours.length !== wardIds.length) throw new NotFound()
  await trx
    .insertInto('staff_wards')
    .values(wardIds.map((wardId) => ({ organisation_id: by.organisationId, staff_id: staffId, ward_id: wardId })))
    .execute()
}
