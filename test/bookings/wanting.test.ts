import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, model, pinOf, staffMember } from '../../seeds/factories.ts'
import { dayOf } from '../../src/bookings/rules.ts'
import { chooseSet, lacking, setsInstead, tooLong, type WantedCandidate } from '../../src/bookings/wanting-rules.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

const at = (time: string) => new Date(`2026-08-03T${time}:00+01:00`)

describe('a set', () => {
  const thing = (id: number, category: string, more: Partial<WantedCandidate> = {}): WantedCandidate => ({
    id,
    tag: `${category}-${id}`,
    category,
    model_id: 1,
    connector: null,
    is_cable_too_long: false,
    cable_signed_until: null,
    busy: [],
    ...more,
  })
  const busy = (from: string, until: string) => [{ from: at(from), until: at(until) }]
  const span = { from: at('14:00'), until: at('14:45') }
  const wants = { categories: ['tablet', 'headset'], connector: null }
  const bounds = { now: at('10:30'), day: dayOf('2026-08-03') }

  it('is one of each kind, all free then', () => {
    const things = [thing(1, 'tablet', { busy: busy('14:30', '15:00') }), thing(2, 'tablet'), thing(3, 'headset')]
    expect(chooseSet(things, wants, span)?.map(({ id }) => id)).toEqual([2, 3])
    expect(chooseSet(things.slice(0, 1), wants, span)).toBeNull()
  })

  it('has the plug that was asked for, where it has one', () => {
    const things = [
      thing(1, 'tablet', { connector: 'lightning' }),
      thing(2, 'tablet', { connector: 'usb-c' }),
      thing(3, 'headset'),
    ]
    expect(chooseSet(things, { ...wants, connector: 'usb-c' }, span)?.map(({ id }) => id)).toEqual([2, 3])
    expect(lacking(things, { ...wants, connector: 'micro-usb' })).toEqual(['tablet'])
  })

  it('passes over a cable that is too long for the ward, unless it is signed for by then', () => {
    const long = { is_cable_too_long: true }
    const things = [thing(1, 'tablet', long), thing(2, 'tablet'), thing(3, 'headset')]
    expect(chooseSet(things, wants, span)?.map(({ id }) => id)).toEqual([2, 3])
    const only = [thing(1, 'tablet', long), thing(3, 'headset')]
    expect(chooseSet(only, wants, span)).toBeNull()
    expect(tooLong(only, wants, span.from)).toEqual(['tablet'])
    expect(setsInstead(only, wants, span.from, 45, bounds)).toEqual([])
    const signed = (cable_signed_until: string) => [
      thing(1, 'tablet', { ...long, cable_signed_until }),
      thing(3, 'headset'),
    ]
    expect(chooseSet(signed('2026-08-03T13:00:00Z'), wants, span)).toBeNull()
    expect(chooseSet(signed('2026-08-03T13:15:00Z'), wants, span)).not.toBeNull()
  })

  it('is offered as near as there is one', () => {
    const things = [
      thing(1, 'tablet', { busy: busy('13:30', '14:30') }),
      thing(2, 'headset', { busy: busy('14:30', '15:00') }),
    ]
    const offers = setsInstead(things, wants, at('14:00'), 45, bounds)
    expect(offers.map(({ from }) => from)).toEqual([at('15:00'), at('15:15'), at('12:45')])
    expect(offers[0]?.items.map(({ id }) => id)).toEqual([1, 2])
  })
})

