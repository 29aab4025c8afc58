import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { enrolledTablet, pinOf, staffMember, waitingTablet, ward } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql
let administrator: Awaited<ReturnType<typeof staffMember>>
let nurse: Awaited<ReturnType<typeof staffMember>>

beforeAll(async () => {
  sql = await startBySql()
  const organisation_id = sql.organisationId
  administrator = await staffMember(sql.db, { organisation_id, role: 'administrator' })
  nurse = await staffMember(sql.db, { organisation_id, role: 'ward-staff', wards: [sql.ward] })
})
afterAll(() => sql.close())

const said = (text: string, values: unknown[] = []) => verdict(sql.run(text, values))
const enrolled = () => enrolledTablet(sql.db, { ward: sql.ward, by: administrator })
const at = '2026-08-03T09:30:00Z'

describe('A tablet', () => {
  it.each([
    ['is enrolled a second time', "update ward_tablets set token_hash = 'another' where id = $1"],
    ['moves to another ward', 'update ward_tablets set ward_id = ward_id + 1 where id = $1'],
    ['gets a code while it is enrolled', `update ward_tablets set code_hash = 'x', code_until = '${at}' where id = $1`],
    ['loses its token and is still enrolled', 'update ward_tablets set token_hash = null where id = $1'],
  ])('is refused when it %s', async (_what, text) => {
    const { id } = await enrolled()
    expect(await said(text, [id])).toMatch(/^23514 tablet_/)
  })

  it('is enrolled with a code, in time, and not otherwise', async () => {
    const { id } = await waitingTablet(sql.db, { ward: sql.ward, by: administrator, code: 'ABCDEFGHJKMN' })
    const enrol = (when: string, code = 'code_hash = null, code_until = null') =>
      said(`update ward_tablets set token_hash = $2, enrolled_at = $3, ${code} where id = $1`, [id, 'token 1', when])
    expect(await enrol('2026-08-04T09:30:00Z')).toBe('23514 tablet_goes_on')
    expect(await enrol(at, 'name = name')).toBe('23514 tablet_code_is_for_enrolling')
    expect(await enrol(at)).toBe('accepted')
    const row = { organisation_id: sql.organisationId, ward_id: sql.ward.id, made_by: administrator.id }
    const values = [row.organisation_id, row.ward_id, row.made_by, at]
    await sql.run(
      `insert into ward_tablets (organisation_id, ward_id, name, made_at, made_by, code_by) values ($1, $2, 'Bare', $4, $3, $3)`,
      values,
    )
    expect(await said("update ward_tablets set token_hash = 'y', enrolled_at = $1 where name = 'Bare'", [at])).toBe(
      '23514 tablet_goes_on',
    )
  })

  it('that was revoked stays so, and nothing about it is changed', async () => {
    const { id } = await enrolled()
    await sql.run('update ward_tablets set revoked_at = $2, revoked_by = $3 where id = $1', [id, at, administrator.id])
    expect(await said('update ward_tablets set revoked_at = null, revoked_by = null where id = $1', [id])).toBe(
      '23514 tablet_goes_on',
    )
    expect(await said("update ward_tablets set name = 'Other' where id = $1", [id])).toBe('23514 tablet_goes_on')
  })

  it('is of one organisation, as are its ward and whoever made it', async () => {
    const there = await ward(sql.db)
    expect(await verdict(enrolledTablet(sql.db, { ward: there, by: administrator }))).toMatch(/^23503 /)
  })
})

describe('A session on a tablet', () => {
  const begin = (staffId: number, tabletId: number, more: { idle?: string; ends?: string } = {}) =>
    said(
      `insert into sessions (id_hash, staff_id, tablet_id, data, created_at, seen_at, idle_until, ends_at)
       values (decode(md5(random()::text), 'hex'), $1, $2, '{}', $3, $3, $3::timestamptz + $4::interval, $3::timestamptz + $5::interval)`,
      [staffId, tabletId, at, more.idle ?? '1 minute', more.ends ?? '1 hour'],
    )

  it('is short, and belongs to somebody of its ward who is still there', async () => {
    const { id } = await enrolled()
    expect(await begin(nurse.id, id)).toBe('accepted')
    expect(await begin(nurse.id, id, { idle: '61 seconds' })).toBe('23514 tablet_session_is_short')
    expect(await begin(nurse.id, id, { ends: '61 minutes' })).toBe('23514 tablet_session_is_short')
    const organisation_id = sql.organisationId
    const others = [
      await staffMember(sql.db, { organisation_id, role: 'ward-staff', wards: [sql.otherWard] }),
      await staffMember(sql.db, { organisation_id, role: 'care-team', wards: [sql.ward] }),
      await staffMember(sql.db, { organisation_id, role: 'ward-staff', wards: [sql.ward], disabled_at: new Date(at) }),
      administrator,
    ]
    for (const { id: staffId } of others) expect(await begin(staffId, id)).toBe('23514 tablet_session_is_theirs')
  })

  it('begins on no tablet that is revoked or was never enrolled', async () => {
    const revoked = await enrolled()
    await sql.run('update ward_tablets set revoked_at = $2, revoked_by = $3 where id = $1', [
      revoked.id,
      at,
      administrator.id,
    ])
    const waiting = await waitingTablet(sql.db, { ward: sql.ward, by: administrator, code: 'NEVERENR0LED' })
    for (const { id } of [revoked, waiting]) expect(await begin(nurse.id, id)).toBe('23514 tablet_session_is_theirs')
  })

  it('passes to nobody else, and what has ended is not given back', async () => {
    const { id } = await enrolled()
    await sql.run('delete from sessions')
    await begin(nurse.id, id)
    const colleague = await staffMember(sql.db, {
      organisation_id: sql.organisationId,
      role: 'ward-staff',
      wards: [sql.ward],
    })
    expect(await said('update sessions set staff_id = $1', [colleague.id])).toBe('23514 tablet_session_is_theirs')
    await sql.run('update sessions set staff_id = null, tablet_id = null')
    expect(await said('update sessions set staff_id = $1, tablet_id = $2', [nurse.id, id])).toBe(
      '23514 tablet_session_is_theirs',
    )
  })
})

