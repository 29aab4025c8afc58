import { Kysely, type LogEvent, type Transaction } from 'kysely'
import pg from 'pg'
import { AppDialect } from './dialect.ts'
import type { DB } from './schema.ts'

export type Database = Kysely<DB>
export type InTransaction = Transaction<DB>

export interface DatabaseOptions {
  url: string
  applicationName: string
  /** Measured best at 2 to 4 for one process; 8 or 16 is no faster. */
  connections?: number
  statementTimeoutMs?: number
  /** How long a statement waits for a row that somebody else is changing: 5 s. */
  lockTimeoutMs?: number
  /** How long somebody waits for a connection before being told that there is none: 2.5 s. */
  connectWithinMs?: number
  onError?: (error: Error) => void
}

/**
 * A named statement is planned once, for whatever values come. Left to itself PostgreSQL plans a list anew for every page
 * that is asked for, because it takes the first page to be cheaper than "some page": 2 ms each time, for the same plan.
 * What decides a plan (how many rows, which state) therefore stands in the SQL and is no value.
 *
 * Its costs suppose a spinning disk. On memory and solid disks an index is nearly as quick to read as a table is in order,
 * and a page that many people ask for should not take the other processors as well.
 */
const SESSION_SETTINGS = [
  '-c timezone=UTC -c datestyle=ISO',
  '-c plan_cache_mode=force_generic_plan',
  '-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0',
].join(' ')

const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.NUMERIC, Number],
  // Dates and instants stay text: a list shows them and never computes with them, and making 50 rows of Date objects
  // costs a third of a list's speed.
  [pg.types.builtins.DATE, String],
  [pg.types.builtins.TIMESTAMPTZ, String],
])

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return parsers.get(oid) ?? pg.types.getTypeParser(oid, format)
  },
}

/** A pool that waits so long for a connection and then says so, in place of waiting for ever. */
export function openPool(options: DatabaseOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.connections ?? 4,
    connectionTimeoutMillis: options.connectWithinMs ?? 2_500,
    idleTimeoutMillis: 30_000,
    options: SESSION_SETTINGS,
    statement_timeout: statementTimeoutMs,
    // the server ends a statement by itself, unless nothing is heard of it any more
    query_timeout: statementTimeoutMs + 2_000,
    lock_timeout: options.lockTimeoutMs ?? 5_000,
    idle_in_transaction_session_timeout: 15_000,
    types: types as pg.CustomTypesConfig,
    // a statement goes off without waiting for the answer to the one before: see driver.ts
    pipeline: true,
  })
  const report = options.onError ?? (() => {})
  // A connection that breaks while it is checked out raises its error on the client and not on the pool; with nobody
  // listening there the whole process would end.
  pool.on('error', report)
  pool.on('connect', (client) => {
    client.on('error', report)
    nameStatements(client)
  })
  return pool
}

/** `onQuery` is told of every statement, and how long it took; without it nothing is measured. */
export function openDatabase(pool: pg.Pool, onQuery?: (event: LogEvent) => void): Database {
  return new Kysely<DB>({ dialect: new AppDialect({ pool }), ...(onQuery && { log: onQuery }) })
}

/** One connection as the role that empties what is kept no longer, where this process was given its address. */
export function openRetention(
  url: string | null,
  log: { error(fields: object, message: string): void },
): Database | undefined {
  if (url === null) return undefined
  const onError = (error: Error) => log.error({ err: error }, 'the connection of retention broke')
  return openDatabase(openPool({ url, applicationName: 'retention', connections: 1, onError }))
}

const statementNames = new Map<string, string>()
const MOST_STATEMENTS = 500

/** How often a statement without a name was sent; forgotten when there are too many, so that odd ones do not pile up. */
const timesSent = new Map<string, number>()
const TIMES_BEFORE_A_NAME = 3
const MOST_COUNTED = 2_000

/**
 * Lets PostgreSQL keep the plan of a statement it has seen: lists +23%, transactions +41% here. Kysely sends every
 * statement unnamed, so the name is given on the way out. What is asked again and again has one: the
 * number is capped, because each costs some 70 kB on every connection, and pages that are opened once a year would use it up.
 */
function nameStatements(client: pg.PoolClient): void {
  const send = client.query.bind(client) as (...args: unknown[]) => unknown
  const query = (...args: unknown[]) => {
    const [text, values] = args
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return send(...args)
    const name = statementName(text)
    return name === undefined ? send(...args) : send({ name, text, values }, ...args.slice(2))
  }
  client.query = query as typeof client.query
}

function statementName(text: string): string | undefined {
  const known = statementNames.get(text)
  if (known !== undefined || statementNames.size >= MOST_STATEMENTS) return known
  const times = (timesSent.get(text) ?? 0) + 1
  if (times < TIMES_BEFORE_A_NAME) {
    if (timesSent.size >= MOST_COUNTED) timesSent.clear()
    timesSent.set(text, times)
    return undefined
  }
  timesSent.delete(text)
  const name = `s${statementNames.size}`
  statementNames.set(text, name)
  return name
}
