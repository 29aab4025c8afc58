import { sql } from 'kysely'
import { bringAlong } from '../caseloads/actions.ts'
import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { andLoanInReach } from '../service-users/reach-queries.ts'
import type { Handover } from './rules.ts'

/**
 * Hands loans over to another champion: one loan, or every open loan that somebody looks after. The loans and who has them
 * stay as they are; each is audited by itself. Gives how many.
 *
 * Refuses: a loan or a member of staff that is not there (NotFound); somebody who is no champion or has left, and a champion
 * with no open loan, or one who does not see whom the loans are to (RuleBroken); a loan that somebody else looks after by now (Stale).
 */
export async function handOverLoans(change: Change, { loanId, from, to }: Handover): Promise<number> {
  const { trx, by } = change
  const people = await trx
    .selectFrom('staff')
    .select(['id', 'name', 'role', 'disabled_at', 'caseload_only'])
    .where((eb) => eb('id', '=', eb.fn.any(eb.val([from, to]))))
    .where('organisation_id', '=', by.organisationId)
    .orderBy('id')
    .forShare()
    .execute()
  const next = people.find(({ id }) => id === to)
  const before = people.find(({ id }) => id === from)
  if (!next || !before) throw new NotFound()
  if (next.role !== 'champion' || next.disabled_at !== null) throw new RuleBroken(`${next.name} is no champion now.`)

  const which =
    loanId === null
      ? sql`id = any(array(
          select loan_id from loan_lines
          where organisation_id = ${by.organisationId} and taken_at is not null and ended_at is null
        ))`
      : sql`id = ${loanId}`
  const { rows: loans } = await sql<{ id: number; service_user_id: number | null; carer: number | null }>`
    select id, service_user_id, coalesce(looked_after_by, lent_by) as carer from loans
    where organisation_id = ${by.organisationId} and ${which} ${andLoanInReach(by)}
      ${loanId === null ? sql`and coalesce(looked_after_by, lent_by) = ${from}` : sql``}
    order by id for no key update
  `.execute(trx)
  if (loanId !== null && loans.length === 0) throw new NotFound()
  if (loans.length === 0) throw new RuleBroken(`${before.name} looks after no open loan.`)
  if (loans.some(({ carer }) => carer !== from)) throw new Stale('Somebody else looks after this loan by now.')

  const theirs = loans.flatMap(({ service_user_id }) => service_user_id ?? [])
  if (next.caseload_only && theirs.length > 0) await bringAlong(change, [...new Set(theirs)], { from, to: next })
  const ids = loans.map(({ id }) => id)
  await sql`update loans set looked_after_by = ${to} where id = any(${ids}::bigint[])`.execute(trx)
  for (const { id, service_user_id } of loans) {
    change.audit({
      verb: 'loan:handed-over',
      subject: ['loan', id],
      ...(service_user_id !== null && { serviceUserId: service_user_id }),
      details: { from: before.name, to: next.name },
    })
  }
  return loans.length
}
