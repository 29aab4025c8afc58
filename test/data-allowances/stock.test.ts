import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  actorFor,
  appointment,
  dataAllowance,
  dataStock,
  loanTo,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { makeIccid } from '../../seeds/identifiers.ts'
import { giveFromStock } from '../../src/data-allowances/stock-actions.ts'
import { makeChange } from '../../src/database/change.ts'
import { verdict } from '../holds/by-sql.ts'
import { toPreview } from '../imports/journey.ts'
import type { TestApp, Visitor } from '../support/app.ts'
import { screenshot } from '../support/browser.ts'
import { type Site, startSite } from '../support/site.ts'

let site: Site
let app: TestApp
let champion: Visitor

beforeAll(async () => {
  site = await startSite()
  app = site.app
  champion = await app.signedInAs('champion')
})
afterAll(() => site.close())

const by = () => ({ id: app.people.actors.champion.staffId })
const ours = () => ({ organisation_id: app.people.organisationId, by: by() })
const newPerson = () => serviceUser(app.db, { organisation_id: app.people.organisationId })
let numbers = 0
const newSim = () => makeIccid(880_000 + numbers++)
let sorts = 0
const newProvider = () => `Provider ${sorts++}`

const lookAt = (kind: 'stock' | 'readings', text: string) =>
  toPreview(champion, Buffer.from(text), { to: `/data-allowances/${kind}/import` })
const apply = ({ path, seen }: { path: string; seen: string }) => champion.post(`${path}/apply`, { seen })
const stockIds = (provider: string) =>
  app.db
    .selectFrom('data_stock')
    .select(['id', 'sim_number', 'taken_at'])
    .where('provider', '=', provider)
    .orderBy('id')
    .execute()

async function giveOne(stockId: number, more: object = {}) {
  const person = await newPerson()
  const sent = await champion.post('/data-allowances/from-stock', {
    ...{ stock: stockId, person: person.id, key: crypto.randomUUID(), ...more },
  })
  return { sent, id: Number(sent.headers.location?.split('/').at(-1)), person }
}

