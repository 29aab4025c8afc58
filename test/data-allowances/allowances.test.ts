import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  appointment,
  availableItem,
  dataAllowance,
  itemInTurnaround,
  loanTo,
  overdueLoan,
  serviceUser,
} from '../../seeds/factories.ts'
import { makeIccid } from '../../seeds/identifiers.ts'
import { replaceSim, topUpAllowance } from '../../src/data-allowances/actions.ts'
import { readDueData } from '../../src/data-allowances/due-queries.ts'
import { balanceOf, dataFor } from '../../src/data-allowances/forecast-rules.ts'
import { findAllowance } from '../../src/data-allowances/queries.ts'
import { findRecordAndWay } from '../../src/service-users/section-queries.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const by = () => ({ id: app.people.actors.champion.staffId })
const ours = () => ({ organisation_id: app.people.organisationId, by: by() })
const newPerson = () => serviceUser(app.db, { organisation_id: app.people.organisationId })
let sims = 0
const newSim = () => makeIccid(770_000 + sims++)

const sim = () => ({
  ...{ kind: 'sim', provider: 'Databank', amount: '1', 'amount-unit': 'gb', period: 'once' },
  'sim-number': newSim(),
})

async function given(more: object = {}): Promise<{ id: number; personId: number; simNumber: string }> {
  const person = await newPerson()
  const fields = { ...sim(), person: person.id, key: crypto.randomUUID(), ...more }
  const sent = await champion.post('/data-allowances', fields)
  expect(sent.status).toBe(303)
  const id = Number(sent.headers.location?.split('/').at(-1))
  return { id, personId: person.id, simNumber: fields['sim-number'] }
}

const page = async (id: number) => (await champion.get(`/data-allowances/${id}`)).text

