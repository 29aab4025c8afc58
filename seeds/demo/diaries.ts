import type { Database } from '../../src/database/connection.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import { diaryEntry, diaryException, diaryHours } from '../factories/diary.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

export interface DiariesPlan {
  trust: Trust
  people: ServiceUser[]
  today: string
}

const DAYS = 4

/** Each champion has hours, and something with somebody on each of the next days; the last one is on leave for some of them. */
export async function keepDiaries(db: Database, { trust, people, today }: DiariesPlan): Promise<void> {
  // of the others, some meet their clinician in these days; see appointments.ts
  const inTouch = people.filter(({ state }) => state !== 'died')
  const free = inTouch.filter(({ state }, nth) => state === 'community' && nth % 5 === 2)
  for (const champion of [...trust.champions, ...trust.communityChampions]) await diaryHours(db, champion)
  for (const [nth, champion] of trust.champions.entries()) {
    for (let ahead = 1; ahead <= DAYS; ahead += 1) {
      const day = addWorkingDays(today, ahead)
      const person = free[nth * DAYS + ahead - 1] ?? null
      const isVisit = ahead === DAYS
      await diaryEntry(db, { champion, from: timeOn(day, 9, 30), minutes: 30, note: 'Team meeting' })
      if (!person) continue
      await diaryEntry(db, {
        ...{ champion, person, from: timeOn(day, isVisit ? 14 : 11, 0) },
        ...(isVisit
          ? { kind: 'visit', travel_minutes: 30, minutes: 60 }
          : { kind: ahead === 1 ? 'training-session' : 'trial-run-call', minutes: ahead === 1 ? 60 : 30 }),
      })
    }
  }
  const last = trust.champions.at(-1)
  if (!last) return
  const leave = { first_on: addWorkingDays(today, DAYS), last_on: addWorkingDays(today, DAYS + 5) }
  await diaryException(db, { champion: last, on: today, ...leave })
}
