import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isLoanInReach } from '../service-users/reach-queries.ts'
import type { Champion } from './rules.ts'

/** Everybody who may look after loans, and whoever still looks after some, with how many are open. */
export async function listChampions(db: Database, actor: Actor): Promise<Champion[]> {
  const { rows } = await sql<Champion>`
    with open as (
      select coalesce(looked_after_by, lent_by) as staff_id, count(*)::int as loans
      from loans
      where id = any(array(
        select loan_id from loan_lines
        where organisation_id = ${actor.organisationId} and taken_at is not null and ended_at is null
      ))
      group by 1
    )
    select staff.id, staff.name, staff.role <> 'champion' or staff.disabled_at is not null as is_gone,
           coalesce(open.loans, 0) as open_loans
    from staff left join open on open.staff_id = staff.id
    where staff.organisation_id = ${actor.organisationId}
      and (open.loans > 0 or staff.role = 'champion' and staff.disabled_at is null)
    order by staff.name, staff.id
  `.execute(db)
  return rows
}

/** Who looks after one loan. Another organisation's: none. */
export function findCarer(db: Database, actor: Actor, loanId: number) {
  return db
    .selectFrom('loans')
    .leftJoin('staff', (join) => join.onRef('staff.id', '=', sql`coalesce(loans.looked_after_by, loans.lent_by)`))
    .select(['loans.id', 'staff.id as staff_id', 'staff.name'])
    .where('loans.id', '=', loanId)
    .where('loans.organisation_id', '=', actor.organisationId)
    .where(isLoanInReach(actor))
    .executeTakeFirst()
}