describe('data that is given', () => {
  it('says on which day it runs out and before which appointment, and topping it up clears that', async () => {
    const { id, personId } = await given()
    const person = { id: personId, organisation_id: app.people.organisationId }
    const booked = await appointment(app.db, { person, by: by(), from: new Date('2026-08-07T09:00:00Z') })
    const text = await page(id)
    expect(text).toContain('Runs out on Friday 7 August 2026')
    expect(text).toContain('before the end of the video appointment on Friday 7 August 2026 at 10am')
    expect(text).toMatch(/50 minutes × 10 MB .* 500 MB \(our own figure\)/)
    const short = (await champion.get(`/appointments/${booked.id}`)).text
    expect(short).toMatch(new RegExp(`/data-allowances/${id}\\?do&#x3D;top-ups[^>]*>\\s*Top up their data`))
    expect(short).toContain('Runs out on Friday 7 August 2026, before the end of the video appointment')
    const topUp = { added: '2', 'added-unit': 'gb', key: crypto.randomUUID() }
    await champion.post(`/data-allowances/${id}/top-ups`, topUp)
    await champion.post(`/data-allowances/${id}/top-ups`, topUp)
    expect(await page(id)).toMatch(/3 GB \(reading from today\)[\s\S]*topped it up by 2 GB/)
    const read = await findRecordAndWay(app.db, app.people.actors.champion, personId, { now: app.clock(), most: 1 })
    expect(dataFor({ kind: 'appointment', id: booked.id }, read?.data as never, app.clock())).toBe('enough')
    expect((await champion.get(`/appointments/${booked.id}`)).text).toMatch(/Data or Wi-Fi, enough\. Lasts until/)
    expect((await champion.get(`/data-allowances?person=${personId}`)).text).toContain(
      'after everything that is booked',
    )
  })

  it('is refused, field by field, where it makes no sense, and keeps what was typed', async () => {
    const person = await newPerson()
    const fields = {
      ...{ kind: 'sim', provider: 'Databank', amount: '2000', 'amount-unit': 'gb', period: 'once', person: person.id },
      ...{ 'sim-number': `${newSim().slice(0, -1)}x`, 'starts-on-day': '5', 'starts-on-month': '8' },
      ...{ 'starts-on-year': '2026', 'ends-on-day': '4', 'ends-on-month': '8', 'ends-on-year': '2026' },
    }
    const { status, text } = await champion.post('/data-allowances', fields)
    expect(status).toBe(422)
    expect(text).toContain('must be 1,000 GB or less')
    expect(text).toContain('The last day must not be before the first')
    expect(text).toContain('SIM number (ICCID) must be 19 or 20 digits')
    expect(text).toContain('value="2000"')
    const number = newSim()
    const wrong = number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10)
    const again = await champion.post('/data-allowances', { ...fields, amount: '-2', 'sim-number': wrong })
    expect(again.text).toMatch(/SIM number \(ICCID\) has a wrong digit/)
    expect(again.text).toContain('The amount of data must not be less than 0')
    expect(again.text).toContain(`value="${wrong}"`)
  })

  it('is not given twice on one SIM in the same days, and is again once the first is cancelled', async () => {
    const first = await given()
    const person = await newPerson()
    const again = { ...sim(), 'sim-number': first.simNumber, person: person.id }
    const clash = await champion.post('/data-allowances', again)
    expect(clash.status).toBe(409)
    expect(clash.text).toContain('This SIM has other data in those days')
    expect((await champion.post(`/data-allowances/${first.id}/cancellation`, { version: 1 })).status).toBe(303)
    expect((await champion.post('/data-allowances', again)).status).toBe(303)
    const found = await champion.get(`/data-allowances?sim=${first.simNumber.slice(-6)}&show=over`)
    expect(found.text).toContain(`/data-allowances/${first.id}`)
  })

  it('takes no reading that is older than the last, and none in an unknown unit', async () => {
    const { id } = await given()
    const read = (fields: Record<string, string>) => champion.post(`/data-allowances/${id}/readings`, fields)
    const yesterday = { 'read-on-day': '3', 'read-on-month': '8', 'read-on-year': '2026' }
    expect((await read({ left: '900', 'left-unit': 'mb', ...yesterday })).text).toContain(
      'There is a newer reading already',
    )
    expect((await read({ left: '900' })).status).toBe(422)
    expect((await read({ left: '-1', 'left-unit': 'mb' })).status).toBe(422)
    app.setClock(new Date('2026-08-03T10:30:00Z'))
    expect((await read({ left: '900', 'left-unit': 'mb' })).status).toBe(303)
    app.setClock(new Date('2026-08-03T09:30:00Z'))
  })

  it('is suspended, resumed, given another day and another SIM, as somebody saw it, and keeps what it was', async () => {
    const { id, simNumber } = await given()
    const press = (path: string, version: number, more: object = {}) =>
      champion.post(`/data-allowances/${id}/${path}`, { version, ...more })
    expect((await press('suspension', 1)).status).toBe(422)
    expect((await press('suspension', 1, { why: 'overdue' })).status).toBe(409)
    expect((await press('suspension', 1, { why: 'lost' })).status).toBe(303)
    expect(await page(id)).toContain('The SIM is lost or stolen')
    expect(await page(id)).toContain('It is suspended.')
    expect((await press('suspension', 1, { why: 'lost' })).status).toBe(409)
    expect((await press('resumption', 2)).status).toBe(303)
    const day = { 'ends-on-day': '1', 'ends-on-month': '9', 'ends-on-year': '2026' }
    expect((await press('end', 3, day)).status).toBe(303)
    expect((await press('sim', 4, { 'sim-number': simNumber })).status).toBe(409)
    const next = newSim()
    const topUp = (added: string) => champion.post(`/data-allowances/${id}/top-ups`, { added, 'added-unit': 'gb' })
    await topUp('2')
    expect((await press('sim', 4, { 'sim-number': newSim() })).status).toBe(303)
    await topUp('3')
    expect((await press('sim', 5, { 'sim-number': next })).status).toBe(303)
    const text = await page(id)
    expect(text).toContain(`Until then it was on SIM ${simNumber}`)
    expect(text).toContain(next)
    expect(text).toContain('1 September 2026')
    // 1 GB, then 2 GB, then 3 GB: none is lost with a SIM
    expect(text).toContain('6 GB (reading')
  })

  it('keeps every megabyte, however often it is topped up and goes on to another SIM', async () => {
    const done = fc.constantFrom('top-up' as const, 'replace' as const)
    const steps = fc.array(fc.tuple(done, fc.integer({ min: 1, max: 9_000 })), { maxLength: 8 })
    const kept = fc.asyncProperty(steps, async (all) => {
      const { id } = await given()
      let expected = 1_000
      let version = 1
      for (const [what, megabytes] of all) {
        if (what === 'top-up') await app.changeAs('champion', (change) => topUpAllowance(change, id, megabytes))
        else await app.changeAs('champion', (change) => replaceSim(change, id, version, newSim()))
        if (what === 'top-up') expected += megabytes
        else version += 1
        const facts = await findAllowance(app.db, app.people.actors.champion, id, app.clock())
        expect(balanceOf(facts!, app.clock())?.left).toBe(expected)
      }
    })
    await fc.assert(kept, { numRuns: 15, seed: 20_260_803 })
  })

  it('goes with an item that they have on loan, and with nobody else’s', async () => {
    const loan = await overdueLoan(app.db, { organisationId: app.people.organisationId })
    const { rows } = await app.pool.query('select id, loan_id from loan_lines where loan_id = $1 limit 1', [loan.id])
    const line = rows[0]
    const sent = await champion.post('/data-allowances', { ...sim(), line: line.id })
    expect(sent.status).toBe(303)
    expect((await champion.get(`/data-allowances?loan=${line.loan_id}`)).text).toContain('Databank')
    expect((await champion.get(`/loans/${line.loan_id}`)).text).toMatch(
      /Data with this loan[\s\S]*Enough[\s\S]*1 GB once: 1 GB \(reading from today\)/,
    )
    const administrator = await app.signedInAs('administrator')
    expect((await administrator.get(`/loans/${line.loan_id}`)).text).not.toContain('1 GB once')
    const person = await newPerson()
    expect(await verdict(dataAllowance(app.db, { ...ours(), person, loan_line_id: line.id }))).toBe(
      '23514 data_goes_with_their_loan',
    )
  })

  it('is nobody’s of another organisation', async () => {
    const theirs = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await champion.get(`/data-allowances/new?person=${theirs.id}`)).status).toBe(404)
    expect((await champion.post('/data-allowances', { ...sim(), person: theirs.id })).status).toBe(404)
  })
})