describe('The audit of a tablet', () => {
  const write = (tabletId: number | null, staffId: number | null = nurse.id) =>
    said(`select record_audit($1, $2, $3, $4, null, '[{"verb":"item:updated"}]')`, [
      at,
      sql.organisationId,
      staffId,
      tabletId,
    ])

  it('names one that is enrolled, and somebody who was there; so nothing is saved on one that was revoked meanwhile', async () => {
    const { id } = await enrolled()
    expect(await write(id)).toBe('accepted')
    expect(await write(id, null)).toBe('23514 done_on_a_tablet_by_somebody')
    await sql.run('update ward_tablets set revoked_at = $2, revoked_by = $3 where id = $1', [id, at, administrator.id])
    expect(await write(id)).toBe('23514 audit_on_enrolled_tablet')
    expect(await write(999_999)).toBe('23514 audit_on_enrolled_tablet')
    expect(await write(null)).toBe('accepted')
  })

  it('makes whoever revokes it wait for a change that is under way, and the next change refused', async () => {
    const { id } = await enrolled()
    const change = await sql.connect()
    await change.query('begin')
    await change.query(`select record_audit($1, $2, $3, $4, null, '[{"verb":"item:updated"}]')`, [
      at,
      sql.organisationId,
      nurse.id,
      id,
    ])
    const revoking = sql.run('update ward_tablets set revoked_at = $2, revoked_by = $3 where id = $1', [
      id,
      at,
      administrator.id,
    ])
    // asked outside the transaction: inside one, the answer stays what it was at first
    const waiting = `select from pg_stat_activity
      where wait_event_type = 'Lock' and query like 'update ward_tablets%' and datname = current_database()`
    while ((await sql.run(waiting)).length === 0) await pause(10)
    await change.query('commit')
    change.release()
    await revoking
    expect(await write(id)).toBe('23514 audit_on_enrolled_tablet')
  })
})

describe('A PIN', () => {
  const newPin = async () =>
    pinOf(
      sql.db,
      await staffMember(sql.db, { organisation_id: sql.organisationId, role: 'ward-staff', wards: [sql.ward] }),
    )
  const set = (id: number, columns: string) => said(`update staff_pins set ${columns} where id = $1`, [id])

  it('that is locked stays locked, and ends', async () => {
    const { id } = await newPin()
    expect(await set(id, `locked_at = '${at}'`)).toBe('23514 pin_is_locked_after_five_tries')
    for (let time = 0; time < 5; time += 1) await set(id, 'tries_left = tries_left - 1')
    expect(await set(id, 'tries_left = tries_left - 1')).toMatch(/^23514 /)
    expect(await set(id, `locked_at = '${at}'`)).toBe('accepted')
    expect(await set(id, 'tries_left = 5, locked_at = null')).toBe('23514 pin_goes_on')
    expect(await set(id, 'locked_at = null')).toBe('23514 pin_goes_on')
    expect(await set(id, `ended_at = '${at}', pin_hash = null`)).toBe('accepted')
    expect(await set(id, "ended_at = null, pin_hash = 'x'")).toBe('23514 pin_goes_on')
  })

  it('has five tries and no more, is one each, is not changed in place, and leaves no hash behind', async () => {
    const pin = await newPin()
    expect(await set(pin.id, 'tries_left = 6')).toMatch(/^23514 /)
    await set(pin.id, 'tries_left = tries_left - 1')
    await set(pin.id, 'tries_left = tries_left - 1')
    expect(await set(pin.id, 'tries_left = 4')).toBe('23514 pin_goes_on')
    expect(await set(pin.id, "pin_hash = 'of another PIN'")).toBe('23514 pin_goes_on')
    expect(await set(pin.id, `ended_at = '${at}'`)).toBe('23514 pin_while_in_use')
    expect(await set(pin.id, `staff_id = ${nurse.id}`)).toBe('23514 pin_goes_on')
    expect(await verdict(pinOf(sql.db, { id: pin.staff_id, organisation_id: sql.organisationId }))).toBe(
      '23505 one_pin_each',
    )
  })
})

it('A badge that was taken away is not given back, nor passed on, and is one each', async () => {
  const add = (code: string) =>
    said('insert into staff_badges (organisation_id, staff_id, code_hash, issued_at) values ($1, $2, $3, $4)', [
      sql.organisationId,
      nurse.id,
      code,
      at,
    ])
  expect(await add('one')).toBe('accepted')
  expect(await add('two')).toBe('23505 one_badge_each')
  expect(await said("update staff_badges set code_hash = 'two'")).toBe('23514 badge_goes_on')
  expect(await said('update staff_badges set staff_id = $1', [administrator.id])).toBe('23514 badge_goes_on')
  expect(await said('update staff_badges set ended_at = $1', [at])).toBe('23514 badge_is_ended_by_somebody')
  expect(await said('update staff_badges set ended_at = $1, ended_by = $2', [at, nurse.id])).toBe('accepted')
  expect(await said('update staff_badges set ended_at = null, ended_by = null')).toBe('23514 badge_goes_on')
})
