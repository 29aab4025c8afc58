import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { serviceUser, staffMember } from '../../seeds/factories.ts'
import { listAudit } from '../../src/audit/queries.ts'
import type { AuditFilter } from '../../src/audit/rules.ts'
import type { DB } from '../../src/database/schema.ts'
import type { Role } from '../../src/lib/actor.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let governance: Visitor

beforeAll(async () => {
  app = await startApp()
  governance = await app.signedInAs('information-governance')
})
afterAll(() => app.close())

/** Something done by somebody, one minute after the last. */
let minutes = 0
async function done(who: Role, verb: string, details?: Record<string, unknown>, subjectId = 12) {
  minutes += 1
  app.setClock(new Date(startOfTest.getTime() + minutes * 60_000))
  await app.changeAs(who, async (change) => {
    change.audit({ verb, subject: ['loan', subjectId], serviceUserId: 7, details })
  })
}

function sentences(html: string): string[] {
  return [...html.matchAll(/<p class="app-timeline__text"><time[^>]*>[^<]*<\/time> ([^<]*)<\/p>/g)].map(
    ([, text]) => text!,
  )
}

function linkTo(html: string, rel: 'next' | 'prev'): string | undefined {
  return new RegExp(`href="([^"]*)" rel="${rel}"`).exec(html)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}

const staffId = (role: Role) => app.people.actors[role].staffId

