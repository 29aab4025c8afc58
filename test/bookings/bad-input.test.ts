import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { availableItem, model, serviceUser } from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor

beforeAll(async () => {
  app = await startApp()
})
beforeEach(() => at(startOfTest))
afterAll(() => app.close())

/** Whoever was signed in has been signed out meanwhile. */
async function at(time: Date): Promise<void> {
  app.setClock(time)
  nurse = await app.signedInAs('ward-staff')
}

type Answer = Awaited<ReturnType<Visitor['post']>>
type Fields = Record<string, string>
interface Thing {
  id: number
  tag: string
}

const kept = (more: object = {}) =>
  availableItem(app.db, { organisation_id: app.people.organisationId, kept_at_ward_id: app.people.ward.id, ...more })
const form = ({ id }: { id: number }, more: Fields = {}): Fields => ({
  key: crypto.randomUUID(),
  ward: app.people.ward.code,
  item: String(id),
  ...{ on: '2026-08-03', from: '14:00', length: '30', for: 'initials', initials: 'JB' },
  ...more,
})
const book = async (item: { id: number }, more: Fields = {}) => {
  const sent = form(item, more)
  return { sent, answer: await nurse.post('/bookings', sent) }
}
const holdsOf = ({ id }: { id: number }) =>
  app.db.selectFrom('item_holds').selectAll().where('item_id', '=', id).orderBy('id').execute()
const person = (name: string, more: object) =>
  serviceUser(app.db, { organisation_id: app.people.organisationId, name, ...more })

/** The first of what is offered in its place, pressed with everything else as it stands in the form. */
async function pressOffer({ sent, answer }: { sent: Fields; answer: Answer }): Promise<Answer> {
  const [, instead = ''] = /name="instead" value="([^"]+)"/.exec(answer.text) ?? []
  expect(instead).not.toBe('')
  return nurse.post('/bookings', { ...sent, instead })
}

describe('what cannot be booked says why, and the nearest that can is one tap away', () => {
  const spring = '2026-03-28T12:00:00Z'
  const autumn = '2026-10-24T12:00:00Z'
  it.each<[string, Fields, string | null, string, string]>([
    ['an overlap', {}, null, 'TAG is booked for KL from 2pm to 2:30pm', '2026-08-03 13:45'],
    ['a past time', { from: '09:00' }, null, 'This time has gone by. Choose a later one', '2026-08-03 09:30'],
    ['a past day', { on: '2026-08-01' }, null, 'This time has gone by. Choose a later one', '2026-08-03 09:30'],
    ['no quarter', { from: '15:10' }, null, 'Time must be on a quarter of an hour, like 14:15', '2026-08-03 14:15'],
    [
      'an hour that does not exist',
      { on: '2026-03-29', from: '01:15' },
      spring,
      '1:15am is left out on 29 March 2026: the clocks go forward. Choose a time before 1am or from 2am',
      '2026-03-29 01:00',
    ],
    [
      'an hour that exists twice',
      { on: '2026-10-25', from: '01:15' },
      autumn,
      '1:15am comes twice on 25 October 2026: the clocks go back. Choose a time before 1am or from 2am',
      '2026-10-25 02:00',
    ],
  ])('%s', async (name, more, time, message, instead) => {
    if (time) await at(new Date(time))
    const item = await kept({ category: 'headset' })
    if (name === 'an overlap') await book(item, { initials: 'KL' })
    const refused = await book(item, more)
    expect([409, 422]).toContain(refused.answer.status)
    expect(plainText(refused.answer.text)).toContain(message.replace('TAG', item.tag))
    expect(refused.answer.text).toContain('value="JB"')
    expect((await pressOffer(refused)).status).toBe(303)
    const made = await app.db.selectFrom('item_holds').select('plan').orderBy('id', 'desc').executeTakeFirstOrThrow()
    expect(made.plan).toContain(`["${instead}`)
  })

  it.each<[string, Fields, string]>([
    ['an end before the start', { length: 'other', until: '13:00' }, 'The end must be after the start, like 2:30pm'],
    [
      'more than a day can hold, as three days are',
      { from: '11:00', length: 'other', until: '23:45' },
      'A booking can take 12 hours at most. For longer, ask a digital champion to lend it',
    ],
  ])('%s', async (_name, more, message) => {
    const { answer } = await book(await kept(), more)
    expect([answer.status, plainText(answer.text).includes(message)]).toEqual([422, true])
  })

  it('another ward’s item leads to what is on this one', async () => {
    const { ward, otherWard } = app.people
    const theirs = await kept({ kept_at_ward_id: otherWard.id })
    const { answer } = await book(theirs)
    const { name } = await app.db.selectFrom('wards').select('name').where('id', '=', ward.id).executeTakeFirstOrThrow()
    expect(answer.status).toBe(404)
    expect(plainText(answer.text)).toContain(
      `This is not on ${name}, or not any more. Choose something from the timetable of ${name}.`,
    )
    expect(await holdsOf(theirs)).toEqual([])
  })

  it('somebody who was discharged meanwhile: it can be booked for the ward', async () => {
    const somebody = await person('Was Here', { state: 'admitted', ward_id: app.people.ward.id })
    const item = await kept()
    await app.db
      .updateTable('service_users')
      .set({ state: 'discharged', ward_id: null })
      .where('id', '=', somebody.id)
      .execute()
    const { sent, answer } = await book(item, { for: 'person', person: String(somebody.id) })
    expect(answer.status).toBe(409)
    expect(plainText(answer.text)).toContain(
      'This person is not on the ward any more. Choose somebody else, or book it for the ward',
    )
    expect((await nurse.post('/bookings', { ...sent, for: 'ward' })).status).toBe(303)
  })

  it('a repeat that clashes in week 7 says which, and books the others', async () => {
    const item = await kept()
    await book(item, { initials: 'JB' })
    await book(item, { on: '2026-09-21', initials: 'KL' })
    const [first] = await holdsOf(item)
    const url = `/bookings/${first?.booking_id}/repeats`
    const clash = await nurse.post(url, { key: crypto.randomUUID(), weeks: '12' })
    expect(plainText(clash.text)).toMatch(/Monday 21 September 2026.*is booked for KL/)
    expect(clash.text).toContain('Book the other 11 weeks')
    await nurse.post(url, { key: crypto.randomUUID(), weeks: '12', 'leave-out': 'yes' })
    expect(await holdsOf(item)).toHaveLength(13)
  })

  it('a bay of the wrong connector names the nearest that fits, and what was collected says when', async () => {
    const { organisationId: organisation_id, ward } = app.people
    const bay = async (connector: string): Promise<Thing> =>
      kept({ model: await model(app.db, { organisation_id, category: 'locker-bay', connector }) })
    const [wrong, right] = [await bay('usb-c'), await bay('wireless')]
    const sent = {
      ...{ key: crypto.randomUUID(), bay: String(wrong.id), whose: 'initials', initials: 'JB' },
      ...{ description: 'Black phone', connector: 'wireless', hours: '2', 'key-with': 'staff' },
    }
    const refused = await nurse.post(`/wards/${ward.code}/lockers`, sent)
    expect(plainText(refused.text)).toContain(
      `${wrong.tag} has USB-C, not Wireless. The nearest one that does is ${right.tag}.`,
    )
    const put = await nurse.post(`/wards/${ward.code}/lockers`, { ...sent, instead: String(right.id) })
    const collection = `${put.headers.location}/collection`
    expect((await nurse.post(collection, {})).status).toBe(303)
    const again = await nurse.post(collection, {})
    expect([again.status, plainText(again.text)]).toEqual([
      409,
      expect.stringContaining('This device was collected already, on '),
    ])
  })
})

