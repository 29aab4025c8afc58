import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  closedWard,
  enrolledTablet,
  openStockCheck,
  placement,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql
let administrator: { id: number }
let closed: { id: number; organisation_id: number }
let open: { id: number; organisation_id: number }

beforeAll(async () => {
  sql = await startBySql()
  administrator = await staffMember(sql.db, { ...here(), role: 'administrator' })
})
beforeEach(async () => {
  closed = await closedWard(sql.db, { ...here(), by: administrator })
  open = await ward(sql.db, here())
})
afterAll(() => sql.close())

const here = () => ({ organisation_id: sql.organisationId })
const said = (text: string, values: unknown[] = []) => verdict(sql.run(text, values))
const at = '2026-08-03T09:30:00Z'
const takesNothing = '23514 closed_ward_takes_nothing'
const isNotEmpty = '23514 ward_closes_empty'

function close({ id }: { id: number }): Promise<string> {
  return said('update wards set closed_at = $2, closed_by = $3 where id = $1', [id, at, administrator.id])
}

describe('Nothing new comes to a closed ward:', () => {
  it('no item, new or moved there', async () => {
    const item = await sql.item()
    const move = 'update items set kept_at_ward_id = $2 where id = $1'
    expect(await said(move, [item, closed.id])).toBe(takesNothing)
    expect(await said(move, [item, open.id])).toBe('accepted')
    const copy = `
      insert into items (organisation_id, model_id, category, tag, kept_at_ward_id, created_at)
      select organisation_id, model_id, category, tag || '-2', $2, created_at from items where id = $1`
    expect(await said(copy, [item, closed.id])).toBe(takesNothing)
    expect(await said(copy, [item, open.id])).toBe('accepted')
  })

  it('no placement, and none that had ended begins again', async () => {
    await expect(placement(sql.db, { ward: closed, lentBy: sql.champion })).rejects.toMatchObject({
      constraint: 'closed_ward_takes_nothing',
    })
    const loan = await placement(sql.db, { ward: open, lentBy: sql.champion })
    const end = `update loan_lines set ended_at = $2, ended_as = 'returned' where loan_id = $1`
    await sql.run(end, [loan.id, at])
    expect(await close(open)).toBe('accepted')
    const again = 'update loan_lines set ended_at = null, ended_as = null where loan_id = $1'
    expect(await said(again, [loan.id])).toBe(takesNothing)
  })

  it('nobody to work there, no tablet and no stock check', async () => {
    const nurse = await staffMember(sql.db, { ...here(), role: 'ward-staff', wards: [open] })
    const values = [sql.organisationId, closed.id, nurse.id]
    expect(await said('insert into staff_wards (organisation_id, ward_id, staff_id) values ($1, $2, $3)', values)).toBe(
      takesNothing,
    )
    expect(await said('update staff_wards set ward_id = $1 where staff_id = $2', [closed.id, nurse.id])).toBe(
      takesNothing,
    )
    const tablet = `
      insert into ward_tablets (organisation_id, ward_id, name, made_at, made_by, code_by)
      values ($1, $2, 'Late', $4, $3, $3)`
    expect(await said(tablet, [...values, at])).toBe(takesNothing)
    const check = 'insert into stock_checks (organisation_id, ward_id, started_by, started_at) values ($1, $2, $3, $4)'
    expect(await said(check, [...values, at])).toBe(takesNothing)
  })

  it('but what is found or brought back is ours again, kept nowhere in particular', async () => {
    const { id } = await availableItem(sql.db, { ...here(), kept_at_ward_id: open.id })
    await sql.run(`update items set left_at = $2, left_as = 'lost' where id = $1`, [id, at])
    expect(await close(open)).toBe('accepted')
    await sql.run('update items set left_at = null, left_as = null where id = $1', [id])
    expect(await sql.run('select kept_at_ward_id from items where id = $1', [id])).toEqual([{ kept_at_ward_id: null }])
  })

  it('not even in the moment in which it is closed', async () => {
    const item = await sql.item()
    const closing = await sql.connect()
    try {
      await closing.query('begin')
      await closing.query('update wards set closed_at = $2, closed_by = $3 where id = $1', [
        open.id,
        at,
        administrator.id,
      ])
      const moved = said('update items set kept_at_ward_id = $2 where id = $1', [item, open.id])
      await closing.query('commit')
      expect(await moved).toBe(takesNothing)
    } finally {
      closing.release()
    }
  })

  it('nor is a ward closed over what somebody is just putting there', async () => {
    const item = await sql.item()
    const moving = await sql.connect()
    try {
      await moving.query('begin')
      await moving.query('update items set kept_at_ward_id = $2 where id = $1', [item, open.id])
      const closing = close(open)
      await moving.query('commit')
      expect(await closing).toBe(isNotEmpty)
    } finally {
      moving.release()
    }
  })
})

