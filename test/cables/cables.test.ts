import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  availableItem,
  type Item,
  loanTo,
  type Model,
  model,
  pinOf,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor
let inCharge: { id: number; name: string; organisation_id: number }
let long: Model

const PIN = '4826'
const place = () => app.people.ward
const cables = () => `/wards/${place().code}/cables`

beforeAll(async () => {
  app = await startApp()
  const { organisationId: organisation_id, ward } = app.people
  await app.db.updateTable('wards').set({ longest_cable_cm: 50 }).where('id', '=', ward.id).execute()
  inCharge = await staffMember(app.db, { organisation_id, role: 'ward-staff', name: 'Charge Nurse', wards: [ward] })
  await pinOf(app.db, inCharge, PIN)
  long = await model(app.db, { organisation_id, category: 'charger', cable_length_cm: 100 })
  nurse = await app.signedInAs('ward-staff')
})
afterAll(() => app.close())

const longCable = (tag: string, keptAt = place()) =>
  availableItem(app.db, {
    organisation_id: app.people.organisationId,
    model: long,
    kept_at_ward_id: keptAt.id,
    tag,
  })
const signed = (item: { id: number }, more: Record<string, string> = {}) => ({
  key: crypto.randomUUID(),
  item: String(item.id),
  because: 'Used with staff beside them',
  length: 'week',
  signer: String(inCharge.id),
  pin: PIN,
  ...more,
})
const book = (item: { id: number }) =>
  nurse.post('/bookings', {
    key: crypto.randomUUID(),
    ward: place().code,
    item: String(item.id),
    on: '2026-08-03',
    from: '14:00',
    length: '30',
    for: 'ward',
  })

it('a longer cable is refused in words, and handed out once the nurse in charge has signed', async () => {
  const item = await longCable('LONG-1')
  const refused = await book(item)
  expect(refused.status).toBe(409)
  expect(plainText(refused.text)).toContain('A cable of it is longer than the ward permits')
  const page = plainText((await nurse.get(cables())).text)
  expect(page).toContain('The longest cable that may be used here is 50 cm.')
  expect(page).toMatch(/On this ward, and longer .*LONG-1/)
  const form = signed(item)
  expect((await nurse.post(cables(), form)).status).toBe(303)
  expect((await nurse.post(cables(), form)).status).toBe(303)
  const permits = app.db.selectFrom('cable_permits').select(['signed_by', 'asked_by']).where('item_id', '=', item.id)
  expect(await permits.execute()).toEqual([
    { signed_by: inCharge.id, asked_by: app.people.actors['ward-staff'].staffId },
  ])
  expect(plainText((await nurse.get(cables())).text)).toMatch(/Signed for .*LONG-1.*Charge Nurse/)
  expect((await book(item)).status).toBe(303)
})

it('a champion cannot lend it to somebody on the ward either', async () => {
  const { organisationId: organisation_id, ward } = app.people
  const item = await longCable('LONG-2')
  const person = await serviceUser(app.db, { organisation_id, state: 'admitted', ward_id: ward.id })
  const champion = await app.signedInAs('champion')
  const lent = await champion.post('/loans', {
    key: crypto.randomUUID(),
    'service-user': String(person.id),
    item: [String(item.id)],
    keep: 'loan',
    ...{ 'due-day': '26', 'due-month': '10', 'due-year': '2026' },
    agreement: 'paper',
    charger: 'yes',
  })
  expect(lent.status).toBe(409)
  expect(plainText(lent.text)).toContain('A cable of it is longer than the ward permits')
  const lines = app.db.selectFrom('loan_lines').select('id').where('item_id', '=', item.id)
  expect(await lines.execute()).toEqual([])
})

it('whoever writes down that somebody was admitted is told of the longer cables they have with them', async () => {
  const { organisationId: organisation_id, ward } = app.people
  const champion = await app.signedInAs('champion')
  const admit = async (items: Item[]) => {
    const person = await serviceUser(app.db, { organisation_id, state: 'community' })
    if (items.length > 0) {
      await loanTo(app.db, { organisationId: organisation_id, serviceUser: person, items, isWithoutCharger: true })
    }
    const form = { state: 'admitted', ward: String(ward.id), version: '1', address: '' }
    const answer = await champion.post(`/service-users/${person.id}/sections/where`, form)
    expect(answer.status).toBe(303)
    return plainText((await champion.get(answer.headers.location ?? '')).text)
  }
  const elsewhere = app.people.otherWard
  const [item, other] = [await longCable('LONG-5', elsewhere), await longCable('LONG-6', elsewhere)]
  expect(await admit([item, other])).toContain(
    `Your changes are saved. They have LONG-5 and LONG-6, which have longer cables than Ash Ward permits.`,
  )
  expect(await admit([])).not.toContain('longer cable')
  // and it stays on the worklist of the ward and of the champions until then
  for (const visitor of [champion, nurse]) {
    expect(plainText((await visitor.get('/')).text)).toMatch(/Cables too long for the ward .*LONG-5, LONG-6/)
  }
  // and on the ward's page, where the nurse in charge signs for it
  expect(plainText((await nurse.get(cables())).text)).toMatch(/On this ward, and longer .*LONG-5/)
  expect((await nurse.post(cables(), signed(item))).status).toBe(303)
  const list = plainText((await nurse.get('/')).text)
  expect(list).toContain('LONG-6')
  expect(list).not.toContain('LONG-5')
  expect((await nurse.post(cables(), signed(await longCable('LONG-7', elsewhere)))).status).toBe(404)
})

it('a wrong PIN counts, and the fifth locks it; what was typed is kept, and the PIN never', async () => {
  const { organisationId: organisation_id, ward } = app.people
  const other = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [ward] })
  await pinOf(app.db, other, PIN)
  const item = await longCable('LONG-3')
  const guess = () => nurse.post(cables(), signed(item, { signer: String(other.id), pin: '9173' }))
  const first = await guess()
  expect(first.status).toBe(422)
  expect(plainText(first.text)).toContain('This is not their PIN. 4 tries are left')
  expect(first.text).toContain('value="Used with staff beside them"')
  expect(first.text).not.toContain('9173')
  for (let more = 0; more < 4; more += 1) await guess()
  const right = await nurse.post(cables(), signed(item, { signer: String(other.id) }))
  expect(plainText(right.text)).toContain('This PIN is locked.')
})

it('says all at once what is missing, and lets nobody of another ward sign or look', async () => {
  const answer = await nurse.post(cables(), { key: crypto.randomUUID() })
  const list = /nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(answer.text)?.[1] ?? ''
  expect([answer.status, list.match(/<li>/g)?.length]).toEqual([422, 5])
  const { organisationId: organisation_id, actors } = app.people
  const stranger = await staffMember(app.db, { organisation_id, role: 'ward-staff' })
  await pinOf(app.db, stranger, PIN)
  const item = await longCable('LONG-4')
  const wrong = await nurse.post(cables(), signed(item, { signer: String(stranger.id) }))
  expect(plainText(wrong.text)).toContain('Choose a member of staff of this ward')
  const outside = await app.signedInAs({ ...actors['ward-staff'], staffId: stranger.id, wardIds: [] })
  expect((await outside.get(cables())).status).toBe(404)
  expect((await outside.post(cables(), signed(item))).status).toBe(404)
})
