import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import type { TalkPlan } from './conversations.ts'
import { timeOn } from './days.ts'

/** Every fourth person with an open loan said that we may ask; the oldest of them were asked, and two say that something is wrong. */
export async function makeCheckIns(db: Database, { trust, today }: Pick<TalkPlan, 'trust' | 'today'>): Promise<void> {
  const organisation_id = trust.organisation.id
  const by = trust.champions[0]?.id
  if (by === undefined) return
  const asked = timeOn(addDays(today, -3), 10, 0)
  const answered = timeOn(addDays(today, -1), 11, 0)
  await sql`
    insert into check_in_wishes (loan_id, organisation_id, may_ask, at, by)
    select id, organisation_id, true, lent_at, ${by} from loans
    where organisation_id = ${organisation_id} and service_user_id % 4 = 1 and exists (
      select from loan_lines where loan_id = loans.id and taken_at < ${asked} and ended_at is null
    )`.execute(db)
  await sql`
    insert into check_ins (organisation_id, service_user_id, loan_id, week, token_hash, asked_at, expires_at, answer, answered_at)
    select ${organisation_id}, loans.service_user_id, loans.id, 2, 'demo-' || loans.id, ${asked}, ${timeOn(addDays(today, 11), 10, 0)},
           case nth % 3 when 1 then 'not-working' when 2 then 'some-trouble' else 'well' end, ${answered}
    from (
      select loan_id, row_number() over (order by loan_id desc) as nth from check_in_wishes
      where organisation_id = ${organisation_id}
    ) wish
    join loans on loans.id = wish.loan_id where nth <= 3`.execute(db)
}
