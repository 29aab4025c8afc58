/**
 * The pages that ours are measured against, built the way a good small Express service builds them: one process, one
 * pool, views cached, statements named, dates formatted by formatters made once. They have no rights, no audit, no forms
 * and no NHS markup.
 *
 *     node bench/reference.ts      with DATABASE_URL; says its two ports on its first line
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { engine } from 'express-handlebars'
import session from 'express-session'
import pg from 'pg'

declare module 'express-session' {
  interface SessionData {
    staffName?: string
  }
}

const views = fileURLToPath(new URL('views', import.meta.url))
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 4,
  application_name: 'bench reference',
  options: '-c search_path=reference',
})

/** Hello from node:http alone: how fast this machine is today. */
const bare = createServer((_req, res) => {
  res.setHeader('Content-Type', 'text/plain')
  res.end('Hello')
})

const app = express()
app.disable('x-powered-by')
app.engine('hbs', engine({ extname: '.hbs', layoutsDir: `${views}/layouts`, partialsDir: `${views}/partials` }))
app.set('view engine', 'hbs')
app.set('views', views)
app.set('view cache', true)

/** Hello from Express. */
app.get('/hello', (_req, res) => void res.type('text').send('Hello'))

/** A table of 50 rows that are in memory, with layout and partials. */
app.get('/render', (_req, res) => res.render('list', page(fromMemory)))

/** The same from the database: 50 of 100,000, two joins, by key. */
app.get('/list', async (req, res) => {
  const after = typeof req.query.after === 'string' ? req.query.after : ''
  const { rows } = await pool.query<ListRow>({ name: 'list', text: listSql, values: [after] })
  res.render('list', page(rows))
})

const keptSession = session({
  secret: 'bench',
  name: 'session',
  resave: false,
  saveUninitialized: false,
  store: new (class extends session.Store {
    override get(id: string, done: (error: unknown, data?: session.SessionData | null) => void): void {
      const idHash = createHash('sha256').update(id).digest()
      pool
        .query<{ name: string }>({ name: 'session', text: sessionSql, values: [idHash, new Date()] })
        .then(
          ({ rows }) => done(null, rows[0] ? { cookie: { originalMaxAge: null }, staffName: rows[0].name } : null),
          done,
        )
    }
    override set(_id: string, _data: session.SessionData, done: () => void = () => {}): void {
      done()
    }
    override touch(_id: string, _data: session.SessionData, done: () => void = () => {}): void {
      done()
    }
    override destroy(_id: string, done: () => void = () => {}): void {
      done()
    }
  })(),
})

/** One item with its last 20 loans, for somebody signed in. */
app.get('/detail/:tag', keptSession, async (req, res) => {
  const found = await pool.query<ItemRow>({ name: 'item', text: itemSql, values: [req.params.tag] })
  const item = found.rows[0]
  if (!item || !req.session.staffName) return void res.sendStatus(404)
  const { rows } = await pool.query<LoanRow>({ name: 'loans', text: loansSql, values: [item.id] })
  res.render('detail', {
    title: item.tag,
    signedIn: req.session.staffName,
    item: { ...item, bought: day.format(item.bought_at) },
    loans: rows.map((loan) => ({
      ...loan,
      due: day.format(loan.due_on),
      lent: moment.format(loan.lent_at),
      returned: moment.format(loan.returned_at),
    })),
  })
})

/** Lends one item, for somebody signed in: BEGIN, four named statements, COMMIT. */
app.post('/write', keptSession, express.urlencoded({ extended: false }), async (req, res) => {
  // a browser that left before its form was read leaves no body
  if (!req.session.staffName || !req.body) return void res.sendStatus(403)
  const client = await pool.connect()
  try {
    await client.query('begin')
    const id = await lend(client, Number(req.body.item), Number(req.body.person))
    await client.query('commit')
    res.redirect(303, `/loans/${id}`)
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
})

async function lend(client: pg.PoolClient, itemId: number, personId: number): Promise<string> {
  const now = new Date()
  await client.query({ name: 'lock', text: 'select id, state from items where id = $1 for update', values: [itemId] })
  const { rows } = await client.query<{ id: string }>({
    name: 'lend',
    text: `insert into loans (item_id, person_id, lent_at, due_on, lent_by) values ($1, $2, $3, $4, 1) returning id`,
    values: [itemId, personId, now, '2030-01-01'],
  })
  const loanId = rows[0]?.id ?? ''
  await client.query({
    name: 'out',
    text: `update items set state = 'on loan', version = version + 1 where id = $1`,
    values: [itemId],
  })
  await client.query({
    name: 'event',
    text: `insert into events (at, verb, loan_id, staff_id) values ($1, 'lent', $2, 1)`,
    values: [now, loanId],
  })
  return loanId
}

interface ListRow {
  tag: string
  serial: string
  state: string
  bought_at: Date
  due_on: Date
  maker: string
  model: string
  place: string
}

interface ItemRow extends ListRow {
  id: string
}

interface LoanRow {
  id: string
  person_id: string
  lent_at: Date
  due_on: Date
  returned_at: Date
  lender: string
}

const columns = `items.id, tag, serial, state, bought_at, due_on, models.maker, models.name as model, places.name as place
  from items join models on models.id = model_id join places on places.id = place_id`
const listSql = `select ${columns} where tag > $1 order by tag limit 50`
const itemSql = `select ${columns} where tag = $1`
const loansSql = `select loans.id, person_id, lent_at, due_on, returned_at, staff.name as lender
  from loans join staff on staff.id = lent_by where item_id = $1 order by loans.id desc limit 20`
const sessionSql = `select staff.name from sessions join staff on staff.id = staff_id where id_hash = $1 and ends_at > $2`

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'Europe/London' })
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' })

function page(rows: ListRow[]) {
  return {
    title: 'Items',
    rows: rows.map((row) => ({ ...row, bought: day.format(row.bought_at), due: day.format(row.due_on) })),
    next: rows.at(-1)?.tag,
  }
}

const fromMemory = (await pool.query<ListRow>(listSql, [''])).rows
bare.listen(0, '127.0.0.1', () => {
  const server = app.listen(0, '127.0.0.1', () => {
    const portOf = (address: unknown) => (address as AddressInfo).port
    console.log(JSON.stringify({ bare: portOf(bare.address()), app: portOf(server.address()) }))
  })
})
