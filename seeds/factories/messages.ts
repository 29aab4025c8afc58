import type { Database } from '../../src/database/connection.ts'
import { exampleNow, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

const DAY = 86_400_000
let messages = 0

export interface MessageOverrides {
  organisation_id: number
  to_name?: string
  to_address?: string
  subject?: string
  body?: string
  /** What was tried with it, in this order. */
  outcomes?: string[]
  now?: Date
}

/** An invitation to a new member of staff. What was tried with it is said by its outcomes. */
export async function emailTo(db: Database, overrides: MessageOverrides): Promise<{ id: number }> {
  const { organisation_id, outcomes = [], now = exampleNow, ...said } = overrides
  messages += 1
  const message = await insertOne(db, 'messages', {
    organisation_id,
    cause: `example:${organisation_id}-${messages}`,
    kind: 'staff-invitation',
    channel: 'email',
    staff_id: (await staffMember(db, { organisation_id })).id,
    created_at: now,
    send_until: new Date(now.getTime() + 7 * DAY),
  })
  await insertOne(db, 'message_contents', {
    message_id: message.id,
    to_name: 'Nadia Newcomer',
    to_address: 'nadia@demo.example',
    subject: 'You are invited',
    body: 'Hello Nadia,\n\nWelcome.',
    ...said,
  })
  for (const outcome of outcomes) {
    await insertOne(db, 'deliveries', { organisation_id, message_id: message.id, at: now, outcome })
  }
  return { id: message.id }
}

/** One that the mail server will never take. */
export function refusedEmail(db: Database, overrides: MessageOverrides): Promise<{ id: number }> {
  return emailTo(db, { outcomes: ['trying', 'refused'], ...overrides })
}