describe('data that was given with an item', () => {
  async function lentWithData() {
    const person = await newPerson()
    const item = await availableItem(app.db, { organisation_id: app.people.organisationId, category: 'hotspot' })
    const loan = await loanTo(app.db, { serviceUser: person, items: [item] })
    const line = loan.lines[0]!.id
    const { id } = await dataAllowance(app.db, { ...ours(), person, loan_line_id: line })
    const end = (how: 'return' | 'gift') => champion.post(`/loans/${loan.id}/${how}`, { line, version: 1 })
    return { id, end, item, sheet: `/turnaround/${item.id}`, personId: person.id }
  }
  const turnaroundOf = async (itemId: number) => {
    const hold = app.db.selectFrom('item_holds').select(['id', 'ended_at']).where('item_id', '=', itemId)
    return await hold.where('kind', '=', 'turnaround').orderBy('id', 'desc').executeTakeFirstOrThrow()
  }

  it('is stopped before the item is ready for the next person, with a step of its own', async () => {
    const { id, end, item, sheet } = await lentWithData()
    expect((await end('return')).status).toBe(303)
    expect((await champion.get(sheet)).text).toContain('Data stopped')
    const { id: turnaround } = await turnaroundOf(item.id)
    const tick = (steps: string[]) =>
      champion.post(sheet, { turnaround, steps, 'wipe-method': 'factory-reset', key: crypto.randomUUID() })
    await tick(stepsFor('hotspot'))
    expect((await turnaroundOf(item.id)).ended_at).toBeNull()
    const endIt = `update item_holds set ended_at = '2026-08-03T09:30Z', ended_as = 'ready' where id = ${turnaround}`
    expect(await verdict(app.pool.query(endIt))).toBe('23514 data_is_stopped_before_it_is_ready')
    await tick(['data-stopped'])
    expect((await turnaroundOf(item.id)).ended_at).not.toBeNull()
    expect(await page(id)).toMatch(/It is suspended\.[\s\S]*suspended it/)
  })

  it('has no step where it was stopped before, nor where none was given, and a step that stopped it is not taken back', async () => {
    const { id, end, item, sheet } = await lentWithData()
    await end('return')
    const { id: turnaround } = await turnaroundOf(item.id)
    await champion.post(sheet, { turnaround, steps: ['data-stopped'] })
    const text = (await champion.get(sheet)).text
    expect(text).toContain('Data stopped')
    expect(text).not.toContain('value="data-stopped"')
    expect((await champion.post(`${sheet}/steps/data-stopped/undo`, { turnaround })).status).toBe(409)
    expect(await page(id)).toContain('It is suspended.')
    const bare = await itemInTurnaround(app.db, { organisation_id: app.people.organisationId, category: 'hotspot' })
    expect((await champion.get(`/turnaround/${bare.id}`)).text).not.toContain('Data stopped')
  })

  it('goes on where the item is given for good, and nobody is asked to stop it', async () => {
    const { id, end, personId } = await lentWithData()
    expect((await end('gift')).status).toBe(303)
    const text = await page(id)
    expect(text).not.toContain('It is suspended.')
    expect(text).toContain('Nobody read yet how much is left')
    const due = await readDueData(app.db, app.people.actors.champion, {
      now: app.clock(),
      today: '2026-08-03',
      until: '2026-08-17',
    })
    expect(due.filter(({ service_user_id }) => service_user_id === personId)).toEqual([])
  })
})

