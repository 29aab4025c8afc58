import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { availableItem, booking, deposit, loanTo, serviceUser, staffMember, ward } from '../../seeds/factories.ts'
import { thingsInWords } from '../../src/leaving/rules.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const hours = (count: number) => new Date(startOfTest.getTime() + count * 3_600_000)
const slot = (from: number, until: number) => ({ from: hours(from), until: hours(until) })

/** Somebody on the ward with a tablet in hand, a phone in a locker, a kit of their own, and two bookings to come. */
async function inpatient(mark: string) {
  const { organisationId: organisation_id, actors, ward: place } = app.people
  const here = { id: place.id, organisation_id }
  const by = { id: actors.champion.staffId }
  const person = await serviceUser(app.db, {
    organisation_id,
    name: `Robin ${mark}`,
    state: 'admitted',
    ward_id: place.id,
  })
  const item = (tag: string, more: object = {}) =>
    availableItem(app.db, { organisation_id, tag: `${mark}-${tag}`, kept_at_ward_id: place.id, ...more })
  const whom = { serviceUser: person }
  const out = { ...slot(-0.5, 0.5), takenAt: hours(-0.5) }
  await booking(app.db, { ward: here, by, items: [await item('OUT')], ...out, for: whom })
  const later = await item('LATER')
  for (const from of [3, 27]) {
    await booking(app.db, { ward: here, by, items: [later], ...slot(from, from + 1), for: whom })
  }
  await deposit(app.db, {
    ward: here,
    by,
    bay: await item('BAY', { category: 'locker-bay' }),
    at: hours(-3),
    for: whom,
  })
  const kit = await item('KIT', { kept_at_ward_id: null })
  await loanTo(app.db, { organisationId: organisation_id, serviceUser: person, items: [kit], isWithoutCharger: true })
  return { person, url: `/wards/${place.code}/leaving/${person.id}`, code: place.code }
}

async function move(person: { id: number }, to: { state: string; ward_id: number | null }) {
  await app.db.updateTable('service_users').set(to).where('id', '=', person.id).execute()
}

it('says in one line what somebody has', () => {
  const thing = { ward_id: 1, ward: 'Ash', maker: '', model: '', at: '', may_open: true }
  const coming = (id: number) => ({ ...thing, kind: 'coming' as const, id, tag: 'TAB-1' })
  expect(thingsInWords([])).toBe('Nothing')
  expect(thingsInWords([{ ...thing, kind: 'locker', id: 1, tag: 'BAY-1' }])).toBe('locker BAY-1')
  const out = { ...thing, kind: 'out' as const, id: 9, tag: 'TAB-9' }
  expect(thingsInWords([out, coming(1), coming(1), coming(2)])).toBe('TAB-9 and 2 bookings to come')
})

it('shows everything that somebody on the ward has, and cancels what is booked for later in one press', async () => {
  const { person, url } = await inpatient('ALL')
  const nurse = await app.signedInAs('ward-staff')
  const page = plainText((await nurse.get(url)).text)
  for (const tag of ['ALL-OUT', 'ALL-BAY', 'ALL-KIT', 'ALL-LATER']) expect(page).toContain(tag)
  expect(page).toContain('Community kit')
  expect((await nurse.post(`${url}/bookings`, {})).status).toBe(303)
  const held = await app.db
    .selectFrom('bookings')
    .innerJoin('item_holds', 'item_holds.booking_id', 'bookings.id')
    .select(['item_holds.taken_at', 'item_holds.cancelled_at'])
    .where('bookings.service_user_id', '=', person.id)
    .execute()
  expect(held.filter(({ cancelled_at }) => cancelled_at !== null)).toHaveLength(2)
  expect(held.filter(({ taken_at, cancelled_at }) => taken_at !== null && cancelled_at === null)).toHaveLength(1)
  // pressed twice
  const again = await nurse.post(`${url}/bookings`, {})
  expect(again.status).toBe(303)
  expect((await nurse.get(again.headers.location ?? '')).text).toContain('They have no booking to come on this ward')
})

it('after a transfer both wards see it: the old one what is its own, the new one everything', async () => {
  const { organisationId: organisation_id, actors } = app.people
  const { person, url } = await inpatient('MOVED')
  const next = await ward(app.db, { organisation_id })
  await move(person, { state: 'admitted', ward_id: next.id })
  const nurse = await app.signedInAs('ward-staff')
  const old = plainText((await nurse.get(url)).text)
  expect(old).toContain(`now on ${next.name}`)
  expect(old).toContain('MOVED-OUT')
  expect(old).not.toContain('MOVED-KIT')
  const { id: staffId } = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [next] })
  const other = await app.signedInAs({ ...actors['ward-staff'], staffId, wardIds: [next.id] })
  expect((await other.get(url)).status).toBe(404)
  const there = plainText((await other.get(`/wards/${next.code}/leaving/${person.id}`)).text)
  for (const tag of ['MOVED-OUT', 'MOVED-BAY', 'MOVED-KIT']) expect(there).toContain(tag)
  // what another ward booked is that ward's to cancel
  expect((await other.post(`/wards/${next.code}/leaving/${person.id}/bookings`, {})).status).toBe(303)
  expect(plainText((await nurse.get(url)).text)).toContain('Cancel all 2 bookings')
})

it('after a discharge the ward’s page names who has left with something, until it is back', async () => {
  const { person, code } = await inpatient('GONE')
  await move(person, { state: 'discharged', ward_id: null })
  const nurse = await app.signedInAs('ward-staff')
  const page = plainText((await nurse.get(`/wards/${code}`)).text)
  expect(page).toMatch(
    /Left the ward with something open.*Robin GONE.*locker GONE-BAY, GONE-OUT and 2 bookings to come/,
  )
  expect(page).toContain('Somebody who is no longer on this ward')
  const has = sqlOf(person.id)
  await has.cancel()
  expect((await nurse.get(`/wards/${code}/leaving/${person.id}`)).status).toBe(200)
  await has.giveBack()
  expect((await nurse.get(`/wards/${code}/leaving/${person.id}`)).status).toBe(404)
})

const sqlOf = (personId: number) => {
  const bookings = () => app.db.selectFrom('bookings').select('id').where('service_user_id', '=', personId)
  return {
    cancel: () =>
      app.db
        .updateTable('item_holds')
        .set({ cancelled_at: startOfTest })
        .where('booking_id', 'in', bookings())
        .where('taken_at', 'is', null)
        .execute(),
    giveBack: async () => {
      await app.db
        .updateTable('item_holds')
        .set({ ended_at: startOfTest, ended_as: 'returned' })
        .where('booking_id', 'in', bookings())
        .where('taken_at', 'is not', null)
        .execute()
      await app.db
        .updateTable('locker_deposits')
        .set({ ended_at: startOfTest, ended_as: 'collected', ended_by: app.people.actors['ward-staff'].staffId })
        .where('service_user_id', '=', personId)
        .execute()
    },
  }
}

it('whoever writes down that somebody left is led to what they have', async () => {
  const { person, url } = await inpatient('LED')
  const champion = await app.signedInAs('champion')
  const form = { state: 'discharged', ward: '', version: '1', address: '' }
  const answer = await champion.post(`/service-users/${person.id}/sections/where`, form)
  expect([answer.status, answer.headers.location]).toEqual([303, url])
})
