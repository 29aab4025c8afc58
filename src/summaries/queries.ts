import { sql } from 'kysely'
import { newestAnswersOf } from '../conversations/answer-queries.ts'
import type { Answer } from '../conversations/flag-rules.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import { preferencesOf } from '../preferences/preference-queries.ts'
import type { Preference } from '../preferences/rules.ts'
import { type PersonsWay, personsWayOf } from '../readiness/queries.ts'
import { restrictionsOf } from '../restrictions/person-queries.ts'
import type { RestrictionFacts } from '../restrictions/rules.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonOfTheirs } from '../service-users/reach-queries.ts'

export interface TheirPerson {
  id: number
  name: string
  known_as: string
  date_of_birth: string | null
  state: string
  place: string | null
}

/** One page of the people somebody works with, by name. A cursor is an id: a name may not stand in an address. */
export async function listTheirPeople(db: Database, actor: Actor, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const order = isBackwards ? sql`desc` : sql`asc`
  const from =
    cursor === undefined
      ? sql``
      : sql`and (details.name_key, person.id) ${isBackwards ? sql`<` : sql`>`} (
          select name_key, service_user_id from service_user_details
          where service_user_id = ${Number(cursor)} and organisation_id = ${actor.organisationId}
        )`
  const { rows } = await sql<TheirPerson>`
    select person.id, details.name, details.known_as, details.date_of_birth, person.state,
           coalesce(ward.name, team.name) as place
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    left join wards ward on ward.id = person.ward_id and person.state = 'admitted'
    left join wards team on team.id = person.team_id
    where person.organisation_id = ${actor.organisationId} and person.merged_into is null and ${isPersonOfTheirs(actor, 'person')} ${from}
    order by details.name_key ${order}, person.id ${order}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, ({ id }) => String(id))
}

export interface Summary extends TheirPerson {
  nhs_number: string | null
  ward: string | null
  team: string | null
  clinician: string
  state_on: string | null
  interpreter: string | null
  language: string
  needs: string[]
  needs_words: string
  needs_met: string
  agrees: string | null
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  champion: string | null
  has_loan: boolean
  /** What counts of what they said in conversations; how they want to meet. What is told of it is for the presenter. */
  said: Answer[]
  preferences: Preference[]
  restrictions: RestrictionFacts[]
  /** Their next appointments, and how far they have come. */
  way: PersonsWay
}

/** What whoever works with somebody has to know of them; of anybody else's people: none. */
export async function findSummary(
  db: Database,
  actor: Actor,
  id: number,
  asked: { now: Date; most: number },
): Promise<Summary | undefined> {
  const { rows } = await sql<Summary>`
    select person.id, details.name, details.known_as, details.date_of_birth, details.nhs_number, person.state,
           person.state_on, coalesce(ward.name, team.name) as place, ward.name as ward, team.name as team,
           details.clinician, person.interpreter, details.language, person.needs, details.needs_words,
           details.needs_met, person.agrees, person.parent_contact, details.contact_instruction,
           ${contactFactsOf('person.id')} as contact,
           (select staff.name from caseload_entries entry join staff on staff.id = entry.staff_id
            where entry.service_user_id = person.id and entry.ended_at is null) as champion,
           ${newestAnswersOf('person.id')} as said, ${preferencesOf(sql`person.id`)} as preferences,
           ${restrictionsOf(sql`person.id`)} as restrictions,
           ${personsWayOf(actor, 'person.id', asked)} as way,
           exists (
             select from loans join loan_lines line on line.loan_id = loans.id
             where loans.service_user_id = person.id and line.taken_at is not null and line.ended_at is null
           ) as has_loan
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    left join wards ward on ward.id = person.ward_id and person.state = 'admitted'
    left join wards team on team.id = person.team_id
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId} and ${isPersonOfTheirs(actor, 'person')}
  `.execute(db)
  return rows[0]
}
