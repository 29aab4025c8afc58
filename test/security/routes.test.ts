import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Response } from 'supertest'
import { actorFor, examplePassword, staffMember, ward } from '../../seeds/factories.ts'
import { features } from '../../src/features.ts'
import { type Role, roles } from '../../src/lib/actor.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { digestOf } from './digest.ts'
import { nameIds, spreadIds } from './ids.ts'
import { makeModels, makeRecords, noRecords, type Records } from './records.ts'
import { askInParts, isAboutOneRecord, partsOf, recordNamesOf, recordPlaces } from './request-parts.ts'
import { ask, askProperly, exampleOf, freshWord, isFor, routeNames } from './route-table.ts'

/** Words that stand in every name and tag of the records of one's own ward, of another, and of another organisation. */
const marks = { own: 'zzmine', otherWard: 'zzward', elsewhere: 'zzthere' }

let app: TestApp
let visitors: Record<Role, Visitor>
let own: Records
let otherWard: Records
let elsewhere: Records

beforeAll(async () => {
  app = await startApp()
  visitors = {} as Record<Role, Visitor>
  for (const role of roles) visitors[role] = await app.signedInAs(role)
  await spreadIds(app.ownerUrl)
  const { actors, organisationId, otherOrganisationId: organisation_id } = app.people
  const by = actors.champion
  const models = await makeModels(app.db, by, marks.own)
  own = await makeRecords(app.db, { by, ward: app.people.ward, mark: marks.own, models })
  const birch = await ward(app.db, { organisation_id: organisationId })
  otherWard = await makeRecords(app.db, { by, ward: birch, mark: marks.otherWard, models })
  const there = { organisation_id, name: `Someone ${marks.elsewhere}` }
  elsewhere = await makeRecords(app.db, {
    by: await actorFor(app.db, await staffMember(app.db, there)),
    ward: await ward(app.db, there),
    mark: marks.elsewhere,
  })
})
afterAll(() => app.close())

/** What a post changes is made for it. */
function recordsFor(name: string): Promise<Records> | Records {
  if (!name.startsWith('POST ')) return own
  const whose = { by: app.people.actors.champion, ward: app.people.ward, mark: marks.own }
  return makeRecords(app.db, whose, recordNamesOf(name))
}

async function stranger(): Promise<Visitor> {
  const visitor = app.visitor()
  await visitor.readToken('/sign-in')
  return visitor
}

/** An answer without what differs from one time to the next. */
function steady({ status, text, headers }: Response): string {
  const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
  const token = /[0-9a-f]{256}/g
  return `${status} ${headers.location ?? ''}\n${text.replace(id, 'an id').replace(token, 'a token')}`
}

/** Whatever the answer is, it says nothing of another organisation, another ward, or people one may not see. */
function expectNothingHidden(
  answer: Response,
  role: Role | null,
  { showsPeople = false, seesOtherWards = false }: { [Part in 'showsPeople' | 'seesOtherWards']?: boolean } = {},
): void {
  // the audit keeps the addresses that people asked for, also those that led nowhere
  const said = answer.text.replaceAll(/Path: \S+/g, 'Path: …')
  const all = `${said} ${JSON.stringify(answer.headers)}`
  expect(all).not.toContain(marks.elsewhere)
  if (role === 'ward-staff' && !seesOtherWards) expect(all).not.toContain(marks.otherWard)
  if (role === 'ward-staff') expect(all).not.toContain(`Inpatient ${marks.otherWard}`)
  if (role !== 'champion' && !showsPeople) expect(all).not.toMatch(/Person zz/)
}

describe('the table of routes', () => {
  it('has every route that a feature declares, and no other', () => {
    const declared = features.flatMap(({ routes }) =>
      routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    )
    expect([...routeNames].sort()).toEqual(declared.sort())
  })

  it('has every route that Express answers, but for health and the files of the look', () => {
    const open = ['GET /health/live', 'GET /health/ready', 'GET /assets/:version/*path']
    expect([...routeNames, ...open].sort()).toEqual(routesOf(app.app.router.stack).sort())
  })
})