describe('the audit', () => {
  it('tells what was done as sentences, the newest first, with details that open', async () => {
    await done('champion', 'loan:lent', { items: ['TAB-0001'], dueOn: '2026-10-26' })
    await done('champion', 'loan:extended')
    const page = await governance.get('/audit')
    expect(page.status).toBe(200)
    expect(sentences(page.text).slice(0, 2)).toEqual([
      'HERE champion extended loan 12 for service user 7.',
      'HERE champion made loan 12 for service user 7.',
    ])
    expect(page.text).toMatch(/<details[^>]*>\s*<summary[^>]*><span[^>]*>Details of entry \d+</)
    expect(page.text).toContain('Items: TAB-0001')
    expect(page.text).toContain('Due on: 26 October 2026')
    expect(page.text.match(/Monday 3 August 2026/g)).toHaveLength(1)
    expect(page.text).toContain('>10:32am</time>')
  })

  it('is filtered by the person a record is about, page by page and as a file', async () => {
    const lena = await serviceUser(app.db, { organisation_id: app.people.organisationId, nhs_number: '9434765919' })
    const about = (verb: string) =>
      app.changeAs('champion', async (change) => {
        change.audit({ verb, subject: ['service-user', lena.id], serviceUserId: lena.id })
      })
    for (let n = 0; n < 60; n += 1) await about('service-user:viewed')
    await about('service-user:updated')
    const url = `/audit?person=${lena.id}`
    const page = await governance.get(url)
    expect(sentences(page.text)).toHaveLength(50)
    expect(sentences(page.text)[0]).toBe(`HERE champion changed service user ${lena.id}.`)
    const next = linkTo(page.text, 'next')!
    expect(next).toContain(`person=${lena.id}`)
    expect(sentences((await governance.get(next)).text)).toHaveLength(11)
    expect(sentences((await governance.get(`${url}&staff=${staffId('ward-staff')}`)).text)).toEqual([])
    const file = await governance.get(`/audit/export?format=csv&person=${lena.id}`)
    expect(file.text.trim().split('\n')).toHaveLength(1 + 61)
    expect(sentences((await governance.get('/audit?person=nobody')).text)).toEqual([])
  })

  it('finds the record by an NHS number, which stands in no address; it is told no name, and nothing of elsewhere', async () => {
    const name = 'Nora Numbered'
    const nora = await serviceUser(app.db, {
      organisation_id: app.people.organisationId,
      name,
      nhs_number: '4010232137',
    })
    const find = (fields: Record<string, string>) => governance.post('/audit/person', fields)
    const found = await find({
      'nhs-number': '401 023 2137',
      kind: 'loan',
      'from-day': '1',
      'from-month': '8',
      'from-year': '2026',
    })
    expect([found.status, found.headers.location]).toEqual([
      303,
      `/audit?kind=loan&from-day=1&from-month=8&from-year=2026&person=${nora.id}`,
    ])
    expect((await governance.get(found.headers.location!)).text).not.toContain(name)
    await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId, nhs_number: '1234567881' })
    for (const [typed, text] of [
      ['', 'Enter an NHS number'],
      ['4010232138', 'NHS number'],
      ['1234567881', 'Nobody here has this NHS number'],
    ] as const) {
      const answer = await find({ 'nhs-number': typed })
      expect([typed, answer.status]).toEqual([typed, 422])
      expect(answer.text).toContain(text)
    }
    const { rows } = await app.pool.query(
      "select service_user_id from audit_events where verb = 'audit:person-found' order by id",
    )
    expect(rows).toEqual([{ service_user_id: nora.id }, { service_user_id: null }])
  })

  it('keeps that it was looked at, and with which filters', async () => {
    await governance.get('/audit?kind=loan&person=Nora')
    const row = await app.db
      .selectFrom('audit_events')
      .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
      .select(['verb', 'staff_id', 'details'])
      .orderBy('audit_events.id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({
      verb: 'audit:viewed',
      staff_id: staffId('information-governance'),
      // somebody's name, typed where it cannot be read, is not kept
      details: { kind: 'loan', serviceUserId: 0 },
    })
    expect(sentences((await governance.get('/audit')).text)[0]).toBe('HERE information-governance looked at the audit.')
  })

  it('is narrowed to a person, a kind and a span of days, alone or together', async () => {
    await done('administrator', 'item:updated')
    const ofChampion = await governance.get(`/audit?staff=${staffId('champion')}`)
    expect(sentences(ofChampion.text).every((text) => text.includes('HERE champion'))).toBe(true)
    const items = await governance.get('/audit?kind=item')
    expect(sentences(items.text)).toEqual(['HERE administrator changed loan 12 for service user 7.'])
    const both = await governance.get(`/audit?kind=item&staff=${staffId('champion')}`)
    expect(both.text).toContain('Nothing was kept that fits these filters.')
    const day = 'from-day=3&from-month=8&from-year=2026&to-day=3&to-month=8&to-year=2026'
    expect(sentences((await governance.get(`/audit?kind=loan&${day}`)).text)).toHaveLength(2)
    const dayAfter = day.replaceAll('day=3', 'day=4')
    expect((await governance.get(`/audit?${dayAfter}`)).text).toContain('Nothing was kept that fits these filters.')
  })

  it('counts a day from midnight to midnight in London', async () => {
    const other = await startApp()
    try {
      const visitor = await other.signedInAs('information-governance')
      for (const at of ['2026-08-03T22:59:59.999Z', '2026-08-03T23:00:00.000Z', '2026-08-04T22:59:59.999Z']) {
        other.setClock(new Date(at))
        await other.changeAs('champion', async (change) => change.audit({ verb: 'kit:created' }))
      }
      other.setClock(startOfTest)
      const day = 'kind=kit&from-day=4&from-month=aug&from-year=2026&to-day=4&to-month=8&to-year=2026'
      expect(sentences((await visitor.get(`/audit?${day}`)).text)).toHaveLength(2)
    } finally {
      await other.close()
    }
  })

  it('says which day is wrong and keeps the other filters', async () => {
    const query = 'kind=loan&from-day=31&from-month=6&from-year=2026&to-month=8'
    const page = await governance.get(`/audit?${query}`)
    expect(page.status).toBe(422)
    expect(page.text).toContain('<title>Error: Audit')
    expect(page.text).toContain('First day must be a real date')
    expect(page.text).toContain('Last day must include a day and year')
    expect(page.text).toContain('<option value="loan" selected>')
    const turned = 'from-day=4&from-month=8&from-year=2026&to-day=3&to-month=8&to-year=2026'
    expect((await governance.get(`/audit?${turned}`)).text).toContain('Last day must be the same as the first day')
  })

  it('shows 50 a page, there and back, with the filters kept', async () => {
    await app.changeAs('champion', async (change) => {
      for (let n = 1; n <= 120; n += 1) change.audit({ verb: 'model:created', subject: ['model', n] })
    })
    const pages = [await governance.get(`/audit?kind=model&staff=${staffId('champion')}`)]
    while (linkTo(pages.at(-1)!.text, 'next')) pages.push(await governance.get(linkTo(pages.at(-1)!.text, 'next')!))
    expect(pages.map((page) => sentences(page.text).length)).toEqual([50, 50, 20])
    expect(sentences(pages[0]!.text)[0]).toBe('HERE champion added model 120.')
    expect(sentences(pages[2]!.text).at(-1)).toBe('HERE champion added model 1.')
    const back = await governance.get(linkTo(pages[2]!.text, 'prev')!)
    expect(sentences(back.text)).toEqual(sentences(pages[1]!.text))
  })

  it('shows nothing of another organisation, whose ids answer like made-up ones', async () => {
    const foreign = app.people.foreignActors.champion
    await app.changeAs(foreign, async (change) => change.audit({ verb: 'kit:created', subject: ['kit', 1] }))
    const { id } = await app.db
      .selectFrom('audit_events')
      .select('id')
      .where('organisation_id', '=', app.people.otherOrganisationId)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect((await governance.get('/audit?kind=kit')).text).toContain('Nothing was kept that fits these filters.')
    for (const query of [
      `staff=${foreign.staffId}`,
      'staff=99999',
      'staff=x',
      `after=${id}`,
      `before=${id}`,
      'after=x',
    ]) {
      expect((await governance.get(`/audit?${query}`)).status).toBe(404)
    }
    expect((await governance.get('/audit')).text).not.toContain(foreign.name)
  })

  it('takes lists and nonsense in its address for nothing asked', async () => {
    for (const query of ['kind=spoon', 'kind=a&kind=b', 'staff=1&staff=2', 'from-day=%00', 'kind[x]=1']) {
      expect((await governance.get(`/audit?${query}`)).status).toBe(200)
    }
  })

  it('offers staff whose account is closed too', async () => {
    const organisation_id = app.people.organisationId
    await staffMember(app.db, { organisation_id, name: 'Gone Away', disabled_at: startOfTest })
    expect((await governance.get('/audit')).text).toContain('Gone Away (account closed)')
  })

  it.each(['administrator', 'champion', 'ward-staff', 'care-team', 'commissioner'] as const)(
    'is not for %s',
    async (role) => {
      expect((await (await app.signedInAs(role)).get('/audit')).status).toBe(403)
    },
  )

  it('asks a visitor to sign in', async () => {
    expect((await app.visitor().get('/audit')).headers.location).toBe('/sign-in?return=%2Faudit')
  })
})

