import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { availableItem, deposit, itemInRepair, serviceUser } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const bay = (more: object = {}) =>
  availableItem(by.db, {
    organisation_id: by.organisationId,
    kept_at_ward_id: by.ward.id,
    category: 'locker-bay',
    ...more,
  })
const put = (bayId: number, connector = 'usb-c') =>
  by.run(
    `insert into locker_deposits
       (organisation_id, ward_id, bay_id, initials, description, connector, key_with, ready_at, deposited_at, deposited_by)
     values ($1, $2, $3, 'JB', 'Phone', $4, 'staff', '2026-08-05T12:00Z', '2026-08-05T10:00Z', $5)`,
    [by.organisationId, by.ward.id, bayId, connector, by.champion.id],
  )
const set = (id: number, change: string) => by.run(`update locker_deposits set ${change} where id = $1`, [id])

it('a bay holds one device at a time, of its own connector, on its own ward', async () => {
  const one = await bay()
  expect(await verdict(put(one.id))).toBe('accepted')
  expect(await verdict(put(one.id))).toBe('23505 one_open_deposit_a_bay')
  expect(await verdict(put((await bay()).id, 'lightning'))).toBe('23514 deposit_fits_its_bay')
  const elsewhere = await bay({ kept_at_ward_id: by.otherWard.id })
  expect(await verdict(put(elsewhere.id))).toBe('23P01 deposit_is_in_a_bay_that_works')
  expect(await verdict(put((await bay({ category: 'tablet' })).id))).toBe('23P01 deposit_is_in_a_bay_that_works')
  const place = { organisation_id: by.organisationId, kept_at_ward_id: by.ward.id }
  const broken = await itemInRepair(by.db, { ...place, category: 'locker-bay' })
  expect(await verdict(put(broken.id))).toBe('23P01 deposit_is_in_a_bay_that_works')
})

it('is opened by two people and not by one twice, and what is over stays so', async () => {
  const { id } = await deposit(by.db, { ward: by.ward, by: by.champion })
  const opened = `ended_at = '2026-08-20T12:00Z', ended_as = 'opened', opened_because = 'Smoke', ended_by = ${by.champion.id}`
  expect(await verdict(set(id, opened))).toBe('23514 locker_is_opened_by_two')
  expect(await verdict(set(id, `${opened}, witnessed_by = ${by.champion.id}`))).toBe('23514 locker_is_opened_by_two')
  const collected = `ended_at = '2026-08-20T12:00Z', ended_as = 'handed-over', ended_by = ${by.champion.id}`
  expect(await verdict(set(id, `${collected}, handed_to = 'Sam'`))).toBe('23514 handed_over_with_who_allowed_it')
  expect(await verdict(set(id, `${collected}, handed_to = 'Sam', allowed_by = 'Owner'`))).toBe('accepted')
  expect(await verdict(set(id, 'ended_at = null, ended_as = null, ended_by = null'))).toContain('23514')
})

it('by name is of somebody who is on that ward, and stays when they leave it', async () => {
  const here = { organisation_id: by.organisationId }
  const on = (ward: { id: number }) => serviceUser(by.db, { ...here, state: 'admitted', ward_id: ward.id })
  const inpatient = await on(by.ward)
  const of = (person: { id: number }) =>
    verdict(deposit(by.db, { ward: by.ward, by: by.champion, for: { serviceUser: person } }))
  expect(await of(await on(by.otherWard))).toBe('23514 deposit_is_of_somebody_on_the_ward')
  expect(await of(await serviceUser(by.db, { ...here, state: 'discharged' }))).toBe(
    '23514 deposit_is_of_somebody_on_the_ward',
  )
  expect(await of(inpatient)).toBe('accepted')
  await by.run(`update service_users set state = 'discharged', ward_id = null where id = $1`, [inpatient.id])
  expect(await of(inpatient)).toBe('23514 deposit_is_of_somebody_on_the_ward')
  const left = `select from locker_deposits where service_user_id = $1 and ended_at is null`
  expect(await by.run(left, [inpatient.id])).toHaveLength(1)
})
