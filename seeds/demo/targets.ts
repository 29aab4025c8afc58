import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { yearOf } from '../../src/reports/period-rules.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

/** What the figures of this financial year and the last should come to; one of them was raised in between. */
export async function setTargets(db: Database, trust: Trust, today: string): Promise<void> {
  const set_at = timeOn(lastWorkingDay(addDays(today, -150)), 11, 0)
  const about = { organisation_id: trust.organisation.id, set_by: trust.administrator.id, set_at }
  const thisYear = Number(yearOf(today).from.slice(0, 4))
  const targets = [
    { figure: 'people', good: 'more', quarterly: 50 },
    { figure: 'first-people', good: 'more', quarterly: 10 },
    { figure: 'items', good: 'more', quarterly: 250 },
  ]
  const made = await db
    .insertInto('report_targets')
    .values([thisYear - 1, thisYear].flatMap((year) => targets.map((target) => ({ ...about, year, ...target }))))
    .returning(['id', 'figure', 'year'])
    .execute()
  const before = made.find(({ figure, year }) => figure === 'people' && year === thisYear)
  await db
    .insertInto('report_targets')
    .values({
      ...{ ...about, figure: 'people', year: thisYear, good: 'more', quarterly: 65, replaces: before?.id ?? null },
      set_at: timeOn(lastWorkingDay(addDays(today, -30)), 9, 15),
    })
    .execute()
}
