import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Response } from 'supertest'
import { type Role, roles } from '../../src/lib/actor.ts'
import { allNames, makeRecords, noRecords, type Records } from '../security/records.ts'
import { isAboutOneRecord, recordNamesOf } from '../security/request-parts.ts'
import { ask, askProperly, exampleOf, getNames, isFor, postNames } from '../security/route-table.ts'
import { tablesChanged, thisMoment } from '../security/what-changed.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let owner: pg.Client
let visitors: Record<Role, Visitor>

beforeAll(async () => {
  app = await startApp()
  visitors = {} as Record<Role, Visitor>
  for (const role of roles) visitors[role] = await app.signedInAs(role)
  owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  await owner.query(`
    create function refuse_audit() returns trigger language plpgsql as $$
    begin raise exception 'the audit cannot be written'; end $$;
    create trigger refuse_audit before insert on audit_events for each row execute function refuse_audit();
    alter table audit_events disable trigger refuse_audit`)
})
afterAll(async () => {
  await owner.end()
  await app.close()
})

async function withoutAudit<T>(work: () => Promise<T>): Promise<T> {
  await owner.query('alter table audit_events enable trigger refuse_audit')
  try {
    return await work()
  } finally {
    await owner.query('alter table audit_events disable trigger refuse_audit')
  }
}

/** All of them, or those that a route's example names and the person they are about. */
function freshRecords(name?: string): Promise<Records> {
  const whose = { by: app.people.actors.champion, ward: app.people.ward, mark: 'mine' }
  return makeRecords(app.db, whose, name === undefined ? allNames : ['serviceUserId', ...recordNamesOf(name)])
}

function roleFor(name: string): Role {
  const allowed = roles.filter((role) => isFor(exampleOf(name), role))
  return allowed.find((role) => role !== 'administrator') ?? 'administrator'
}

/** What the audit says of one request. */
function writtenFor({ headers }: Response) {
  return app.db
    .selectFrom('audit_events')
    .select(['verb', 'staff_id', 'organisation_id', 'service_user_id'])
    .where('request_id', '=', String(headers['x-request-id']))
    .execute()
}

/** What answers 404 in the table is somebody else's there, and tried with one's own where its feature is. */
const writing = postNames.filter((name) => !exampleOf(name).writesNothing && exampleOf(name).status !== 404)

/** What the nurse in charge signs with a PIN. */
const signed = new Set(['POST /wards/:code/cables', 'POST /service-users/:id/restrictions/permits'])

describe('a change', () => {
  it.each(writing)('%s: says who made it, and is not made when that cannot be written', async (name) => {
    const role = roleFor(name)
    const { staffId, organisationId } = app.people.actors[role]
    const answer = await askProperly(visitors[role], name, await freshRecords(name))
    const rows = await writtenFor(answer)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatchObject({ staff_id: staffId, organisation_id: organisationId })

    const records = await freshRecords(name)
    const { first } = exampleOf(name)
    const fields = first ? await first(visitors[role], records) : {}
    const before = await thisMoment(app.db)
    const refused = await withoutAudit(() => ask(visitors[role], name, records, { fields }))
    expect(refused.status).toBe(500)
    // a try of a PIN is taken before it is checked, and stays taken
    const kept = signed.has(name) ? ['staff_pins'] : []
    expect(await tablesChanged(app.db, before)).toEqual(kept)
  })
})

describe("a look at somebody's record", () => {
  const looks = getNames.filter((name) => roleFor(name) === 'champion' || name.startsWith('GET /incidents'))

  it.each(looks)('%s: is written down, if there is a person on it', async (name) => {
    const records = await freshRecords(name)
    const answer = await askProperly(visitors.champion, name, records)
    const isAboutPerson = isAboutOneRecord(name) || exampleOf(name).path(records).includes('service-user=')
    // who was found by a name is another matter: see below
    const isSearch = name.endsWith('/people')
    if (isSearch || !isAboutPerson || !answer.text.includes('Person mine')) return
    expect(await writtenFor(answer)).toContainEqual({
      verb: expect.stringMatching(/viewed$/),
      staff_id: app.people.actors.champion.staffId,
      organisation_id: app.people.organisationId,
      service_user_id: records.serviceUserId,
    })
  })

  it('is not had when it cannot be written down', async () => {
    const { serviceUserId, loanId } = await freshRecords()
    for (const path of [
      `/service-users/${serviceUserId}`,
      `/service-users/${serviceUserId}/edit`,
      `/loans/${loanId}`,
    ]) {
      const answer = await withoutAudit(async () => visitors.champion.get(path))
      expect([path, answer.status]).toEqual([path, 500])
      expect(answer.text).not.toContain('Person mine')
    }
  })

  it.each(['/service-users/search', '/loans/new/people'])(
    'at %s, where names are found, is written down once, without the words that were looked for',
    async (path) => {
      await freshRecords()
      await visitors.champion.post(path, { search: 'Person mine' })
      const answer = await visitors.champion.get(path)
      expect(answer.text).toContain('Person mine')
      const rows = await writtenFor(answer)
      expect(rows.map(({ verb, service_user_id }) => [verb, service_user_id])).toEqual([
        ['service-user:searched', null],
      ])
      const { rows: details } = await app.pool.query(
        "select from audit_details join audit_events on audit_event_id = audit_events.id where verb = 'service-user:searched'",
      )
      expect(details).toEqual([])
      const unwritten = await withoutAudit(async () => visitors.champion.get(path))
      expect(unwritten.status).toBe(500)
      expect(unwritten.text).not.toContain('Person mine')
    },
  )

  it('is written down when what is wrong with an import is downloaded', async () => {
    const { strangeImportId } = await freshRecords()
    const answer = await visitors.champion.get(`/items/import/${strangeImportId}/errors.csv`)
    expect((await writtenFor(answer)).map(({ verb }) => verb)).toEqual(['import:errors-exported'])
  })
})

