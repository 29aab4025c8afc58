import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import { type GuideRow, guidesInUse } from './queries.ts'

/** The platform that somebody meets on next; else one that they said they know. */
export const platformNext = (person: string, now: Date) => sql<{ id: number; name: string } | null>`(
  select json_build_object('id', platforms.id, 'name', platforms.name) from (
    (select platform_id, 1 as nth from appointments
     where service_user_id = ${sql.ref(person)} and platform_id is not null and cancelled_at is null and starts_at > ${now}
     order by starts_at limit 1)
    union all
    (select known.platform_id, 2 from meeting_preferences said
     join meeting_preference_platforms known on known.preference_id = said.id
     where said.service_user_id = ${sql.ref(person)} and said.superseded_at is null
     order by said.id desc, known.platform_id limit 1)
  ) found join platforms on platforms.id = found.platform_id order by found.nth limit 1
)`

/** What is known about how somebody reads, hears and understands, with all that may be handed out: in one question. */
export interface PersonForGuides {
  id: number
  name: string
  needs: string[]
  interpreter: string | null
  language: string
  platform: { id: number; name: string } | null
  guides: GuideRow[]
  /** What they were given, the newest first. */
  given: { title: string; number: number; format: string; at: string; staff_member: string }[]
}

const givenTo = sql`(
  select coalesce(json_agg(given), '[]') from (
    select guides.title, guides.number, given.format, given.at, staff.name as staff_member
    from guides_given given join guides on guides.id = given.guide_id join staff on staff.id = given.by
    where given.service_user_id = person.id order by given.id desc limit 30
  ) given
)`

export async function findPersonForGuides(
  db: Database,
  actor: Actor,
  id: number,
  now: Date,
): Promise<PersonForGuides | undefined> {
  const { rows } = await sql<PersonForGuides>`
    select person.id, details.name, to_json(person.needs) as needs, person.interpreter, details.language,
           ${platformNext('person.id', now)} as platform, ${guidesInUse(actor.organisationId)} as guides,
           ${givenTo} as given
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'person.id')}`.execute(db)
  return rows[0]
}
