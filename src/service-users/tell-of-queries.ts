import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonToTellOf } from './reach-queries.ts'

export interface PersonToTellOf {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
  state: string
}

const columns = sql`person.id, details.name, details.date_of_birth, details.nhs_number, person.state`

/** Somebody whom whoever asks may refer; a record that became part of another answers as that other. */
export async function findPersonToTellOf(db: Database, actor: Actor, id: number): Promise<PersonToTellOf | undefined> {
  const { rows } = await sql<PersonToTellOf>`
    select ${columns} from service_users person
    join service_user_details details on details.service_user_id = person.id
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      and ${isPersonToTellOf(actor, 'person')}
  `.execute(db)
  return rows[0]
}

/** Of these people those whom whoever asks may see, and be shown by name. */
export async function listPeopleToTellOf(db: Database, actor: Actor, ids: number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select person.id from service_users person
    where person.id = any(${ids}::bigint[]) and person.organisation_id = ${actor.organisationId}
      and ${isPersonToTellOf(actor, 'person')}
  `.execute(db)
  return rows.map(({ id }) => id)
}