interface Layer {
  route?: { path: string; methods: Record<string, boolean> }
  handle?: { stack?: Layer[] }
}

function routesOf(layers: unknown): string[] {
  return (layers as Layer[]).flatMap(({ route, handle }) => {
    if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
    return handle?.stack ? routesOf(handle.stack) : []
  })
}

describe.each(routeNames)('%s', (name) => {
  const example = exampleOf(name)
  const allowed = roles.filter((role) => isFor(example, role))
  const refused = roles.filter((role) => !isFor(example, role))

  it(`answers ${example.status} to ${example.who === 'everybody' ? 'everybody' : allowed.join(', ')}`, async () => {
    for (const role of allowed) {
      const visitor = example.endsSession ? await app.signedInAs(role) : visitors[role]
      const answer = await askProperly(visitor, name, await recordsFor(name))
      expect([role, answer.status]).toEqual([role, example.statusSignedIn ?? example.status])
      expectNothingHidden(answer, role, example)
    }
  })

  if (refused.length > 0) {
    it(`is refused to ${refused.join(', ')}, whosever record it is`, async () => {
      for (const role of refused) {
        const answers = []
        for (const records of [own, otherWard, elsewhere, noRecords]) {
          answers.push(await ask(visitors[role], name, records))
        }
        expect([role, answers.map(({ status }) => status)]).toEqual([role, [403, 403, 403, 403]])
        expect(new Set(answers.map(steady)).size).toBe(1)
      }
    })
  }

  it('asks whoever is not signed in to sign in', async () => {
    const answer = await ask(await stranger(), name, own)
    expectNothingHidden(answer, null)
    if (example.who === 'everybody') return expect(answer.status).toBe(example.status)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toMatch(/^\/sign-in(\?return=%2F[^&]*)?$/)
  })

  if (isAboutOneRecord(name)) {
    it('has never heard of a record of another organisation: the page is the one that nonsense gets', async () => {
      for (const role of allowed) {
        const theirs = await ask(visitors[role], name, elsewhere)
        expect([role, theirs.status]).toEqual([role, 404])
        expect(steady(theirs)).toBe(steady(await ask(visitors[role], name, noRecords)))
      }
    })

    if (allowed.includes('ward-staff')) {
      it("has never heard, for ward staff, of another ward's record", async () => {
        const theirs = await ask(visitors['ward-staff'], name, otherWard)
        if (name === 'GET /models/:id') return expect(theirs.status).toBe(200)
        if (example.seesOtherWards) {
          expect(theirs.status).toBe(200)
          expect(theirs.text).toMatch(/Booked|Free/)
          return expectNothingHidden(theirs, 'ward-staff', example)
        }
        expect(theirs.status).toBe(404)
        expect(steady(theirs)).toBe(steady(await ask(visitors['ward-staff'], name, noRecords)))
      })
    }
  }
})

const recordParts = routeNames.flatMap((name) =>
  recordPlaces(name).map((at) => [name, partsOf(name, noRecords, 'x')[at]!.name, at] as const),
)

describe("another organisation's record in one place of an otherwise good request", () => {
  let before: Record<string, string>
  const theirRows = async () =>
    digestOf(app.db, { organisationId: app.people.otherOrganisationId, except: ['audit_events'] })
  beforeAll(async () => {
    before = await theirRows()
  })

  it.each(recordParts)('%s, in %s: is taken as one that nobody has', async (name, _place, at) => {
    const allowed = roles.filter((one) => isFor(exampleOf(name), one))
    const role = allowed.find((one) => one !== 'administrator') ?? allowed[0]!
    const askWith = async (records: Records, fresh: string) => {
      const parts = partsOf(name, await unchanged(name), fresh)
      const { value } = partsOf(name, records, fresh)[at]!
      parts[at]!.value = value
      const answer = await askInParts(visitors[role], name, parts, fresh)
      if (answer.status === 303) await visitors[role].get('/help')
      if (answer.status === 303) prepared.delete(name)
      // what was made may lead to a page of its own
      return nameIds(steady(answer).replaceAll(alone(value), 'theirs').replaceAll(fresh, 'new'))
    }
    const theirs = await askWith(elsewhere, freshWord())
    expect(theirs).toBe(await askWith(noRecords, freshWord()))
    expect(theirs).toMatch(/^[234]/)
    expect(theirs).not.toContain(marks.elsewhere)
  })

  it('has changed nothing of theirs', async () => {
    expect(await theirRows()).toEqual(before)
  })
})

