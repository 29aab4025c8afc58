import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { nameIds } from './ids.ts'
import type { Records } from './records.ts'

type Row = Record<string, unknown>
export type Snapshot = Map<string, Map<string, Row>>

const withoutMeaning = ['sessions', 'rate_limits', 'kysely_migration', 'kysely_migration_lock']

/** Every row there is, by table and then by its key. */
export async function takeSnapshot(db: Database): Promise<Snapshot> {
  const { rows: tables } = await sql<{ name: string; key: string[] }>`
    select relname as name, array(
      select attname::text from pg_attribute where attrelid = indrelid and attnum = any(indkey)
    ) as key
    from pg_index join pg_class on pg_class.oid = indrelid
    where indisprimary and relnamespace = 'public'::regnamespace order by relname`.execute(db)
  const snapshot: Snapshot = new Map()
  for (const { name, key } of tables.filter((table) => !withoutMeaning.includes(table.name))) {
    const { rows } = await sql<{ row: Row }>`select to_jsonb(one) as row from ${sql.table(name)} one`.execute(db)
    snapshot.set(name, new Map(rows.map(({ row }) => [key.map((column) => row[column]).join(' '), row])))
  }
  return snapshot
}

/**
 * What was added, changed and taken away between two snapshots, told in words that are the same each time a form is
 * sent: our records by their names, everything new as new.
 */
export function whatChanged(
  before: Snapshot,
  after: Snapshot,
  { records, fresh }: { records: Records; fresh: string },
): string[] {
  const names = new Map(Object.entries(records).map(([name, value]) => [String(value), name]))
  const told = (value: unknown) => nameIds(inWords(JSON.stringify(value), fresh), names)
  const lines: string[] = []
  for (const [table, rows] of after) {
    const old = before.get(table) ?? new Map<string, Row>()
    for (const [key, row] of rows) {
      const was = old.get(key)
      const changed = Object.entries(row).filter(([column, value]) => !isSame(value, was?.[column]))
      if (changed.length === 0) continue
      const columns = changed.map(([column, value]) =>
        column === 'transaction_id' ? 'in its transaction' : `${column}=${told(value)}`,
      )
      lines.push(`${was ? 'changed' : 'added'} ${table}: ${columns.join(', ')}`)
    }
    for (const key of old.keys()) if (!rows.has(key)) lines.push(`took away ${table}`)
  }
  return lines.sort()
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

function inWords(json: string, fresh: string): string {
  return json
    .replaceAll(fresh, 'new')
    .replaceAll(fresh.replaceAll('-', ' '), 'new')
    .replace(uuid, 'a key')
    .replace(/mine[ -.]\d+/g, 'mine')
    .replace(/EXAMPLE\d+/gi, 'a serial')
    .replace(/999\d{7}/g, 'an NHS number')
}
