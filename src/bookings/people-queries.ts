import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonInReach, isPersonOfTheirs, peopleInReach, type Reach } from '../service-users/reach-queries.ts'

/**
 * Whether this person may know whom a booking of the ward in this column is for: champions, and the staff of that very ward.
 * To everybody else it is booked, and no more.
 */
export function maySeeWhom({ role, wardIds }: Reach, wardColumn: string): RawBuilder<SqlBool> {
  if (role === 'champion') return sql<SqlBool>`true`
  if (role !== 'ward-staff') return sql<SqlBool>`false`
  return sql<SqlBool>`(${sql.ref(wardColumn)} = any(${wardIds}::bigint[]))`
}

/** Who people are whom a ward books for, to be joined in place of the table: anybody else's name is never read. */
export function bookedPeople(actor: Reach): RawBuilder<unknown> {
  if (actor.role === 'champion') return peopleInReach(actor)
  return sql`(
    select details.* from service_user_details details
    join service_users person on person.id = details.service_user_id
    where ${isPersonOfTheirs(actor, 'person')}
  )`
}

export interface Inpatient {
  id: number
  name: string
  known_as: string
}

/** More than any ward has beds. */
const MOST_PEOPLE = 200

/** Who is on a ward now, of those this person may see, by name. */
function inpatients(actor: Actor, ward: RawBuilder<unknown>) {
  const isSeen = actor.role === 'champion' ? isPersonInReach(actor, 'person.id') : isPersonOfTheirs(actor, 'person')
  return sql<Inpatient>`
    select person.id, details.name, details.known_as
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    where person.organisation_id = ${actor.organisationId} and person.ward_id = ${ward} and person.state = 'admitted'
      and person.merged_into is null and ${isSeen}
    order by details.name_key, person.id
    limit ${MOST_PEOPLE}`
}

export async function listInpatients(db: Database, actor: Actor, wardId: number): Promise<Inpatient[]> {
  return (await inpatients(actor, sql`${wardId}::bigint`).execute(db)).rows
}

/** Whether somebody is on a ward now, whoever asks: it is yes or no, and no name. */
export async function isOnWard(
  db: Database,
  { organisationId }: Actor,
  { wardId, serviceUserId }: { wardId: number; serviceUserId: number },
): Promise<boolean> {
  const person = await db
    .selectFrom('service_users')
    .select('id')
    .where('id', '=', serviceUserId)
    .where('organisation_id', '=', organisationId)
    .where('ward_id', '=', wardId)
    .where('state', '=', 'admitted')
    .executeTakeFirst()
  return person !== undefined
}

/** The same as one value, within a statement about the ward. */
export function peopleOfWard(actor: Actor): RawBuilder<Inpatient[]> {
  return sql<Inpatient[]>`(select coalesce(json_agg(p), '[]') from (${inpatients(actor, sql.ref('wards.id'))}) p)`
}
