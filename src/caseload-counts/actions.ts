import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { NotFound } from '../lib/refusals.ts'
import type { CaseloadCount } from './rules.ts'

/** Writes down counts that came in with a spreadsheet, whose audit row says so; what is here already is changed. */
export async function writeCounts(
  { trx, by }: Change<Author>,
  importId: number,
  counts: readonly CaseloadCount[],
): Promise<void> {
  const column = <T>(of: (count: CaseloadCount) => T) => counts.map(of)
  await sql`
    insert into caseload_counts (organisation_id, import_id, counted_on, ward_id, breakdown, people_group, people)
    select ${by.organisationId}, ${importId}, counted_on, ward_id, breakdown, people_group, people
    from unnest(
      ${column(({ countedOn }) => countedOn)}::date[],
      ${column(({ wardId }) => wardId)}::bigint[],
      ${column(({ breakdown }) => breakdown)}::text[],
      ${column(({ group }) => group)}::text[],
      ${column(({ people }) => people)}::int[]
    ) said (counted_on, ward_id, breakdown, people_group, people)
    on conflict on constraint counted_once do update set people = excluded.people, import_id = excluded.import_id
  `.execute(trx)
}

/** Takes back every count of one place and day, as when a file had the wrong day. Whoever comes second finds nothing. */
export async function removeCounts(
  change: Change,
  { countedOn, wardId }: Pick<CaseloadCount, 'countedOn' | 'wardId'>,
): Promise<void> {
  const { trx, by } = change
  const { rows } = await sql<{ breakdown: string; people_group: string; people: number }>`
    delete from caseload_counts
    where organisation_id = ${by.organisationId} and counted_on = ${countedOn} and ward_id is not distinct from ${wardId}
    returning breakdown, people_group, people`.execute(trx)
  if (rows.length === 0) throw new NotFound()
  change.audit({
    verb: 'caseload-counts:removed',
    ...(wardId !== null && { subject: ['ward', wardId] as const }),
    details: { day: countedOn, counts: rows.map((row) => `${row.breakdown} ${row.people_group}: ${row.people}`) },
  })
}
