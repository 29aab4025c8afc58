import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  actorFor,
  diaryEntry,
  diaryHours,
  loanTo,
  onCaseload,
  type Staff,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { overloaded } from '../../src/caseloads/rules.ts'
import { errorsOf, wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let lead: Visitor
let administrator: Visitor

beforeAll(async () => {
  app = await startApp()
  const leader = await staffMember(app.db, { ...here(), name: 'Lee Leads', is_lead_champion: true })
  lead = await app.signedInAs(await actorFor(app.db, leader))
  administrator = await app.signedInAs('administrator')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const key = () => ({ key: crypto.randomUUID() })
const limitedChampion = (name: string) => staffMember(app.db, { ...here(), name, caseload_only: true })
const asVisitor = async (staff: Staff) => app.signedInAs(await actorFor(app.db, staff))
const person = (name: string) => serviceUser(app.db, { ...here(), name })
const putOn = (champion: Staff, who: { id: number }) =>
  onCaseload(app.db, { organisationId: app.people.organisationId, champion, serviceUser: who })

async function carerOf(who: { id: number }): Promise<number | null> {
  const open = 'select staff_id from caseload_entries where service_user_id = $1 and ended_at is null'
  return (await app.pool.query(open, [who.id])).rows[0]?.staff_id ?? null
}

describe('an administrator', () => {
  it('limits a champion to a caseload, which binds at once and begins with whose open loans they look after', async () => {
    const cleo = await staffMember(app.db, { ...here(), name: 'Cleo Community' })
    const visitor = await asVisitor(cleo)
    const [theirs, others] = [await person('Tess Theirs'), await person('Otto Others')]
    await loanTo(app.db, { serviceUser: theirs, lentBy: cleo })
    expect((await visitor.get(`/service-users/${others.id}`)).status).toBe(200)

    const fields = { name: cleo.name, role: 'champion', sees: 'caseload', version: 1 }
    expect((await administrator.post(`/admin/staff/${cleo.id}`, fields)).status).toBe(303)
    expect((await administrator.get(`/admin/staff/${cleo.id}`)).text).toContain('own caseload only')
    expect((await visitor.get(`/service-users/${theirs.id}`)).status).toBe(200)
    expect((await visitor.get(`/service-users/${others.id}`)).status).toBe(404)

    await administrator.post(`/admin/staff/${cleo.id}`, { ...fields, sees: 'all', version: 2 })
    expect((await visitor.get(`/service-users/${others.id}`)).status).toBe(200)
  })
})

describe('a lead champion', () => {
  it('sees every caseload and hands people over with their loans; each is audited', async () => {
    const [ada, bea] = [await limitedChampion('Ada Away'), await limitedChampion('Bea Back')]
    const [ann, ben] = [await person('Ann Handed'), await person('Ben Stays')]
    await putOn(ada, ann)
    await putOn(ada, ben)
    const loan = await loanTo(app.db, { serviceUser: ann, lentBy: ada })
    expect(wordsOf((await lead.get('/caseloads')).text)).toContain('Ada Away')
    const page = await lead.get(`/caseloads/${ada.id}`)
    expect(wordsOf(page.text)).toContain('2 people. Sees: their caseload only')

    const fields = { who: 'ticked', person: ann.id, to: bea.id, ...key() }
    const answers = [await lead.post(`/caseloads/${ada.id}`, fields), await lead.post(`/caseloads/${ada.id}`, fields)]
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect([await carerOf(ann), await carerOf(ben)]).toEqual([bea.id, ada.id])
    const [adaNow, beaNow] = [await asVisitor(ada), await asVisitor(bea)]
    expect((await adaNow.get(`/loans/${loan.id}`)).status).toBe(404)
    expect(wordsOf((await beaNow.get(`/loans/${loan.id}`)).text)).toContain('Looked after by Bea Back')
    const { rows } = await app.pool.query(
      "select details from audit_events join audit_details on audit_event_id = id where verb = 'caseload:handed-over' and service_user_id = $1",
      [ann.id],
    )
    expect(rows).toEqual([{ details: { from: 'Ada Away', to: 'Bea Back' } }])
  })

  it('hands everybody over at once, and puts those on nobody’s caseload on somebody’s', async () => {
    const [cy, dee] = [await limitedChampion('Cy Going'), await limitedChampion('Dee Staying')]
    const [one, two, alone] = [await person('One Of'), await person('Two Of'), await person('Alone Now')]
    await putOn(cy, one)
    await putOn(cy, two)
    await lead.post(`/caseloads/${cy.id}`, { who: 'all', to: dee.id, ...key() })
    expect([await carerOf(one), await carerOf(two)]).toEqual([dee.id, dee.id])
    expect(wordsOf((await lead.get(`/caseloads/${cy.id}`)).text)).toContain('Nobody is on this caseload.')

    expect((await lead.get('/caseloads/nobody')).text).toContain('Alone Now')
    const carer = `/service-users/${alone.id}/champion`
    expect((await lead.post(carer, { from: 'nobody', to: dee.id, ...key() })).status).toBe(303)
    expect(wordsOf((await lead.get(`/service-users/${alone.id}`)).text)).toContain('Champion Dee Staying')
  })

  it('hands over what is planned with them where the colleague is free, and is shown the rest', async () => {
    const [una, vic] = [await limitedChampion('Una Leaves'), await limitedChampion('Vic Takes')]
    const [kim, lou] = [await person('Kim Goes'), await person('Lou Goes')]
    await putOn(una, kim)
    await putOn(una, lou)
    await diaryHours(app.db, vic)
    const at = (text: string) => new Date(`2026-08-${text}:00Z`)
    const free = await diaryEntry(app.db, { champion: una, person: kim, from: at('05T10:00') })
    const full = await diaryEntry(app.db, { champion: una, person: lou, from: at('05T11:00') })
    const late = await diaryEntry(app.db, { champion: una, person: lou, from: at('05T18:00') })
    const past = await diaryEntry(app.db, { champion: una, person: kim, from: at('01T10:00') })
    await diaryEntry(app.db, { champion: vic, from: at('05T11:40') })
    const sent = await lead.post(`/caseloads/${una.id}`, { ...key(), who: 'all', to: vic.id })
    const page = wordsOf((await lead.get(sent.headers.location ?? '')).text)
    expect(page).toContain('Handed over: 2 people. 1 thing planned with them went along. 2 things could not go along')
    expect(page).toContain('Still in their diary with people of somebody else')
    expect(page).toContain('Lou Goes')
    const ids = [free, full, late, past].map(({ id }) => id)
    const { rows } = await app.pool.query('select champion_id from diary_entries where id = any($1) order by id', [ids])
    expect(rows.map(({ champion_id }) => champion_id)).toEqual([vic.id, una.id, una.id, una.id])
    expect((await (await asVisitor(vic)).get(`/diary/entries/${free.id}`)).status).toBe(200)
  })

  it('sees who looks after many more people than the others', () => {
    const champions = (...people: number[]) => people.map((count, id) => ({ id, people: count, is_gone: false }))
    expect(overloaded(champions(20, 5, 5))).toEqual(new Set([0]))
    expect(overloaded(champions(7, 1, 1))).toEqual(new Set())
    expect(overloaded(champions(30, 25, 28))).toEqual(new Set())
    expect(overloaded(champions(30))).toEqual(new Set())
    expect(overloaded([...champions(20, 5, 5), { id: 9, people: 90, is_gone: true }])).toEqual(new Set([0]))
  })

  it('is told what is missing, and what somebody else did first', async () => {
    const [eve, fay] = [await limitedChampion('Eve Was'), await limitedChampion('Fay Is')]
    const who = await person('Wanda Went')
    await putOn(eve, who)
    const url = `/caseloads/${eve.id}`
    const empty = await lead.post(url, { who: 'ticked', to: '', ...key() })
    expect([empty.status, Object.values(errorsOf(empty.text))]).toEqual([
      422,
      ['Tick the people to hand over', 'Choose who looks after them from now on'],
    ])
    await lead.post(url, { who: 'ticked', person: who.id, to: fay.id, ...key() })
    const late = await lead.post(url, { who: 'ticked', person: who.id, to: fay.id, ...key() })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Somebody else looks after some of these people by now.')
  })
})

describe('a champion with a caseload', () => {
  it('looks after whom they add, and is told without a name of somebody much like that', async () => {
    const gus = await asVisitor(await limitedChampion('Gus Adds'))
    const born = { 'date-of-birth-day': '5', 'date-of-birth-month': '11', 'date-of-birth-year': '1972' }
    const added = await gus.post('/service-users', { name: 'Nell New', ...born, ...key() })
    expect(added.status).toBe(303)
    expect((await gus.get(added.headers.location!)).status).toBe(200)

    const hidden = { ...here(), name: 'Hilda Hidden', date_of_birth: '1933-01-01', nhs_number: '9434765919' }
    await serviceUser(app.db, hidden)
    const alike = { 'date-of-birth-day': '1', 'date-of-birth-month': '1', 'date-of-birth-year': '1933' }
    const asked = await gus.post('/service-users', { name: 'Hylda Hidden', ...alike, ...key() })
    expect(asked.status).toBe(422)
    expect(asked.text).toContain('Somebody much like this is not on your caseload.')
    expect(asked.text).not.toContain('Hilda')
    const taken = { name: 'Somebody Else', ...born, 'nhs-number': '943 476 5919', confirmed: 'yes', ...key() }
    const refused = await gus.post('/service-users', taken)
    expect(refused.status).toBe(422)
    expect(errorsOf(refused.text)['nhs-number']).toContain('Someone who is not on your caseload has this number')
  })

  it('gets the people with the loans that are handed to them, unless a third champion has them', async () => {
    const [hal, ivy, jo] = [
      await staffMember(app.db, { ...here(), name: 'Hal Hands' }),
      await limitedChampion('Ivy Gets'),
      await limitedChampion('Jo Third'),
    ]
    const who = await person('Lou Lent')
    const loan = await loanTo(app.db, { serviceUser: who, lentBy: hal })
    await lead.post('/loans/handovers', { loan: loan.id, from: hal.id, to: ivy.id, ...key() })
    expect((await (await asVisitor(ivy)).get(`/loans/${loan.id}`)).status).toBe(200)
    const refused = await lead.post('/loans/handovers', { loan: loan.id, from: ivy.id, to: jo.id, ...key() })
    expect(refused.status).toBe(303)
    const other = await person('Max Mine')
    await putOn(jo, other)
    const theirs = await loanTo(app.db, { serviceUser: other, lentBy: hal })
    const blocked = await lead.post('/loans/handovers', { loan: theirs.id, from: hal.id, to: ivy.id, ...key() })
    expect(blocked.status).toBe(409)
    expect(blocked.text).toContain('Hand the people over first.')
  })

  it('takes back what lies there, whoever had it, and is told no name', async () => {
    const kit = await asVisitor(await limitedChampion('Kit Takes'))
    const loan = await loanTo(app.db, { serviceUser: await person('Secret Somebody') })
    const { rows } = await app.pool.query(
      'select tag from items join loan_lines on item_id = items.id where loan_id = $1 limit 1',
      [loan.id],
    )
    const answer = await kit.post('/loans/returns', { codes: rows[0].tag, ...key() })
    const page = await kit.get(answer.headers.location!)
    expect(wordsOf(page.text)).toContain('is back from A service user whose name is not shown')
    expect(page.text).not.toContain('Secret Somebody')
    expect(page.text).not.toContain(`/loans/${loan.id}"`)
  })
})
