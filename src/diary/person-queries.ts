import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'

export interface PersonToPlan {
  id: number
  name: string
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  carer_id: number | null
}

/** Somebody in reach with whom something is planned, and how they may be reached. */
export async function findPersonToPlan(db: Database, actor: Actor, id: number): Promise<PersonToPlan | undefined> {
  const { rows } = await sql<PersonToPlan>`
    select person.id, details.name, person.state, person.parent_contact, details.contact_instruction,
           ${contactFactsOf('person.id')} as contact,
           (select staff_id from caseload_entries where service_user_id = person.id and ended_at is null) as carer_id
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'person.id')}
  `.execute(db)
  return rows[0]
}

/** What the organisation decided about calls: the break between two, and how many working days what comes before takes. */
export async function readCallSettings(db: Database, { organisationId }: Scope) {
  return await db
    .selectFrom('organisations')
    .select(['break_minutes', 'trial_call_days', 'interpreter_days'])
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
}

/** How long a champion has between two calls, as the organisation decided. */
export async function readBreakMinutes(db: Database, actor: Scope): Promise<number> {
  return (await readCallSettings(db, actor)).break_minutes
}
