import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Block } from './block-rules.ts'

/** More than any organisation has of one kind; the list says when it is cut. */
export const MOST_GUIDES = 500

export interface GuideRow {
  id: number
  purpose: string
  platform_id: number | null
  platform: string | null
  form: string
  language: string
  number: number
  title: string
  approved_at: string | null
  retired_at: string | null
  review_on: string | null
}

const isDraftOrInUse = sql`guides.retired_at is null`
const isInUse = sql`guides.approved_at is not null and guides.retired_at is null`

const rowColumns = sql`guides.id, guides.purpose, guides.platform_id, platforms.name as platform, guides.form, guides.language,
  guides.number, guides.title, guides.approved_at, guides.retired_at, guides.review_on`

const inOrder = sql`guides.purpose, platforms.name nulls first, guides.language <> 'en', guides.language, guides.form desc, guides.id`

/** The guides in use and, for whoever writes them, the drafts; without their words. */
export async function listGuides(db: Database, { organisationId }: Scope, withDrafts: boolean): Promise<GuideRow[]> {
  const which = withDrafts ? isDraftOrInUse : isInUse
  const { rows } = await sql<GuideRow>`
    select ${rowColumns} from guides left join platforms on platforms.id = guides.platform_id
    where guides.organisation_id = ${organisationId} and ${which}
    order by ${inOrder} limit ${MOST_GUIDES}`.execute(db)
  return rows
}

/** As {@link listGuides} of what may be handed out, in one column beside whatever else is read: no question for each person. */
export const guidesInUse = (organisationId: number): RawBuilder<GuideRow[]> => sql<GuideRow[]>`(
  select coalesce(json_agg(guide), '[]') from (
    select ${rowColumns} from guides left join platforms on platforms.id = guides.platform_id
    where guides.organisation_id = ${organisationId} and ${isInUse}
    order by ${inOrder} limit ${MOST_GUIDES}
  ) guide
)`

export interface Guide extends GuideRow {
  blocks: Block[]
  link: string
  version: number
  written_at: string
  written_by: string
  approved_by: string | null
  retired_by: string | null
}

const guideQuestion = (organisationId: number, which: RawBuilder<unknown>) => sql<Guide>`
  select ${rowColumns}, guides.blocks, guides.link, guides.version, guides.written_at, writer.name as written_by,
         approver.name as approved_by, retirer.name as retired_by
  from guides
  left join platforms on platforms.id = guides.platform_id
  join staff writer on writer.id = guides.written_by
  left join staff approver on approver.id = guides.approved_by
  left join staff retirer on retirer.id = guides.retired_by
  where guides.organisation_id = ${organisationId} and ${which}`

export async function findGuide(db: Database, { organisationId }: Scope, id: number): Promise<Guide | undefined> {
  const { rows } = await guideQuestion(organisationId, sql`guides.id = ${id}`).execute(db)
  return rows[0]
}

/** The words of several guides at once, as of the letters of a whole batch. */
export async function readGuides(db: Database, { organisationId }: Scope, ids: readonly number[]): Promise<Guide[]> {
  if (ids.length === 0) return []
  const { rows } = await guideQuestion(organisationId, sql`guides.id = any(${ids}::bigint[])`).execute(db)
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? [])
}

export type LockedGuide = Pick<Guide, Exclude<keyof Guide, 'platform' | 'written_by' | 'approved_by' | 'retired_by'>>

export async function lockGuide(
  trx: InTransaction,
  { organisationId }: Scope,
  id: number,
): Promise<LockedGuide | undefined> {
  const { rows } = await sql<LockedGuide>`
    select id, purpose, platform_id, form, language, number, title, blocks, link, version, written_at, approved_at,
           retired_at, review_on
    from guides where id = ${id} and organisation_id = ${organisationId} for no key update`.execute(trx)
  return rows[0]
}
