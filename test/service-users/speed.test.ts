import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { loanTo, serviceUser } from '../../seeds/factories.ts'
import type { Database } from '../../src/database/connection.ts'
import type { DB } from '../../src/database/schema.ts'
import { listServiceUsers, listSimilarNames, listTwins, searchServiceUsers } from '../../src/service-users/queries.ts'
import { startApp, type TestApp } from '../support/app.ts'

const PEOPLE = 20_000

let app: TestApp
let watched: Database
let asked: CompiledQuery[] = []
/** A person in the middle of the alphabet. */
let someone: { id: number; name: string; phone: string }

beforeAll(async () => {
  app = await startApp()
  await addPeople(app.people.organisationId)
  watched = new Kysely<DB>({
    dialect: new PostgresDialect({ pool: app.pool }),
    log: (event) => void asked.push(event.query),
  })
  someone = await app.db
    .selectFrom('service_user_details')
    .select(['service_user_id as id', 'name', 'phone'])
    .orderBy('name_key')
    .offset(PEOPLE / 2)
    .limit(1)
    .executeTakeFirstOrThrow()
})
afterAll(() => app.close())

/** As many different names as there are people, so that no word is in more than a few of them. */
async function addPeople(organisationId: number): Promise<void> {
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  try {
    await owner.query(
      'insert into service_users (organisation_id, created_at) select $1, $2 from generate_series(1, $3)',
      [organisationId, app.clock(), PEOPLE],
    )
    await owner.query(`
      insert into service_user_details (service_user_id, organisation_id, name, date_of_birth, phone)
      select id, organisation_id, initcap(translate(md5(id::text), '0123456789', 'ghijklmnop')::char(7)) || ' '
          || initcap(translate(md5('b' || id), '0123456789', 'qrstuvwxyz')::char(9)),
        date '1930-01-01' + (id % 30000)::integer, '07700 ' || lpad(id::text, 6, '0')
      from service_users`)
    await owner.query('vacuum analyze service_users, service_user_details')
  } finally {
    await owner.end()
  }
}

interface Plan {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

/** What PostgreSQL does for the queries that `work` makes, both for these very words and for any. */
async function plansOf(work: () => Promise<unknown>): Promise<{ scans: string[]; blocks: number }> {
  asked = []
  await work()
  const client = await app.pool.connect()
  try {
    const plans: Plan[] = []
    for (const { sql, parameters } of asked.filter((query) => query.sql.includes('service_user'))) {
      const text = `explain (format json, analyze, buffers) ${sql}`
      plans.push((await client.query(text, [...parameters])).rows[0]['QUERY PLAN'][0].Plan)
      const generic = await client.query(`explain (format json, generic_plan) ${sql}`)
      plans.push(generic.rows[0]['QUERY PLAN'][0].Plan)
    }
    const blocks = plans.map((plan) => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0))
    return { scans: [...new Set(plans.flatMap(scansIn))].sort(), blocks: Math.max(...blocks) }
  } finally {
    client.release()
  }
}

function scansIn(plan: Plan): string[] {
  const index = plan['Index Name']
  const own = index ?? (plan['Node Type'] === 'Seq Scan' ? `all of ${plan['Relation Name']}` : undefined)
  return [...(own === undefined ? [] : [own]), ...(plan.Plans ?? []).flatMap(scansIn)]
}

describe(`among ${PEOPLE.toLocaleString('en-GB')} people`, () => {
  const scope = () => app.people.actors.champion
  const search = (text: string) => () => searchServiceUsers(watched, scope(), text, 50)

  it('a page in the middle of the list reads that page alone, through the index of names', async () => {
    const asked = { after: String(someone.id), size: 50 }
    const { scans, blocks } = await plansOf(() => listServiceUsers(watched, scope(), asked))
    expect(scans).toEqual(['service_user_details_by_name', 'service_user_details_pkey'])
    expect(blocks).toBeLessThan(100)
  })

  it('a name is found through the index of its letters', async () => {
    const { scans, blocks } = await plansOf(search(someone.name))
    expect(scans).toEqual(['service_user_details_known_as', 'service_user_details_search'])
    expect(blocks).toBeLessThan(200)
  })

  it('a part of a name too short for that index is found along the index of names', async () => {
    const { scans } = await plansOf(search(someone.name.slice(0, 2)))
    expect(scans).not.toContain('all of service_user_details')
  })

  it('an NHS number or phone number is found through the indexes of both', async () => {
    const tenDigits = await plansOf(search('943 476 5919'))
    expect(tenDigits.scans).toEqual(['service_user_details_by_phone', 'service_user_details_nhs_number_key'])
    expect(tenDigits.blocks).toBeLessThan(20)
    const phone = await plansOf(search(someone.phone))
    expect(phone.scans).toEqual(['service_user_details_by_phone'])
    expect(phone.blocks).toBeLessThan(20)
  })

  it('a name that nobody has is looked for among similar ones through the index of letters', async () => {
    const misspelt = `${someone.name.slice(0, 4)}${someone.name.slice(5)}`
    const { scans } = await plansOf(() => listSimilarNames(watched, scope(), misspelt, 10))
    expect(scans).toEqual(['service_user_details_search'])
    const people = await listSimilarNames(watched, scope(), misspelt, 10)
    expect(people[0]).toMatchObject({ id: someone.id })
  })

  it('people who may be the same are found through the indexes of birthdays and NHS numbers', async () => {
    const details = { name: someone.name, date_of_birth: '1984-02-29', nhs_number: null }
    const byBirth = await plansOf(() => listTwins(watched, scope(), details))
    expect(byBirth.scans).toEqual(['service_user_details_by_birth'])
    const byBoth = await plansOf(() => listTwins(watched, scope(), { ...details, nhs_number: '9434765919' }))
    expect(byBoth.scans).toEqual(['service_user_details_by_birth', 'service_user_details_nhs_number_key'])
    expect(byBoth.blocks).toBeLessThan(30)
  })
})

describe('a page about people', () => {
  it('asks the database at most three things beside the session and the audit', async () => {
    const person = await serviceUser(app.db, { organisation_id: app.people.organisationId })
    for (let n = 0; n < 3; n += 1) await loanTo(app.db, { serviceUser: person })
    const champion = await app.signedInAs('champion')
    await champion.post('/service-users/search', { search: person.name })
    const counts: Record<string, number> = {}
    for (const path of ['', '/search', `/${person.id}`, `/${person.id}/edit`, `/${person.id}/history`]) {
      counts[path.replace(/\d+/, 'ID')] = await countQueries(() => champion.get(`/service-users${path}`))
    }
    expect(counts).toEqual({ '': 1, '/search': 1, '/ID': 2, '/ID/edit': 1, '/ID/history': 2 })
  })
})

/** Statements that reach PostgreSQL while a page is made. */
async function countQueries(work: () => PromiseLike<{ status: number }>): Promise<number> {
  const texts: string[] = []
  const submit = pg.Query.prototype.submit
  pg.Query.prototype.submit = function (connection) {
    texts.push((this as unknown as { text: string }).text)
    return submit.call(this, connection)
  }
  try {
    expect((await work()).status).toBe(200)
  } finally {
    pg.Query.prototype.submit = submit
  }
  return texts.filter((text) => !/sessions|record_audit/.test(text)).length
}
