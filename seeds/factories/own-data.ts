import type { Insertable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { LegalHolds, SubjectAccessRequests } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'
import type { ServiceUser } from './service-users.ts'

interface About {
  person: Pick<ServiceUser, 'id' | 'organisation_id'>
  by: { id: number }
}

/** Somebody asked for a copy of what is kept about them, the day before yesterday. */
export function accessRequest(
  db: Database,
  {
    person,
    by,
    note = 'Passport, seen at the hub',
    ...more
  }: About & { note?: string } & Partial<Insertable<SubjectAccessRequests>>,
) {
  return insertOne(db, 'subject_access_requests', {
    organisation_id: person.organisation_id,
    service_user_id: person.id,
    asked_by: 'person',
    identity_check: 'documents',
    identity_note: note,
    received_on: '2026-08-01',
    due_on: '2026-09-01',
    recorded_at: exampleNow,
    recorded_by: by.id,
    ...more,
  })
}

/** A record that is kept whatever its age. */
export function legalHold(
  db: Database,
  { person, by, reason = 'The coroner asks for it', ...more }: About & Partial<Insertable<LegalHolds>>,
) {
  return insertOne(db, 'legal_holds', {
    organisation_id: person.organisation_id,
    service_user_id: person.id,
    reason,
    placed_at: exampleNow,
    placed_by: by.id,
    ...more,
  })
}
