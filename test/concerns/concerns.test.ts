import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  actorFor,
  closedConcern,
  loanTo,
  openConcern,
  referralFor,
  type ServiceUserOverrides,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { parseConcern } from '../../src/concerns/form.ts'
import { concernState, followUpDue } from '../../src/concerns/rules.ts'
import { verdict } from '../holds/by-sql.ts'
import { errorsOf, wordsOf } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

const DAY = 86_400_000
let app: TestApp
let champion: Visitor
let governance: Visitor
let lead: Visitor
let other: Visitor
const visitors: Partial<Record<'care-team' | 'ward-staff', Visitor>> = {}

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  governance = await app.signedInAs('information-governance')
  const more = { ...here(), role: 'champion' as const }
  lead = await app.signedInAs(await actorFor(app.db, await staffMember(app.db, { ...more, is_lead_champion: true })))
  other = await app.signedInAs(await actorFor(app.db, await staffMember(app.db, more)))
  for (const role of ['care-team', 'ward-staff'] as const) visitors[role] = await app.signedInAs(role)
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const person = (more: ServiceUserOverrides = {}) => serviceUser(app.db, { ...here(), ...more })
const onWard = () => person({ state: 'admitted', ward_id: app.people.ward.id })
const by = () => ({ id: app.people.actors.champion.staffId })
const key = () => ({ key: crypto.randomUUID() })
const words = async (visitor: Visitor, path: string) => wordsOf((await visitor.get(path)).text)
const told = { 'told-day': '3', 'told-month': '8', 'told-year': '2026', 'told-time': '10:00' }
const telling = { who: 'Dr Rao, duty team', how: 'phone', ...told, note: 'They ring them today' }
const secret = 'zzsecret words of it'
const raise = (visitor: Visitor, personId: number, more: object = {}) =>
  visitor.post('/concerns', { person: personId, what: secret, 'is-told': 'yes', ...telling, ...key(), ...more })
const eventsOf = (verb: string) =>
  app.db
    .selectFrom('audit_events')
    .select(['staff_id', 'subject_id', 'service_user_id'])
    .where('verb', '=', verb)
    .orderBy('id')
    .execute()

