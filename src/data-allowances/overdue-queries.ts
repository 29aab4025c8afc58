import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { contactsOf } from './forecast-queries.ts'
import type { OverdueFacts } from './overdue-rules.ts'

/** The columns of {@link OverdueFacts} but for the contacts, of the rows `allowance` and `line`. */
export const overdueColumns: RawBuilder<unknown> = sql`
  case when line.taken_at is not null and line.ended_at is null and line.cancelled_at is null then line.due_on end as due_on,
  (select data_suspend_after_days from organisations where id = allowance.organisation_id) as suspend_after_days,
  (select max(at) from data_allowance_changes where data_allowance_id = allowance.id and kind = 'warned') as warned_at`

/** Of one allowance, which is locked. */
export async function readOverdue(db: Database, id: number, now: Date): Promise<OverdueFacts | undefined> {
  const { rows } = await sql<OverdueFacts>`
    select ${overdueColumns}, ${contactsOf('allowance.service_user_id', now)} as contacts
    from data_allowances allowance left join loan_lines line on line.id = allowance.loan_line_id
    where allowance.id = ${id}
  `.execute(db)
  return rows[0]
}
