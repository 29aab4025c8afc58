import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { type GuideRow, guidesInUse } from '../guides/queries.ts'
import type { Actor } from '../lib/actor.ts'

export interface LetterGiven {
  format: string
  told_as: string
  at: string
  staff_member: string
  is_overtaken: boolean
}

/** What a letter needs beside its appointment: how they read, where it would go, every guide in use, and what was given before. */
export interface LetterSetting {
  name: string
  known_as: string
  address: string
  needs: string[]
  interpreter: string | null
  language: string
  organisation: string
  help_line: string
  guides: GuideRow[]
  letters: LetterGiven[]
}

/** In one question; whether the appointment is in reach was asked before. */
export async function readLetterSetting(
  db: Database,
  { organisationId }: Actor,
  { id, service_user_id }: { id: number; service_user_id: number },
): Promise<LetterSetting | undefined> {
  const { rows } = await sql<LetterSetting>`
    select details.name, details.known_as, details.address, to_json(person.needs) as needs, person.interpreter,
           details.language, organisation.name as organisation, organisation.help_line,
           ${guidesInUse(organisationId)} as guides,
           coalesce((
             select json_agg(json_build_object('format', letter.format, 'told_as', letter.told_as, 'at', letter.at,
                             'staff_member', staff.name, 'is_overtaken', letter.is_overtaken) order by letter.id desc)
             from appointment_letters letter join staff on staff.id = letter.by where letter.appointment_id = ${id}
           ), '[]') as letters
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    join organisations organisation on organisation.id = person.organisation_id
    where person.id = ${service_user_id} and person.organisation_id = ${organisationId}`.execute(db)
  return rows[0]
}

/** What the letters of one batch need beside their appointments, by person; nothing of what was given before. */
export async function readSettingsToPost(
  db: Database,
  { organisationId }: Actor,
  people: readonly number[],
): Promise<Map<number, LetterSetting>> {
  if (people.length === 0) return new Map()
  const { rows } = await sql<{
    guides: GuideRow[]
    people: (Omit<LetterSetting, 'guides' | 'letters'> & { id: number })[]
  }>`
    select ${guidesInUse(organisationId)} as guides, (
      select coalesce(json_agg(json_build_object(
        'id', person.id, 'name', details.name, 'known_as', details.known_as, 'address', details.address,
        'needs', to_json(person.needs), 'interpreter', person.interpreter, 'language', details.language,
        'organisation', organisation.name, 'help_line', organisation.help_line
      )), '[]')
      from service_users person
      join service_user_details details on details.service_user_id = person.id
      join organisations organisation on organisation.id = person.organisation_id
      where person.id = any(${people}::bigint[]) and person.organisation_id = ${organisationId}
    ) as people`.execute(db)
  const [found] = rows
  if (!found) throw new Error('A select without from gives one row')
  return new Map(found.people.map(({ id, ...setting }) => [id, { ...setting, guides: found.guides, letters: [] }]))
}