/** Where a value stands by itself: an id may be part of a longer one. */
function alone(value: string): RegExp {
  return new RegExp(`(?<!\\w)${RegExp.escape(value)}(?!\\w)`, 'g')
}

const prepared = new Map<string, Records>()

/** Records of our own that stay as they are until a request goes through. */
async function unchanged(name: string): Promise<Records> {
  const records = prepared.get(name) ?? (await recordsFor(name))
  prepared.set(name, records)
  return records
}

describe("for ward staff, another ward's record in one place of an otherwise good request", () => {
  const places = recordParts.filter(([name]) => {
    return exampleOf(name).who !== 'everybody' && isFor(exampleOf(name), 'ward-staff')
  })

  it.each(places)('%s, in %s: is taken as one that nobody has', async (name, _place, at) => {
    const askWith = async (records: Records) => {
      const parts = partsOf(name, await unchanged(name), 'new')
      const { value } = partsOf(name, records, 'new')[at]!
      parts[at]!.value = value
      const answer = await askInParts(visitors['ward-staff'], name, parts, 'new')
      if (answer.status === 303) await visitors['ward-staff'].get('/help')
      if (answer.status === 303) prepared.delete(name)
      return nameIds(steady(answer).replaceAll(alone(value), 'theirs'))
    }
    if (exampleOf(name).seesOtherWards) return
    // models are of the whole organisation
    if (partsOf(name, otherWard, 'new')[at]!.value === String(own.modelId)) return
    expect(await askWith(otherWard)).toBe(await askWith(noRecords))
  })
})

describe('ward staff', () => {
  const asWard = () => visitors['ward-staff']

  it('see no loan to a person, not even of an item that is kept on their ward', async () => {
    expect((await asWard().get(`/loans/${own.loanId}`)).status).toBe(404)
    expect((await asWard().get('/loans?show=all')).text).not.toMatch(/Person zz/)
  })

  it.each<[string, (records: Records) => string]>([
    ['an item by its tag', (records) => `/items/${records.itemTag}`],
    ['an item by the box on every page', (records) => `/scan?code=${records.itemTag}`],
    ['items by the ward they are kept at', (records) => `/items?ward=${records.wardId}`],
    ['items by a search', (records) => `/items?search=${records.itemTag}`],
    ['a kit', (records) => `/kits/${records.kitId}`],
    ['a loan to the ward', (records) => `/loans/${records.wardLoanId}`],
  ])('do not find %s when it is another ward', async (_what, pathOf) => {
    const theirs = await asWard().get(pathOf(otherWard))
    const nobodys = await asWard().get(pathOf(noRecords))
    // what was asked for stands in the filter, as it was asked
    const text = (answer: Response, { itemTag, wardId }: Records) =>
      steady(answer).replaceAll(itemTag, 'it').replace(`"${wardId}" selected`, '"that ward" selected')
    expect(theirs.text).not.toContain(`${otherWard.wardItemTag}`)
    expect(text(theirs, otherWard)).toBe(text(nobodys, noRecords))
    expect((await asWard().get(pathOf(own))).text).not.toBe(nobodys.text)
  })

  it('see nothing at all while they have no ward', async () => {
    const { organisationId: organisation_id } = app.people
    const nowhere = await staffMember(app.db, { organisation_id, role: 'ward-staff' })
    const visitor = await app.visitor().signIn(nowhere.email, examplePassword)
    for (const path of ['/', '/items', '/kits', '/loans?show=all', `/scan?code=${own.itemTag}`]) {
      const page = await visitor.get(path)
      expect([path, page.status, page.text.includes(`-${marks.own}-`)]).toEqual([path, 200, path.startsWith('/scan')])
    }
  })
})
