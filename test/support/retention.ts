import pg from 'pg'
import { openDatabase } from '../../src/database/connection.ts'
import { type PersonalTableName, personalTables } from '../../src/database/personal-data/declared.ts'
import type { TestApp } from './app.ts'
import { openTestPool } from './database.ts'

/** The database as the role that empties, for one piece of work. */
export async function asRetention<T>(
  { retentionUrl }: Pick<TestApp, 'retentionUrl'>,
  work: (db: ReturnType<typeof openDatabase>) => Promise<T>,
): Promise<T> {
  const db = openDatabase(openTestPool({ url: retentionUrl, applicationName: 'retention', connections: 1 }))
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

/** The whole database as text, table by table, as a backup would have it. */
export async function dump(app: Pick<TestApp, 'pool'>): Promise<Map<string, string[]>> {
  const tables = await app.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE' order by 1`,
  )
  const dumped = new Map<string, string[]>()
  for (const { name } of tables.rows) {
    const { rows } = await app.pool.query<{ row: string }>(`select to_jsonb(one)::text as row from ${name} one`)
    dumped.set(
      name.replace('public.', ''),
      rows.map(({ row }) => row),
    )
  }
  return dumped
}

/** As nobody works: past every trigger, to fill what no page could fill in one test. */
export async function pastTheRules(app: Pick<TestApp, 'adminUrl'>, statements: [string, unknown[]][]): Promise<void> {
  const admin = new pg.Client({ connectionString: app.adminUrl })
  await admin.connect()
  try {
    await admin.query(`set session_replication_role = 'replica'`)
    for (const [text, values] of statements) await admin.query(text, values)
  } finally {
    await admin.end()
  }
}

export const declaredNames = Object.keys(personalTables) as PersonalTableName[]