describe('a refusal', () => {
  it.each<[string, string, () => PromiseLike<Response>]>([
    ['of what a role may not do', 'refused:not-allowed', () => visitors['ward-staff'].get('/audit')],
    ["of another organisation's record", 'refused:not-found', () => visitors.champion.get('/service-users/424242')],
    ['of a forged form', 'refused:forged-form', () => visitors.champion.agent.post('/models')],
    ['of a form to sign in that was forged', 'refused:forged-form', () => app.visitor().agent.post('/sign-in')],
  ])('%s is written down as what it was', async (_what, verb, send) => {
    expect((await writtenFor(await send())).map((row) => row.verb)).toEqual([verb])
  })

  it('of a stale form, and of a taken item, is written down although the change is not made', async () => {
    const records = await freshRecords()
    const stale = await ask(visitors.champion, 'POST /models/:id', records, { fields: { version: 7 } })
    expect([stale.status, ...(await writtenFor(stale)).map(({ verb }) => verb)]).toEqual([409, 'refused:stale'])
    const taken = await ask(visitors.champion, 'POST /loans', records, {
      fields: { item: String(await lentItemOf(records)), 'without-charger': 'yes' },
    })
    expect([taken.status, ...(await writtenFor(taken)).map(({ verb }) => verb)]).toEqual([409, 'refused:taken'])
  })

  it('of an address that nobody has is no event: a scanner of addresses fills nothing', async () => {
    for (const visitor of [app.visitor(), visitors.champion]) {
      expect(await writtenFor(await visitor.get('/wp-login.php'))).toEqual([])
    }
    expect(await writtenFor(await ask(app.visitor(), 'GET /loans/:id', noRecords))).toEqual([])
  })
})

async function lentItemOf({ lineId }: Records): Promise<number> {
  const line = await app.db
    .selectFrom('loan_lines')
    .select('item_id')
    .where('id', '=', lineId)
    .executeTakeFirstOrThrow()
  return line.item_id
}

describe('the audit itself', () => {
  it.each(['update audit_events set verb = verb', 'delete from audit_events', 'truncate audit_events cascade'])(
    'cannot be changed by the app: %s',
    async (statement) => {
      await expect(app.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
      await expect(owner.query(statement)).rejects.toMatchObject({ code: '42501' })
    },
  )

  it('what is kept beside it cannot be changed by the app either', async () => {
    for (const statement of [
      'update audit_details set details = details',
      'delete from audit_details',
      'truncate audit_details',
    ]) {
      await expect(app.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
    for (const statement of [
      'drop table audit_events',
      'alter table audit_events disable trigger all',
      'drop trigger audit_events_only_grow on audit_events',
    ]) {
      await expect(app.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('is written whatever was typed: half a character, NUL, quotes', async () => {
    const text = `${'a'.repeat(199)}\ud83e\uded6 \u0000 " \\ \\u0000`
    const searched = await visitors.champion.post('/service-users/search', { search: text })
    expect((await visitors.champion.get(searched.headers.location!)).status).toBe(200)
    const filtered = await visitors['information-governance'].get(
      `/audit?kind=${encodeURIComponent(text)}&staff=&from-day=${encodeURIComponent(text)}`,
    )
    expect(filtered.status).toBe(422)
    const saved = await visitors.champion.post('/models', {
      category: 'tablet',
      name: '\u0000 "\\u0000" \\',
      key: crypto.randomUUID(),
    })
    expect(saved.status).toBe(303)
  })
})
