import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { platformNext } from './person-queries.ts'
import type { Guide } from './queries.ts'
import type { GuideReader, GuideToLink } from './reading-rules.ts'

/** How these people read, hear and understand, and what they meet on next; for what is written to many at once. */
export async function listGuideReaders(db: Database, people: readonly number[], now: Date): Promise<GuideReader[]> {
  const { rows } = await sql<GuideReader>`
    select person.id, person.organisation_id, to_json(person.needs) as needs, person.interpreter, details.language,
           ${platformNext('person.id', now)} as platform
    from service_users person join service_user_details details on details.service_user_id = person.id
    where person.id = any(${people}::bigint[])`.execute(db)
  return rows
}

/** The guides to joining a call that these organisations have in use, each with what its link is made of. */
export async function listGuidesToLink(db: Database, organisations: readonly number[]): Promise<GuideToLink[]> {
  const { rows } = await sql<GuideToLink>`
    select id, organisation_id, purpose, platform_id, form, language, reading_key from guides
    where organisation_id = any(${organisations}::bigint[]) and purpose = 'join-call'
      and approved_at is not null and retired_at is null
    order by id`.execute(db)
  return rows
}

/** The guide that a link leads to today: the version in use of what was sent. Undefined where none is in use any more. */
export async function findGuideToRead(db: Database, key: string): Promise<GuideToRead | undefined> {
  const { rows } = await sql<GuideToRead>`
    select guides.title, guides.language, guides.form, guides.blocks, guides.link, guides.number, guides.approved_at, guides.retired_at
    from guides sent
    join guides on guides.organisation_id = sent.organisation_id and guides.purpose = sent.purpose
      and coalesce(guides.platform_id, 0) = coalesce(sent.platform_id, 0) and guides.form = sent.form
      and guides.language = sent.language and guides.approved_at is not null and guides.retired_at is null
    where sent.reading_key = ${key} and sent.approved_at is not null`.execute(db)
  return rows[0]
}

export type GuideToRead = Pick<
  Guide,
  'title' | 'language' | 'form' | 'blocks' | 'link' | 'number' | 'approved_at' | 'retired_at'
>
