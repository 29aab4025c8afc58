import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { CaseloadEntries } from '../../src/database/schema.ts'
import { insertOne, longAgo } from './example.ts'

export interface OnCaseload {
  organisationId: number
  champion: { id: number }
  serviceUser: { id: number }
}

/** Somebody whom a champion looks after. */
export function onCaseload(
  db: Database,
  { organisationId, champion, serviceUser }: OnCaseload,
): Promise<Selectable<CaseloadEntries>> {
  return insertOne(db, 'caseload_entries', {
    organisation_id: organisationId,
    staff_id: champion.id,
    service_user_id: serviceUser.id,
    began_at: longAgo,
  })
}
