import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, lostItem, openStockCheck, organisation, staffMember, ward } from '../../seeds/factories.ts'
import { outcomes } from '../../src/stock-checks/rules.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const at = '2026-08-03 09:00+00'
const later = '2026-08-03 10:00+00'

const newWard = () => ward(by.db, { organisation_id: by.organisationId })
const newItem = () => availableItem(by.db, { organisation_id: by.organisationId })

/** A check of a new place, with these items expected. */
async function newCheck(items: { id: number }[] = []): Promise<number> {
  const { id } = await openStockCheck(by.db, {
    ward: await newWard(),
    startedBy: by.champion,
    startedAt: new Date(at),
    items: items.map((item) => ({ item })),
  })
  return id
}

function list(checkId: number, itemId: number, more: Record<string, unknown> = {}) {
  const row: Record<string, unknown> = {
    organisation_id: by.organisationId,
    stock_check_id: checkId,
    item_id: itemId,
    is_expected: false,
    scanned_at: at,
    scanned_by: by.champion.id,
    ...more,
  }
  const places = Object.keys(row).map((_, place) => `$${place + 1}`)
  return by.run(`insert into stock_check_items (${Object.keys(row)}) values (${places})`, Object.values(row))
}

const change = (checkId: number, itemId: number, set: string) =>
  by.run(`update stock_check_items set ${set} where stock_check_id = $1 and item_id = $2`, [checkId, itemId])

const note = (checkId: number, code: string) =>
  by.run(
    `insert into stock_check_unknown_codes (organisation_id, stock_check_id, code, scanned_at, scanned_by)
     values ($1, $2, $3, $4, $5)`,
    [by.organisationId, checkId, code, at, by.champion.id],
  )

const finish = (checkId: number) =>
  by.run('update stock_checks set finished_at = $2, finished_by = $3 where id = $1', [checkId, later, by.champion.id])

const scanned = () => `scanned_at = '${at}', scanned_by = ${by.champion.id}`

describe('a place, by SQL alone', () => {
  it('has one open check, and another once that is finished', async () => {
    const place = await newWard()
    const begin = () =>
      by.run(
        `insert into stock_checks (organisation_id, ward_id, started_at, started_by) values ($1, $2, $3, $4) returning id`,
        [by.organisationId, place.id, at, by.champion.id],
      )
    const [first] = await begin()
    expect(await verdict(begin())).toBe('23505 one_open_stock_check_a_place')
    await finish(Number(first?.id))
    expect(await verdict(begin())).toBe('accepted')
  })

  it('has one open check when ten begin one at the same moment', async () => {
    const place = await newWard()
    const begun = await Promise.all(
      Array.from({ length: 10 }, () =>
        verdict(
          by.run(
            `insert into stock_checks (organisation_id, ward_id, started_at, started_by) values ($1, $2, $3, $4)`,
            [by.organisationId, place.id, at, by.champion.id],
          ),
        ),
      ),
    )
    expect(begun.filter((answer) => answer === 'accepted')).toHaveLength(1)
    expect(new Set(begun)).toEqual(new Set(['accepted', '23505 one_open_stock_check_a_place']))
  })
})

