import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import type { PersonBusy } from './warning-rules.ts'

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

/** What somebody in reach has planned between two moments: their appointments, and our calls and visits. */
export async function listBusy(
  db: Database,
  { organisationId }: Scope,
  asked: {
    serviceUserId: number
    from: Date
    until: Date
    exceptEntryId?: number | null
    exceptAppointmentId?: number | null
  },
): Promise<PersonBusy[]> {
  const { serviceUserId, from, until, exceptEntryId = null, exceptAppointmentId = null } = asked
  const inMilliseconds = (column: 'starts_at' | 'ends_at') =>
    sql`round(extract(epoch from ${sql.ref(column)}) * 1000)::float8`
  const columns = sql`${inMilliseconds('starts_at')} as "from", ${inMilliseconds('ends_at')} as until`
  const { rows } = await sql<PersonBusy>`
    select 'appointment' as what, ${columns} from appointments
    where service_user_id = ${serviceUserId} and organisation_id = ${organisationId} and cancelled_at is null
      and id is distinct from ${exceptAppointmentId} and starts_at < ${until} and ends_at > ${from}
    union all
    select kind, ${columns} from diary_entries
    where service_user_id = ${serviceUserId} and organisation_id = ${organisationId} and cancelled_at is null
      and id is distinct from ${exceptEntryId} and starts_at < ${until} and ends_at > ${from}
    order by 2
  `.execute(db)
  return rows
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
