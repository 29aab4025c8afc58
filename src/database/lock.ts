import { NotFound } from '../lib/refusals.ts'
import type { Author, Change } from './change.ts'

/** What is found by a query of several tables, and so is locked first, by itself. */
type Lockable = 'messages' | 'staff' | 'ward_tablets'

/**
 * Holds one row of the organisation against other changes until the transaction ends; it is read afterwards, as it then
 * stands. Refuses (NotFound) what is another organisation's or not there.
 */
export async function lockRow({ trx, by }: Change<Author>, table: Lockable, id: number): Promise<void> {
  await trx
    .selectFrom(table)
    .select('id')
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow(() => new NotFound())
}
