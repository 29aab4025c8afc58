import type { StaffEmail } from '../../src/messages/actions.ts'
import { queueEmail } from '../../src/messages/actions.ts'
import { startOfTest, type TestApp } from '../support/app.ts'

const HOUR = 3_600_000
/** Whoever came first into the database of a test. */
export const FIRST_STAFF = 1
let orders = 0

export function emailOrder(changed: Partial<StaffEmail> = {}): StaffEmail {
  orders += 1
  return {
    cause: `test:${orders}`,
    kind: 'staff-invitation',
    to: { staffId: FIRST_STAFF, name: 'Nadia Newcomer', address: 'nadia@here.example' },
    subject: 'Welcome to the digital inclusion loans',
    body: 'Hello Nadia,\n\nYou can sign in from Monday.\nBring a cup.',
    sendUntil: new Date(startOfTest.getTime() + 24 * HOUR),
    isSecret: false,
    ...changed,
  }
}

/** Queues an email as an administrator would cause it. Gives its id. */
export async function queued(app: TestApp, changed: Partial<StaffEmail> = {}): Promise<number> {
  const message = await app.changeAs('administrator', async (change) => {
    change.audit({ verb: 'staff:invited' })
    return await queueEmail(change, emailOrder(changed))
  })
  if (!message) throw new Error('this cause was written before')
  return message.id
}

export async function outcomes({ db }: TestApp, messageId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('outcome')
    .where('message_id', '=', messageId)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.outcome)
}
