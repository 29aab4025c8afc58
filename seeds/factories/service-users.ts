import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ServiceUserDetails, ServiceUsers } from '../../src/database/schema.ts'
import { makeMobileNumber, makeTestNhsNumber } from '../identifiers.ts'
import { insertOne, longAgo, nextNumber } from './example.ts'
import { organisationIdOr } from './places.ts'

type Details = Omit<Insertable<ServiceUserDetails>, 'service_user_id' | 'organisation_id'>

export type ServiceUser = Selectable<ServiceUsers> & Omit<Selectable<ServiceUserDetails>, 'service_user_id'>

export type ServiceUserOverrides = Partial<Insertable<ServiceUsers>> & Partial<Details>

/** Somebody in the community, with an NHS number, a phone and an email address. */
export async function serviceUser(db: Database, overrides: ServiceUserOverrides = {}): Promise<ServiceUser> {
  const { state = 'community', version = 1, created_at = longAgo, organisation_id: given, ...details } = overrides
  const organisation_id = await organisationIdOr(db, given)
  const number = nextNumber()
  const story = await insertOne(db, 'service_users', { organisation_id, state, version, created_at })
  const who = await insertOne(db, 'service_user_details', {
    name: `Robin Example-Person ${number}`,
    date_of_birth: '1984-02-29',
    nhs_number: makeTestNhsNumber(number),
    phone: makeMobileNumber(number % 1000),
    email: `person-${number}@post.example`,
    ...details,
    organisation_id,
    service_user_id: story.id,
  })
  const { service_user_id, ...named } = who
  return { ...story, ...named, id: service_user_id }
}
