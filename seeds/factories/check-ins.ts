import { hash } from 'node:crypto'
import type { Database } from '../../src/database/connection.ts'
import { exampleNow, insertOne } from './example.ts'

/** Somebody who said yes was asked how it is going with their loan, and may have answered. */
export async function checkIn(
  db: Database,
  {
    loan,
    by,
    answer = null,
    token = crypto.randomUUID().replaceAll('-', '').padEnd(43, 'x'),
    at = exampleNow,
  }: {
    loan: { id: number; organisation_id: number; service_user_id: number | null }
    by: { id: number }
    answer?: 'well' | 'some-trouble' | 'not-working' | null
    token?: string
    at?: Date
  },
): Promise<{ id: number; token: string }> {
  const { id: loan_id, organisation_id, service_user_id } = loan
  await db
    .insertInto('check_in_wishes')
    .values({ loan_id, organisation_id, may_ask: true, at, by: by.id })
    .onConflict((conflict) => conflict.column('loan_id').doNothing())
    .execute()
  const made = await insertOne(db, 'check_ins', {
    ...{
      organisation_id,
      loan_id,
      service_user_id: service_user_id ?? 0,
      week: 2,
      token_hash: hash('sha256', token, 'hex'),
    },
    ...{ asked_at: at, expires_at: new Date(at.getTime() + 14 * 86_400_000), answer, answered_at: answer && at },
    ...{ seen_at: null, seen_by: null },
  })
  return { id: made.id, token }
}
