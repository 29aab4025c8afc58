import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { availableItem, kit, pinOf, restriction, serviceUser, staffMember } from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor
let champion: Visitor
let careTeam: Visitor
let inCharge: { id: number; name: string; organisation_id: number }

const PIN = '4826'
const CHARGER = 'Their care plan keeps a thing of this kind from them'

beforeAll(async () => {
  app = await startApp()
  const { organisationId: organisation_id, ward } = app.people
  inCharge = await staffMember(app.db, { organisation_id, role: 'ward-staff', name: 'Charge Nurse', wards: [ward] })
  await pinOf(app.db, inCharge, PIN)
  nurse = await app.signedInAs('ward-staff')
  champion = await app.signedInAs('champion')
  careTeam = await app.signedInAs('care-team')
})
afterAll(() => app.close())

const by = () => ({ id: app.people.actors.champion.staffId })
const here = () => ({ organisation_id: app.people.organisationId })
const inpatient = (name = 'Ash Exampleton') =>
  serviceUser(app.db, { ...here(), name, state: 'admitted', ward_id: app.people.ward.id })
const charger = (tag: string) =>
  availableItem(app.db, { ...here(), category: 'charger', tag, kept_at_ward_id: app.people.ward.id })
const review = { 'review-day': '1', 'review-month': '9', 'review-year': '2026' }
const written = (more: object = {}) => ({
  ...{ key: crypto.randomUUID(), kind: ['charger', 'smartphone'], words: 'In the lounge, with staff beside them' },
  ...review,
  ...more,
})
const signed = (tag: string, more: Record<string, string> = {}) => ({
  ...{ key: crypto.randomUUID(), tag, why: 'To ring their mother', length: 'today', signer: String(inCharge.id) },
  pin: PIN,
  ...more,
})
const pageOf = ({ id }: { id: number }) => `/service-users/${id}/restrictions`
const book = (item: { id: number }, person: { id: number }) =>
  nurse.post('/bookings', {
    ...{ key: crypto.randomUUID(), ward: app.people.ward.code, item: String(item.id), on: '2026-08-03' },
    ...{ from: '14:00', length: '30', for: 'person', person: String(person.id) },
  })
const lend = (items: { id: number }[], person: { id: number }) =>
  champion.post('/loans', {
    ...{ key: crypto.randomUUID(), 'service-user': String(person.id), item: items.map(({ id }) => String(id)) },
    ...{ keep: 'loan', 'due-day': '26', 'due-month': '10', 'due-year': '2026', agreement: 'paper', charger: 'yes' },
  })

it('is written down by whoever works with the person, and shown to everybody before they hand something out', async () => {
  const person = await inpatient()
  const form = written()
  expect((await careTeam.post(pageOf(person), form)).status).toBe(303)
  expect((await careTeam.post(pageOf(person), form)).status).toBe(303)
  const rows = app.db.selectFrom('device_restrictions').select(['categories', 'review_on'])
  expect(await rows.where('service_user_id', '=', person.id).execute()).toEqual([
    { categories: ['charger', 'smartphone'], review_on: '2026-09-01' },
  ])
  const said = 'No charger or smartphone. In the lounge, with staff beside them.'
  for (const [visitor, url] of [
    [champion, `/service-users/${person.id}`],
    [champion, `/loans/new?service-user=${person.id}`],
    [careTeam, `/people/${person.id}`],
    [nurse, `/people/${person.id}`],
    [nurse, `/wards/${app.people.ward.code}`],
  ] as const) {
    expect([url, plainText((await visitor.get(url)).text)]).toEqual([url, expect.stringContaining(said)])
  }
  const commissioner = await app.signedInAs('commissioner')
  expect((await commissioner.get(pageOf(person))).status).toBe(403)
})

it('keeps it from them on a ward and in a loan, until the nurse in charge signs for one thing', async () => {
  const person = await inpatient('Birch Exampleton')
  await restriction(app.db, { person, by: by(), categories: ['charger'] })
  const [item, other] = [await charger('CHG-1'), await charger('CHG-2')]
  for (const answer of [await book(item, person), await lend([item], person)]) {
    expect([answer.status, plainText(answer.text)]).toEqual([409, expect.stringContaining(CHARGER)])
  }
  const form = signed('chg-1')
  const done = await nurse.post(`${pageOf(person)}/permits`, form)
  expect(done.status).toBe(303)
  expect((await nurse.post(`${pageOf(person)}/permits`, form)).status).toBe(303)
  const permits = app.db.selectFrom('restriction_permits').select(['item_id', 'signed_by', 'asked_by'])
  expect(await permits.execute()).toEqual([
    { item_id: item.id, signed_by: inCharge.id, asked_by: app.people.actors['ward-staff'].staffId },
  ])
  expect(plainText((await nurse.get(pageOf(person))).text)).toMatch(/Signed for by the nurse in charge .*CHG-1/)
  expect((await book(other, person)).status).toBe(409)
  expect((await book(item, person)).status).toBe(303)
  const booking = app.db.selectFrom('bookings').select('id').where('service_user_id', '=', person.id)
  const { id } = await booking.executeTakeFirstOrThrow()
  expect(plainText((await nurse.get(`/bookings/${id}`)).text)).toContain('Their care plan restricts devices')
})

