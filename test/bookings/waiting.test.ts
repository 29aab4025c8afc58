import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, booking, bookingWait, model, serviceUser, staffMember } from '../../seeds/factories.ts'
import { releaseUncollected } from '../../src/bookings/release-actions.ts'
import { freeInWords, offersTo, type WaitFacts } from '../../src/bookings/waiting-rules.ts'
import type { WantedCandidate } from '../../src/bookings/wanting-rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

const at = (time: string, day = '2026-08-03') => new Date(`${day}T${time}:00+01:00`)

describe('what is offered to those who wait', () => {
  const thing = (id: number, category: string, ...busy: [string, string][]): WantedCandidate => ({
    ...{ id, category, tag: `${category}-${id}`, model_id: 1, connector: null },
    ...{ is_cable_too_long: false, cable_signed_until: null },
    busy: busy.map(([from, until]) => ({ from: at(from), until: at(until) })),
  })
  const wait = (id: number, more: Partial<WaitFacts> = {}): WaitFacts => ({
    ...{ id, item_id: null, categories: ['tablet'], connector: null, minutes: 30 },
    earliest_at: at('14:00').toISOString(),
    latest_at: at('17:00').toISOString(),
    ...more,
  })
  const offered = (waits: WaitFacts[], things: WantedCandidate[], now = at('10:30')) =>
    offersTo(waits, things, now).map(({ wait: { id }, items, from }) => [id, items.map((one) => one.id), from])

  it('is the soonest that is long enough, with time to clean after it', () => {
    const busy = thing(1, 'tablet', ['14:00', '15:00'], ['15:30', '16:00'])
    expect(offered([wait(1)], [busy])).toEqual([[1, [1], at('16:00')]])
    expect(offered([wait(1, { minutes: 15 })], [busy])).toEqual([[1, [1], at('15:00')]])
    expect(offered([wait(1, { minutes: 75 })], [busy])).toEqual([])
  })

  it('goes to whoever asked first, and to the next what is left', () => {
    const things = [thing(1, 'tablet', ['14:45', '18:00']), thing(2, 'headset')]
    const both = wait(2, { categories: ['headset', 'tablet'] })
    expect(offered([wait(1), both, wait(3, { item_id: 2, categories: ['headset'] })], things)).toEqual([
      [1, [1], at('14:00')],
      [3, [2], at('14:00')],
    ])
    expect(offered([both, wait(1), wait(3, { item_id: 2, categories: ['headset'] })], things)).toEqual([
      [2, [2, 1], at('14:00')],
      [3, [2], at('14:45')],
    ])
  })

  it('begins on the next quarter of an hour; on the one that is under way where nothing else is left', () => {
    const things = [thing(1, 'tablet')]
    expect(offered([wait(1)], things, at('14:10'))).toEqual([[1, [1], at('14:15')]])
    const fixed = wait(1, { latest_at: at('14:30').toISOString() })
    expect(offered([fixed], things, at('14:10'))).toEqual([[1, [1], at('14:00')]])
    expect(offered([fixed], things, at('14:15'))).toEqual([])
  })

  it('is now, or names its day', () => {
    const offer = { from: at('14:30'), until: at('15:00') }
    expect(freeInWords(offer, at('10:30'))).toBe('Free now from 2:30pm to 3pm')
    expect(freeInWords(offer, at('10:30', '2026-08-02'))).toBe('Free on Monday 3 August 2026 from 2:30pm to 3pm')
  })
})

