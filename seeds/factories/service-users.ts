import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ServiceUserDetails, ServiceUsers } from '../../src/database/schema.ts'
import { makeMobileNumber, makeTestNhsNumber } from '../identifiers.ts'
import { insertAll, longAgo, nextNumber } from './example.ts'
import { organisationIdOr } from './places.ts'

type Details = Omit<Insertable<ServiceUserDetails>, 'service_user_id' | 'organisation_id'>

export type ServiceUser = Selectable<ServiceUsers> & Omit<Selectable<ServiceUserDetails>, 'service_user_id'>

export type ServiceUserOverrides = Partial<Insertable<ServiceUsers>> & Partial<Details>

/** Somebody in the community, with an NHS number, a phone and an email address. */
export async function serviceUser(db: Database, overrides: ServiceUserOverrides = {}): Promise<ServiceUser> {
  const [made] = await serviceUsers(db, [overrides])
  if (made === undefined) throw new Error('Nobody was made')
  return made
}

/** Any number of them in two statements. */
export async function serviceUsers(db: Database, many: ServiceUserOverrides[]): Promise<ServiceUser[]> {
  const people: Insertable<ServiceUsers>[] = []
  for (const { organisation_id: given, state = 'community', version = 1, created_at = longAgo } of many) {
    people.push({ organisation_id: await organisationIdOr(db, given), state, version, created_at })
  }
  const stories = await insertAll(db, 'service_users', people)
  const details = await insertAll(
    db,
    'service_user_details',
    stories.map((story, at) => detailsRow(story, many[at] ?? {})),
  )
  return stories.map((story, at) => {
    const { service_user_id: _, ...named } = details[at]!
    return { ...story, ...named }
  })
}

function detailsRow(
  { id, organisation_id }: Selectable<ServiceUsers>,
  { state: _state, version: _version, created_at: _since, ...details }: ServiceUserOverrides,
): Insertable<ServiceUserDetails> {
  const number = nextNumber()
  return {
    name: `Robin Example-Person ${number}`,
    date_of_birth: '1984-02-29',
    nhs_number: makeTestNhsNumber(number),
    phone: makeMobileNumber(number % 1000),
    email: `person-${number}@post.example`,
    ...details,
    organisation_id,
    service_user_id: id,
  }
}