describe('stock of data', () => {
  it('comes in by a spreadsheet, once however often the file is sent, and goes out oldest first', async () => {
    const provider = newProvider()
    const [late, soon, keeps] = [newSim(), newSim(), newSim()]
    const file = [
      'Type,ICCID,Supplier,Data,Unit,Period,Expiry date,Price',
      `SIM,${late},${provider},20,GB,Monthly,1/3/2027,`,
      `SIM,${keeps},${provider},20 GB,,each month,,`,
      `SIM,${soon},${provider},20000 MB,,Month,1/9/2026,`,
    ].join('\n')
    const seen = await lookAt('stock', file)
    expect(seen.text).toContain('New SIMs 3 New vouchers 0 Rows that change nothing 0 Errors 0')
    expect((await apply(seen)).status).toBe(303)
    expect((await lookAt('stock', file)).text).toContain('We have all of this stock already')
    expect((await champion.get('/data-allowances/stock')).text).toContain(provider)

    const first = (await stockIds(provider))[0]?.id ?? 0
    const key = crypto.randomUUID()
    const given = await giveOne(first, { key, adult: 'yes', 'low-income': 'no' })
    const page = (await champion.get(`/data-allowances/${given.id}`)).text
    expect(page).toContain(soon)
    expect(page).toContain('18 or over')
    // the same press twice hands out one
    const twice = { stock: first, person: given.person.id, key }
    expect((await champion.post('/data-allowances/from-stock', twice)).headers.location).toBe(
      given.sent.headers.location,
    )
    expect((await champion.get(`/data-allowances/${(await giveOne(first)).id}`)).text).toContain(late)
    expect((await champion.get(`/data-allowances/${(await giveOne(first)).id}`)).text).toContain(keeps)
    const none = await giveOne(first)
    expect(none.sent.status).toBe(409)
    expect(none.sent.text).toContain('There are none of these left')
  })

  it('is refused as a whole while one row is wrong, and says what to do about each', async () => {
    const provider = newProvider()
    const [one, other, used] = [newSim(), newSim(), newSim()]
    await dataAllowance(app.db, { ...ours(), person: await newPerson(), sim_number: used })
    const wrong = one.slice(0, -1) + ((Number(one.at(-1)) + 1) % 10)
    const { text } = await lookAt(
      'stock',
      [
        'Type,ICCID,Voucher code,Supplier,Data,Unit,Expiry',
        `SIM,${wrong},,${provider},20 GB,,`,
        `SIM,${one},,${provider},20,,`,
        `SIM,${one},,${provider},20 GB,MB,`,
        `SIM,${other},,${provider},2000 GB,,`,
        `SIM,${used},,${provider},20 GB,,`,
        `SIM,${newSim()},,${provider},20 GB,,1/7/2026`,
        `Voucher,,ABCD-1111,${provider},20 GB,,`,
        `Voucher,,abcd1111,${provider},20 GB,,`,
        `Voucher,,x,${provider},20 GB,,`,
        `SIM,,,${provider},-5 GB,,`,
      ].join('\n'),
    )
    for (const words of [
      'has a wrong digit',
      'Which one it is, is not guessed',
      'The amount says one unit and the column Unit another',
      'must be 1,000 GB or less',
      'Somebody has this SIM already',
      'It could be started until 1 Jul 2026',
      'Line 8 has this code too',
      'A voucher code has 4 to 60 characters',
      'Enter the SIM number',
      'must not be less than 0',
    ])
      expect(text).toContain(words)
    expect(text).not.toMatch(/Import \d+ row|ABCD-?1111/i)
    expect(await stockIds(provider)).toEqual([])
  })

  it('keeps voucher codes from every table, page and file, and shows one once to whoever hands it out', async () => {
    const provider = newProvider()
    const code = 'CANARY-7731-QXZ'
    const file = `Type,Secret number,Supplier,Data\nVoucher,${code},${provider},10 GB\n`
    const columns = await toPreview(champion, Buffer.from(file), {
      to: '/data-allowances/stock/import',
      columns: { 'column-1': 'code' },
    })
    const seen = await champion.get(columns.path)
    expect(seen.text).toContain('Hidden')
    expect(`${seen.text}${columns.html}`).not.toContain('CANARY')
    expect(await tablesWith('CANARY')).toEqual([])
    await apply(columns)
    const { id } = await giveOne((await stockIds(provider))[0]?.id ?? 0)
    const ask = (more: object) => champion.post(`/data-allowances/${id}/code`, { key: crypto.randomUUID(), ...more })
    const key = crypto.randomUUID()
    const first = await ask({ key })
    expect(first.headers.location).toBe(`/data-allowances/${id}/code`)
    expect((await ask({ key })).headers.location).toBe(`/data-allowances/${id}/code`)
    expect((await champion.get(`/data-allowances/${id}/code`)).text).toContain(code)
    expect((await champion.get(`/data-allowances/${id}/code`)).text).toContain('The code was shown already')
    const again = await ask({ reason: '' })
    expect(again.status).toBe(409)
    expect(again.text).toContain('The code was shown before')
    expect((await ask({ reason: 'The letter got lost' })).status).toBe(303)
    const colleague = await staffMember(app.db, { organisation_id: app.people.organisationId })
    const other = await app.signedInAs(await actorFor(app.db, colleague))
    expect((await other.get(`/data-allowances/${id}/code`)).text).not.toContain(code)
    expect((await other.post(`/data-allowances/${id}/code`, { key: crypto.randomUUID() })).status).toBe(409)
    expect((await champion.get(`/data-allowances/${id}/code`)).text).toContain(code)
    const { rows } = await app.pool.query(
      `select verb from audit_events where subject_id = $1 and verb like 'data-allowance:code%' order by id`,
      [id],
    )
    expect(rows.map(({ verb }) => verb)).toEqual(['data-allowance:code-viewed', 'data-allowance:code-again-viewed'])
    expect(await tablesWith('CANARY')).toEqual([])
    // brought in again it changes nothing, and with other details it is said
    expect(
      (
        await toPreview(champion, Buffer.from(file.replace('-7731', '7731').replace('Secret number', 'Code')), {
          to: '/data-allowances/stock/import',
        })
      ).text,
    ).toContain('We have all of this stock already')
    const changed = file.replace('10 GB', '11 GB').replace('Secret number', 'Code')
    expect((await lookAt('stock', changed)).text).toContain('This code came in before, and with other details')
  })

  it('gives the last one to one of two champions who hand it out in the same moment', async () => {
    const provider = newProvider()
    const { id } = await dataStock(app.db, { ...ours(), provider, kind: 'voucher' })
    const people = [await newPerson(), await newPerson()]
    const order = { stockId: id, startsOn: '2026-08-03', endsOn: null, wardId: null, staffId: null }
    const eligibility = { isAdult: null, hasLowIncome: null, lacksAccess: null }
    const results = await Promise.allSettled(
      people.map((person) =>
        makeChange({ db: app.db, by: app.people.actors.champion, clock: app.clock }, (change) =>
          giveFromStock(
            change,
            { service_user_id: person.id, ward_id: null, staff_id: null, loan_line_id: null },
            { ...order, ...eligibility },
          ),
        ),
      ),
    )
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find((result) => result.status === 'rejected')
    expect(String(refused?.reason)).toContain('There are none of these left')
  })

  it('is handed out once, by SQL alone, and two who try wait for each other', async () => {
    const stock = await dataStock(app.db, { ...ours(), provider: newProvider() })
    const person = await newPerson()
    const like = { sim_number: stock.sim_number, stock_id: stock.id }
    const give = (more: object) => verdict(dataAllowance(app.db, { ...ours(), person, ...like, ...more }))
    expect(await give({ sim_number: newSim() })).toBe('23514 data_stock_is_handed_out_once')
    expect(await give({ megabytes: 5 })).toBe('23514 data_stock_is_handed_out_once')
    const both = [app.pool.connect(), app.pool.connect()]
    const [one, other] = await Promise.all(both)
    const insert = `insert into data_allowances (organisation_id, kind, provider, megabytes, period, starts_on, service_user_id,
        sim_number, made_at, made_by, stock_id)
      select organisation_id, kind, provider, megabytes, period, '2026-08-03', $2, sim_number, '2026-08-03', made_by, id
      from data_stock where id = $1`
    await one?.query('begin')
    await one?.query(insert, [stock.id, person.id])
    const waiting = verdict(other?.query(insert, [stock.id, person.id]) as Promise<unknown>)
    await one?.query('commit')
    expect(await waiting).toMatch(/^(23514 data_stock_is_handed_out_once|23P01|23505)/)
    for (const client of [one, other]) client?.release()
    const set = (change: string) => verdict(app.pool.query(`update data_stock set ${change} where id = ${stock.id}`))
    expect(await set('taken_at = null')).toBe('23514 data_stock_stays_as_it_came')
    expect(await set('megabytes = 1')).toBe('23514 data_stock_stays_as_it_came')
    const move = 'update data_allowances set stock_id = null where stock_id = $1'
    expect(await verdict(app.pool.query(move, [stock.id]))).toBe('23514 data_stock_of_allowance_stays')
  })

  it('is of one organisation alone', async () => {
    const { id } = await dataStock(app.db, ours())
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    const theirs = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const sent = await foreign.post('/data-allowances/from-stock', { stock: id, person: theirs.id })
    expect(sent.status).toBe(409)
  })
})

