import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Obstacles, PersonFacts } from './rules.ts'

/** The years that an organisation chose itself. */
export function listPeriods(db: Database, { organisationId }: Scope) {
  return db
    .selectFrom('retention_periods')
    .select(['kind', 'years'])
    .where('organisation_id', '=', organisationId)
    .execute()
}

export interface PersonKept extends PersonFacts, Obstacles {
  id: number
}

/** What is done about a record without anybody being in touch with the person. */
const isNoContact = sql`(verb ~ ':(?:viewed|searched|exported|person-found)$' or verb ~ '^(?:opening|retention|subject-access|refused):')`

/**
 * What decides how long each record is kept that was begun before a day, of people whose record is not emptied yet. The last
 * contact is the last thing that was written down about somebody, or the last that they had of ours.
 */
const kept = (scope: Scope, begunBefore: string) => sql`
  select person.id, person.state, person.state_on, details.date_of_birth,
         (greatest(
           person.created_at,
           (select max(coalesce(line.ended_at, line.taken_at)) from loans join loan_lines line on line.loan_id = loans.id
            where loans.service_user_id = person.id),
           (select at from audit_events where service_user_id = person.id and not ${isNoContact} order by id desc limit 1)
         ) at time zone 'Europe/London')::date as last_contact_on,
         exists (select from legal_holds where service_user_id = person.id and lifted_at is null) as is_held,
         exists (
           select from loans join loan_lines line on line.loan_id = loans.id
           where loans.service_user_id = person.id and line.ended_at is null and line.cancelled_at is null
         ) as has_loan,
         exists (
           select from subject_access_requests where service_user_id = person.id and closed_at is null
         ) as has_request
  from service_users person
  join service_user_details details on details.service_user_id = person.id
  where person.organisation_id = ${scope.organisationId} and person.merged_into is null
    and person.created_at < ${begunBefore}::date
    and not exists (select from anonymisations where service_user_id = person.id)`

/** For the nightly job, as the role that cannot read a name. */
export async function listPeopleKept(db: Database, scope: Scope, begunBefore: string): Promise<PersonKept[]> {
  const { rows } = await sql<PersonKept>`${kept(scope, begunBefore)} order by person.id`.execute(db)
  return rows
}

export type NamedPersonKept = PersonKept & { name: string }

/** For information governance, with their names. */
export async function listNamesKept(db: Database, scope: Scope, begunBefore: string): Promise<NamedPersonKept[]> {
  const { rows } = await sql<NamedPersonKept>`
    select kept.*, details.name from (${kept(scope, begunBefore)}) kept
    join service_user_details details on details.service_user_id = kept.id
    order by kept.id`.execute(db)
  return rows
}

/** The record somebody is known by now, and what became part of it. */
export async function lockRecords(trx: InTransaction, id: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from service_users where id = any(records_of(${id})) order by id`.execute(trx)
  return rows.map((row) => row.id)
}

export interface Hold {
  id: number
  service_user_id: number
  name: string
  reason: string
  placed_at: string
  placed_by: string
  lifted_at: string | null
  lifted_by: string | null
  lifted_reason: string
}

const holds = (scope: Scope) => sql`
  select hold.id, hold.service_user_id, details.name, hold.reason, hold.placed_at, placer.name as placed_by,
         hold.lifted_at, lifter.name as lifted_by, hold.lifted_reason
  from legal_holds hold
  join service_user_details details on details.service_user_id = hold.service_user_id
  join staff placer on placer.id = hold.placed_by
  left join staff lifter on lifter.id = hold.lifted_by
  where hold.organisation_id = ${scope.organisationId}`

/** Everything that is held now, the oldest first. */
export async function listHolds(db: Database, scope: Scope, limit: number): Promise<Hold[]> {
  const { rows } = await sql<Hold>`${holds(scope)} and hold.lifted_at is null order by hold.id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Every hold of one record, those that were lifted too, the newest first. */
export async function listHoldsOf(db: Database, scope: Scope, serviceUserId: number): Promise<Hold[]> {
  const { rows } = await sql<Hold>`
    ${holds(scope)} and hold.service_user_id = ${serviceUserId} order by hold.id desc`.execute(db)
  return rows
}

export interface PersonOfRecord {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
  anonymised_at: string | null
}

/** Whose record it is, for information governance; the one it became part of, where it did. */
export async function findPersonOfRecord(db: Database, scope: Scope, id: number): Promise<PersonOfRecord | undefined> {
  const { rows } = await sql<PersonOfRecord>`
    select details.service_user_id as id, details.name, details.date_of_birth, details.nhs_number,
           (select at from anonymisations where service_user_id = details.service_user_id) as anonymised_at
    from service_user_details details
    where details.service_user_id = survivor_of(${id}) and details.organisation_id = ${scope.organisationId}`.execute(
    db,
  )
  return rows[0]
}

/** One hold of the organisation, lifted or not. */
export function findHold(db: Database, { organisationId }: Scope, id: number) {
  return db
    .selectFrom('legal_holds')
    .select(['id', 'service_user_id'])
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst()
}

/** The newest night's work. */
export function findLastRun(db: Database, { organisationId }: Scope) {
  return db
    .selectFrom('retention_runs')
    .select(['at', 'people_count', 'message_count', 'request_count'])
    .where('organisation_id', '=', organisationId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export type LastRun = NonNullable<Awaited<ReturnType<typeof findLastRun>>>
