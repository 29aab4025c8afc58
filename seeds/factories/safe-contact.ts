import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ContactAnswers, ContactTasks } from '../../src/database/schema.ts'
import { type Channel, channels } from '../../src/safe-contact/kinds-rules.ts'
import { exampleNow, insertAll, insertOne, longAgo } from './example.ts'
import { staffMember } from './staff.ts'

interface About {
  person: { id: number; organisation_id: number }
  /** Who wrote it down; made where nobody is named. */
  by?: { id: number }
  at?: Date
}

async function writer(db: Database, { person, by }: About): Promise<number> {
  return (by ?? (await staffMember(db, { organisation_id: person.organisation_id }))).id
}

export type AnswerOverrides = Partial<Omit<Insertable<ContactAnswers>, 'organisation_id' | 'service_user_id'>>

/** What somebody said about one way of reaching them: yes at any time, unless it says otherwise. */
export async function contactAnswer(
  db: Database,
  { channel = 'text', ...more }: About & AnswerOverrides & { channel?: Channel },
): Promise<Selectable<ContactAnswers>> {
  const { person, by: _, at = longAgo, ...columns } = more
  return insertOne(db, 'contact_answers', {
    organisation_id: person.organisation_id,
    service_user_id: person.id,
    channel,
    answer: 'allowed',
    // a story may open again what it closed
    asked_again: columns.answer !== 'not-allowed',
    days: [],
    names_service: false,
    at,
    recorded_by: await writer(db, more),
    ...columns,
  })
}

/** Somebody who said yes to everything. */
export async function openToContact(db: Database, about: About): Promise<void> {
  const by = { id: await writer(db, about) }
  for (const channel of channels) await contactAnswer(db, { ...about, by, channel })
}

/** A number or address that somebody said is safe, or is not. */
export async function contactAddress(db: Database, about: About & { address: string; isSafe: boolean }): Promise<void> {
  await insertAll(db, 'contact_address_answers', [
    {
      organisation_id: about.person.organisation_id,
      service_user_id: about.person.id,
      address: about.address,
      is_safe: about.isSafe,
      at: about.at ?? exampleNow,
      recorded_by: await writer(db, about),
    },
  ])
}

/** A private note about somebody, with the pause that PostgreSQL makes of it. Gives its id. */
export async function privateNote(db: Database, about: About & { note?: string }): Promise<number> {
  const { person, at = longAgo, note = 'Somebody at home may be a risk: reads every message.' } = about
  const { id } = await insertOne(db, 'contact_risks', {
    organisation_id: person.organisation_id,
    service_user_id: person.id,
    recorded_at: at,
    recorded_by: await writer(db, about),
  })
  await insertAll(db, 'contact_risk_notes', [{ risk_id: id, organisation_id: person.organisation_id, note }])
  return id
}

/** Something that could not be sent, and is still to be done in another way. */
export function contactTask(
  db: Database,
  { person, at = exampleNow, ...columns }: Omit<About, 'by'> & Partial<Insertable<ContactTasks>>,
): Promise<Selectable<ContactTasks>> {
  return insertOne(db, 'contact_tasks', {
    organisation_id: person.organisation_id,
    service_user_id: person.id,
    cause: `example:${crypto.randomUUID()}`,
    kind: 'appointment-preparation',
    channel: 'email',
    purpose: 'appointment',
    reason: 'not-asked',
    created_at: at,
    ...columns,
  })
}
