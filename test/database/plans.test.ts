import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { blocksOf, explain, type Plan } from '../../bench/plans.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { readCluster } from '../support/database.ts'
import { type Listener, listenTo, questionsAmong, type Statement } from '../support/queries.ts'

const ITEMS = 20_000
const LOANS = 40_000
/** So many of them are out. */
const OPEN = 2_000

let app: TestApp
let champion: Visitor
let listener: Listener

beforeAll(async () => {
  app = await startApp()
  const { organisationId, otherOrganisationId, actors, foreignActors } = app.people
  await addStock(organisationId, actors.champion.staffId)
  await addStock(otherOrganisationId, foreignActors.champion.staffId)
  champion = await app.signedInAs('champion')
  listener = listenTo(app.pool)
})
afterAll(() => app.close())

/**
 * Two years of lending, written without its triggers, which would look at each row: first what has come back, then what is
 * out, a tenth of it overdue.
 */
async function addStock(organisationId: number, staffId: number): Promise<void> {
  const url = Object.assign(new URL(readCluster().adminUrl), { pathname: new URL(app.ownerUrl).pathname })
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  const run = (text: string) =>
    admin.query(
      text
        .replaceAll(':organisation', String(organisationId))
        .replaceAll(':staff', String(staffId))
        .replaceAll(':items', String(ITEMS))
        .replaceAll(':loans', String(LOANS))
        .replaceAll(':open', String(OPEN)),
    )
  await run('set session_replication_role = replica')
  await run(`
    insert into models (organisation_id, category, maker, name, support_ends_on, created_at)
    select :organisation, 'tablet', 'Maker ' || n % 7, 'Model ' || n, '2031-01-01', '2024-01-01' from generate_series(1, 30) n`)
  await run(`
    with model as (select array_agg(id) as ids from models where organisation_id = :organisation)
    insert into items (organisation_id, model_id, category, tag, serial, created_at)
    select :organisation, ids[1 + n % 30], 'tablet', 'TAB-' || lpad(n::text, 5, '0'), 'SN' || md5(n::text), '2024-01-01'
    from model, generate_series(1, :items) n`)
  await run(
    `insert into service_users (organisation_id, created_at) select :organisation, '2024-01-01' from generate_series(1, 5000)`,
  )
  await run(`
    insert into service_user_details (service_user_id, organisation_id, name)
    select id, :organisation, 'Person ' || id from service_users where organisation_id = :organisation`)
  await run(`
    with person as (select array_agg(id) as ids from service_users where organisation_id = :organisation)
    insert into loans (organisation_id, service_user_id, lent_at, lent_by)
    select :organisation, ids[1 + n % 5000], timestamptz '2026-07-27' - (:loans - n) * interval '25 minutes', :staff
    from person, generate_series(1, :loans) n`)
  // those that are out are among the newest, as 12 weeks are to two years
  await run(`
    with item as (select array_agg(id order by id) as ids from items where organisation_id = :organisation),
    loan as (select id, lent_at, row_number() over (order by id) as n from loans where organisation_id = :organisation)
    insert into loan_lines (organisation_id, loan_id, item_id, from_at, due_on, taken_at, ended_at, ended_as)
    select :organisation, id, ids[1 + n % :items], lent_at,
           (lent_at + case when is_out and n % 10 = 0 and lent_at < '2026-07-10' then interval '14 days' else interval '84 days' end)::date,
           lent_at, case when not is_out then lent_at + interval '5 days' end, case when not is_out then 'returned' end
    from item, (select *, n > :loans - 2 * :open and n % 2 = 0 as is_out from loan) loan`)
  await run(`
    insert into item_holds (organisation_id, item_id, kind, loan_line_id, plan, taken_at, ended_at, ended_as)
    select organisation_id, item_id, 'loan', id, loan_line_plan(from_at, due_on, ended_at), taken_at, ended_at, ended_as
    from loan_lines where organisation_id = :organisation order by id`)
  await run(`
    insert into audit_events (at, organisation_id, staff_id, verb, subject_type, subject_id, service_user_id)
    select lent_at, organisation_id, lent_by, 'loan:lent', 'loan', id, service_user_id from loans
    where organisation_id = :organisation order by id`)
  await run(`
    with person as (select array_agg(id order by id) as ids from service_users where organisation_id = :organisation),
    given as (
      insert into data_allowances (organisation_id, kind, provider, megabytes, period, starts_on, service_user_id, sim_number, made_at, made_by)
      select :organisation, 'sim', 'Databank', 20000, 'month', '2026-06-01', ids[1 + n % 5000], '8944' || lpad(n::text, 15, '0'),
             '2026-06-01', :staff
      from person, generate_series(1, 20000) n where is_luhn('8944' || lpad(n::text, 15, '0')) returning id
    )
    insert into data_readings (organisation_id, data_allowance_id, read_at, megabytes_left, source, made_at, made_by)
    select :organisation, id, read_at, 9000, 'typed', read_at, :staff
    from given, unnest('{2026-07-20,2026-07-30}'::timestamptz[]) read_at`)
  await run('set session_replication_role = origin')
  await run('vacuum analyze')
  await admin.end()
}

