import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import { allWorked, trialCall } from '../factories/trial-calls.ts'
import { timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

/** Before and after everything else that is in anybody's day. */
const hours: readonly [hour: number, minute: number][] = [
  [8, 0],
  [8, 30],
  [17, 0],
  [17, 30],
]

/** Of the video calls to come some were tried out, and it worked or did not; for some a call is arranged. */
export async function makeTrialCalls(db: Database, { trust, today }: { trust: Trust; today: string }): Promise<void> {
  const coming = await db
    .selectFrom('appointments')
    .select(['id', 'service_user_id', 'starts_at'])
    .where('organisation_id', '=', trust.organisation.id)
    .where('way', '=', 'video')
    .where('cancelled_at', 'is', null)
    .where('starts_at', '>', `${addDays(today, 3)}T00:00:00Z`)
    .orderBy('starts_at')
    .execute()
  for (const [nth, one] of coming.entries()) {
    const champion = trust.champions[nth % trust.champions.length]!
    const slot = Math.floor(nth / trust.champions.length)
    const [hour, minute] = hours[slot % hours.length]!
    const away = 1 + Math.floor(slot / hours.length)
    const about = { champion, person: { id: one.service_user_id }, appointment: one }
    if (nth % 3 === 0) {
      const from = timeOn(addWorkingDays(today, away), hour, minute)
      if (from < new Date(one.starts_at)) await trialCall(db, { ...about, from })
      continue
    }
    const from = timeOn(addWorkingDays(today, -away), hour, minute)
    const told = { outcome_at: new Date(from.getTime() + 1_500_000), outcome_by: champion.id }
    const result = nth % 3 === 1 ? { ...allWorked, outcome: 'passed' } : { ...allWorked, ...failed }
    await trialCall(db, { ...about, from, ...told, ...result })
  }
}

const failed = {
  got_in: 'no',
  heard: 'not-tried',
  seen: 'not-tried',
  outcome: 'not-passed',
  note: 'The link did not open.',
}
