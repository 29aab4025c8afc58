import type { Database } from '../../src/database/connection.ts'
import { addDays, londonDate } from '../../src/lib/dates.ts'
import { addWorkingDays, nextWorkingDay } from '../../src/lib/working-days.ts'
import { type ReferralOverrides, referralFor } from '../factories/referrals.ts'
import { type ServiceUser, serviceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { MadeLoan } from './lending.ts'
import type { Trust } from './trusts.ts'

interface ReferralsPlan {
  trust: Trust
  people: ServiceUser[]
  /** Those who have something on loan, and hardly wait for more. */
  borrowers: Set<number>
}

type Told = Omit<ReferralOverrides, 'person' | 'by'> & { daysAgo: number; typed?: true; ended?: Ended }
type Ended = { ended_as: 'declined' | 'withdrawn'; ended_why: string; ended_words?: string }

/**
 * Who waits for what: a first appointment next week and one in a month, letters and calls, somebody who was referred as if
 * they were new, and two that ended without a loan. Gives what the audit tells of them.
 */
export async function makeReferrals(
  db: Database,
  { trust, people, borrowers }: ReferralsPlan,
  today: string,
): Promise<PastEvent[]> {
  const waiting = people
    .filter(({ id, state }) => !borrowers.has(id) && state === 'community')
    .slice(-toldOf(today).length)
  const events: PastEvent[] = []
  for (const [at, told] of toldOf(today).entries()) {
    const known = waiting[at]
    const person = at === 0 ? await secondRecord(db, trust, people, today) : known
    if (person) events.push(...(await makeOne(db, trust, person, told, today)))
  }
  return events
}

const DAYS_REFERRED = 330

/** Those whom a team or ward referred before they were lent something, and who had what was asked for with it. */
export async function makeMetReferrals(
  db: Database,
  { trust, loans }: { trust: Trust; loans: readonly MadeLoan[] },
  today: string,
): Promise<void> {
  const by = trust.careTeam[0]
  const teams = trust.wards.filter(({ code }) => code === 'north-team' || code === 'willow')
  if (!by || teams.length === 0) return
  const since = timeOn(addDays(today, -DAYS_REFERRED), 0, 0)
  const newest = new Map<number, MadeLoan>()
  for (const loan of loans) if ('serviceUserId' in loan.to) newest.set(loan.to.serviceUserId, loan)
  const referred = [...newest].filter(([, { lentAt }], nth) => lentAt > since && nth % 3 !== 1)
  for (const [nth, [id, { lentAt, lentBy }]] of referred.entries()) {
    const referred_on = lastWorkingDay(addDays(londonDate(lentAt), -(3 + ((7 * nth) % 40))))
    const asks = nth % 4 === 3 ? ['data'] : ['device']
    const made = await referralFor(db, {
      ...{ person: { id, organisation_id: trust.organisation.id }, by, asks, referred_on },
      ...{
        team_id: teams[nth % 5 === 4 ? teams.length - 1 : 0]?.id ?? null,
        made_at: timeOn(referred_on, 11, nth % 60),
      },
    })
    await db
      .updateTable('referral_asks')
      .set({ met_at: lentAt, met_by: lentBy })
      .where('referral_id', '=', made.id)
      .execute()
  }
}

/** The care team did not know that the person is here already: the record is theirs, without the number that is taken. */
async function secondRecord(db: Database, trust: Trust, people: ServiceUser[], today: string) {
  const known = people.find(({ date_of_birth, nhs_number }) => date_of_birth !== null && nhs_number !== null)
  if (!known) return undefined
  return await serviceUser(db, {
    ...{ organisation_id: trust.organisation.id, name: known.name, date_of_birth: known.date_of_birth },
    ...{
      nhs_number: null,
      phone: known.phone,
      email: '',
      created_at: timeOn(lastWorkingDay(addDays(today, -1)), 14, 20),
    },
  })
}

async function makeOne(
  db: Database,
  trust: Trust,
  person: ServiceUser,
  { daysAgo, typed, ended, ...told }: Told,
  today: string,
): Promise<PastEvent[]> {
  const team = trust.wards.find(({ kind }) => kind === 'community team')
  const day = lastWorkingDay(addDays(today, -daysAgo))
  const by = typed ? trust.champions[0] : trust.careTeam[0]
  if (!by || !team) return []
  const at = timeOn(day, 14, 20)
  const referral = await referralFor(db, {
    ...{ person, by, team_id: team.id, referred_on: day, made_at: at },
    ...told,
  })
  const about = {
    organisationId: trust.organisation.id,
    subject: ['referral', referral.id] as ['referral', number],
    serviceUserId: person.id,
  }
  const events: PastEvent[] = [{ ...about, at, by: by.id, verb: 'referral:made' }]
  if (!ended) return events
  const { ended_words = '', ...ending } = ended
  const over = timeOn(lastWorkingDay(addDays(today, -1)), 10, 5)
  const ender = trust.champions[0]!
  await db
    .updateTable('referrals')
    .set({ ...ending, ended_at: over, ended_by: ender.id })
    .where('id', '=', referral.id)
    .execute()
  await db.updateTable('referral_words').set({ ended_words }).where('referral_id', '=', referral.id).execute()
  return [...events, { ...about, at: over, by: ender.id, verb: `referral:${ending.ended_as}` }]
}

const toldOf = (today: string): Told[] => [
  {
    daysAgo: 1,
    asks: ['device', 'data', 'trial-call'],
    barriers: ['no-device', 'no-data', 'confidence'],
    first_appointment_on: addWorkingDays(today, 6),
    contact_said: ['text-allowed', 'call-not-allowed'],
    words: { contact_words: 'Text first, and wait for an answer.' },
  },
  {
    daysAgo: 3,
    asks: ['device', 'skills'],
    barriers: ['old-device', 'skills'],
    first_appointment_on: nextWorkingDay(addDays(today, 9)),
  },
  {
    daysAgo: 6,
    asks: ['device', 'charger'],
    barriers: ['no-device', 'cost'],
    first_appointment_on: nextWorkingDay(addDays(today, 33)),
  },
  {
    ...{ daysAgo: 8, typed: true, source: 'letter', asks: ['data'], barriers: ['no-data', 'cost'] },
    words: { referrer: 'Dr Sample-Clinician, Example Surgery' },
  },
  {
    ...{ daysAgo: 12, typed: true, source: 'call', asks: ['talk'], barriers: [] },
    words: { referrer: 'Their sister, who rang the hub', barrier_words: 'They had a tablet once and gave it away.' },
  },
  {
    ...{ daysAgo: 15, asks: ['headset'], barriers: ['no-private-place'] },
    ended: {
      ended_as: 'declined',
      ended_why: 'nothing-suitable',
      ended_words:
        'Every headset is out until next month. Please ask again then; the room at the hub is free on Tuesdays.',
    },
  },
  {
    ...{ daysAgo: 20, asks: ['device'], barriers: ['no-device'] },
    ended: { ended_as: 'withdrawn', ended_why: 'not-wanted' },
  },
]