interface Reading {
  scans: string[]
  blocks: number
}

/** What PostgreSQL reads for each question of a page, with the very values that the page asked it with. */
async function readingsOf(path: string, visitor: Visitor): Promise<Reading[]> {
  let status = 0
  const heard = await listener.during(async () => {
    status = (await visitor.get(path)).status
  })
  expect(status).toBe(200)
  return Promise.all(questionsAmong(heard).map(readingOf))
}

async function readingOf({ text, values }: Statement): Promise<Reading> {
  const client = await app.pool.connect()
  try {
    const plan = await explain(client, { sql: text, values })
    return { scans: scansIn(plan), blocks: blocksOf(plan) }
  } finally {
    client.release()
  }
}

function scansIn(plan: Plan): string[] {
  const own = plan['Index Name'] ?? (plan['Node Type'] === 'Seq Scan' ? `all of ${plan['Relation Name']}` : undefined)
  return [...(own === undefined ? [] : [own]), ...(plan.Plans ?? []).flatMap(scansIn)]
}

interface Page {
  path: string
  /** The indexes its list or record is found through. */
  through: string[]
  /** The most blocks of 8 kB that one of its questions may read. The tables hold some 6,000. */
  most: number
}

const inHands = 'item_in_one_pair_of_hands'
const readingsInOrder = 'data_readings_data_allowance_id_read_at_key'
const pages: Page[] = [
  { path: '/items', through: ['items_tag_key', inHands], most: 400 },
  { path: '/items?after=tab-10000', through: ['items_tag_key', inHands], most: 400 },
  { path: '/items?before=tab-10000', through: ['items_tag_key', inHands], most: 400 },
  { path: '/items?state=available', through: ['items_tag_key', inHands], most: 400 },
  { path: '/items?state=overdue', through: ['open_loan_lines_by_due_date', 'items_pkey'], most: 400 },
  { path: '/items?state=turnaround', through: ['open_holds_by_kind'], most: 100 },
  { path: '/items?state=gone', through: ['items_gone'], most: 100 },
  { path: '/items?search=Model 7', through: ['items_tag_key', inHands], most: 400 },
  { path: '/items/TAB-19990', through: ['items_tag_key', 'item_holds_by_item', 'loan_lines_by_item'], most: 100 },
  { path: '/loans', through: ['loans_pkey', 'loan_lines_by_loan'], most: 3_000 },
  { path: '/loans?show=overdue', through: ['open_loan_lines_by_due_date', 'loans_pkey'], most: 1_000 },
  { path: '/loans?show=due', through: ['open_loan_lines_by_due_date', 'loans_pkey'], most: 1_000 },
  { path: '/loans?show=closed', through: ['lines_that_are_over', 'loan_lines_by_loan'], most: 3_000 },
  { path: '/loans/:loan', through: ['loans_pkey', 'loan_lines_by_loan', 'audit_events_by_subject'], most: 100 },
  { path: '/data-allowances', through: ['data_allowances_in_order', readingsInOrder], most: 900 },
  { path: '/data-allowances?sim=12345', through: ['data_allowances_by_sim'], most: 900 },
  { path: '/data-allowances?person=:person', through: ['data_allowances_by_person', readingsInOrder], most: 900 },
  { path: '/service-users/:person', through: ['loans_by_service_user', 'audit_events_by_service_user'], most: 200 },
]

describe(`among ${ITEMS.toLocaleString('en-GB')} items and ${LOANS.toLocaleString('en-GB')} loans, and as many elsewhere`, () => {
  const newestIn = async (table: 'loans' | 'service_users') => {
    const { organisationId } = app.people
    const newest = app.db.selectFrom(table).select('id').where('organisation_id', '=', organisationId)
    return (await newest.orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()).id
  }

  it.each(pages)('$path reads its own rows and no more', async ({ path, through, most }) => {
    const address = path
      .replace(':loan', String(await newestIn('loans')))
      .replace(':person', String(await newestIn('service_users')))
    const readings = await readingsOf(address, champion)
    const scans = readings.flatMap((reading) => reading.scans)
    expect(scans).toEqual(expect.arrayContaining(through))
    const large = [
      'items',
      'loans',
      'loan_lines',
      'item_holds',
      'audit_events',
      'service_user_details',
      'data_allowances',
      'data_readings',
    ]
    expect(scans.filter((scan) => large.some((table) => scan === `all of ${table}`))).toEqual([])
    expect(Math.max(...readings.map((reading) => reading.blocks))).toBeLessThan(most)
  })

  it('the worklist finds what is overdue in the order of its reviews, without reading what is not', async () => {
    const readings = await readingsOf('/', champion)
    const [overdue] = readings.filter(({ scans }) => scans[0] === 'open_loan_lines_by_due_date')
    expect(overdue?.blocks).toBeLessThan(1_500)
  })

  it('the lists show what they should: a tenth of what is out is late', async () => {
    const page = await champion.get('/loans?show=overdue')
    expect(page.text.match(/Overdue/g)?.length).toBeGreaterThan(49)
    expect((await champion.get('/items?state=overdue')).text).toContain('TAB-')
    expect((await champion.get('/items?state=gone')).text).not.toContain('TAB-')
  })
})
