import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { note } from './actions.ts'

/**
 * Suspends the data that was given with an item which is back, whoever's it was: somebody stopped it at the provider. What was
 * given for good keeps its data. Whoever makes the item ready need not reach the record of the last person.
 */
export async function stopDataOf(change: Change, itemId: number): Promise<void> {
  const { trx, by } = change
  const now = change.now()
  const { rows } = await sql<{ id: number; service_user_id: number | null }>`
    update data_allowances set suspended_at = ${now}, suspended_because = 'loan-ended', version = version + 1
    where organisation_id = ${by.organisationId} and cancelled_at is null and suspended_at is null
      and loan_line_id = any(array(
        select id from loan_lines where item_id = ${itemId} and ended_at is not null and ended_as <> 'given'
      ))
    returning id, service_user_id
  `.execute(trx)
  for (const allowance of rows) await note(change, allowance, 'suspended')
}
