import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { DeviceRestrictions, RestrictionPermits } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'

export interface RestrictionOverrides {
  person: { id: number; organisation_id: number }
  by: { id: number }
  categories?: string[]
  words?: string
  writtenAt?: Date
  reviewOn?: string
  /** When it ended; it holds where nothing is said. */
  endedAt?: Date
}

/** What a care plan keeps from somebody. */
export async function restriction(
  db: Database,
  { person, by, writtenAt = exampleNow, endedAt, ...more }: RestrictionOverrides,
): Promise<Selectable<DeviceRestrictions>> {
  const { categories = ['charger'], words = 'In the lounge, with staff beside them', reviewOn = '2026-09-01' } = more
  return await insertOne(db, 'device_restrictions', {
    ...{ organisation_id: person.organisation_id, service_user_id: person.id, categories, words },
    ...{ review_on: reviewOn, written_at: writtenAt, written_by: by.id },
    ...(endedAt && { ended_at: endedAt, ended_by: by.id, ended_because: 'The team agreed that they may have it' }),
  })
}

/** The nurse in charge, who has a PIN and works on the ward the person is on, lets one thing through. */
export async function restrictionPermit(
  db: Database,
  {
    of,
    item,
    ward,
    nurse,
  }: {
    of: { id: number; organisation_id: number }
    item: { id: number }
    ward: { id: number }
    nurse: { id: number }
  },
): Promise<Selectable<RestrictionPermits>> {
  return await insertOne(db, 'restriction_permits', {
    ...{ organisation_id: of.organisation_id, restriction_id: of.id, item_id: item.id, ward_id: ward.id },
    ...{ because: 'To ring their mother, with staff beside them', signed_at: exampleNow, signed_by: nurse.id },
    ...{ asked_by: nurse.id, until: new Date(exampleNow.getTime() + 86_400_000) },
  })
}
