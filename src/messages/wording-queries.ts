import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { OwnWording } from './wording-rules.ts'

/** What one organisation decided about one kind of message. */
export interface MessageSetting extends OwnWording {
  kind: string
  is_on: boolean
  version: number
  changed_at: string
  changed_by: string
}

const columns = sql`setting.kind, setting.is_on, setting.subject, setting.body, setting.text_body as text,
  setting.letter_body as letter, setting.version, setting.changed_at, staff.name as changed_by`

/** Everything that an organisation decided about its messages; a kind that is not there is as it comes with the service. */
export async function listMessageSettings(db: Database, { organisationId }: Scope): Promise<MessageSetting[]> {
  const { rows } = await sql<MessageSetting>`
    select ${columns} from message_settings setting join staff on staff.id = setting.changed_by
    where setting.organisation_id = ${organisationId}`.execute(db)
  return rows
}

/** More versions than anybody reads of one kind. */
const MOST_VERSIONS = 30

/** One kind, each version of it, the newest first; and the names that the organisation goes by. */
export async function readMessageSetting(db: Database, { organisationId }: Scope, kind: string) {
  const { rows } = await sql<{ versions: MessageSetting[]; organisation: string; wards: string[] }>`
    select organisations.name as organisation, coalesce((
      select json_agg(one order by one.version desc) from (
        select ${columns} from message_setting_changes setting join staff on staff.id = setting.changed_by
        where setting.organisation_id = organisations.id and setting.kind = ${kind}
        order by setting.version desc limit ${MOST_VERSIONS}
      ) one
    ), '[]') as versions, ${wardsOf} as wards
    from organisations where id = ${organisationId}`.execute(db)
  return rows[0] ?? { versions: [], organisation: '', wards: [] }
}

const wardsOf = sql`coalesce((
  select json_agg(wards.name) from wards where wards.organisation_id = organisations.id
), '[]')`

/** The own words for one kind of message, with the names that the organisation goes by. */
export interface WordingRow extends OwnWording {
  organisation_id: number
  kind: string
  organisation: string
  wards: string[]
}

/** The own words of these organisations, of every kind that has any. */
export async function listWordings(db: Database, organisations: readonly number[]): Promise<WordingRow[]> {
  const { rows } = await sql<WordingRow>`
    select setting.organisation_id, setting.kind, setting.subject, setting.body, setting.text_body as text,
           setting.letter_body as letter, organisations.name as organisation, ${wardsOf} as wards
    from message_settings setting join organisations on organisations.id = setting.organisation_id
    where setting.organisation_id = any(${organisations}::bigint[])
      and num_nonnulls(setting.subject, setting.body, setting.text_body, setting.letter_body) > 0`.execute(db)
  return rows
}