describe('among 100,000 events', () => {
  let asked: CompiledQuery[] = []

  beforeAll(async () => {
    const owner = new pg.Client({ connectionString: app.ownerUrl })
    await owner.connect()
    await owner.query(
      `insert into audit_events (at, organisation_id, staff_id, verb, subject_type, subject_id)
       select timestamptz '2025-01-01 00:00+00' + n * interval '5 minutes', $1, case when n % 400 = 1 then $2::bigint else $3 end,
         case when n % 1000 = 0 then 'turnaround:done' else 'loan:extended' end, 'loan', n
       from generate_series(1, 100000) n`,
      [app.people.organisationId, staffId('champion'), staffId('administrator')],
    )
    await owner.query('vacuum analyze audit_events')
    await owner.end()
  })

  const from = new Date('2025-03-01T00:00:00Z')
  const until = new Date('2025-03-02T00:00:00Z')
  const shapes: [string, AuditFilter, string][] = [
    ['everything', {}, 'audit_events_by_time'],
    ['a day long ago', { from, until }, 'audit_events_by_time'],
    ['a rare kind', { kind: 'turnaround' }, 'audit_events_by_kind'],
    ['a rare kind on a day long ago', { kind: 'turnaround', until }, 'audit_events_by_kind'],
    ['a person who does little, until a day long ago', { staffId: 0, until }, 'audit_events_by_staff'],
  ]

  it.each(shapes)('a page of %s reads that page alone', async (_name, filter, index) => {
    const db = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: app.pool }),
      log: (event) => void asked.push(event.query),
    })
    const wanted = filter.staffId === 0 ? { ...filter, staffId: staffId('champion') } : filter
    const { rows } = await listAudit(db, app.people.actors['information-governance'], wanted, { size: 50 })
    asked = []
    await listAudit(db, app.people.actors['information-governance'], wanted, {
      size: 50,
      after: String(rows.at(-2)!.id),
    })
    const { sql, parameters } = asked[0]!
    const explained = await app.pool.query(`explain (analyze, buffers, format json) ${sql}`, [...parameters])
    const plan = explained.rows[0]['QUERY PLAN'][0].Plan
    expect(JSON.stringify(plan)).toContain(`"${index}"`)
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(300)
  })
})
