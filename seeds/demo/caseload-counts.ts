import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { caseloadCounts } from '../factories.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

/** How many people the trust looks after, by group, as it was counted at the end of the last two quarters or so. */
export async function countCaseload(db: Database, trust: Trust, today: string): Promise<void> {
  for (const [at, days] of [-130, -40].entries()) {
    const countedOn = lastWorkingDay(addDays(today, days))
    await caseloadCounts(db, {
      organisation_id: trust.organisation.id,
      by: trust.administrator,
      countedOn,
      at: timeOn(lastWorkingDay(addDays(today, days + 4)), 9, 30),
      people: peopleOf(1_480 + 60 * at),
    })
    // of each ward and team only how many there are: whom none of them refers is seen beside it
    for (const [nth, ward] of trust.wards.filter(({ kind }) => kind !== 'hub').entries()) {
      const everybody = ward.kind === 'inpatient ward' ? 18 + nth : 210 + 45 * nth
      await caseloadCounts(db, {
        ...{ organisation_id: trust.organisation.id, by: trust.administrator, countedOn, ward },
        at: timeOn(lastWorkingDay(addDays(today, days + 4)), 9, 40 + nth),
        people: { everybody: { everybody } },
      })
    }
  }
}

/** Shares in percent; what they leave is not known. */
const shares: Record<string, Record<string, number>> = {
  age: { '0-17': 9, '18-24': 14, '25-34': 18, '35-44': 17, '45-54': 15, '55-64': 12, '65-74': 8, '75-and-over': 7 },
  gender: { woman: 54, man: 43, 'non-binary': 1 },
  ethnicity: { asian: 11, black: 13, mixed: 5, white: 61, other: 4 },
  disability: { yes: 38, no: 47 },
  language: { no: 86, spoken: 8, signed: 1 },
  housing: { settled: 68, supported: 9, temporary: 6, 'someone-elses': 5, rough: 2 },
  asylum: { seeking: 2, refugee: 3, no: 82 },
  inpatient: { yes: 6, no: 94 },
  deprivation: { 1: 21, 2: 16, 3: 13, 4: 11, 5: 9, 6: 8, 7: 6, 8: 5, 9: 4, 10: 3 },
}

function peopleOf(everybody: number): Record<string, Record<string, number>> {
  const counted = Object.entries(shares).map(([breakdown, groups]) => {
    const people = Object.entries(groups).map(
      ([group, share]) => [group, Math.floor((everybody * share) / 100)] as const,
    )
    const rest = everybody - people.reduce((sum, [, count]) => sum + count, 0)
    return [breakdown, { ...Object.fromEntries(people), 'not-known': rest }] as const
  })
  return { everybody: { everybody }, ...Object.fromEntries(counted) }
}