describe('a concern', () => {
  it('is due by the end of the next working day, and today where nobody was told', () => {
    const friday = new Date('2026-08-07T15:00:00Z')
    expect(followUpDue(friday, true).toISOString()).toBe('2026-08-10T23:00:00.000Z')
    expect(followUpDue(friday, false).toISOString()).toBe('2026-08-07T23:00:00.000Z')
    const facts = { closed_at: null, due_at: '2026-08-10T23:00:00Z', is_followed_up: false }
    expect(concernState(facts, friday)).toBe('open')
    expect(concernState(facts, new Date('2026-08-10T23:00:00Z'))).toBe('overdue')
    expect(concernState({ ...facts, is_followed_up: true }, new Date('2026-09-01'))).toBe('followed-up')
    expect(concernState({ ...facts, closed_at: '2026-08-08T09:00:00Z' }, friday)).toBe('closed')
  })

  it('says at once what is missing, and asks nothing of whoever told nobody yet', () => {
    const errors = (body: object) => (parseConcern(body, startOfTest).errors ?? []).map(({ field }) => field)
    expect(errors({})).toEqual(['what', 'is-told'])
    expect(errors({ what: 'x', 'is-told': 'yes' })).toEqual(['who', 'how', 'told', 'told-time'])
    expect(errors({ what: 'x', 'is-told': 'no' })).toEqual([])
    expect(errors({ what: 'x', 'is-told': 'yes', ...telling, 'told-time': '10:31' })).toEqual(['told'])
    expect(errors({ what: 'x'.repeat(4_001), 'is-told': 'no' })).toEqual(['what'])
  })

  it('is raised from any page about a person, once however often it is sent', async () => {
    const nadia = await onWard()
    const loan = await loanTo(app.db, { organisationId: app.people.organisationId, serviceUser: nadia })
    const referral = await referralFor(app.db, { person: nadia, team_id: app.people.ward.id })
    const link = `/concerns/new?person&#x3D;${nadia.id}`
    for (const [visitor, path] of [
      [champion, `/service-users/${nadia.id}`],
      [champion, `/loans/${loan.id}`],
      [champion, `/referrals/${referral.id}`],
      [visitors['care-team']!, `/people/${nadia.id}`],
      [visitors['ward-staff']!, `/people/${nadia.id}`],
    ] as const) {
      const { text } = await visitor.get(path)
      expect([path, text.includes(link) || text.includes(link.replace('&#x3D;', '='))]).toEqual([path, true])
    }
    const fields = key()
    const [first, second] = [await raise(champion, nadia.id, fields), await raise(champion, nadia.id, fields)]
    expect([first.status, second.headers.location]).toEqual([303, first.headers.location])
    const page = await words(champion, first.headers.location ?? '')
    expect(page).toContain(secret)
    expect(page).toContain('HERE champion told Dr Rao, duty team: by phone.')
    expect(page).toContain('End of 4 August 2026')
    const wrong = await raise(champion, nadia.id, { what: '' })
    expect([wrong.status, errorsOf(wrong.text)]).toEqual([422, { what: 'Say what you saw or heard' }])
  })

  it('cannot be raised about somebody whom one does not see', async () => {
    const { id } = await person()
    for (const visitor of [visitors['care-team']!, visitors['ward-staff']!]) {
      expect((await raise(visitor, id)).status).toBe(404)
      expect((await visitor.get(`/concerns/new?person=${id}`)).status).toBe(404)
    }
    expect((await raise(governance, id)).status).toBe(403)
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await raise(champion, foreign.id)).status).toBe(404)
  })
})

describe('the words of a concern', () => {
  it('are read by governance, lead champions and the champion who wrote them, and every look is in the audit', async () => {
    const concern = await openConcern(app.db, { person: await person(), by: by(), what: secret })
    const before = (await eventsOf('concern:viewed')).length
    for (const visitor of [champion, governance, lead]) {
      expect(await words(visitor, `/concerns/${concern.id}`)).toContain(secret)
    }
    expect((await other.get(`/concerns/${concern.id}`)).status).toBe(404)
    for (const role of ['care-team', 'ward-staff', 'administrator', 'commissioner'] as const) {
      expect([role, (await (await app.signedInAs(role)).get(`/concerns/${concern.id}`)).status]).toEqual([role, 403])
    }
    expect((await eventsOf('concern:viewed')).slice(before)).toHaveLength(3)
  })

  it('stand in no list, worklist, record, history, log or audit; ward staff and care teams see that they raised it', async () => {
    for (const role of ['care-team', 'ward-staff'] as const) {
      const visitor = visitors[role]!
      const nadia = await onWard()
      const answer = await raise(visitor, nadia.id)
      expect([answer.status, answer.headers.location]).toEqual([303, '/concerns'])
      const list = await words(visitor, '/concerns')
      expect(list).toContain(nadia.name)
      expect(list).toContain('To follow up')
      const pages: [Visitor, string][] = [
        [visitor, '/concerns'],
        [governance, '/concerns'],
        [governance, '/'],
        [lead, '/'],
        [lead, `/service-users/${nadia.id}`],
        [lead, `/service-users/${nadia.id}/history?views=yes`],
        [visitor, `/people/${nadia.id}`],
      ]
      for (const [who, path] of pages) expect((await who.get(path)).text).not.toContain('zzsecret')
      expect(await words(lead, `/service-users/${nadia.id}/history?views=yes`)).not.toContain('concern')
    }
    expect(app.logged()).not.toContain('zzsecret')
    const details = await app.pool.query(`select from audit_details where details::text like '%zzsecret%'`)
    expect(details.rowCount).toBe(0)
  })
})

