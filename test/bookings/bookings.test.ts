import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, availableItems, loanTo, placement, serviceUser } from '../../seeds/factories.ts'
import { releaseUncollected } from '../../src/bookings/release-actions.ts'
import { MOST_ITEMS } from '../../src/bookings/timetable-rules.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  nurse = await app.signedInAs('ward-staff')
  champion = await app.signedInAs('champion')
})
afterEach(async () => {
  app.setClock(startOfTest)
  nurse = await app.signedInAs('ward-staff')
  // what is lent here was lent by the factory
  const { 'a loan that nobody in the audit lent': _, ...broken } = await brokenRules(app.db)
  expect(broken).toEqual({})
})
afterAll(() => app.close())

/** Later that day; whoever was signed in has been signed out meanwhile. */
async function moveTo(time: string): Promise<void> {
  app.setClock(at(time))
  nurse = await app.signedInAs('ward-staff')
}

const monday = '2026-08-03'
const at = (time: string) => new Date(`2026-08-03T${time}:00+01:00`)
const key = () => crypto.randomUUID()
const kept = (more: object = {}) =>
  availableItem(app.db, { organisation_id: app.people.organisationId, kept_at_ward_id: app.people.ward.id, ...more })

const form = (item: { id: number }, more: Record<string, string> = {}) => ({
  key: key(),
  ward: app.people.ward.code,
  item: item.id,
  on: monday,
  from: '14:00',
  length: '30',
  for: 'ward',
  ...more,
})

const errorsOn = (page: { text: string }) => {
  const summary = /nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(page.text)?.[1] ?? ''
  return [...summary.matchAll(/<li>(.*?)<\/li>/gs)].map((match) => plainText(match[1] ?? '').trim())
}
const holdsOf = (item: { id: number }) =>
  app.db
    .selectFrom('item_holds')
    .selectAll()
    .where('item_id', '=', item.id)
    .where('kind', '=', 'booking')
    .orderBy('id')
    .execute()

async function booked(more: Record<string, string> = {}) {
  const item = await kept()
  const answer = await nurse.post('/bookings', form(item, more))
  expect(answer.status).toBe(303)
  const [hold] = await holdsOf(item)
  return { item, id: hold!.booking_id!, url: `/bookings/${hold!.booking_id}` }
}

