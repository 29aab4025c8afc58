import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { model } from '../../seeds/factories.ts'
import type { DB } from '../../src/database/schema.ts'
import { findTurnaround, listTurnarounds } from '../../src/turnaround/queries.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'

const stock = 20_000
const waiting = 300

let app: TestApp

beforeAll(async () => {
  app = await startApp()
  const { organisationId, actors } = app.people
  const { id } = await model(app.db, { organisation_id: organisationId, category: 'charger' })
  await app.pool.query(
    `insert into items (organisation_id, model_id, category, tag, created_at)
     select $1, $2, 'charger', 'MANY-' || n, now() from generate_series(1, $3::integer) n`,
    [organisationId, id, stock],
  )
  await app.pool.query(
    `insert into item_holds (organisation_id, item_id, kind, taken_at)
     select organisation_id, id, 'turnaround', $1::timestamptz - interval '1 hour' * id from items`,
    [startOfTest],
  )
  await app.pool.query(
    `insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by)
     select hold.organisation_id, hold.id, step, $1, $2
     from item_holds hold cross join (values ('inspected'), ('cleaned')) steps (step)`,
    [startOfTest, actors.champion.staffId],
  )
  await app.pool.query(
    `update item_holds set ended_at = $1, ended_as = 'ready'
     where id not in (select id from item_holds order by id desc limit $2)`,
    [startOfTest, waiting],
  )
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  await owner.query('vacuum analyze')
  await owner.end()
})
afterAll(() => app.close())

it('reads the page that is asked for and not the stock, wherever in the list it is', async () => {
  const asked: { sql: string; parameters: readonly unknown[] }[] = []
  const db = new Kysely<DB>({
    dialect: new PostgresDialect({ pool: app.pool }),
    log: (event) => void asked.push(event.query),
  })
  const { champion } = app.people.actors
  const first = await listTurnarounds(db, champion, startOfTest, { size: 50 })
  const second = await listTurnarounds(db, champion, startOfTest, { after: first.next, size: 50 })
  await listTurnarounds(db, champion, startOfTest, { before: second.previous, size: 50 })
  await findTurnaround(db, champion, startOfTest, second.rows[0]?.id ?? 0)
  expect(asked).toHaveLength(4)
  for (const { sql, parameters } of asked) {
    const { rows } = await app.pool.query(`explain (analyze, buffers) ${sql}`, [...parameters])
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).not.toMatch(/Seq Scan on (?:items|item_holds|turnaround_steps)/)
    expect(plan).not.toMatch(/rows=(?:[3-9]\d\d|\d{4,})(?:\.\d+)? loops/)
  }
})
