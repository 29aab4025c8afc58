import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { recordSaid } from '../safe-contact/said-actions.ts'
import { createServiceUser, LooksLikeTwins } from '../service-users/actions.ts'
import { listTwins } from '../service-users/queries.ts'
import { findPersonToTellOf, listPeopleToTellOf } from '../service-users/tell-of-queries.ts'
import type { PersonReferred, ReferralForm } from './form.ts'
import { lockReferral, type ReferralDetail } from './queries.ts'
import {
  type Ask,
  answersToRecord,
  canMove,
  type Ending,
  type Move,
  referralState,
  type Source,
  saidAsWords,
  whyNot,
} from './rules.ts'

/**
 * Refers somebody. Whoever is new gets a record at once. Refuses (LooksLikeTwins) while people whom whoever asks may see are
 * much like them, unless that was looked at; of others nothing is said, and a champion finds them on the referral. An NHS
 * number that somebody out of sight has already stays with the referral, for a champion to look at.
 */
export async function makeReferral(change: Change, form: ReferralForm): Promise<{ id: number }> {
  const { trx, by } = change
  if (form.teamId !== null) await findTeam(change, form.teamId)
  const { personId, mayBeHereAlready, numberGiven } = await personFor(change, form.person)
  await recordSaid(change, personId, (known) => answersToRecord(form.contactSaid, known, mayBeHereAlready))
  const now = change.now()
  const referral = await trx
    .insertInto('referrals')
    .values({
      organisation_id: by.organisationId,
      service_user_id: personId,
      source: form.typed?.source ?? ownSource(by.role),
      team_id: form.teamId,
      referred_on: form.typed?.referredOn ?? londonToday(now),
      made_at: now,
      made_by: by.staffId,
      barriers: form.barriers,
      contact_said: saidAsWords(form.contactSaid),
      first_appointment_on: form.firstAppointmentOn,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const of = { referral_id: referral.id, organisation_id: by.organisationId }
  await trx
    .insertInto('referral_asks')
    .values(form.asks.map((ask) => ({ ...of, ask })))
    .execute()
  await trx
    .insertInto('referral_words')
    .values({
      ...of,
      referrer: form.typed?.referrer ?? '',
      barrier_words: form.barrierWords,
      contact_words: form.contactWords,
      nhs_number_given: numberGiven,
    })
    .execute()
  change.audit({
    verb: 'referral:made',
    ...about(referral.id, personId),
    details: { asks: form.asks, barriers: form.barriers, firstAppointmentOn: form.firstAppointmentOn },
  })
  return referral
}

/** Another organisation's ward is nobody's here. */
async function findTeam({ trx, by }: Change, id: number): Promise<void> {
  await trx
    .selectFrom('wards')
    .select('id')
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
}

function ownSource(role: string): Source {
  return role === 'care-team' ? 'care-team' : 'ward-staff'
}

interface ReferredPerson {
  personId: number
  mayBeHereAlready: boolean
  numberGiven: string | null
}

async function personFor(change: Change, person: PersonReferred): Promise<ReferredPerson> {
  const { trx, by } = change
  if (person.id !== undefined) {
    const known = await findPersonToTellOf(trx, by, person.id)
    if (!known) throw new NotFound()
    return { personId: known.id, mayBeHereAlready: false, numberGiven: null }
  }
  const { added, isMeant } = person
  const twins = await listTwins(trx, { organisationId: by.organisationId, staffId: null }, added)
  const seen = await listPeopleToTellOf(
    trx,
    by,
    twins.map(({ id }) => id),
  )
  const shown = twins.filter(({ id }) => seen.includes(id))
  const hasNumber = ({ nhs_number }: { nhs_number: string | null }) =>
    added.nhs_number !== null && nhs_number === added.nhs_number
  // two people never have one number: whoever sees who has it chooses them, or corrects the number
  const holders = shown.filter(hasNumber)
  if (holders.length > 0) throw new LooksLikeTwins(holders, 0)
  if (shown.length > 0 && !isMeant) throw new LooksLikeTwins(shown, 0)
  const isNumberTaken = twins.some(hasNumber)
  const details = { ...added, nhs_number: isNumberTaken ? null : added.nhs_number }
  return {
    personId: await createServiceUser(change, details, true),
    mayBeHereAlready: twins.length > 0,
    numberGiven: isNumberTaken ? added.nhs_number : null,
  }
}

/** Says that something that was asked for is met, or is not after all. Refuses (RuleBroken) what a loan has met. */
export async function sayMet(change: Change, id: number, ask: Ask, isMet: boolean): Promise<void> {
  const referral = await lockFor(change, id, isMet ? 'say-met' : 'say-not-met')
  const asked = referral.asks.find((one) => one.ask === ask)
  if (!asked) throw new NotFound()
  if (!isMet && asked.met_at === null) throw new RuleBroken('It was lent to them, so it is met.')
  if (isMet && asked.is_met) throw new RuleBroken('This is met already.')
  await change.trx
    .updateTable('referral_asks')
    .set(isMet ? { met_at: change.now(), met_by: change.by.staffId } : { met_at: null, met_by: null })
    .where('referral_id', '=', id)
    .where('ask', '=', ask)
    .execute()
  const verb = isMet ? 'referral:ask-met' : 'referral:ask-not-met'
  change.audit({ verb, ...about(id, referral.service_user_id), details: { ask } })
}

/** Writes down another day for the first appointment, or none, as somebody saw the referral at `version`. */
export async function changeFirstAppointment(
  change: Change,
  id: number,
  version: number,
  day: string | null,
): Promise<void> {
  const referral = await lockFor(change, id, 'change')
  if (referral.version !== version) throw new Stale()
  await change.trx
    .updateTable('referrals')
    .set({ first_appointment_on: day, version: version + 1 })
    .where('id', '=', id)
    .execute()
  const details = changedValues(referral, { first_appointment_on: day })
  change.audit({ verb: 'referral:changed', ...about(id, referral.service_user_id), details })
}

/** Ends a referral that is not met, with the reason that whoever made it reads. */
export async function endReferral(
  change: Change,
  id: number,
  version: number,
  { ending, why, words }: { ending: Ending; why: string; words: string },
): Promise<void> {
  const referral = await lockFor(change, id, ending === 'declined' ? 'decline' : 'withdraw')
  if (referral.version !== version) throw new Stale()
  await change.trx
    .updateTable('referrals')
    .set({
      ...{ ended_at: change.now(), ended_as: ending, ended_why: why, ended_by: change.by.staffId },
      version: version + 1,
    })
    .where('id', '=', id)
    .execute()
  await change.trx.updateTable('referral_words').set({ ended_words: words }).where('referral_id', '=', id).execute()
  change.audit({
    verb: ending === 'declined' ? 'referral:declined' : 'referral:withdrawn',
    ...about(id, referral.service_user_id),
    details: { why, ...(words !== '' && { words }) },
  })
}

/** It goes on after all. */
export async function reopenReferral(change: Change, id: number): Promise<void> {
  const referral = await lockFor(change, id, 'reopen')
  await change.trx
    .updateTable('referrals')
    .set({ ended_at: null, ended_as: null, ended_why: null, ended_by: null, version: referral.version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'referral:reopened', ...about(id, referral.service_user_id) })
}

/** Says that a loan was made because of a referral: what it lends meets what was asked for. Refuses another person's. */
export async function tieLoan(change: Change, id: number, loanId: number): Promise<void> {
  const referral = await lockFor(change, id, 'lend')
  const loan = await change.trx
    .selectFrom('loans')
    .select('service_user_id')
    .where('id', '=', loanId)
    .where('organisation_id', '=', change.by.organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
  if (loan.service_user_id !== referral.service_user_id) throw new RuleBroken('This referral is for somebody else.')
  await change.trx.updateTable('loans').set({ referral_id: id }).where('id', '=', loanId).execute()
  change.audit({ verb: 'referral:lent-for', ...about(id, referral.service_user_id), details: { loan: loanId } })
}

async function lockFor(change: Change, id: number, move: Move): Promise<ReferralDetail> {
  const referral = await lockReferral(change.trx, change.by, id)
  if (!referral) throw new NotFound()
  const state = referralState(referral)
  if (!canMove(move, state)) throw new RuleBroken(whyNot(state))
  return referral
}

function about(id: number, serviceUserId: number) {
  return { subject: ['referral', id] as ['referral', number], serviceUserId }
}
