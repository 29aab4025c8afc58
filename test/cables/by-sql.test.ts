import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  booking,
  type Item,
  loanTo,
  type Model,
  model,
  pinOf,
  placement,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql
let nurse: { id: number; organisation_id: number }
let cables: Record<'long' | 'short', Model>

const TOO_LONG = '23514 cable_is_short_enough'
const day = (from: string, until: string) => ({ from: new Date(from), until: new Date(until) })
const slot = day('2026-08-05T10:00Z', '2026-08-05T10:30Z')

beforeAll(async () => {
  by = await startBySql()
  const { db, organisationId: organisation_id, ward } = by
  await db.updateTable('wards').set({ longest_cable_cm: 50 }).where('id', '=', ward.id).execute()
  nurse = await staffMember(db, { organisation_id, role: 'ward-staff', wards: [ward] })
  await pinOf(db, nurse)
  const charger = (cable_length_cm: number) => model(db, { organisation_id, category: 'charger', cable_length_cm })
  cables = { long: await charger(100), short: await charger(50) }
})
afterAll(() => by.close())

const cable = (length: 'long' | 'short', more: object = {}) =>
  availableItem(by.db, {
    organisation_id: by.organisationId,
    model: cables[length],
    kept_at_ward_id: by.ward.id,
    ...more,
  })
const inpatient = () =>
  serviceUser(by.db, { organisation_id: by.organisationId, state: 'admitted', ward_id: by.ward.id })
const book = (items: { id: number }[], more: object = {}) =>
  verdict(booking(by.db, { ward: by.ward, by: by.champion, items, ...slot, ...more }))
const place = (items: Item[], ward = by.ward) => verdict(placement(by.db, { ward, items, isWithoutCharger: true }))
const lend = (items: Item[], person: { id: number; organisation_id: number }) =>
  verdict(loanTo(by.db, { organisationId: by.organisationId, serviceUser: person, items, isWithoutCharger: true }))
const permit = (itemId: number, more: { by?: number; until?: string } = {}) =>
  verdict(
    by.run(
      `insert into cable_permits (organisation_id, ward_id, item_id, because, signed_at, signed_by, asked_by, until)
       values ($1, $2, $3, 'Beside staff', '2026-08-03T09:00Z', $4, $4, $5)`,
      [by.organisationId, by.ward.id, itemId, more.by ?? nurse.id, more.until ?? '2026-08-31T00:00Z'],
    ),
  )

describe('a cable that is longer than a ward permits', () => {
  it('is not lent to the ward, alone or in a kit; one as long as that is', async () => {
    expect(await place([await cable('long')])).toBe(TOO_LONG)
    expect(await place([await cable('short'), await cable('long')])).toBe(TOO_LONG)
    expect(await place([await cable('short')])).toBe('accepted')
    expect(await place([await cable('long')], by.otherWard)).toBe('accepted')
  })

  it('is not lent or given to somebody who is admitted there, and may be to anybody else', async () => {
    expect(await lend([await cable('long')], await inpatient())).toBe(TOO_LONG)
    expect(await lend([await cable('long')], by.person)).toBe('accepted')
  })

  it('does not come by a swap or a correction: another item in a line that is open', async () => {
    const { lines } = await loanTo(by.db, {
      organisationId: by.organisationId,
      serviceUser: await inpatient(),
      items: [await cable('short')],
      isWithoutCharger: true,
    })
    const other = await cable('long')
    const change = by.run('update loan_lines set item_id = $1 where id = $2', [other.id, lines[0]!.id])
    expect(await verdict(change)).toBe(TOO_LONG)
  })

  it('does not come by a transfer: a line of another loan that goes on with it', async () => {
    const item = await cable('long', { kept_at_ward_id: null })
    await loanTo(by.db, {
      organisationId: by.organisationId,
      serviceUser: by.otherPerson,
      items: [item],
      isWithoutCharger: true,
    })
    await by.run(
      `update loan_lines set ended_at = taken_at + interval '1 hour', ended_as = 'returned' where item_id = $1`,
      [item.id],
    )
    expect(await lend([item], await inpatient())).toBe(TOO_LONG)
  })

  it('is not booked there, nor handed out when the ward permits less by then', async () => {
    expect(await book([await cable('long')])).toBe(TOO_LONG)
    const item = await cable('short')
    const { holdIds } = await booking(by.db, { ward: by.ward, by: by.champion, items: [item], ...slot })
    const setLimit = (cm: number) => by.run('update wards set longest_cable_cm = $1 where id = $2', [cm, by.ward.id])
    await setLimit(30)
    const handOut = by.run(`update item_holds set taken_at = '2026-08-05T10:01Z' where id = $1`, [holdIds[0]])
    expect(await verdict(handOut)).toBe(TOO_LONG)
    await setLimit(50)
  })
})

describe('to whom it goes', () => {
  it('cannot be corrected to somebody on a ward where its cable is too long', async () => {
    const { id } = await loanTo(by.db, {
      organisationId: by.organisationId,
      serviceUser: by.person,
      items: [await cable('long')],
      isWithoutCharger: true,
    })
    const correct = by.run('update loans set service_user_id = $1 where id = $2', [(await inpatient()).id, id])
    expect(await verdict(correct)).toBe(TOO_LONG)
  })
})

describe('what the nurse in charge signed for', () => {
  it('is let through for that item, on that ward, until the permit ends', async () => {
    const [item, other] = [await cable('long'), await cable('long')]
    expect(await permit(item.id, { until: '2026-08-05T00:00Z' })).toBe('accepted')
    expect(await book([item])).toBe(TOO_LONG)
    expect(await permit(item.id)).toBe('accepted')
    expect(await book([item])).toBe('accepted')
    expect(await book([other])).toBe(TOO_LONG)
  })

  it('is signed by somebody who works there and has a PIN, and stays as it was signed', async () => {
    const item = await cable('long')
    const refused = '23514 cable_permit_is_signed_on_the_ward'
    expect(await permit(item.id, { by: by.champion.id })).toBe(refused)
    const organisation_id = by.organisationId
    const withoutPin = await staffMember(by.db, { organisation_id, role: 'ward-staff', wards: [by.ward] })
    expect(await permit(item.id, { by: withoutPin.id })).toBe(refused)
    const elsewhere = await staffMember(by.db, { organisation_id, role: 'ward-staff', wards: [by.otherWard] })
    await pinOf(by.db, elsewhere)
    expect(await permit(item.id, { by: elsewhere.id })).toBe(refused)
    expect(await permit(item.id, { until: '2027-08-31T00:00Z' })).toBe('23514 cable_permit_ends_in_time')
    expect(await permit(item.id)).toBe('accepted')
    expect(await verdict(by.run(`update cable_permits set until = '2026-09-30T00:00Z'`))).toMatch(/^42501/)
  })
})