const versionOf = async (id: number) =>
  (await app.db.selectFrom('bookings').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
const timetable = async (visitor: Visitor, query = '?part=day') =>
  plainText((await visitor.get(`/wards/${app.people.ward.code}/timetable${query}`)).text)

describe('a booking', () => {
  it('is two taps from a free cell, is handed out, taken back, and free again once it is clean', async () => {
    const item = await kept({ tag: 'TWO-TAPS' })
    const page = await nurse.get(`/wards/${app.people.ward.code}/timetable?part=afternoon`)
    const href = page.text
      .replaceAll('&amp;', '&')
      .replaceAll('&#x3D;', '=')
      .match(`/bookings/new[^"]*item=${item.id}[^"]*from=14%3A00`)?.[0]
    const first = await nurse.get(href!)
    expect(first.status).toBe(200)
    const sent = { ...form(item), key: /name="key" value="([^"]+)"/.exec(first.text)![1]! }
    const answer = await nurse.post('/bookings', sent)
    expect(answer.headers.location).toBe(`/wards/${app.people.ward.code}/timetable?on=${monday}&part=afternoon`)
    expect((await nurse.post('/bookings', sent)).headers.location).toBe(answer.headers.location)
    const [hold, ...more] = await holdsOf(item)
    expect([hold?.plan, more]).toEqual(['["2026-08-03 13:00:00+00","2026-08-03 13:45:00+00")', []])

    const url = `/bookings/${hold!.booking_id}`
    const early = await nurse.post(`${url}/hand-out`, { version: 1 })
    expect([early.status, errorsOn(early)]).toEqual([
      409,
      ['It is booked from 2pm. To hand it out now, move the booking to now.'],
    ])
    await moveTo('13:58')
    expect((await nurse.post(`${url}/hand-out`, { version: 1 })).status).toBe(303)
    expect(await timetable(nurse)).toContain('With the ward, free again at 2:45pm')
    // a colleague who pressed a moment later is told what was done, and by whom
    const { name } = app.people.actors['ward-staff']
    const late = await nurse.post(`${url}/hand-out`, { version: 1 })
    const words = `${name} handed it out already, at 1:58pm. When it comes back, take it back here.`
    expect([late.status, errorsOn(late)]).toEqual([409, [words]])
    await moveTo('14:10')
    expect((await nurse.post(`${url}/take-back`, { version: 2, hold: hold!.id })).status).toBe(303)
    expect((await holdsOf(item))[0]).toMatchObject({
      ended_as: 'returned',
      plan: '["2026-08-03 13:00:00+00","2026-08-03 13:25:00+00")',
    })
    const again = await nurse.post(`${url}/take-back`, { version: 3, hold: hold!.id })
    expect([again.status, errorsOn(again)]).toEqual([409, [`${item.tag} is back already, since 2:10pm.`]])
    const stale = await nurse.post(`${url}/take-back`, { version: 2, hold: hold!.id })
    expect(errorsOn(stale)).toEqual([
      `${name} took it back already, at 2:10pm. It is free again: book it from the timetable.`,
    ])
  })

  it('that somebody else was faster with says who has it and offers what is free, one tap away', async () => {
    const { item } = await booked({ for: 'initials', initials: 'JB' })
    const other = await kept({ tag: 'OTHER-TAB', category: 'tablet' })
    const answer = await nurse.post('/bookings', form(item, { purpose: 'family', for: 'initials', initials: 'KL' }))
    expect([answer.status, errorsOn(answer)]).toEqual([
      409,
      [`${item.tag} is booked for JB from 2pm to 2:30pm. It is free again at 2:45pm, when it is clean.`],
    ])
    expect(answer.text).toContain('value="KL"')
    const offers = [...answer.text.matchAll(/name="instead" value="([^"]+)"/g)].map(([, value]) => value!)
    expect(offers).toContain(`${item.id}@2026-08-03T13:45:00.000Z`)
    const again = { ...form(item, { for: 'initials', initials: 'KL' }), instead: offers.at(-1)! }
    expect((await nurse.post('/bookings', again)).status).toBe(303)
    expect((await holdsOf(item))[1]?.plan).toBe('["2026-08-03 13:45:00+00","2026-08-03 14:30:00+00")')
    // a cell that was free when the page was shown leads to the nearest that is
    const cell = await nurse.get(`/bookings/new?ward=${app.people.ward.code}&item=${item.id}&on=${monday}&from=14:00`)
    expect(plainText(cell.text)).toContain('The nearest time that is free is chosen for you')
    expect(cell.text).toContain('<option value="13:15" selected>')
    expect(other.id).toBeGreaterThan(0)
  })

  it('is for somebody who is on the ward', async () => {
    const { ward, organisationId: organisation_id } = app.people
    const person = await serviceUser(app.db, {
      organisation_id,
      name: 'Inpatient Example',
      state: 'admitted',
      ward_id: ward.id,
    })
    const outside = await serviceUser(app.db, { organisation_id, name: 'Outside Example' })
    const whom = (who: { id: number }) => ({ for: 'person', person: String(who.id) })
    const refused = await nurse.post('/bookings', form(await kept(), whom(outside)))
    expect([refused.status, errorsOn(refused)[0]]).toEqual([409, expect.stringContaining('not on the ward any more')])
    const { url, id } = await booked({ from: '10:30', ...whom(person) })
    expect(await timetable(nurse)).toContain('Inpatient Example')
    expect(await timetable(champion)).toContain('Inpatient Example')
    const left = app.db.updateTable('service_users').where('id', '=', person.id)
    await left.set({ state: 'discharged', ward_id: null }).execute()
    expect(await timetable(nurse)).not.toContain('Inpatient Example')
    expect(plainText((await nurse.get(url)).text)).toContain('Somebody who is no longer on this ward')
    const gone = await nurse.post(`${url}/hand-out`, { version: 1 })
    expect([gone.status, errorsOn(gone)[0]]).toEqual([409, expect.stringContaining('not on this ward any more')])
    expect((await nurse.post(`${url}/hand-out`, { version: await versionOf(id), there: 'yes' })).status).toBe(303)
    await nurse.post(`${url}/take-back`, {
      version: 2,
      hold: (await app.db.selectFrom('item_holds').select('id').where('booking_id', '=', id).executeTakeFirstOrThrow())
        .id,
    })
  })

  it('of another ward is booked, and for nobody one may know', async () => {
    const { otherWard, organisationId: organisation_id } = app.people
    const theirs = await availableItem(app.db, { organisation_id, kept_at_ward_id: otherWard.id, tag: 'THEIRS' })
    const order = { ...form(theirs, { for: 'initials', initials: 'ZZTOP', purpose: 'tribunal' }), ward: otherWard.code }
    expect((await nurse.post('/bookings', order)).status).toBe(404)
    expect((await champion.post('/bookings', order)).status).toBe(303)
    const [hold] = await holdsOf(theirs)
    const page = await nurse.get(`/wards/${otherWard.code}/timetable?part=day`)
    expect(plainText(page.text)).toContain('Booked')
    for (const secret of ['ZZTOP', 'tribunal', 'href="/bookings/']) expect(page.text).not.toContain(secret)
    expect((await nurse.get(`/bookings/${hold!.booking_id}`)).status).toBe(404)
    expect((await nurse.post(`/bookings/${hold!.booking_id}/cancellation`, { version: 1 })).status).toBe(404)
    const administrator = await app.signedInAs('administrator')
    const seen = await administrator.get(`/bookings/${hold!.booking_id}`)
    expect([seen.status, seen.text.includes('ZZTOP')]).toEqual([200, false])
  })

  it('is moved, extended and cancelled, and told whose time is in the way', async () => {
    const { item, id, url } = await booked()
    expect(
      (await nurse.post('/bookings', form(item, { from: '15:00', for: 'initials', initials: 'NEXT' }))).status,
    ).toBe(303)
    const day = { 'on-day': '3', 'on-month': '8', 'on-year': '2026' }
    const clash = await nurse.post(`${url}/time`, { version: 1, ...day, from: '14:45', length: '30' })
    expect([clash.status, errorsOn(clash)[0]]).toEqual([
      409,
      expect.stringContaining('is booked for NEXT from 3pm to 3:30pm'),
    ])
    expect((await nurse.post(`${url}/time`, { version: 1, ...day, from: '10:30', length: '60' })).status).toBe(303)
    expect((await nurse.post(`${url}/time`, { version: 1, ...day, from: '10:30', length: '60' })).status).toBe(409)
    expect((await nurse.post(`${url}/hand-out`, { version: await versionOf(id) })).status).toBe(303)
    const far = await nurse.post(`${url}/end`, { version: await versionOf(id), end: '15:15' })
    expect([far.status, errorsOn(far)[0]]).toEqual([409, expect.stringContaining('is booked for NEXT')])
    expect((await nurse.post(`${url}/end`, { version: await versionOf(id), end: '12:00' })).status).toBe(303)
    expect((await holdsOf(item))[0]?.plan).toBe('["2026-08-03 09:30:00+00","2026-08-03 11:15:00+00")')
    expect((await nurse.post(`${url}/cancellation`, { version: await versionOf(id) })).status).toBe(409)
    const [, next] = await holdsOf(item)
    expect((await nurse.post(`/bookings/${next!.booking_id}/cancellation`, { version: 1 })).status).toBe(303)
    expect((await holdsOf(item))[1]?.cancelled_at).not.toBeNull()
  })

  it('comes back late all the same, and meanwhile puts the next at risk and nobody else gets it', async () => {
    const { item, url } = await booked({ now: 'yes' })
    expect((await nurse.post('/bookings', form(item, { from: '11:30' }))).status).toBe(303)
    await moveTo('11:35')
    expect(await timetable(nurse)).toContain('not back yet')
    expect(await timetable(nurse)).toContain('at risk: not back or not ready')
    const [, next] = await holdsOf(item)
    const out = await nurse.post(`/bookings/${next!.booking_id}/hand-out`, { version: 1 })
    expect([out.status, errorsOn(out)]).toEqual([409, [`Somebody still has ${item.tag}. Take it back first.`]])
    const [hold] = await holdsOf(item)
    expect((await nurse.post(`${url}/take-back`, { version: 1, hold: hold!.id, clean: 'yes' })).status).toBe(303)
    expect((await nurse.post(`/bookings/${next!.booking_id}/hand-out`, { version: 2 })).status).toBe(409)
    expect((await nurse.post(`/bookings/${next!.booking_id}/hand-out`, { version: 1 })).status).toBe(303)
  })

  it('of what is lent to the ward stands within the placement, and on loan from it is not booked', async () => {
    const { ward, organisationId: organisation_id } = app.people
    const item = await availableItem(app.db, { organisation_id })
    const lentBy = { id: app.people.actors.champion.staffId }
    await placement(app.db, { ward: { ...ward, organisation_id }, items: [item], lentBy })
    expect((await nurse.post('/bookings', form(item))).status).toBe(303)
    const onward = await availableItem(app.db, { organisation_id, category: 'headset' })
    await placement(app.db, { ward: { ...ward, organisation_id }, items: [onward], lentBy })
    await loanTo(app.db, {
      organisationId: organisation_id,
      items: [onward],
      lentBy,
      lentAt: new Date('2026-08-01T09:00:00Z'),
    })
    const taken = await nurse.post('/bookings', form(onward))
    expect([taken.status, errorsOn(taken)[0]]).toEqual([409, expect.stringContaining('is on loan until')])
  })

  it('is repeated each week, and a week that clashes is told before any is booked', async () => {
    const { item, url } = await booked({ for: 'initials', initials: 'JB', purpose: 'family' })
    const week7 = await nurse.post(
      '/bookings',
      form(item, { on: '2026-09-21', from: '13:45', for: 'initials', initials: 'KL' }),
    )
    expect(week7.status).toBe(303)
    const none = await nurse.post(`${url}/repeats`, { key: key(), weeks: '13' })
    expect([none.status, errorsOn(none)]).toEqual([422, ['Choose 1 to 12 weeks']])
    const clash = await nurse.post(`${url}/repeats`, { key: key(), weeks: '12' })
    expect([clash.status, errorsOn(clash)]).toEqual([409, ['It cannot be booked in every week.']])
    expect(plainText(clash.text)).toContain('Monday 21 September 2026')
    expect(plainText(clash.text)).toContain('is booked for KL from 1:45pm to 2:15pm')
    expect(clash.text).toContain('Book the other 11 weeks')
    expect(await holdsOf(item)).toHaveLength(2)
    const sent = { key: key(), weeks: '12', 'leave-out': 'yes' }
    expect((await nurse.post(`${url}/repeats`, sent)).status).toBe(303)
    expect((await nurse.post(`${url}/repeats`, sent)).status).toBe(303)
    const holds = await holdsOf(item)
    expect(holds).toHaveLength(13)
    // at the same time on the clock, whether London is an hour ahead or not
    expect(holds.at(-1)?.plan).toBe('["2026-10-26 14:00:00+00","2026-10-26 14:45:00+00")')
  })

  it('stands in the week of its item; and when that leaves the ward, it is still seen and can be cancelled', async () => {
    const { item, id, url } = await booked({ on: '2026-08-05', for: 'initials', initials: 'WK' })
    const week = await nurse.get(`/wards/${app.people.ward.code}/week?item=${item.id}&on=${monday}`)
    expect(plainText(week.text)).toMatch(/Wednesday 5 August 2026 .*2pm to 2:30pm .*WK/)
    await app.db
      .updateTable('items')
      .set({ kept_at_ward_id: app.people.otherWard.id })
      .where('id', '=', item.id)
      .execute()
    const page = await timetable(nurse, '?on=2026-08-05&part=day')
    expect(page).toContain('Booked, and no longer on this ward')
    expect(await timetable(nurse, '?on=2026-08-06&part=day')).not.toContain('no longer on this ward')
    expect((await nurse.post(`${url}/cancellation`, { version: await versionOf(id) })).status).toBe(303)
    expect((await nurse.get(`/wards/${app.people.ward.code}/week?item=${item.id}`)).status).toBe(404)
  })

  it('nobody came for is released after half an hour, unless its purpose is protected or the thing is not back', async () => {
    const plain = await booked({ from: '10:30' })
    const tribunal = await booked({ from: '10:30', purpose: 'tribunal' })
    const collected = await booked({ from: '10:30' })
    await nurse.post(`${collected.url}/hand-out`, { version: 1 })
    const late = await booked({ now: 'yes', length: '15' })
    expect((await nurse.post('/bookings', form(late.item, { from: '11:00' }))).status).toBe(303)
    const run = () => releaseUncollected({ db: app.db, clock: app.clock })
    await moveTo('10:59')
    expect(await run()).toBe(0)
    await moveTo('11:31')
    expect([await run(), await run()]).toEqual([1, 0])
    expect((await holdsOf(plain.item))[0]?.cancelled_at).not.toBeNull()
    expect(plainText((await nurse.get(plain.url)).text)).toContain('Not collected: released')
    for (const { item } of [tribunal, collected]) expect((await holdsOf(item))[0]?.cancelled_at).toBeNull()
    expect((await holdsOf(late.item))[1]?.cancelled_at).toBeNull()
    const [event] = await app.db.selectFrom('audit_events').selectAll().where('verb', '=', 'booking:released').execute()
    expect(event).toMatchObject({ subject_id: plain.id, staff_id: null })
    for (const { id, item } of [collected, late]) {
      const [hold] = await holdsOf(item)
      await nurse.post(`/bookings/${id}/take-back`, { version: await versionOf(id), hold: hold!.id })
    }
  })

  it('that was done on paper is entered later with its true time', async () => {
    const { item, url } = await booked({ from: '11:00' })
    await moveTo('13:00')
    const wrong = await nurse.post(`${url}/hand-out`, { version: 1, at: '25:00' })
    expect([wrong.status, errorsOn(wrong)]).toEqual([422, ['Time must be like 09:30 or 14:30']])
    expect((await nurse.post(`${url}/hand-out`, { version: 1, at: '11:05' })).status).toBe(303)
    const [hold] = await holdsOf(item)
    const early = await nurse.post(`${url}/take-back`, { version: 2, hold: hold!.id, at: '11:00' })
    expect([early.status, errorsOn(early)[0]]).toEqual([409, expect.stringContaining('was handed out after that')])
    expect((await nurse.post(`${url}/take-back`, { version: 2, hold: hold!.id, at: '11:25' })).status).toBe(303)
    const [after] = await holdsOf(item)
    expect([after?.taken_at, after?.ended_at]).toEqual(['2026-08-03 10:05:00+00', '2026-08-03 10:25:00+00'])
    const other = await nurse.post('/bookings', form(item, { from: '13:15' }))
    expect(other.status).toBe(303)
    const [, next] = await holdsOf(item)
    const taken = await nurse.post(`/bookings/${next!.booking_id}/hand-out`, { version: 1, at: '12:50' })
    expect(taken.status).toBe(303)
    await nurse.post(`/bookings/${next!.booking_id}/take-back`, { version: 2, hold: next!.id })
    const sheet = plainText((await nurse.get(`/wards/${app.people.ward.code}/sheet`)).text)
    expect(sheet).toContain('Monday 3 August 2026')
    expect((await nurse.get(`/wards/${app.people.otherWard.code}/sheet`)).status).toBe(404)
  })

  it('for which something is missing or wrong shows the form again with what was typed', async () => {
    const answer = await nurse.post('/bookings', form(await kept(), { from: '09:00', for: 'initials', initials: '' }))
    expect([answer.status, errorsOn(answer)]).toEqual([
      422,
      ['This time has gone by. Choose a later one', 'Enter their initials'],
    ])
    expect((await nurse.post('/bookings', { ...form({ id: 999_999 }) })).status).toBe(404)
    expect((await nurse.get('/wards/nowhere/timetable')).status).toBe(404)
    expect((await nurse.get(`/wards/${app.people.ward.code}/timetable?on=9999-12-31`)).status).toBe(303)
  })
})

