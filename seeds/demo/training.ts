import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { staffTraining, trainingSession } from '../factories/training.ts'
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
  await makeStaffTraining(db, { trust, today })
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