it('a kit with one thing of the kind is not lent to them', async () => {
  const person = await inpatient('Cedar Exampleton')
  await restriction(app.db, { person, by: by(), categories: ['charger'] })
  const tablet = await availableItem(app.db, { ...here(), category: 'tablet', tag: 'KIT-TAB' })
  const { items } = await kit(app.db, { ...here(), items: [tablet, await charger('KIT-CHG')] })
  expect((await lend(items, person)).status).toBe(409)
  const lines = app.db.selectFrom('loan_lines').select('id').where('item_id', '=', tablet.id)
  expect(await lines.execute()).toEqual([])
})

it('is looked at again or ended once, and whoever is overtaken sees how it stands', async () => {
  const person = await inpatient('Elm Exampleton')
  const one = await restriction(app.db, { person, by: by(), categories: ['charger'], reviewOn: '2026-08-03' })
  const url = `/restrictions/${one.id}`
  for (const visitor of [champion, nurse, careTeam]) {
    expect(plainText((await visitor.get('/')).text)).toMatch(/Care plans to look at again .*Elm Exampleton/)
  }
  const next = { 'next-day': '1', 'next-month': '11', 'next-year': '2026', version: '1' }
  expect((await nurse.post(`${url}/review`, next)).status).toBe(303)
  const late = await champion.post(`${url}/end`, { because: 'Agreed on Monday', version: '1' })
  expect([late.status, plainText(late.text)]).toEqual([
    409,
    expect.stringContaining('Somebody changed or ended this restriction after you opened it.'),
  ])
  expect((await champion.post(`${url}/end`, { because: 'Agreed on Monday', version: '2' })).status).toBe(303)
  const page = plainText((await champion.get(url)).text)
  expect(page).toContain('Agreed on Monday')
  expect(page).not.toContain('It holds no more')
  expect(plainText((await champion.get(pageOf(person))).text)).toMatch(/Kept from them before .*Agreed on Monday/)
  expect((await lend([await charger('CHG-9')], person)).status).toBe(303)
})

it('says all at once what is missing, keeps what was typed, and never the PIN', async () => {
  const person = await inpatient('Fir Exampleton')
  await restriction(app.db, { person, by: by() })
  const errors = async (answer: { status: number; text: string }) => {
    expect(answer.status).toBe(422)
    const list = /nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(answer.text)?.[1] ?? ''
    return list.match(/<li>/g)?.length
  }
  expect(await errors(await nurse.post(pageOf(person), { key: crypto.randomUUID() }))).toBe(3)
  expect(await errors(await nurse.post(`${pageOf(person)}/permits`, { key: crypto.randomUUID() }))).toBe(5)
  const past = await nurse.post(pageOf(person), written({ 'review-year': '2025' }))
  expect(plainText(past.text)).toContain('The day it is looked at again must be after today')
  expect(past.text).toContain('value="In the lounge, with staff beside them"')
  const wrong = await nurse.post(`${pageOf(person)}/permits`, signed('CHG-1', { pin: '9173' }))
  expect(plainText(wrong.text)).toContain('This is not their PIN. 4 tries are left')
  expect(wrong.text).toContain('value="To ring their mother"')
  expect(wrong.text).not.toContain('9173')
  const none = await nurse.post(`${pageOf(person)}/permits`, signed('NO-SUCH-THING'))
  expect([none.status, plainText(none.text)]).toEqual([409, expect.stringContaining('There is no such item here.')])
  const tablet = await availableItem(app.db, {
    ...here(),
    category: 'tablet',
    tag: 'TAB-9',
    kept_at_ward_id: app.people.ward.id,
  })
  const free = await nurse.post(`${pageOf(person)}/permits`, signed(tablet.tag))
  expect([free.status, plainText(free.text)]).toEqual([409, expect.stringContaining('Nothing keeps TAB-9 from them')])
})

it('is nobody’s who does not see the person', async () => {
  const elsewhere = await serviceUser(app.db, { ...here(), state: 'admitted', ward_id: app.people.otherWard.id })
  const one = await restriction(app.db, { person: elsewhere, by: by() })
  for (const url of [pageOf(elsewhere), `/restrictions/${one.id}`]) {
    expect((await nurse.get(url)).status).toBe(404)
  }
  expect((await nurse.post(pageOf(elsewhere), written())).status).toBe(404)
  expect((await nurse.post(`/restrictions/${one.id}/end`, { because: 'x', version: '1' })).status).toBe(404)
})
