import type { Client } from 'pg'

/**
 * What is not copied: who is signed in, who was counted, who works. A copy that is taken into use asks everybody to sign
 * in again: somebody who signed out since must not be signed in by it. What migrations were made is in the manifest.
 */
const leftOut = [
  'public.sessions',
  'public.rate_limits',
  'public.job_workers',
  'public.kysely_migration',
  'public.kysely_migration_lock',
  'graphile_worker.migrations',
]

export interface Table {
  /** With its schema, as SQL writes it. */
  name: string
  /** As SQL writes them, without what PostgreSQL works out by itself. */
  columns: string[]
}

/** Every table that is copied, in one order for all. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select format('%I.%I', nspname, relname) as name, array_agg(quote_ident(attname) order by attnum) as columns
     from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace
     join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = ''
     where nspname in ('public', 'graphile_worker') and relkind = 'r'
     group by nspname, relname
     having not format('%s.%s', nspname, relname) = any ($1)
     order by nspname, relname`,
    [leftOut],
  )
  return rows
}

export interface Contents {
  rows: number
  checksum: string
}

/**
 * How many rows a table has, and a sum that any other row, missing row or row too many changes, in whatever order they
 * lie. It is worked out from text, so that every version of PostgreSQL finds the same.
 */
export async function measure(client: Client, { name, columns }: Table): Promise<Contents> {
  const { rows } = await client.query<{ rows: string; checksum: string }>(
    `select count(*) as rows,
            coalesce(sum(('x' || left(md5(row(${columns.join(', ')})::text), 16))::bit(64)::bigint), 0)::text as checksum
     from ${name}`,
  )
  return { rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' }
}

export interface Counter {
  /** The sequence that gives a table its next id, as SQL writes it. */
  name: string
  value: string
  isCalled: boolean
}

export async function readCounters(client: Client): Promise<Counter[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace
     where nspname in ('public', 'graphile_worker') and relkind = 'S' order by 1`,
  )
  const counters: Counter[] = []
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ value: string; is_called: boolean }>(
      `select last_value::text as value, is_called from ${name}`,
    )
    if (state[0]) counters.push({ name, value: state[0].value, isCalled: state[0].is_called })
  }
  return counters
}

/** One way for values to read as text, whatever the server or its roles are set to. */
export async function readAlike(client: Client): Promise<void> {
  await client.query(`set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
    set extra_float_digits = 1; set bytea_output = 'hex'; set statement_timeout = 0; set lock_timeout = '30s';
    set idle_in_transaction_session_timeout = 0; set client_encoding = 'UTF8'; set search_path = public`)
}
