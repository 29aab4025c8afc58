import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { PublishedFigure } from './figures-rules.ts'

/** Organisations that have chosen how they publish. */
export async function listPublishers(db: Database): Promise<number[]> {
  const rows = await db
    .selectFrom('organisations')
    .select('id')
    .where('disclosure_profile', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** How an organisation publishes; whoever else publishes for it waits. */
export async function lockPublisher(trx: InTransaction, { organisationId }: Scope): Promise<string | null> {
  const row = await trx
    .selectFrom('organisations')
    .select('disclosure_profile')
    .where('id', '=', organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row?.disclosure_profile ?? null
}

export interface PublishedRow extends PublishedFigure {
  set: string
  publishedAt: string
}

/** What came out of some sets for some periods. */
export async function listPublished(
  db: Database,
  { organisationId }: Scope,
  { names, periods }: { names: readonly string[]; periods: readonly string[] },
): Promise<PublishedRow[]> {
  const { rows } = await sql<PublishedRow>`
    select line_set as "set", line, period, shown, published_at as "publishedAt"
    from published_figures
    where organisation_id = ${organisationId} and line_set = any(${[...names]}::text[]) and period = any(${[...periods]}::text[])
  `.execute(db)
  return rows
}

export async function addPublished(
  trx: InTransaction,
  { organisationId }: Scope,
  { name, figures, now }: { name: string; figures: readonly PublishedFigure[]; now: Date },
): Promise<void> {
  await sql`
    insert into published_figures (organisation_id, line_set, period, line, shown, published_at)
    select ${organisationId}, ${name}, period, line, shown, ${now}
    from json_to_recordset(${JSON.stringify(figures)}::json) as figures (period text, line text, shown integer)
  `.execute(trx)
}
