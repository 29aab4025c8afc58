import { type Insertable, type Selectable, sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { DB } from '../../src/database/schema.ts'

/** The time it is in tests: a Monday morning, half past ten in London. */
export const exampleNow = new Date('2026-08-03T09:30:00Z')

/** When the places, people and items of a test came into being. */
export const longAgo = new Date('2024-06-03T08:00:00Z')

let last = 0

/** 1, 2, 3 … so that two things made by default never have the same name, and every run has the same names. */
export function nextNumber(): number {
  last += 1
  return last
}

/**
 * Puts rows into a table in one statement with one parameter, however many rows there are; PostgreSQL reads them as rows
 * of that table. They get their ids, and come back, in the order they went in. All must have the same columns.
 */
export async function insertAll<T extends keyof DB>(
  db: Database,
  table: T,
  rows: Insertable<DB[T]>[],
): Promise<Selectable<DB[T]>[]> {
  if (rows.length === 0) return []
  const columns = sql.join(Object.keys(rows[0] as object).map((column) => sql.ref(column)))
  const name = sql.table(table)
  const inserted = await sql<Selectable<DB[T]>>`
    insert into ${name} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${name}, ${JSON.stringify(rows)}::jsonb)
    returning *`.execute(db)
  return inserted.rows
}

export async function insertOne<T extends keyof DB>(
  db: Database,
  table: T,
  row: Insertable<DB[T]>,
): Promise<Selectable<DB[T]>> {
  const [inserted] = await insertAll(db, table, [row])
  if (inserted === undefined) throw new Error(`Nothing came back from ${table}`)
  return inserted
}