describe('where the clocks change, at midnight and at the end of the year', () => {
  it.each([
    [
      '2026-03-28T12:00:00Z',
      '2026-03-29',
      '00:45',
      '["2026-03-29 00:45:00+00","2026-03-29 01:30:00+00")',
      '12:45am to 2:15am',
    ],
    [
      '2026-10-24T12:00:00Z',
      '2026-10-25',
      '00:45',
      '["2026-10-24 23:45:00+00","2026-10-25 00:30:00+00")',
      '12:45am to 1:15am',
    ],
    [
      '2026-08-03T09:30:00Z',
      '2026-08-04',
      '00:00',
      '["2026-08-03 23:00:00+00","2026-08-03 23:45:00+00")',
      'midnight to 12:30am',
    ],
    [
      '2026-12-01T12:00:00Z',
      '2026-12-31',
      '23:45',
      '["2026-12-31 23:45:00+00","2027-01-01 00:30:00+00")',
      '11:45pm to 12:15am',
    ],
  ])(
    'now %s: a half-hour on %s at %s is right in the database, the day and the week',
    async (now, on, from, plan, words) => {
      await at(new Date(now))
      const item = await kept()
      const { answer } = await book(item, { on, from, initials: 'MN' })
      expect(answer.status).toBe(303)
      expect((await holdsOf(item))[0]?.plan).toBe(plan)
      const { code } = app.people.ward
      for (const path of [`timetable?on=${on}&part=day`, `week?item=${item.id}&on=${on}`]) {
        expect(plainText((await nurse.get(`/wards/${code}/${path}`)).text)).toContain(words)
      }
    },
  )

  it('a device charges for real hours, and is ready when the clock on the wall says so', async () => {
    await at(new Date('2026-10-24T23:30:00Z'))
    const { organisationId: organisation_id, ward } = app.people
    const bay = await kept({
      model: await model(app.db, { organisation_id, category: 'locker-bay', connector: 'usb-c' }),
    })
    const put = await nurse.post(`/wards/${ward.code}/lockers`, {
      ...{ key: crypto.randomUUID(), bay: bay.id, whose: 'initials', initials: 'JB', description: 'Phone' },
      ...{ connector: 'usb-c', hours: '2', 'key-with': 'staff' },
    })
    const { ready_at } = await app.db
      .selectFrom('locker_deposits')
      .select('ready_at')
      .where('bay_id', '=', bay.id)
      .executeTakeFirstOrThrow()
    expect(new Date(ready_at)).toEqual(new Date('2026-10-25T01:30:00Z'))
    expect(plainText((await nurse.get(`${put.headers.location}/slip`)).text)).toContain('1:30am')
  })
})
