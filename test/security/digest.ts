import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'

/** A fingerprint of each table's rows; of one organisation's, where one is named. */
export async function digestOf(
  db: Database,
  { organisationId, except = [] }: { organisationId?: number; except?: string[] } = {},
): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string; has_organisation: boolean }>`
    select relname as name, exists (
      select from pg_attribute where attrelid = pg_class.oid and attname = 'organisation_id'
    ) as has_organisation
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`.execute(db)
  const wanted = tables.filter(({ name, has_organisation }) => {
    return !except.includes(name) && (organisationId === undefined || has_organisation)
  })
  const digests: Record<string, string> = {}
  for (const { name } of wanted) {
    const whose = organisationId === undefined ? sql`` : sql`where organisation_id = ${organisationId}`
    const { rows } = await sql<{ digest: string }>`
      select count(*) || ' rows ' || coalesce(md5(string_agg(line, e'\n' order by line)), '') as digest
      from (select one::text as line from ${sql.table(name)} one ${whose}) lines`.execute(db)
    digests[name] = rows[0]!.digest
  }
  return digests
}