describe('readings from a provider’s spreadsheet', () => {
  it('come in by SIM number in the unit of their row, and twice change nothing', async () => {
    const [one, other] = [newSim(), newSim()]
    const made = await dataAllowance(app.db, { ...ours(), person: await newPerson(), sim_number: one })
    await dataAllowance(app.db, { ...ours(), person: await newPerson(), sim_number: other })
    const file = `ICCID,Data left,As of\n${one},1.5 GB,2/8/2026 09:30\n${other},850 MB,3/8/2026\n`
    const seen = await lookAt('readings', file)
    expect(seen.text).toContain('New readings 2 Rows in GB 1 Rows in MB 1')
    expect(seen.text).toContain('Some rows say GB and some say MB')
    expect((await apply(seen)).status).toBe(303)
    const page = (await champion.get(`/data-allowances/${made.id}`)).text
    expect(page).toContain('1.5 GB (reading 1 day old)')
    expect((await lookAt('readings', file)).text).toContain('We have all of these readings already')
  })

  it('are refused as a whole while one is older than the last, of nobody, to come, or in no unit', async () => {
    const [read, fresh, endless] = [newSim(), newSim(), newSim()]
    const at = new Date('2026-08-03T08:00:00Z')
    await dataAllowance(app.db, { ...ours(), person: await newPerson(), sim_number: read, readings: [{ at, left: 9 }] })
    await dataAllowance(app.db, { ...ours(), person: await newPerson(), sim_number: fresh })
    await dataAllowance(app.db, { ...ours(), person: await newPerson(), sim_number: endless, megabytes: null })
    const { text } = await lookAt(
      'readings',
      [
        'ICCID,Left,Unit,Read on',
        `${read},1,GB,2/8/2026`,
        `${newSim()},1,GB,2/8/2026`,
        `${fresh},1,,2/8/2026`,
        `${fresh},3 TB,,2/8/2026`,
        `${fresh},lots,,2/8/2026`,
        `${endless},1,GB,2/8/2026`,
        `${fresh},1,GB,4/8/2026`,
        `${fresh},1,GB,1/7/2026`,
      ].join('\n'),
    )
    for (const words of [
      'This is older than the last reading, of',
      'Nobody has data from us on this SIM',
      'Which one it is, is not guessed',
      'Write it in GB. The most is 1,000 GB',
      'Write an amount with its unit',
      'This SIM has no limit',
      'This is to come',
    ])
      expect(text).toContain(words)
  })
})

