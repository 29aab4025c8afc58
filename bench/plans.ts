import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import supertest from 'supertest'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openPool } from '../src/database/connection.ts'
import type { DB } from '../src/database/schema.ts'
import { countGuesses } from '../src/sign-in/actions.ts'
import { createLog } from '../src/web/log.ts'
import { championEmail, password } from './fill.ts'

export interface Statement {
  sql: string
  values: readonly unknown[]
}

/** The app in this process, with somebody signed in, telling which statements each page asks. */
export interface ListeningApp {
  statementsOf(path: string): Promise<Statement[]>
  close(): Promise<void>
}

export async function listenTo(databaseUrl: string): Promise<ListeningApp> {
  const config = readConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' })
  const pool = openPool({ url: databaseUrl, applicationName: 'bench plans' })
  const heard: Statement[] = []
  const db = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void heard.push({ sql: query.sql, values: query.parameters }),
  })
  const log = createLog('silent')
  const services = { config, db, log, clock: () => new Date(), sessionSecret: 'bench', guesses: countGuesses(pool) }
  const agent = supertest.agent(createApp(services))
  const form = await agent.get('/sign-in')
  const token = /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1]
  await agent.post('/sign-in').type('form').send({ _csrf: token, email: championEmail(1), password })
  return {
    statementsOf: async (path) => {
      heard.length = 0
      const { status } = await agent.get(path)
      if (status !== 200) throw new Error(`${path}: ${status}`)
      return heard.filter(({ sql }) => /^\s*(select|with)/i.test(sql))
    },
    close: () => db.destroy(),
  }
}

export interface PlanRead {
  sql: string
  buffers: number
  milliseconds: number
  lines: string[]
}

/** PostgreSQL tries five plans for the values it is given before it settles on how it runs a named statement. */
const UNTIL_SETTLED = 6

/** How PostgreSQL runs a statement once it knows it, as it does for the app. */
export async function explain(client: pg.Client, name: string, { sql, values }: Statement): Promise<PlanRead> {
  for (let time = 0; time < UNTIL_SETTLED; time += 1) await client.query({ name, text: sql, values: [...values] })
  const literals = values.map((value) => literalOf(client, value)).join(', ')
  const execute = values.length === 0 ? sql : `execute "${name}"(${literals})`
  const { rows } = await client.query<{ 'QUERY PLAN': [Explained] }>(`explain (analyze, buffers, format json) ${execute}`)
  const [plan] = rows[0]?.['QUERY PLAN'] ?? []
  if (plan === undefined) throw new Error('PostgreSQL explained nothing')
  const text = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${execute}`)
  return {
    sql,
    buffers: (plan.Plan['Shared Hit Blocks'] ?? 0) + (plan.Plan['Shared Read Blocks'] ?? 0),
    milliseconds: plan['Execution Time'],
    lines: text.rows.map((row) => row['QUERY PLAN']),
  }
}

interface Explained {
  Plan: { 'Shared Hit Blocks'?: number; 'Shared Read Blocks'?: number }
  'Execution Time': number
}

function literalOf(client: pg.Client, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  const prepared = (pg as unknown as { utils?: unknown }).utils === undefined ? value : value
  if (Array.isArray(prepared)) return client.escapeLiteral(`{${prepared.map(String).join(',')}}`)
  if (prepared instanceof Date) return client.escapeLiteral(prepared.toISOString())
  if (Buffer.isBuffer(prepared)) return client.escapeLiteral(`\\x${prepared.toString('hex')}`)
  return client.escapeLiteral(String(prepared))
}
