import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, booking, bookingWait, placement, serviceUser } from '../../seeds/factories.ts'
import { addHold, type BySql, overlaps, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const at = (time: string) => new Date(`2026-08-05T${time}:00Z`)
const range = (from: string, until: string) => `[${at(from).toISOString()},${at(until).toISOString()})`

/** Something kept on the ward, and in no pool: a room, or a tablet of its own. */
const kept = (category: 'tablet' | 'private-room' = 'tablet') =>
  availableItem(by.db, { organisation_id: by.organisationId, kept_at_ward_id: by.ward.id, category })

async function booked() {
  const item = await kept()
  const made = await booking(by.db, {
    ward: by.ward,
    items: [item],
    from: at('10:00'),
    until: at('10:30'),
    by: by.champion,
  })
  return { item, made, holdId: made.holdIds[0]! }
}

const set = (table: 'bookings' | 'item_holds', id: number, change: string) =>
  by.run(`update ${table} set ${change} where id = $1`, [id])

describe('what a ward may book, by SQL alone', () => {
  it('is what is kept there or placed with it, and nothing else', async () => {
    const room = await kept('private-room')
    const plan = range('10:00', '10:45')
    const hold = (itemId: number, wardId: number) => addHold(by, { itemId, kind: 'booking', plan, wardId })
    expect(await verdict(hold(room.id, by.ward.id))).toBe('accepted')
    const elsewhere = '23P01 item_in_another_pool'
    expect(await verdict(hold((await kept()).id, by.otherWard.id))).toBe(elsewhere)
    const lent = await kept()
    await placement(by.db, { ward: by.otherWard, items: [lent], lentBy: by.champion })
    expect(await verdict(hold(lent.id, by.ward.id))).toBe(elsewhere)
    expect(await verdict(hold(lent.id, by.otherWard.id))).toBe('accepted')
  })

  it('is booked once for a time, cleaning included', async () => {
    const { item } = await booked()
    const next = (from: string) =>
      addHold(by, { itemId: item.id, kind: 'booking', plan: range(from, '12:00'), wardId: by.ward.id })
    expect(await verdict(next('10:30'))).toBe(overlaps)
    expect(await verdict(next('10:45'))).toBe('accepted')
  })
})

describe('a booking, by SQL alone', () => {
  it('stays with its ward, and its holds with it', async () => {
    const { made, holdId, item } = await booked()
    expect(await verdict(set('bookings', made.id, `ward_id = ${by.otherWard.id}`))).toBe('23514 booking_goes_on')
    expect(await verdict(set('item_holds', holdId, 'booking_id = null'))).toBe('23514 booked_hold_goes_on')
    const other = await kept()
    expect(await verdict(set('item_holds', holdId, `item_id = ${other.id}`))).toBe('23514 booked_hold_goes_on')
    await by.run('update items set kept_at_ward_id = $2 where id = $1', [item.id, by.otherWard.id])
    const anew = await kept()
    await by.run('update items set kept_at_ward_id = $2 where id = $1', [anew.id, by.otherWard.id])
    const stray = by.run(
      `insert into item_holds (organisation_id, item_id, kind, booking_id, ward_id, plan) values ($1, $2, 'booking', $3, $4, $5)`,
      [by.organisationId, anew.id, made.id, by.otherWard.id, range('13:00', '14:00')],
    )
    expect(await verdict(stray)).toBe('23503 booked_hold_is_with_its_ward')
  })

  it('is over when it is over', async () => {
    const { made, holdId } = await booked()
    await set('item_holds', holdId, `cancelled_at = '${at('09:00').toISOString()}'`)
    await set('bookings', made.id, `cancelled_at = '${at('09:00').toISOString()}', cancelled_as = 'cancelled'`)
    expect(await verdict(set('item_holds', holdId, 'cancelled_at = null'))).toBe('23514 booked_hold_goes_on')
    expect(await verdict(set('bookings', made.id, 'cancelled_at = null, cancelled_as = null'))).toBe(
      '23514 booking_goes_on',
    )
    const { holdId: other } = await booked()
    const [out, back] = [at('10:00').toISOString(), at('10:20').toISOString()]
    await set('item_holds', other, `taken_at = '${out}', ended_at = '${back}', ended_as = 'returned'`)
    expect(await verdict(set('item_holds', other, 'ended_at = null, ended_as = null'))).toBe(
      '23514 booked_hold_goes_on',
    )
  })

  it('is for one: a person, or initials, or neither', async () => {
    const { made } = await booked()
    const both = set('bookings', made.id, `service_user_id = ${by.person.id}, initials = 'JB'`)
    expect(await verdict(both)).toBe('23514 booking_is_for_one')
    expect(await verdict(set('bookings', made.id, `purpose = 'fun'`))).toBe('23514 booking_has_a_known_purpose')
    expect(await verdict(set('bookings', made.id, `cancelled_as = 'cancelled'`))).toBe(
      '23514 booking_is_cancelled_in_a_way',
    )
  })

  it('of a ward that is closed is not made', async () => {
    const [closed] = await by.run(
      `insert into wards (organisation_id, site_id, code, name, kind, closed_at, closed_by)
       select organisation_id, site_id, 'shut', 'Shut Ward', kind, $2, $3 from wards where id = $1 returning id`,
      [by.ward.id, at('08:00'), by.champion.id],
    )
    const made = booking(by.db, {
      ward: { id: Number(closed?.id), organisation_id: by.organisationId },
      items: [await kept()],
      from: at('10:00'),
      until: at('10:30'),
      by: by.champion,
    })
    expect(await verdict(made)).toBe('23514 closed_ward_takes_nothing')
  })
})

describe('a waiting list, by SQL alone', () => {
  const waitFor = (more: object = {}) =>
    bookingWait(by.db, { ward: by.ward, by: by.champion, earliest: at('13:00'), latest: at('15:00'), ...more })
  const change = (id: number, set: string) => by.run(`update booking_waits set ${set} where id = $1`, [id])

  it('has nobody twice for the same thing on a day, in whatever order the kinds stand', async () => {
    const both = { categories: ['tablet', 'headset'], for: { initials: 'JB' } }
    const first = await waitFor(both)
    const again = { ...both, categories: ['headset', 'tablet', 'tablet'], for: { initials: 'jb' } }
    expect(await verdict(waitFor(again))).toBe('23505 one_open_wait_a_thing')
    expect(await verdict(waitFor({ ...both, for: { initials: 'KL' } }))).toBe('accepted')
    const over = `ended_at = asked_at, ended_as = 'not-wanted'`
    expect(await verdict(change(first.id, over))).toBe('accepted')
    expect(await verdict(waitFor(again))).toBe('accepted')
    expect(await verdict(change(first.id, `ended_at = null, ended_as = null`))).toBe('23514 booking_wait_goes_on')
    expect(await verdict(waitFor({ categories: ['locker-bay'] }))).toBe('23514 wait_is_asked_for')
  })

  it('keeps its order: nobody is moved up, and a place is not written by hand', async () => {
    const { id } = await waitFor({ for: { initials: 'MN' } })
    for (const set of [`asked_at = '2020-01-01'`, 'minutes = 15', `earliest_at = '2026-08-05T12:00:00Z'`]) {
      expect([set, await verdict(change(id, set))]).toEqual([set, '23514 booking_wait_goes_on'])
    }
    expect(await verdict(change(id, 'id = 1'))).toMatch(/^428C9/)
    expect(await verdict(change(id, `ended_at = asked_at, ended_as = 'booked'`))).toBe(
      '23514 booking_wait_ends_in_a_way',
    )
  })

  it('has only who is on the ward, and once whoever was there in two records', async () => {
    const { organisationId: organisation_id } = by
    const on = (ward_id: number) => serviceUser(by.db, { organisation_id, state: 'admitted', ward_id })
    const elsewhere = { for: { serviceUser: await on(by.otherWard.id) } }
    expect(await verdict(waitFor(elsewhere))).toBe('23514 waits_on_their_own_ward')
    const [one, two] = [await on(by.ward.id), await on(by.ward.id)]
    await waitFor({ for: { serviceUser: one } })
    const other = await waitFor({ for: { serviceUser: two } })
    expect(await verdict(change(other.id, `service_user_id = ${one.id}`))).toBe('accepted')
    const rows = await by.run('select ended_as from booking_waits where id = $1', [other.id])
    expect(rows).toEqual([{ ended_as: 'twice' }])
  })
})