describe('a check that is finished, by SQL alone', () => {
  it('takes no scan, gives none back, and stays finished', async () => {
    const [expected, surprise] = [await newItem(), await newItem()]
    const checkId = await newCheck([expected])
    await list(checkId, surprise.id)
    await note(checkId, 'NOT OURS')
    await change(checkId, expected.id, `outcome = 'missing'`)
    await change(checkId, surprise.id, `outcome = 'unexpected'`)
    await finish(checkId)
    const over = '23514 stock_check_is_open'
    expect(await verdict(list(checkId, (await newItem()).id))).toBe(over)
    expect(await verdict(change(checkId, expected.id, scanned()))).toBe(over)
    expect(await verdict(note(checkId, 'TOO LATE'))).toBe(over)
    expect(await verdict(by.run('delete from stock_check_items where item_id = $1', [surprise.id]))).toBe(over)
    expect(await verdict(by.run('delete from stock_check_unknown_codes where stock_check_id = $1', [checkId]))).toBe(
      over,
    )
    const reopen = by.run('update stock_checks set finished_at = null, finished_by = null where id = $1', [checkId])
    expect(await verdict(reopen)).toBe('23514 stock_check_stays_finished')
    expect(await verdict(finish(checkId))).toBe('23514 stock_check_stays_finished')
    expect(await verdict(by.run('delete from stock_checks where id = $1', [checkId]))).toMatch(/^42501/)
  })

  it('takes no line that is moved over from an open one', async () => {
    const item = await newItem()
    const [over, open] = [await newCheck(), await newCheck()]
    await list(open, item.id)
    await finish(over)
    expect(await verdict(change(open, item.id, `stock_check_id = ${over}`))).toBe('23514 stock_check_is_open')
  })

  it('is not finished before somebody has decided about everything on its list', async () => {
    const item = await newItem()
    const checkId = await newCheck([item])
    expect(await verdict(finish(checkId))).toBe('23514 stock_check_ends_decided')
    await change(checkId, item.id, `outcome = 'missing'`)
    expect(await verdict(finish(checkId))).toBe('accepted')
  })

  it('says who finished it, and not before it began', async () => {
    const checkId = await newCheck()
    const set = (columns: string) => verdict(by.run(`update stock_checks set ${columns} where id = ${checkId}`))
    expect(await set(`finished_at = '${later}'`)).toBe('23514 finished_says_by_whom')
    expect(await set(`finished_at = '2026-08-02', finished_by = ${by.champion.id}`)).toBe(
      '23514 stock_check_has_real_times',
    )
    expect(await set(`finished_at = 'infinity', finished_by = ${by.champion.id}`)).toBe(
      '23514 stock_check_has_real_times',
    )
    expect(await set(`ward_id = ${by.otherWard.id}`)).toBe('23514 stock_check_stays_itself')
  })

  it('waits for the scans under way, and takes none after', async () => {
    const item = await newItem()
    const checkId = await newCheck()
    let ending: Promise<string> | undefined
    await by.db.transaction().execute(async (trx) => {
      const row = { organisation_id: by.organisationId, stock_check_id: checkId, item_id: item.id, is_expected: false }
      await trx
        .insertInto('stock_check_items')
        .values({ ...row, scanned_at: at, scanned_by: by.champion.id })
        .execute()
      ending = verdict(finish(checkId))
      await new Promise((settle) => setTimeout(settle, 200))
    })
    // the scan came first, and nobody has decided about it
    expect(await ending).toBe('23514 stock_check_ends_decided')
  })
})

