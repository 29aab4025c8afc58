import type { Express } from 'express'
import { Kysely } from 'kysely'
import type pg from 'pg'
import supertest from 'supertest'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openPool } from '../src/database/connection.ts'
import { AppDialect } from '../src/database/dialect.ts'
import type { DB } from '../src/database/schema.ts'
import { countGuesses } from '../src/sign-in/actions.ts'
import { createLog } from '../src/web/log.ts'
import { championEmail, password, READER_EMAIL } from './fill.ts'

export interface Statement {
  sql: string
  values: readonly unknown[]
}

/** The app in this process, with two people signed in, telling which statements each page asks. */
export interface ListeningApp {
  statementsOf(path: string, as: 'champion' | 'reader'): Promise<Statement[]>
  close(): Promise<void>
}

export async function listenTo(databaseUrl: string): Promise<ListeningApp> {
  const config = readConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' })
  const pool = openPool({ url: databaseUrl, applicationName: 'bench plans' })
  const heard: Statement[] = []
  const db = new Kysely<DB>({
    dialect: new AppDialect({ pool }),
    log: ({ query }) => void heard.push({ sql: query.sql, values: query.parameters }),
  })
  const log = createLog('silent')
  const services = {
    config,
    db,
    log,
    clock: () => new Date(),
    sessionSecret: 'bench',
    secondStepKey: 'bench',
    guesses: countGuesses(pool),
  }
  const app = createApp(services)
  const agents = { champion: await signIn(app, championEmail(1)), reader: await signIn(app, READER_EMAIL) }
  return {
    statementsOf: async (path, as) => {
      heard.length = 0
      const { status } = await agents[as].get(path)
      // a scan that finds one thing leads to it
      if (status !== 200 && status !== 303) throw new Error(`${path}: ${status}`)
      return heard.filter(isQuestion)
    },
    close: () => db.destroy(),
  }
}

async function signIn(app: Express, email: string) {
  const agent = supertest.agent(app)
  const form = await agent.get('/sign-in')
  const token = /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1]
  await agent.post('/sign-in').type('form').send({ _csrf: token, email, password })
  return agent
}

/** Not the note in the audit that somebody's record was looked at: that writes. */
function isQuestion({ sql }: Statement): boolean {
  return /^\s*(?:select|with)\b/i.test(sql) && !sql.includes('record_audit(')
}

export interface Plan {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

let explained = 0

/** How PostgreSQL runs a statement for the app: named, and planned for whatever values come. `client` is of the app's pool. */
export async function explain(client: pg.PoolClient, { sql, values }: Statement): Promise<Plan> {
  const name = `explained_${explained++}`
  await client.query({ name, text: sql, values: [...values] })
  const literals = values.map((value) => literalOf(client, value)).join(', ')
  const execute = values.length === 0 ? `execute ${name}` : `execute ${name}(${literals})`
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, buffers, format json) ${execute}`,
  )
  await client.query(`deallocate ${name}`)
  const [found] = rows[0]?.['QUERY PLAN'] ?? []
  if (found === undefined) throw new Error('PostgreSQL explained nothing')
  return found.Plan
}

/** Blocks of 8 kB that were read. */
export function blocksOf(plan: Plan): number {
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
}

function literalOf(client: pg.PoolClient, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return client.escapeLiteral(`{${value.join(',')}}`)
  if (value instanceof Date) return client.escapeLiteral(value.toISOString())
  if (Buffer.isBuffer(value)) return client.escapeLiteral(`\\x${value.toString('hex')}`)
  return client.escapeLiteral(String(value))
}