describe('data of an overdue item', () => {
  const turnOn = (days: number | null) =>
    app.pool.query('update organisations set data_suspend_after_days = $2 where id = $1', [
      app.people.organisationId,
      days,
    ])
  afterAll(() => turnOn(null))

  it('is suspended only where that is turned on, by a person, a week after a warning, and before no call', async () => {
    const { organisationId } = app.people
    const person = await newPerson()
    const loan = await overdueLoan(app.db, { organisationId, serviceUser: person })
    const { id } = await dataAllowance(app.db, { ...ours(), person, loan_line_id: loan.lines[0]?.id })
    const press = (path: string, version: number, more: object = {}) =>
      champion.post(`/data-allowances/${id}/${path}`, { version, ...more })
    const suspend = (version: number) => press('suspension', version, { why: 'overdue' })
    const bySql = (at: string) =>
      verdict(
        app.pool.query(`update data_allowances set suspended_at = $2, suspended_because = 'overdue' where id = $1`, [
          id,
          at,
        ]),
      )
    const refused = '23514 overdue_data_is_suspended_last'
    expect((await page(id)).includes('Warn them')).toBe(false)
    expect((await press('warning', 1)).status).toBe(409)
    expect((await suspend(1)).text).toContain('see what your organisation decided')
    expect(await bySql('2026-08-03T09:30Z')).toBe(refused)

    await turnOn(14)
    expect(await page(id)).toContain('Warn them: it is overdue')
    expect((await champion.get('/')).text).toContain(`/data-allowances/${id}?do&#x3D;warning`)
    expect((await suspend(1)).text).toContain('Warn them first')
    expect((await press('warning', 1)).status).toBe(303)
    expect((await press('warning', 2)).status).toBe(409)
    expect((await suspend(2)).text).toContain('It may be suspended from 10 August 2026')
    expect(await bySql('2026-08-03T09:30Z')).toBe(refused)

    app.setClock(new Date('2026-08-10T09:31:00Z'))
    champion = await app.signedInAs('champion')
    expect((await champion.get('/')).text).toContain(`/data-allowances/${id}?do&#x3D;suspension`)
    const booked = await appointment(app.db, { person, by: by(), from: new Date('2026-08-14T09:00:00Z'), way: 'phone' })
    expect((await suspend(2)).text).toContain('A call is booked')
    expect(await bySql('2026-08-10T09:31Z')).toBe(refused)
    expect((await champion.get('/')).text).not.toContain(`/data-allowances/${id}?do&#x3D;suspension`)
    await app.pool.query(`update appointments set way = 'face-to-face' where id = $1`, [booked.id])
    expect((await suspend(2)).status).toBe(303)
    expect(await page(id)).toMatch(
      /The item is overdue, and they were warned[\s\S]*warned them that it will be suspended/,
    )
    app.setClock(new Date('2026-08-03T09:30:00Z'))
    champion = await app.signedInAs('champion')
  })
})

