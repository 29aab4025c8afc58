import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { londonMidnight } from '../lib/dates.ts'
import { countChoice, countFirstAppointments } from './appointment-queries.ts'
import { countBarriers } from './barrier-queries.ts'
import { tellingAnswers } from './barrier-rules.ts'
import type { Span } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import { countData, countTraining, countWards } from './help-queries.ts'
import type { SetName } from './line-rules.ts'
import type { Period } from './period-rules.ts'
import { countLending, countPeople } from './queries.ts'
import { countReferrals } from './referral-queries.ts'
import { countReferred } from './referred-queries.ts'
import { countMoney, countStock } from './stock-queries.ts'

const counts: Record<SetName, (db: Database, scope: Scope, span: Span) => Promise<Fact[]>> = {
  people: countPeople,
  lending: countLending,
  'first-appointments': countFirstAppointments,
  referrals: countReferrals,
  referred: countReferred,
  barriers: (db, scope, span) => countBarriers(db, scope, span, tellingAnswers),
  choice: countChoice,
  stock: countStock,
  wards: countWards,
  data: countData,
  training: countTraining,
  money: countMoney,
}

/** The true numbers of whole financial years; what stands at an end, at the ends of these periods alone. */
export function countFacts(
  db: Database,
  scope: Scope,
  name: SetName,
  { years, shown }: { years: readonly Period[]; shown: readonly Period[] },
): Promise<Fact[]> {
  const [first, last] = [years[0] as Period, years.at(-1) as Period]
  const ends = shown.map(({ key: period, until }) => ({ period, at: londonMidnight(until) }))
  return counts[name](db, scope, { from: londonMidnight(first.from), until: londonMidnight(last.until), ends })
}
