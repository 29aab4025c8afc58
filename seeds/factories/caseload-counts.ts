import type { Database } from '../../src/database/connection.ts'
import { exampleNow } from './example.ts'

interface CountsStory {
  organisation_id: number
  by: { id: number }
  /** null: of the whole organisation. */
  ward?: { id: number } | null
  countedOn?: string
  /** By breakdown and group. */
  people?: Readonly<Record<string, Readonly<Record<string, number>>>>
  at?: Date
}

/** The counts of one place and day, and the spreadsheet they came in. */
export async function caseloadCounts(
  db: Database,
  { organisation_id, by, ward = null, countedOn = '2026-07-01', at = exampleNow, ...story }: CountsStory,
): Promise<{ id: number }> {
  const { people = { everybody: { everybody: 340 }, gender: { woman: 190, man: 140, 'not-known': 10 } } } = story
  const rows = Object.entries(people).flatMap(([breakdown, groups]) =>
    Object.entries(groups).map(([people_group, count]) => ({ breakdown, people_group, people: count })),
  )
  const result = JSON.stringify({ created: rows.length, updated: 0, unchanged: 0, errors: 0 })
  const file = { kind: 'counts', file_name: 'caseload.csv', created_at: at, applied_at: at, result }
  const { id } = await db
    .insertInto('imports')
    .values({ organisation_id, staff_id: by.id, ...file })
    .returning('id')
    .executeTakeFirstOrThrow()
  const about = { organisation_id, ward_id: ward?.id ?? null, counted_on: countedOn, import_id: id }
  await db
    .insertInto('caseload_counts')
    .values(rows.map((row) => ({ ...about, ...row })))
    .execute()
  return { id }
}