describe('the waiting list of a ward', () => {
  let app: TestApp
  let nurse: Visitor
  beforeAll(async () => {
    app = await startApp()
    nurse = await app.signedInAs('ward-staff')
  })
  afterAll(() => app.close())

  const ward = () => ({ ...app.people.ward, organisation_id: app.people.organisationId })
  const list = () => `/wards/${app.people.ward.code}/waiting-list`
  const key = () => crypto.randomUUID()
  let day = 3
  /** A tablet of a kind and a day of its own, that is taken all afternoon. */
  async function taken(category: 'tablet' | 'headset' = 'tablet') {
    day += 1
    const on = `2026-08-${String(day).padStart(2, '0')}`
    const organisation_id = app.people.organisationId
    const item = await availableItem(app.db, {
      ...{ organisation_id, kept_at_ward_id: app.people.ward.id },
      model: await model(app.db, { organisation_id, category }),
    })
    const by = { id: app.people.actors['ward-staff'].staffId }
    const made = await booking(app.db, {
      ...{ ward: ward(), items: [item], from: at('14:00', on), until: at('14:30', on), by },
      for: { initials: 'XX' },
    })
    return { item, on, bookingId: made.id, url: `/bookings/${made.id}` }
  }
  const form = (item: { id: number }, on: string, more: Record<string, string> = {}) => ({
    ...{ key: key(), ward: app.people.ward.code, item: item.id, on, from: '14:00', length: '30', by: '14:30' },
    ...{ for: 'initials', initials: 'JB', purpose: 'tribunal', ...more },
  })
  const waits = (on: string) =>
    app.db.selectFrom('booking_waits').selectAll().where('wanted_on', '=', on).orderBy('id').execute()
  const errorsOn = (page: { text: string }) =>
    plainText(/nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(page.text)?.[1] ?? '').trim()
  const offerOn = (page: { text: string }) => ({
    action: /action="(\/waiting-list\/\d+\/booking)"/.exec(page.text)?.[1] ?? 'none',
    from: /name="from" value="([^"]+)"/.exec(page.text)?.[1] ?? '',
  })
  const timetable = (visitor: Visitor, on: string) => visitor.get(`/wards/${app.people.ward.code}/timetable?on=${on}`)

  it('is one press from what is taken; what is cancelled is offered to the next, and one press books it', async () => {
    const { item, on, url } = await taken()
    const refused = await nurse.post('/bookings', form(item, on))
    expect([refused.status, refused.text.includes(`formaction="${list()}"`)]).toEqual([409, true])
    const sent = form(item, on)
    expect((await nurse.post(list(), sent)).headers.location).toBe(list())
    expect((await nurse.post(list(), sent)).headers.location).toBe(list())
    await nurse.post(list(), form(item, on, { initials: 'KL' }))
    expect(plainText((await timetable(nurse, on)).text)).toContain('2 people wait for something')

    expect((await nurse.post(`${url}/cancellation`, { version: 1 })).status).toBe(303)
    const page = await timetable(nurse, on)
    const [year, month, date] = on.split('-').map(Number)
    const long = new Date(Date.UTC(year!, month! - 1, date)).toLocaleDateString('en-GB', { weekday: 'long' })
    expect(plainText(page.text)).toContain(`Free on ${long} ${date} August 2026 from 2pm to 2:30pm: offer it to JB`)
    expect(plainText(page.text)).not.toContain('offer it to KL')
    expect(plainText((await nurse.get(`/wards/${app.people.ward.code}`)).text)).toContain('offer it to JB')
    expect(plainText((await nurse.get('/')).text)).toContain('Offer it to JB')

    const offer = offerOn(page)
    const press = { key: key(), from: offer.from }
    expect((await nurse.post(offer.action, press)).status).toBe(303)
    expect((await nurse.post(offer.action, press)).status).toBe(303)
    const [first, second] = await waits(on)
    expect([first?.ended_as, second?.ended_as]).toEqual(['booked', null])
    const made = await app.db.selectFrom('bookings').selectAll().where('id', '=', first!.booking_id).execute()
    expect(made).toEqual([expect.objectContaining({ initials: 'JB', purpose: 'tribunal' })])
  })

  it('two nurses who press at once make one booking, and the other is told', async () => {
    const { item, on, url } = await taken()
    await nurse.post(list(), form(item, on))
    await nurse.post(`${url}/cancellation`, { version: 1 })
    const offer = offerOn(await timetable(nurse, on))
    const answers = await Promise.all([1, 2].map(() => nurse.post(offer.action, { key: key(), from: offer.from })))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const told = answers.find(({ status }) => status === 409)!
    expect(errorsOn(told)).toMatch(/^It was booked for them already, at 10:30am by /)
    const late = await nurse.post(offer.action, { key: key(), from: 'soon' })
    expect(late.status).toBe(422)
  })

  it('offers what ended early, was released and was moved; somebody who no longer wants it makes way', async () => {
    const { item, on, bookingId, url } = await taken()
    await nurse.post(list(), form(item, on))
    await nurse.post(list(), form(item, on, { initials: 'KL', purpose: 'family' }))
    app.setClock(at('14:31', on))
    nurse = await app.signedInAs('ward-staff')
    await releaseUncollected({ db: app.db, clock: app.clock })
    // their time is over with it: nobody waits any more
    expect((await timetable(nurse, on)).text).not.toContain('/waiting-list/')
    app.setClock(startOfTest)
    nurse = await app.signedInAs('ward-staff')
    const [first] = await waits(on)
    expect((await nurse.post(`/waiting-list/${first!.id}/removal`, {})).status).toBe(303)
    expect((await nurse.post(`/waiting-list/${first!.id}/removal`, {})).status).toBe(409)
    expect(plainText((await timetable(nurse, on)).text)).toContain('offer it to KL')
    expect((await nurse.get(url)).status).toBe(200)
    expect(bookingId).toBeGreaterThan(0)

    const later = await taken('headset')
    await nurse.post(list(), form(later.item, later.on, { by: '' }))
    await nurse.post(`${later.url}/time`, {
      version: 1,
      ...{
        'on-day': String(Number(later.on.slice(8))),
        'on-month': '8',
        'on-year': '2026',
        from: '16:00',
        length: '30',
      },
    })
    expect(plainText((await timetable(nurse, later.on)).text)).toContain('from 2pm to 2:30pm: offer it to JB')
    // booked in the usual way, they need wait no longer
    expect((await nurse.post('/bookings', form(later.item, later.on))).status).toBe(303)
    expect((await waits(later.on))[0]?.ended_as).toBe('booked')
  })

  it('has nobody who has left the ward, nobody twice, and nobody for what is not there', async () => {
    const { item, on } = await taken()
    const inpatient = { state: 'admitted', ward_id: app.people.ward.id } as const
    const person = await serviceUser(app.db, { organisation_id: app.people.organisationId, ...inpatient })
    const named = () => form(item, on, { for: 'person', person: String(person.id) })
    expect((await nurse.post(list(), named())).status).toBe(303)
    const twice = await nurse.post(list(), named())
    expect([twice.status, errorsOn(twice)]).toEqual([409, 'They wait for this already on that day'])
    expect((await nurse.get(list())).text).toContain(person.name)
    const move = (ward_id: number | null) =>
      app.db.updateTable('service_users').set({ ward_id }).where('id', '=', person.id).execute()
    await move(app.people.otherWard.id)
    expect((await nurse.get(list())).text).not.toContain(person.name)
    const [wait] = await waits(on)
    const gone = await nurse.post(`/waiting-list/${wait!.id}/booking`, {
      key: key(),
      from: at('14:00', on).toISOString(),
    })
    expect(errorsOn(gone)).toContain('they are not on this ward')

    const none = await nurse.post(list(), form({ id: 0 }, on, { item: '', thing: 'private-room' }))
    expect([none.status, errorsOn(none)]).toEqual([409, 'This ward has nothing like it. Choose something else'])
    const wrong = await nurse.post(list(), form(item, on, { item: '', by: '14:15', initials: '' }))
    expect([wrong.status, errorsOn(wrong)]).toEqual([
      422,
      'Choose what they wait for That is too soon for how long they need it. Choose a later time Enter their initials',
    ])
  })

  it('is for the staff of the ward, and for nobody else', async () => {
    const { item, on } = await taken()
    const by = { id: app.people.actors['ward-staff'].staffId }
    const times = { earliest: at('15:00', on), latest: at('17:00', on) }
    const wait = await bookingWait(app.db, { ward: ward(), by, item, ...times, for: { initials: 'ZQ' } })
    const organisation_id = app.people.organisationId
    const { id: staffId } = await staffMember(app.db, {
      organisation_id,
      role: 'ward-staff',
      wards: [app.people.otherWard],
    })
    const other = await app.signedInAs({ ...app.people.actors['ward-staff'], staffId })
    expect((await other.get(list())).status).toBe(404)
    expect((await other.post(`/waiting-list/${wait.id}/removal`, {})).status).toBe(404)
    expect((await timetable(other, on)).text).not.toContain('ZQ')
    // neither on the timetable of this ward as they see it, nor on their own
    for (const { code } of [app.people.ward, app.people.otherWard]) {
      const page = await other.get(`/wards/${code}/timetable?on=${on}`)
      expect([code, page.text.includes('/waiting-list/'), page.text.includes('somebody who waits')]).toEqual([
        code,
        false,
        false,
      ])
    }
    expect(plainText((await other.get('/')).text)).not.toContain('ZQ')
    const administrator = await app.signedInAs('administrator')
    const seen = plainText((await administrator.get(list())).text)
    expect([seen.includes('somebody who waits'), seen.includes('ZQ')]).toEqual([true, false])
  })
})
