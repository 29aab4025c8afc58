import { CompiledQuery, sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { nameIds } from './ids.ts'
import type { Records } from './records.ts'

/** What is written without any record being changed: who asked, the session of it, and how often somebody guessed. */
const comings = ['audit_events', 'audit_details', 'sessions', 'rate_limits']

export type Moment = { xid: string; counts: Map<string, number> }

/** Marks a moment, to ask later what was written since. */
export async function thisMoment(db: Database): Promise<Moment> {
  const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
  return { xid: rows[0]!.xid, counts: await countRows(db) }
}

interface Written {
  table: string
  row: Record<string, unknown>
}

/**
 * Every row that was added or changed since, as it is now. (`xmin` is the transaction that wrote a row.) One statement
 * for all tables, and the same each time: to plan it takes ten times as long as to run it.
 */
async function rowsSince(db: Database, { xid }: Moment): Promise<Written[]> {
  const text = await ofEachTable(db, 'written', (name) => {
    return `select '${name}' as "table", to_jsonb(one) as row from "${name}" one where xmin::text::bigint > $1::bigint`
  })
  const { rows } = await db.executeQuery<Written>(CompiledQuery.raw(text, [xid]))
  return rows
}

/** What was written and taken away since, told in words that are the same each time a form is sent. */
export async function whatChanged(
  db: Database,
  since: Moment,
  { records, fresh }: { records: Records; fresh: string },
): Promise<string[]> {
  const names = new Map(Object.entries(records).map(([name, value]) => [String(value), name]))
  const rows = (await rowsSince(db, since)).filter(({ table }) => table !== 'sessions' && table !== 'rate_limits')
  const inItsTransaction = (column: string, value: unknown) => (column === 'transaction_id' ? 'its own' : value)
  // one row that is never begun anew, so that its versions go on
  const settled = ({ table, row }: Written) =>
    table.startsWith('message_setting') ? { table, row: { ...row, version: 'the next' } } : { table, row }
  const told = rows
    .map(settled)
    .map(({ table, row }) => `${table} ${nameIds(inWords(JSON.stringify(row, inItsTransaction), fresh), names)}`)
  return [...told.sort(), ...(await takenAway(db, since))]
}

/** The tables in which anything changed since, but for who asked. */
export async function tablesChanged(db: Database, since: Moment): Promise<string[]> {
  const rows = await rowsSince(db, since)
  const written = rows.map(({ table }) => table).filter((table) => !comings.includes(table))
  return [...new Set([...written, ...(await takenAway(db, since))])]
}

async function takenAway(db: Database, { counts }: Moment): Promise<string[]> {
  const now = await countRows(db)
  return [...counts].flatMap(([table, count]) => {
    return !comings.includes(table) && (now.get(table) ?? 0) < count ? [`fewer rows in ${table}`] : []
  })
}

async function countRows(db: Database): Promise<Map<string, number>> {
  const text = await ofEachTable(db, 'counted', (name) => {
    return `select '${name}' as name, count(*)::int as count from "${name}" where $1::boolean`
  })
  const { rows } = await db.executeQuery<{ name: string; count: number }>(CompiledQuery.raw(text, [true]))
  return new Map(rows.map(({ name, count }) => [name, count]))
}

/** Every test database has the same tables. */
const texts = new Map<string, string>()

async function ofEachTable(db: Database, what: string, select: (name: string) => string): Promise<string> {
  const known = texts.get(what) ?? (await listTables(db)).map(select).join(' union all ')
  texts.set(what, known)
  return known
}

async function listTables(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`.execute(db)
  return rows.map(({ name }) => name)
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

function inWords(json: string, fresh: string): string {
  return (
    json
      .replace(/"(token_hash|code_hash|print)":"[^"]*"/g, '"$1":"of its own"')
      .replace(/"sim_number":"\d+"/g, '"sim_number":"of its own"')
      .replace(/"ward-\d+"/g, '"a code of its own"')
      .replace(/\/(invitation|reset-password)\/[\w-]{43}/g, '/$1/of-its-own')
      .replace(/staff-\d+@/g, 'staff-n@')
      .replace(/\\\\x([0-9a-f]+)/g, (_, hex) => Buffer.from(hex, 'hex').toString())
      .replace(/894499\d{13}/g, 'a SIM')
      .replaceAll(fresh, 'new')
      .replaceAll(fresh.replaceAll('-', ' '), 'new')
      .replace(uuid, 'a key')
      .replace(/\$argon2id\$[^"]+/g, 'a hash')
      .replace(/mine[ -.]\d+/g, 'mine')
      .replace(/EXAMPLE\d+/gi, 'a serial')
      .replace(/999\d{7}/g, 'an NHS number')
      // of whoever comes in from a spreadsheet
      .replace(/191\d-\d\d-\d\d|\d{1,2}\/\d{1,2}\/191\d/g, 'a birthday')
  )
}