describe('how much data a call uses', () => {
  it('is decided with its source, told on the page of an allowance, and saved as somebody saw it', async () => {
    const administrator = await app.signedInAs('administrator')
    const url = '/admin/settings/data'
    const shown = /name="shown" value="([^"]+)"/.exec((await administrator.get(url)).text)?.[1] ?? ''
    const figures = {
      video: '12',
      phone: '0',
      text: '1',
      day: '300',
      source: 'Measured in May',
      'suspend-after': '',
      shown,
    }
    const wrong = await administrator.post(url, {
      ...figures,
      video: '0',
      day: '1.5',
      source: 'x'.repeat(201),
      'suspend-after': '6',
    })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Enter a whole number of megabytes from 1 to 100')
    expect(wrong.text).toContain('Enter a whole number of megabytes from 0 to 10,000')
    expect(wrong.text).toContain('This must be 200 characters or less')
    expect(wrong.text).toContain('Enter how many days, from 7 to 365, or leave this empty')
    expect((await administrator.post(url, figures)).status).toBe(303)
    expect((await administrator.post(url, { ...figures, video: '13' })).status).toBe(409)
    const { id, personId } = await given()
    const person = { id: personId, organisation_id: app.people.organisationId }
    await appointment(app.db, { person, by: by(), from: new Date('2026-08-07T09:00:00Z') })
    expect(await page(id)).toMatch(/50 minutes × 12 MB .* 600 MB \(our own figure: Measured in May\)/)
    const begin = { video: '10', phone: '0', text: '1', day: '250', source: '' }
    const now = /name="shown" value="([^"]+)"/.exec((await administrator.get(url)).text)?.[1] ?? ''
    expect((await administrator.post(url, { ...begin, shown: now })).status).toBe(303)
  })
})

