import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countChoice, countFirstAppointments } from './appointment-queries.ts'
import { countBarriers } from './barrier-queries.ts'
import { tellingAnswers } from './barrier-rules.ts'
import type { Fact } from './figures-rules.ts'
import { countData, countTraining, countWards } from './help-queries.ts'
import type { SetName } from './line-rules.ts'
import type { Period } from './period-rules.ts'
import { countLending, countPeople } from './queries.ts'
import { countReferrals } from './referral-queries.ts'
import { countReferred } from './referred-queries.ts'
import { type Span, spanOf } from './span-rules.ts'
import { countMoney, countStock } from './stock-queries.ts'

const counts: Record<SetName, (scope: Scope, span: Span) => RawBuilder<Fact>> = {
  people: countPeople,
  lending: countLending,
  'first-appointments': countFirstAppointments,
  referrals: countReferrals,
  referred: countReferred,
  barriers: (scope, span) => countBarriers(scope, span, tellingAnswers),
  choice: countChoice,
  stock: countStock,
  wards: (scope, span) => countWards(scope, span),
  data: countData,
  training: countTraining,
  money: countMoney,
}

/**
 * The true numbers of some sets in some periods. All of it is counted in one statement, and so at one moment: what one set
 * says fits the other.
 */
export async function countFacts(
  db: Database,
  scope: Scope,
  names: readonly SetName[],
  periods: readonly Period[],
): Promise<Fact[]> {
  const span = spanOf(periods)
  const every = names.map((name) => sql`(${counts[name](scope, span)})`)
  const { rows } = await sql<Fact>`${sql.join(every, sql` union all `)}`.execute(db)
  return rows
}
