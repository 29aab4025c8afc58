import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  booking,
  type Item,
  loanTo,
  pinOf,
  restriction,
  restrictionPermit,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql
let nurse: { id: number; organisation_id: number }

const KEPT = '23514 restriction_is_kept'
const slot = { from: new Date('2026-08-05T10:00Z'), until: new Date('2026-08-05T10:30Z') }

beforeAll(async () => {
  by = await startBySql()
  nurse = await staffMember(by.db, { organisation_id: by.organisationId, role: 'ward-staff', wards: [by.ward] })
  await pinOf(by.db, nurse)
})
afterAll(() => by.close())

const item = (category: 'headset' | 'tablet' = 'headset') =>
  availableItem(by.db, { organisation_id: by.organisationId, category, kept_at_ward_id: by.ward.id })
const inpatient = () =>
  serviceUser(by.db, { organisation_id: by.organisationId, state: 'admitted', ward_id: by.ward.id })
const restricted = async (categories = ['headset']) => {
  const person = await inpatient()
  return { person, from: await restriction(by.db, { person, by: by.champion, categories }) }
}
const lend = (items: Item[], person: { id: number; organisation_id: number }) =>
  verdict(loanTo(by.db, { organisationId: by.organisationId, serviceUser: person, items, isWithoutCharger: true }))
const book = (items: { id: number }[], person: { id: number; organisation_id: number }) =>
  verdict(booking(by.db, { ward: by.ward, by: by.champion, items, ...slot, for: { serviceUser: person } }))

describe('what a care plan keeps from somebody', () => {
  it('is not lent to them, alone or with other things; anything else is, and to others all of it', async () => {
    const { person } = await restricted()
    expect(await lend([await item()], person)).toBe(KEPT)
    expect(await lend([await item('tablet'), await item()], person)).toBe(KEPT)
    expect(await lend([await item('tablet')], person)).toBe('accepted')
    expect(await lend([await item()], await inpatient())).toBe('accepted')
  })

  it('does not come by a swap, a transfer or a corrected borrower', async () => {
    const { person } = await restricted()
    const organisationId = by.organisationId
    const { lines } = await loanTo(by.db, {
      ...{ organisationId, serviceUser: person, items: [await item('tablet')], isWithoutCharger: true },
    })
    const swap = by.run('update loan_lines set item_id = $1 where id = $2', [(await item()).id, lines[0]!.id])
    expect(await verdict(swap)).toBe(KEPT)
    const theirs = await loanTo(by.db, { organisationId, serviceUser: by.person, items: [await item()] })
    const correct = by.run('update loans set service_user_id = $1 where id = $2', [person.id, theirs.id])
    expect(await verdict(correct)).toBe(KEPT)
    const line = by.run(
      `insert into loan_lines (organisation_id, loan_id, item_id, from_at, taken_at, due_on)
       select organisation_id, $1, $2, '2026-08-03T09:00Z', '2026-08-03T09:00Z', '2026-10-01' from loans where id = $1`,
      [lines[0]!.loan_id, (await item()).id],
    )
    expect(await verdict(line)).toBe(KEPT)
  })

  it('is not booked for them, nor handed out when it is kept from them by then', async () => {
    const { person } = await restricted()
    expect(await book([await item()], person)).toBe(KEPT)
    const later = await inpatient()
    const { holdIds } = await booking(by.db, {
      ...{ ward: by.ward, by: by.champion, items: [await item()], ...slot, for: { serviceUser: later } },
    })
    await restriction(by.db, { person: later, by: by.champion, categories: ['headset'] })
    const handOut = by.run(`update item_holds set taken_at = '2026-08-05T10:01Z' where id = $1`, [holdIds[0]])
    expect(await verdict(handOut)).toBe(KEPT)
    // what is over, or never came about, is written down as it was
    const cancel = by.run(`update item_holds set cancelled_at = '2026-08-05T10:01Z' where id = $1`, [holdIds[0]])
    expect(await verdict(cancel)).toBe('accepted')
  })

  it('holds past the day on which it was to be looked at, and no longer than until somebody ends it', async () => {
    const person = await inpatient()
    const from = await restriction(by.db, { person, by: by.champion, categories: ['headset'], reviewOn: '2026-08-01' })
    expect(await lend([await item()], person)).toBe(KEPT)
    const ended = `ended_at = written_at, ended_by = written_by, ended_because = 'Agreed'`
    await by.run(`update device_restrictions set ${ended} where id = $1`, [from.id])
    expect(await lend([await item()], person)).toBe('accepted')
    const again = by.run(
      `update device_restrictions set ended_at = null, ended_by = null, ended_because = '' where id = $1`,
      [from.id],
    )
    expect(await verdict(again)).toBe('23514 restriction_goes_on')
  })

  it('is of things that are lent, is looked at again within a year, and says why it ended', async () => {
    const person = await inpatient()
    const write = (more: object) => verdict(restriction(by.db, { person, by: by.champion, ...more }))
    expect(await write({ categories: [] })).toBe('23514 restriction_is_of_things_to_lend')
    expect(await write({ categories: ['private-room'] })).toBe('23514 restriction_is_of_things_to_lend')
    expect(await write({ reviewOn: '2027-08-31' })).toBe('23514 restriction_is_looked_at_again')
    const { id } = await restriction(by.db, { person, by: by.champion })
    const end = by.run('update device_restrictions set ended_at = written_at, ended_by = written_by where id = $1', [
      id,
    ])
    expect(await verdict(end)).toBe('23514 restriction_says_why_it_ended')
  })
})