describe('what nobody followed up in time', () => {
  it('reaches governance, who follow it up and close it with what was done; nobody else closes it', async () => {
    const recent = await openConcern(app.db, { person: await person(), by: by() })
    expect(await words(governance, '/')).not.toContain(`Service user ${recent.service_user_id} `)
    const raisedAt = new Date(startOfTest.getTime() - 2 * DAY)
    const concern = await openConcern(app.db, { person: await person({ name: 'Nadia Overdue' }), by: by(), raisedAt })
    const path = `/concerns/${concern.id}`
    const row = new RegExp(`Service user ${concern.service_user_id} `)
    expect(await words(champion, '/')).toContain('Nadia Overdue')
    expect(await words(other, '/')).not.toContain('Nadia Overdue')
    expect(await words(governance, '/')).toMatch(row)
    expect(await words(governance, '/concerns')).toMatch(/Overdue/)

    const empty = await governance.post(`${path}/follow-ups`, { ...telling, note: '', ...key() })
    expect([empty.status, errorsOf(empty.text)]).toEqual([422, { note: 'Say what came of it' }])
    expect((await other.post(`${path}/follow-ups`, { ...telling, ...key() })).status).toBe(404)
    expect((await champion.post(`${path}/follow-ups`, { ...telling, ...key() })).status).toBe(303)
    expect(await words(governance, '/')).not.toMatch(row)

    expect((await champion.post(`${path}/closing`, { done: 'All well' })).status).toBe(403)
    expect((await governance.post(`${path}/closing`, { done: '' })).status).toBe(422)
    expect((await governance.post(`${path}/closing`, { done: 'The team visited' })).status).toBe(303)
    expect((await governance.post(`${path}/closing`, { done: 'Again' })).status).toBe(409)
    expect((await governance.post(`${path}/follow-ups`, { ...telling, ...key() })).status).toBe(409)
    expect(await words(champion, path)).toContain('The team visited')
    expect(await words(governance, '/concerns?show=closed')).toContain(`Concern ${concern.id}`)
  })
})

it('PostgreSQL keeps what was raised, by whom it is closed, and what was told', async () => {
  const concern = await openConcern(app.db, { person: await person(), by: by() })
  const set = (columns: string, id = concern.id) =>
    verdict(app.pool.query(`update concerns set ${columns} where id = $1`, [id]))
  const closedBy = (staffId: number) => set(`closed_at = raised_at, closed_by = ${staffId}, closed_words = 'x'`)
  expect(await set("what = 'other'")).toBe('23514 concern_goes_on')
  expect(await set("due_at = due_at + interval '1 day'")).toBe('23514 concern_goes_on')
  expect(await set(`closed_at = raised_at, closed_by = ${app.people.actors['information-governance'].staffId}`)).toBe(
    '23514 closed_concern_says_what_was_done',
  )
  expect(await closedBy(by().id)).toBe('23514 concern_is_closed_by_governance')
  const tell = (text: string, id: number) => verdict(app.pool.query(text, [id]))
  const anew = `insert into concern_tellings (organisation_id, concern_id, is_follow_up, who, how, told_at, written_at, written_by)
    select organisation_id, id, true, 'x', 'phone', raised_at, raised_at, raised_by from concerns where id = $1`
  expect(await tell(`update concern_tellings set who = 'y' where concern_id = $1`, concern.id)).toBe(
    '23514 telling_is_of_an_open_concern',
  )
  expect(await tell(anew, concern.id)).toBe('accepted')
  expect(await closedBy(app.people.actors['information-governance'].staffId)).toBe('accepted')
  expect(await set("closed_words = 'y'")).toBe('23514 concern_goes_on')
  const closed = await closedConcern(app.db, { person: await person(), by: by() })
  expect(await tell(anew, closed.id)).toBe('23514 telling_is_of_an_open_concern')
})