describe('a line of a check, by SQL alone', () => {
  it('is one for each item', async () => {
    const item = await newItem()
    const checkId = await newCheck([item])
    expect(await verdict(list(checkId, item.id))).toBe('23505 stock_check_items_pkey')
    await note(checkId, 'X 1')
    expect(await verdict(note(checkId, 'x 1'))).toBe('23505 unknown_code_once_a_check')
  })

  it('says who scanned and when, and stays whose it is until it is taken back', async () => {
    const item = await newItem()
    const checkId = await newCheck([item])
    expect(await verdict(change(checkId, item.id, `scanned_at = '${at}'`))).toBe('23514 scanned_says_by_whom')
    expect(await verdict(change(checkId, item.id, `scanned_at = 'infinity', scanned_by = ${by.champion.id}`))).toBe(
      '23514 scanned_at_a_real_time',
    )
    await change(checkId, item.id, scanned())
    expect(await verdict(change(checkId, item.id, `scanned_at = '${later}'`))).toBe('23514 scan_stays_whose_it_is')
    expect(await verdict(change(checkId, item.id, 'scanned_at = null, scanned_by = null'))).toBe('accepted')
    expect(await verdict(change(checkId, item.id, scanned()))).toBe('accepted')
  })

  it('of what was expected stays on the list; what was not is only there when it was scanned', async () => {
    const [item, other] = [await newItem(), await newItem()]
    const checkId = await newCheck([item])
    const take = (itemId: number) => by.run('delete from stock_check_items where item_id = $1', [itemId])
    expect(await verdict(take(item.id))).toBe('23514 expected_stays_on_the_list')
    expect(await verdict(change(checkId, item.id, 'is_expected = false'))).toBe('23514 stock_check_item_stays_itself')
    expect(await verdict(change(checkId, item.id, `item_id = ${other.id}`))).toBe('23514 stock_check_item_stays_itself')
    expect(await verdict(list(checkId, other.id, { scanned_at: null, scanned_by: null }))).toBe(
      '23514 unexpected_was_scanned',
    )
    await list(checkId, other.id)
    expect(await verdict(take(other.id))).toBe('accepted')
  })

  it('ends in a way that fits what was scanned', async () => {
    const [missing, found, surprise] = [await newItem(), await newItem(), await newItem()]
    const checkId = await newCheck([missing, found])
    await change(checkId, found.id, scanned())
    await list(checkId, surprise.id)
    const ends = async (item: { id: number }) => {
      const fitting: string[] = []
      for (const outcome of Object.keys(outcomes)) {
        const answer = await verdict(change(checkId, item.id, `outcome = '${outcome}', note = 'In the office'`))
        if (answer === 'accepted') fitting.push(outcome)
      }
      return fitting
    }
    expect(await ends(missing)).toEqual(['elsewhere', 'missing', 'went-out'])
    expect(await ends(found)).toEqual(['found'])
    expect(await ends(surprise)).toEqual(['found', 'moved', 'unexpected'])
    expect(await verdict(change(checkId, missing.id, `outcome = 'elsewhere', note = ''`))).toBe(
      '23514 elsewhere_says_where',
    )
    expect(await verdict(change(checkId, missing.id, `outcome = 'forgotten'`))).toMatch(/^23514/)
  })

  it('that was reported names the incident of that very item', async () => {
    const item = await newItem()
    const other = await lostItem(by.db, { organisation_id: by.organisationId })
    const checkId = await newCheck([item, other])
    const [incident] = await by.run(
      `insert into incidents (organisation_id, kind, reported_at, reported_by) values ($1, 'lost', $2, $3) returning id`,
      [by.organisationId, at, by.champion.id],
    )
    await by.run(
      `insert into incident_items (organisation_id, incident_id, kind, item_id) values ($1, $2, 'lost', $3)`,
      [by.organisationId, incident?.id, other.id],
    )
    const report = (itemId: number) =>
      verdict(change(checkId, itemId, `outcome = 'reported', incident_id = ${incident?.id}`))
    expect(await report(item.id)).toMatch(/^23503/)
    expect(await report(other.id)).toBe('accepted')
    expect(await verdict(change(checkId, item.id, `outcome = 'reported'`))).toBe('23514 reported_has_its_incident')
    expect(await verdict(change(checkId, item.id, `outcome = 'missing', incident_id = ${incident?.id}`))).toBe(
      '23514 reported_has_its_incident',
    )
  })
})

describe('two organisations, by SQL alone', () => {
  it('share no check, no line and no scan', async () => {
    const { id: organisation_id } = await organisation(by.db)
    const theirs = {
      ward: await ward(by.db, { organisation_id }),
      item: await availableItem(by.db, { organisation_id }),
      staff: await staffMember(by.db, { organisation_id }),
    }
    const check = await openStockCheck(by.db, { ward: theirs.ward, startedBy: theirs.staff })
    const ours = await newCheck()
    const begin = (wardId: number, staffId: number) =>
      verdict(
        by.run('insert into stock_checks (organisation_id, ward_id, started_at, started_by) values ($1, $2, $3, $4)', [
          by.organisationId,
          wardId,
          at,
          staffId,
        ]),
      )
    const { id: theirOtherWard } = await ward(by.db, { organisation_id })
    expect(await begin(theirOtherWard, by.champion.id)).toMatch(/^23503/)
    expect(await begin((await newWard()).id, theirs.staff.id)).toMatch(/^23503/)
    expect(await verdict(list(check.id, (await newItem()).id))).toMatch(/^23503/)
    expect(await verdict(list(ours, theirs.item.id))).toMatch(/^23503/)
    expect(await verdict(list(ours, (await newItem()).id, { scanned_by: theirs.staff.id }))).toMatch(/^23503/)
    expect(await verdict(note(check.id, 'X'))).toMatch(/^23503/)
  })
})
