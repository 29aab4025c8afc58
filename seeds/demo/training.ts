import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { groupSession, staffTraining, trainingSession } from '../factories/training.ts'
import { timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

/** Longer ago than any trial-run call of the demo, and further off: nobody is in two places at once. */
const DAYS_AWAY = 8

/** Some were trained, most of whom felt surer afterwards; for some a session is planned. */
export async function makeTraining(
  db: Database,
  { trust, people, today }: { trust: Trust; people: ServiceUser[]; today: string },
): Promise<void> {
  const trained = people.filter(({ state }, nth) => state !== 'died' && nth % 12 === 3)
  for (const [nth, person] of trained.entries()) {
    const champion = trust.champions[nth % trust.champions.length]!
    const away = DAYS_AWAY + Math.floor(nth / trust.champions.length)
    if (nth % 3 === 2) {
      await trainingSession(db, { champion, person, from: timeOn(addWorkingDays(today, away), 8, 0) })
      continue
    }
    const from = timeOn(addWorkingDays(today, -away), 8, 0)
    const told = { told_at: new Date(from.getTime() + 3_600_000), told_by: champion.id }
    const felt = { confidence_before: 1 + (nth % 3), confidence_after: 3 + (nth % 3), wants_more: nth % 2 === 0 }
    await trainingSession(db, { champion, person, from, ...told, came: true, ...felt })
  }
  await makeGroups(db, { trust, people, today })
  await makeStaffTraining(db, { trust, today })
}

/** One group to come, with a place left, and one that is over: who came, and what each of them can do since. */
async function makeGroups(
  db: Database,
  { trust, people, today }: { trust: Trust; people: ServiceUser[]; today: string },
): Promise<void> {
  const champion = trust.champions[0]!
  const invited = people
    .filter(({ state }, nth) => state !== 'died' && state !== 'admitted' && nth % 12 === 7)
    .slice(0, 7)
  const coming = timeOn(addWorkingDays(today, 6), 16, 30)
  const group = await groupSession(db, {
    champion,
    from: coming,
    places: 4,
    materials: 'Tablets to try on, the guide on joining',
  })
  for (const person of invited.slice(0, 3)) await trainingSession(db, { champion, person, from: coming, group })
  const over = timeOn(addWorkingDays(today, -6), 16, 30)
  const past = await groupSession(db, {
    champion,
    from: over,
    places: 6,
    topics: ['join', 'safe'],
    place: 'Community hub',
  })
  for (const [nth, person] of invited.slice(3).entries()) {
    const came = nth % 4 !== 3
    const can = { could_before: [], could_after: nth === 0 ? ['join', 'safe'] : ['join'] }
    const felt = {
      ...can,
      confidence_before: 2,
      confidence_after: 3 + (nth % 2),
      agreed_ways: true,
      wants_more: nth === 1,
    }
    const told = { came, told_at: new Date(over.getTime() + 5_400_000), told_by: champion.id, topics: ['join', 'safe'] }
    await trainingSession(db, { champion, person, from: over, group: past, ...told, ...(came && felt) })
  }
}

/** Most of the staff of wards were trained: some again soon, some too long ago. */
async function makeStaffTraining(db: Database, { trust, today }: { trust: Trust; today: string }): Promise<void> {
  const by = trust.champions[0]!
  const members = await db
    .selectFrom('staff')
    .select(['id', 'organisation_id'])
    .where('organisation_id', '=', trust.organisation.id)
    .where((eb) =>
      eb.exists(eb.selectFrom('staff_wards').select('ward_id').whereRef('staff_wards.staff_id', '=', 'staff.id')),
    )
    .orderBy('id')
    .execute()
  for (const [nth, member] of members.entries()) {
    for (const [at, topic] of ['remote', 'safety', 'inclusion', 'devices'].entries()) {
      const days = 20 + ((nth * 4 + at) % 5) * 85
      if ((nth + at) % 4 < 3) await staffTraining(db, { member, by, topic, on: addDays(today, -days) })
    }
  }
}
