import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { AppointmentLetters, Guides, GuidesGiven } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

/** A guide in plain English that is in use, unless it says otherwise. */
export async function guide(
  db: Database,
  { organisation_id, ...more }: Partial<Insertable<Guides>> & { organisation_id: number },
): Promise<Selectable<Guides>> {
  const by = more.written_by ?? (await staffMember(db, { organisation_id, role: 'administrator' })).id
  return insertOne(db, 'guides', {
    ...{ organisation_id, purpose: 'join-call', platform_id: null, form: 'plain', language: 'en', number: 1, link: '' },
    ...{ title: 'How to join a video call', written_at: exampleNow, written_by: by, version: 1 },
    ...{ approved_at: exampleNow, approved_by: by, review_on: '2027-08-03', retired_at: null, retired_by: null },
    blocks: [
      { kind: 'heading', text: 'Join the call' },
      { kind: 'step', lines: ['Open the message that we sent you.'] },
      { kind: 'step', lines: ['Tap the link in it.'], picture: 'tap' },
    ] as never,
    ...more,
  })
}

/** A draft that nobody approved yet. */
export function draftGuide(
  db: Database,
  more: Partial<Insertable<Guides>> & { organisation_id: number },
): Promise<Selectable<Guides>> {
  return guide(db, { ...more, approved_at: null, approved_by: null, review_on: null })
}

/** Somebody was told of an appointment by a letter. */
export async function letterGiven(
  db: Database,
  {
    appointment,
    by,
    ...more
  }: Omit<Partial<Insertable<AppointmentLetters>>, 'by'> & {
    appointment: { id: number; organisation_id: number }
    by: { id: number }
  },
): Promise<{ id: number }> {
  return insertOne(db, 'appointment_letters', {
    ...{ organisation_id: appointment.organisation_id, appointment_id: appointment.id, format: 'plain' },
    ...{ told_as: 'by-hand', at: exampleNow, is_overtaken: false, ...more },
    by: by.id,
  })
}

/** Somebody was given a guide that is in use. */
export async function guideGiven(
  db: Database,
  {
    guide: given,
    person,
    by,
    ...more
  }: Omit<Partial<Insertable<GuidesGiven>>, 'by'> & {
    guide: { id: number; organisation_id: number }
    person: { id: number }
    by: { id: number }
  },
): Promise<{ id: number }> {
  return insertOne(db, 'guides_given', {
    ...{ organisation_id: given.organisation_id, guide_id: given.id, service_user_id: person.id, format: 'plain' },
    ...{ letter_id: null, at: exampleNow, ...more },
    by: by.id,
  })
}