describe('in a browser', () => {
  it('brings in 50 SIMs, lends one with a tablet, and says on which day it runs out and before which call', async () => {
    const provider = newProvider()
    const person = await newPerson()
    const loan = await loanTo(app.db, { serviceUser: person })
    const rows = Array.from(
      { length: 50 },
      (_, nth) => `SIM,${newSim()},${provider},2 GB,Once,${1 + (nth % 28)}/2/2027`,
    )
    const file = Buffer.from(['Type,ICCID,Supplier,Data,Period,Use by', ...rows].join('\r\n'))
    const page = await site.signedInAs(app.people.actors.champion)
    const main = page.getByRole('main')
    const text = async () => ((await main.textContent()) ?? '').replace(/\s+/g, ' ')
    const press = (name: string) => main.getByRole('button', { name, exact: true }).click()
    await page.goto(`${site.address}/data-allowances/stock`)
    await main.getByRole('link', { name: 'Bring in SIMs and vouchers from a spreadsheet' }).click()
    const stock = { name: 'stock.csv', mimeType: 'text/csv', buffer: file }
    await page.getByLabel('Choose a CSV or Excel file').setInputFiles(stock)
    await press('Continue')
    await press('Continue')
    await press('Import 50 rows')
    expect(await text()).toContain('50 created, 0 updated, 0 unchanged, 0 errors')
    await main.getByRole('link', { name: 'See the stock' }).click()
    await screenshot(page, 'data-stock-brought-in')

    await page.goto(`${site.address}/loans/${loan.id}`)
    await main
      .getByRole('link', { name: /^Give data/ })
      .first()
      .click()
    await main.getByRole('link', { name: 'Give from our stock' }).click()
    await main.getByLabel(new RegExp(provider)).check()
    await screenshot(page, 'data-from-stock-chosen')
    await press('Give this')
    await appointment(app.db, { person, by: by(), from: new Date('2026-08-07T09:00:00Z') })

    const type = async (summary: string, label: string, amount: string) => {
      await main.getByText(summary, { exact: true }).click()
      const step = main.locator('details', { hasText: summary })
      await step.getByLabel(label).fill(amount)
      await step.getByLabel('GB').check()
      await step.getByRole('button').click()
    }
    app.setClock(new Date('2026-08-03T09:35:00Z'))
    await type('Enter a reading', 'How much is left?', '1')
    expect(await text()).toContain('Runs out on Friday 7 August 2026, before the end of the video appointment on')
    await screenshot(page, 'data-runs-out')
    await type('Top it up', 'How much was added?', '3')
    expect(await text()).not.toContain('Runs out on Friday 7 August 2026')
    expect(await text()).toContain('after everything that is booked')
    await screenshot(page, 'data-topped-up')
    app.setClock(new Date('2026-08-03T09:30:00Z'))
  })
})

/** Every table of the database in which some row holds these letters, as plain text, bytes or JSON. */
async function tablesWith(letters: string): Promise<string[]> {
  const { rows } = await app.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const hex = Buffer.from(letters).toString('hex')
  const found: string[] = []
  for (const { name } of rows) {
    const held = await app.pool.query(
      `select 1 from "${name}" row where row::text ilike $1 or row::text ilike $2 limit 1`,
      [`%${letters}%`, `%${hex}%`],
    )
    if (held.rowCount) found.push(name)
  }
  return found
}