describe('A ward is not closed', () => {
  it('while items are kept there or placed with it', async () => {
    await availableItem(sql.db, { ...here(), kept_at_ward_id: open.id })
    expect(await close(open)).toBe(isNotEmpty)
    const other = await ward(sql.db, here())
    await placement(sql.db, { ward: other, lentBy: sql.champion })
    expect(await close(other)).toBe(isNotEmpty)
  })

  it('while a tablet is enrolled for it, or its stock is being checked', async () => {
    await enrolledTablet(sql.db, { ward: open, by: { ...administrator, ...here() } })
    expect(await close(open)).toBe(isNotEmpty)
    const other = await ward(sql.db, here())
    await openStockCheck(sql.db, { ward: other, startedBy: sql.champion })
    expect(await close(other)).toBe(isNotEmpty)
  })

  it('while somebody works there alone; of two wards that are closed together the second waits for the first', async () => {
    const other = await ward(sql.db, here())
    const nurse = await staffMember(sql.db, { ...here(), role: 'ward-staff', wards: [open, other] })
    const closing = await sql.connect()
    try {
      await closing.query('begin')
      await closing.query('update wards set closed_at = $2, closed_by = $3 where id = $1', [
        open.id,
        at,
        administrator.id,
      ])
      const second = close(other)
      await closing.query('commit')
      expect(await second).toBe(isNotEmpty)
    } finally {
      closing.release()
    }
    await sql.run('update staff set disabled_at = $2 where id = $1', [nurse.id, at])
    expect(await close(other)).toBe('accepted')
  })

  it('by nobody, at no time, or by somebody of another organisation', async () => {
    const somebody = await staffMember(sql.db)
    const text = 'update wards set closed_at = $2, closed_by = $3 where id = $1'
    expect(await said(text, [open.id, at, null])).toBe('23514 ward_is_closed_by_somebody')
    expect(await said(text, [open.id, 'infinity', administrator.id])).toBe('23514 ward_is_closed_at_a_time')
    expect(await said(text, [open.id, at, somebody.id])).toMatch(/^23503/)
  })
})

describe('A name', () => {
  it('and a code are one ward’s of an organisation, whatever the capitals, closed or not; and a site’s name one site’s', async () => {
    const there = await ward(sql.db)
    await sql.run(`update wards set name = 'Elm Ward', code = 'elm' where id = any($1::bigint[])`, [
      [closed.id, there.id],
    ])
    expect(await said(`update wards set name = 'ELM WARD' where id = $1`, [open.id])).toBe('23505 wards_name_key')
    expect(await said(`update wards set code = 'elm' where id = $1`, [open.id])).toBe('23505 wards_code_key')
    const site = 'insert into sites (organisation_id, name) values ($1, $2)'
    expect(await said(site, [sql.organisationId, 'Elm House'])).toBe('accepted')
    expect(await said(site, [sql.organisationId, 'ELM HOUSE'])).toBe('23505 sites_name_key')
  })
})