describe('a booking by what is wanted', () => {
  let app: TestApp
  let nurse: Visitor
  beforeAll(async () => {
    app = await startApp()
    nurse = await app.signedInAs('ward-staff')
  })
  afterAll(() => app.close())

  const kept = async (category: 'tablet' | 'headset' | 'private-room', connector: 'usb-c' | null = null) => {
    const organisation_id = app.people.organisationId
    const made = await model(app.db, { organisation_id, category, connector })
    return availableItem(app.db, { organisation_id, model: made, kept_at_ward_id: app.people.ward.id })
  }
  const form = (more: object = {}) => ({
    key: crypto.randomUUID(),
    ward: app.people.ward.code,
    category: 'tablet',
    also: ['headset', 'private-room'],
    connector: '',
    'on-day': '3',
    'on-month': '8',
    'on-year': '2026',
    from: '14:00',
    length: '30',
    for: 'initials',
    initials: 'JB',
    ...more,
  })
  const errorsOn = (page: { text: string }) =>
    plainText(/nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(page.text)?.[1] ?? '').trim()

  it('takes room, tablet and headset together in one booking, and then offers when they are free again', async () => {
    const things = [await kept('tablet'), await kept('headset'), await kept('private-room')]
    const sent = form()
    expect((await nurse.post('/bookings/wanted', sent)).status).toBe(303)
    expect((await nurse.post('/bookings/wanted', sent)).status).toBe(303)
    const holds = await app.db.selectFrom('item_holds').selectAll().where('kind', '=', 'booking').execute()
    expect(holds.map(({ item_id }) => item_id).sort()).toEqual(things.map(({ id }) => id).sort())
    expect(new Set(holds.map(({ booking_id, plan }) => `${booking_id} ${plan}`)).size).toBe(1)

    const taken = await nurse.post('/bookings/wanted', form({ initials: 'KL' }))
    expect([taken.status, errorsOn(taken)]).toEqual([
      409,
      'Not all of this is free together then. See what is free nearest to it',
    ])
    expect(taken.text).toContain('value="KL"')
    const [, offer] = /name="instead" value="([^"]+)"/.exec(taken.text) ?? []
    expect(offer).toMatch(/@2026-08-03T13:45:00.000Z$/)
    expect((await nurse.post('/bookings/wanted', form({ initials: 'KL', instead: offer! }))).status).toBe(303)

    // an open page of a booking shows all of it, and it is handed out and taken back as one
    const [{ booking_id: id } = { booking_id: 0 }] = holds
    expect(plainText((await nurse.get(`/bookings/${id}`)).text)).toContain(things[2]!.tag)
  })

  it('says what is missing or wrong, and what the ward has none of', async () => {
    const answer = await nurse.post('/bookings/wanted', form({ category: 'locker-bay', 'on-day': '', initials: '' }))
    expect([answer.status, errorsOn(answer)]).toEqual([
      422,
      'Choose what you want Day must include a day Enter their initials',
    ])
    await kept('tablet', 'usb-c')
    const none = await nurse.post('/bookings/wanted', form({ from: '18:00', also: 'hotspot', connector: 'lightning' }))
    expect([none.status, errorsOn(none)]).toEqual([409, expect.stringContaining('This ward has no hotspot that fits')])
    const elsewhere = form({ ward: app.people.otherWard.code })
    expect((await nurse.post('/bookings/wanted', elsewhere)).status).toBe(404)
  })

  it('takes the one with the shorter cable, and says when each is too long for the ward', async () => {
    const organisation_id = app.people.organisationId
    const charger = async (cable_length_cm: number) => {
      const made = await model(app.db, { organisation_id, category: 'charger', cable_length_cm })
      return availableItem(app.db, { organisation_id, model: made, kept_at_ward_id: app.people.ward.id })
    }
    const order = () => form({ category: 'charger', also: '', 'on-day': '7' })
    const long = await charger(101)
    const refused = await nurse.post('/bookings/wanted', order())
    expect([refused.status, errorsOn(refused)]).toEqual([
      409,
      expect.stringContaining('has a longer cable than this ward permits'),
    ])
    const short = await charger(100)
    expect((await nurse.post('/bookings/wanted', order())).status).toBe(303)
    const booked = (item: { id: number }) =>
      app.db.selectFrom('item_holds').select('kind').where('item_id', '=', item.id).execute()
    expect([await booked(long), await booked(short)]).toEqual([[], [{ kind: 'booking' }]])

    // what the nurse in charge has signed for is as good as a short one
    const inCharge = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [app.people.ward] })
    await pinOf(app.db, inCharge)
    await app.db
      .insertInto('cable_permits')
      .values({
        ...{ organisation_id, ward_id: app.people.ward.id, item_id: long.id, because: 'Used with staff beside them' },
        ...{ signed_at: '2026-08-03T09:00:00Z', signed_by: inCharge.id, asked_by: inCharge.id },
        until: '2026-08-10T09:00:00Z',
      })
      .execute()
    expect((await nurse.post('/bookings/wanted', order())).status).toBe(303)
    expect(await booked(long)).toEqual([{ kind: 'booking' }])
  })

  it('made by more at once than there are sets is made once a set, and the others are told what else is free', async () => {
    await Promise.all(Array.from({ length: 4 }, () => kept('tablet')))
    const order = () => form({ also: '', category: 'tablet', 'on-day': '6', from: '09:00' })
    const free = (await app.db.selectFrom('items').select('id').where('category', '=', 'tablet').execute()).length
    const answers = await Promise.all(Array.from({ length: free + 4 }, () => nurse.post('/bookings/wanted', order())))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(free).fill(303), ...Array(4).fill(409)])
    for (const { status, text } of answers) if (status === 409) expect(text).toContain('name="instead"')
  })
})