describe('a data allowance, by SQL alone', () => {
  it('is a sane amount for one holder, on a real SIM, and ends after it starts', async () => {
    const person = await newPerson()
    const made = (more: object) => verdict(dataAllowance(app.db, { ...ours(), person, ...more }))
    const simNumber = newSim()
    const wrong = simNumber.slice(0, -1) + ((Number(simNumber.at(-1)) + 1) % 10)
    expect(await made({ sim_number: wrong })).toBe('23514 data_sim_number_check_digit')
    expect(await made({ megabytes: 2_000_000 })).toBe('23514 data_is_a_sane_amount')
    expect(await made({ megabytes: 0 })).toBe('23514 data_is_a_sane_amount')
    expect(await made({ starts_on: '2026-08-02', ends_on: '2026-08-01' })).toBe(
      '23514 data_allowance_ends_after_it_starts',
    )
    expect(await made({ staff_id: by().id })).toBe('23514 data_allowance_has_one_holder')
    expect(await made({ sim_number: simNumber, ends_on: '2026-08-10' })).toBe('accepted')
    expect(await made({ sim_number: simNumber })).toBe('23P01 one_allowance_on_a_sim_at_a_time')
    expect(await made({ sim_number: simNumber, starts_on: '2026-08-11' })).toBe('accepted')
  })

  it('knows since when nothing was used, from readings that all say the same, with what was added', async () => {
    const at = (month: number, day: number) => new Date(Date.UTC(2026, month - 1, day, 9))
    const since = async (story: object, readings: [Date, number][], topUp?: [Date, number]) => {
      const starts = { starts_on: '2026-06-01', made_at: at(6, 1) }
      const made = await dataAllowance(app.db, { ...ours(), person: await newPerson(), ...starts, ...story })
      if (topUp) {
        await app.pool.query(
          `insert into data_allowance_changes (organisation_id, data_allowance_id, kind, at, megabytes, made_by)
           values ($1, $2, 'topped-up', $3, $4, $5)`,
          [ours().organisation_id, made.id, ...topUp, by().id],
        )
      }
      for (const [read_at, left] of readings) {
        await app.pool.query(
          `insert into data_readings (organisation_id, data_allowance_id, read_at, megabytes_left, source, made_at, made_by)
           values ($1, $2, $3, $4, 'typed', $3, $5)`,
          [ours().organisation_id, made.id, read_at, left, by().id],
        )
      }
      const rows = app.db.selectFrom('data_readings').select('unchanged_since').where('data_allowance_id', '=', made.id)
      const newest = await rows.orderBy('read_at', 'desc').executeTakeFirstOrThrow()
      return newest.unchanged_since?.slice(0, 10) ?? null
    }
    const once = { period: 'once', megabytes: 5_000 }
    expect(
      await since(once, [
        [at(6, 2), 4_000],
        [at(6, 20), 4_000],
        [at(7, 9), 4_000],
      ]),
    ).toBe('2026-06-02')
    expect(
      await since(once, [
        [at(6, 2), 4_000],
        [at(6, 20), 3_999],
        [at(7, 9), 3_999],
      ]),
    ).toBe('2026-06-20')
    expect(
      await since(once, [
        [at(6, 2), 4_000],
        [at(7, 9), 3_000],
      ]),
    ).toBeNull()
    expect(
      await since(
        once,
        [
          [at(6, 2), 4_000],
          [at(7, 9), 4_500],
        ],
        [at(6, 9), 500],
      ),
    ).toBe('2026-06-02')
    expect(
      await since({}, [
        [at(6, 2), 20_000],
        [at(7, 9), 20_000],
      ]),
    ).toBe('2026-06-02')
    // used, and then as much again: what came back is no sign that nothing went
    expect(
      await since({}, [
        [at(6, 2), 9_000],
        [at(7, 9), 20_000],
      ]),
    ).toBeNull()
    expect(
      await since({}, [
        [at(6, 2), 9_000],
        [at(7, 9), 9_000],
      ]),
    ).toBeNull()
  })

  it('keeps what was read and done: nothing is older than the last reading, changed, or undone', async () => {
    const at = (hour: number) => new Date(Date.UTC(2026, 7, 2, hour))
    const made = await dataAllowance(app.db, {
      ...ours(),
      person: await newPerson(),
      readings: [{ at: at(9), left: 50 }],
    })
    const run = (text: string) => verdict(app.pool.query(text))
    const read = (hour: number) =>
      run(`insert into data_readings (organisation_id, data_allowance_id, read_at, megabytes_left, source, made_at, made_by)
        select organisation_id, id, '${at(hour).toISOString()}', 1, 'typed', '2026-08-03T09:00Z', made_by
        from data_allowances where id = ${made.id}`)
    expect(await read(9)).toBe('23514 data_reading_is_the_newest')
    expect(await read(10)).toBe('accepted')
    expect(await run(`update data_readings set megabytes_left = 9`)).toMatch(/^42501/)
    const set = (change: string) => run(`update data_allowances set ${change} where id = ${made.id}`)
    expect(await set('megabytes = 9')).toBe('23514 data_allowance_goes_on')
    expect(await set('cancelled_at = made_at')).toBe('accepted')
    expect(await set('cancelled_at = null')).toBe('23514 data_allowance_goes_on')
  })
})