describe('a ward with more things than its timetable shows', () => {
  it('lends the last of them like the first: booked, moved, and each week', async () => {
    const { organisationId: organisation_id, ward } = app.people
    const here = { organisation_id, kept_at_ward_id: ward.id }
    const model = await app.db
      .selectFrom('models')
      .selectAll()
      .where('category', '=', 'tablet')
      .executeTakeFirstOrThrow()
    await availableItems(
      app.db,
      Array.from({ length: MOST_ITEMS }, (_, at) => ({ ...here, model, tag: `MANY-${String(at).padStart(3, '0')}` })),
    )
    const headset = await kept({ category: 'headset', tag: 'ZZ-HEADSET' })
    const item = await kept({ model, tag: 'ZZ-LAST' })
    expect(await timetable(nurse)).not.toContain('ZZ-LAST')
    expect((await nurse.get(`/bookings/new?ward=${ward.code}&item=${item.id}&on=${monday}`)).status).toBe(200)
    expect((await nurse.post('/bookings', form(item))).status).toBe(303)
    const [hold] = await holdsOf(item)
    const url = `/bookings/${hold!.booking_id}`
    expect((await nurse.post(`${url}/repeats`, { key: key(), weeks: '2' })).status).toBe(303)
    expect(await holdsOf(item)).toHaveLength(3)
    const wanted = {
      ...{ key: key(), ward: ward.code, category: 'headset', for: 'ward', from: '14:00', length: '30' },
      ...{ 'on-day': '3', 'on-month': '8', 'on-year': '2026' },
    }
    expect((await nurse.post('/bookings/wanted', wanted)).status).toBe(303)
    expect(await holdsOf(headset)).toHaveLength(1)
  })
})