describe('what the nurse in charge lets through', () => {
  it('is that one thing, until the permit ends', async () => {
    const { person, from } = await restricted()
    const [one, other] = [await item(), await item()]
    await restrictionPermit(by.db, { of: from, item: one, ward: by.ward, nurse })
    expect(await lend([other], person)).toBe(KEPT)
    expect(await lend([one], person)).toBe('accepted')
    // the booking is for after its end
    const third = await item()
    await restrictionPermit(by.db, { of: from, item: third, ward: by.ward, nurse })
    expect(await book([third], person)).toBe(KEPT)
  })

  it('is let through by each restriction of its kind, or not at all', async () => {
    const { person, from } = await restricted()
    const second = await restriction(by.db, { person, by: by.champion, categories: ['headset', 'tablet'] })
    const one = await item()
    await restrictionPermit(by.db, { of: from, item: one, ward: by.ward, nurse })
    expect(await lend([one], person)).toBe(KEPT)
    await restrictionPermit(by.db, { of: second, item: one, ward: by.ward, nurse })
    expect(await lend([one], person)).toBe('accepted')
  })

  it('is signed by somebody with a PIN who works on the ward the person is on, and stays as it was signed', async () => {
    const { person, from } = await restricted()
    const one = await item()
    const sign = (signer: { id: number }, ward = by.ward) =>
      verdict(restrictionPermit(by.db, { of: from, item: one, ward, nurse: signer }))
    const refused = '23514 restriction_permit_is_signed_on_their_ward'
    expect(await sign(by.champion)).toBe(refused)
    const organisation_id = by.organisationId
    expect(await sign(await staffMember(by.db, { organisation_id, role: 'ward-staff', wards: [by.ward] }))).toBe(
      refused,
    )
    const elsewhere = await staffMember(by.db, { organisation_id, role: 'ward-staff', wards: [by.otherWard] })
    await pinOf(by.db, elsewhere)
    expect(await sign(elsewhere, by.otherWard)).toBe(refused)
    expect(await sign(nurse)).toBe('accepted')
    expect(await verdict(by.run(`update restriction_permits set until = '2026-09-30T00:00Z'`))).toMatch(/^42501/)
    await by.run(`update service_users set state = 'community', ward_id = null where id = $1`, [person.id])
    expect(await sign(nurse)).toBe(refused)
  })
})

it('a restriction waits for a loan that is being written, and the next loan waits for the restriction', async () => {
  const person = await inpatient()
  const [one, two] = [await by.connect(), await by.connect()]
  try {
    await one.query('begin')
    await one.query(
      `insert into device_restrictions (organisation_id, service_user_id, categories, words, review_on, written_at, written_by)
       values ($1, $2, '{headset}', 'Not now', '2026-09-01', '2026-08-03T09:00Z', $3)`,
      [by.organisationId, person.id, by.champion.id],
    )
    const lent = lend([await item()], person)
    const first = await Promise.race([lent, new Promise((later) => setTimeout(later, 300, 'waits'))])
    expect(first).toBe('waits')
    await one.query('commit')
    expect(await lent).toBe(KEPT)
  } finally {
    one.release()
    two.release()
  }
})
