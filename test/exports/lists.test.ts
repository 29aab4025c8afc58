import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import { get, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  availableItems,
  itemInRepair,
  itemInTurnaround,
  kit,
  loanTo,
  model,
  openStockCheck,
  overdueLoan,
  placement,
  serviceUser,
  stolenOnLoan,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { cookieFor } from '../support/sign-in.ts'
import { downloadBytes, downloadCsv, downloadXlsx } from './files.ts'

let app: TestApp
let champion: Visitor
let administrator: Visitor
let wardStaff: Visitor
let auditor: Visitor

const here = () => ({ organisation_id: app.people.organisationId })
const by = () => ({ id: app.people.actors.champion.staffId })

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  administrator = await app.signedInAs('administrator')
  wardStaff = await app.signedInAs('ward-staff')
  auditor = await app.signedInAs('information-governance')
  const tablet = await model(app.db, { ...here(), maker: 'Example', name: 'Tab 1', support_ends_on: '2031-06-30' })
  const kept = { model: tablet, kept_at_ward_id: app.people.ward.id }
  const tag = (name: string) => ({ model: tablet, tag: name })
  await availableItem(app.db, { ...kept, ...tag('ASH-1'), bought_on: '2026-02-01', cost_pence: 34_999 })
  await kit(app.db, { ...here(), tag: 'KIT-1', items: [await availableItem(app.db, tag('KIT-ITEM'))] })
  const robin = await serviceUser(app.db, { ...here(), name: 'Rowan Exampleton', phone: '07700 900 111' })
  await serviceUser(app.db, { ...here(), name: 'Alex Other' })
  await overdueLoan(app.db, { serviceUser: robin, items: [await availableItem(app.db, tag('LATE-1'))], lentBy: by() })
  await loanTo(app.db, { serviceUser: robin, items: [await availableItem(app.db, tag('LENT-1'))], lentBy: by() })
  const ward = { id: app.people.ward.id, ...here() }
  await placement(app.db, { ward, items: [await availableItem(app.db, tag('POOL-1'))], lentBy: by() })
  await stolenOnLoan(app.db, { serviceUser: robin, lentBy: by(), items: [await availableItem(app.db, tag('GONE-1'))] })
  await itemInTurnaround(app.db, { ...here(), ...tag('BENCH-1') })
  await itemInRepair(app.db, { ...here(), ...tag('FIX-1'), by: by() })
  await openStockCheck(app.db, { ward, startedBy: by() })
  const there = { organisation_id: app.people.otherOrganisationId }
  await availableItem(app.db, { ...there, tag: 'THERE-1' })
  await serviceUser(app.db, { ...there, name: 'Somebody There' })
})
afterAll(() => app.close())

const everyList = [
  ['/items', 'item:exported', 'Asset tag', 'ASH-1'],
  ['/models', 'model:exported', 'Model', 'Tab 1'],
  ['/kits', 'kit:exported', 'Tag', 'KIT-1'],
  ['/loans', 'loan:exported', 'Asset tag', 'LENT-1'],
  ['/service-users', 'service-user:exported', 'Full name', 'Rowan Exampleton'],
  ['/incidents', 'incident:exported', 'Items', 'GONE-1'],
  ['/turnaround', 'turnaround:exported', 'Asset tag', 'BENCH-1'],
  ['/repairs', 'repair:exported', 'Asset tag', 'FIX-1'],
  ['/stock-checks', 'stock-check:exported', 'Place', 'Ash Ward'],
  ['/admin/staff', 'staff:exported', 'Name', 'HERE champion'],
  ['/admin/wards', 'ward:exported', 'Code', 'ash'],
  ['/audit', 'audit:exported', 'Who', 'HERE champion'],
] as const

const readerOf = (list: string) => (list === '/audit' ? auditor : list.startsWith('/admin/') ? administrator : champion)

describe('a list', () => {
  it.each(everyList)(
    '%s links to itself as a file of both kinds, and is kept in the audit',
    async (list, verb, heading, value) => {
      const page = await readerOf(list).get(list)
      const links = [...page.text.matchAll(/href="([^"]*\/export\?[^"]*)"/g)].map(([, link]) =>
        String(link).replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
      )
      expect(links.map((link) => link.replace(/\?.*format=/, '?format='))).toEqual([
        `${list}/export?format=xlsx`,
        `${list}/export?format=csv`,
      ])

      const [inWorkbook, inText] = [
        await downloadXlsx(readerOf(list), links[0] ?? ''),
        await downloadCsv(readerOf(list), links[1] ?? ''),
      ]
      for (const rows of [inWorkbook, inText]) expect(rows.map((row) => row[heading])).toContain(value)
      expect(Object.keys(inWorkbook[0] ?? {})).toEqual(Object.keys(inText[0] ?? {}))
      const kept = await app.db
        .selectFrom('audit_events')
        .innerJoin('audit_details', 'audit_event_id', 'audit_events.id')
        .select('details')
        .where('verb', '=', verb)
        .orderBy('audit_events.id')
        .execute()
      expect(kept.map(({ details }) => details)).toEqual([
        expect.objectContaining({ format: 'xlsx' }),
        expect.objectContaining({ format: 'csv' }),
      ])
      expect(JSON.stringify([inWorkbook, inText])).not.toMatch(/THERE-1|Somebody There/)
    },
  )

  it('is named for what it is and for its day', async () => {
    const { headers } = await champion.get('/items/export?format=xlsx')
    expect(headers['content-disposition']).toBe('attachment; filename=items-2026-08-03.xlsx')
    expect(headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    expect(headers['cache-control']).toContain('no-store')
    const text = await champion.get('/loans/export?format=csv')
    expect(text.headers['content-disposition']).toBe('attachment; filename=loans-2026-08-03.csv')
    expect(text.headers['content-type']).toBe('text/csv; charset=utf-8')
  })

  it('has the rows that its filters show', async () => {
    const tags = async (path: string) => (await downloadCsv(champion, path)).map((row) => row['Asset tag'])
    expect(await tags('/items/export?format=csv&state=overdue')).toEqual(['LATE-1'])
    expect(await tags(`/items/export?format=csv&ward=${app.people.ward.id}`)).toEqual(['ASH-1', 'POOL-1'])
    expect(await tags('/items/export?format=csv&search=fix')).toEqual(['FIX-1'])
    expect(await tags('/loans/export?format=csv&show=overdue')).toEqual(['LATE-1'])
    expect(await tags('/loans/export?format=csv&show=closed')).toContain('BENCH-1')
    expect(await downloadCsv(champion, '/repairs/export?format=csv&show=over')).toEqual([])
    expect(await downloadCsv(champion, '/models/export?format=csv&category=sim')).toEqual([])
    const ofModels = await downloadCsv(auditor, '/audit/export?format=csv&kind=model')
    expect(new Set(ofModels.map((row) => row['What happened']))).toEqual(
      new Set(['HERE champion downloaded a list of models.']),
    )
  })

  it('shows days as days and money as money in a spreadsheet', async () => {
    const [item] = await downloadXlsx(champion, '/items/export?format=xlsx&search=ASH-1')
    expect(item).toMatchObject({ Cost: 349.99, 'Bought on': new Date('2026-02-01'), 'Kept at': 'Ash Ward' })
    const [same] = await downloadCsv(champion, '/items/export?format=csv&search=ASH-1')
    expect(same).toMatchObject({ Cost: '349.99', 'Bought on': '2026-02-01', State: 'Available' })
  })

  it('shows ward staff what is on their own wards', async () => {
    const tags = async (path: string) => (await downloadCsv(wardStaff, path)).map((row) => row['Asset tag'])
    expect(await tags('/items/export?format=csv')).toEqual(['ASH-1', 'POOL-1'])
    expect(await tags('/loans/export?format=csv')).toEqual(['POOL-1'])
  })

  it('names nobody to an administrator', async () => {
    for (const list of ['/incidents', '/turnaround', '/repairs', '/items']) {
      const answer = await administrator.get(`${list}/export?format=csv`)
      expect([list, answer.status]).toEqual([list, 200])
      expect(answer.text).not.toContain('Rowan')
    }
    expect((await administrator.get('/loans/export?format=csv')).status).toBe(403)
  })

  it('of days that are none is no file', async () => {
    expect((await auditor.get('/audit/export?format=csv&from-day=40&from-month=1&from-year=2026')).status).toBe(404)
  })
})

describe('a search for people', () => {
  it('is downloaded by words that stay out of the address and out of the audit', async () => {
    await champion.post('/service-users/search', { search: 'Rowan' })
    const page = await champion.get('/service-users/search')
    const links = [...page.text.matchAll(/href="(\/service-users\/export[^"]*)"/g)].map(([, link]) => link)
    expect(links).toHaveLength(2)
    expect(links.join()).not.toContain('Rowan')
    const rows = await downloadCsv(champion, '/service-users/export?found=yes&format=csv')
    expect(rows.map((row) => row['Full name'])).toEqual(['Rowan Exampleton'])
    const kept = await app.db.selectFrom('audit_details').select('details').execute()
    expect(JSON.stringify(kept)).not.toContain('Rowan')
    expect(app.logged()).not.toContain('Rowan')
  })

  it('by a number, and of nothing', async () => {
    await champion.post('/service-users/search', { search: '07700 900 111' })
    const rows = await downloadXlsx(champion, '/service-users/export?found=yes&format=xlsx')
    expect(rows.map((row) => row['Full name'])).toEqual(['Rowan Exampleton'])
    const other = await app.signedInAs('champion')
    expect((await other.get('/service-users/export?found=yes&format=csv')).status).toBe(404)
  })
})

describe('what would run as a formula', () => {
  const dangerous = ['=1+1', '+44', '-1', '@SUM(A1)', '\tx', "'=1", '＝1+1', '=HYPERLINK("http://evil.example","x")']

  it('is text in either file, whatever field it was typed into', async () => {
    const tablet = await model(app.db, { ...here(), maker: '@cmd', name: '=2+3' })
    await availableItems(
      app.db,
      dangerous.map((notes, at) => ({ model: tablet, notes, tag: `=DANGER-${at}` })),
    )
    for (const read of [downloadCsv, downloadXlsx]) {
      const format = read === downloadCsv ? 'csv' : 'xlsx'
      const rows = await read(champion, `/items/export?format=${format}&search=DANGER`)
      expect(rows).toHaveLength(dangerous.length)
      for (const row of rows) {
        for (const cell of Object.values(row)) {
          if (typeof cell === 'string') expect(cell).not.toMatch(/^[=+\-@\t\r\n\0\uff1d]/)
        }
      }
      expect(rows.map((row) => row.Notes).sort()).toEqual(dangerous.map((text) => `'${text}`).sort())
    }
  })

  it('is no formula in the XML of the workbook', async () => {
    const bytes = await downloadBytes(champion, '/items/export?format=xlsx&search=DANGER')
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    const [row] = await downloadXlsx(champion, '/items/export?format=xlsx&search=DANGER-7')
    expect(row?.Notes).toBe('\'=HYPERLINK("http://evil.example","x")')
  })
})

describe('a download that is not taken', () => {
  /** With their notes some 20 MB: more than two ends of a line take in before anybody reads. */
  const MANY = 10_000
  let server: Server
  let cookie: string

  beforeAll(async () => {
    // wide enough to take several pages of the list and many pieces on the line
    const tablet = await model(app.db, here())
    const many = Array.from({ length: MANY }, (_, at) => ({
      model: tablet,
      tag: `MANY-${at}`,
      notes: `${at} `.repeat(400),
    }))
    await availableItems(app.db, many)
    server = app.app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cookie = await cookieFor(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      app.people.actors.champion.email,
    )
  })
  afterAll(() => new Promise((closed) => server.close(closed)))

  const options = (format: string) => ({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path: `/items/export?format=${format}`,
    headers: { cookie },
  })

  it.each(['csv', 'xlsx'])('half way, as %s, lets the database go, and is nobody’s fault', async (format) => {
    const before = app.logged().length
    for (let time = 0; time < 3; time += 1) {
      const asked = get(options(format))
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      await once(answer, 'data')
      answer.destroy()
      await untilIdle()
    }
    expect(app.logged().slice(before)).not.toMatch(/"level":(?:50|60)/)
    const whole = await downloadCsv(champion, '/items/export?format=csv&search=MANY')
    expect(whole).toHaveLength(MANY)
  })

  it('but only asked about reads no row, and is in no audit', async () => {
    const before = await countExports()
    const asked = request({ ...options('csv'), method: 'HEAD' }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-disposition']).toContain('items-2026-08-03.csv')
    expect(await countExports()).toBe(before)
  })

  it('leaves half of the connections for everybody else', async () => {
    const held: IncomingMessage[] = []
    const ask = async () => {
      const [answer] = (await once(get(options('csv')), 'response')) as [IncomingMessage]
      held.push(answer)
      return answer.statusCode
    }
    // nothing is read of what comes, so that neither can end before it is let go
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 503])
    expect((await champion.get('/items')).status).toBe(200)
    for (const answer of held) answer.destroy()
    await untilIdle()
  })

  /** Every connection is back in the pool, and PostgreSQL has none in a transaction. */
  async function untilIdle(): Promise<void> {
    await expect(waitUntil(() => app.pool.idleCount === app.pool.totalCount)).resolves.toBe(true)
  }

  async function countExports(): Promise<number> {
    const rows = await app.db.selectFrom('audit_events').select('id').where('verb', '=', 'item:exported').execute()
    return rows.length
  }
})

async function waitUntil(isSo: () => boolean): Promise<boolean> {
  for (let time = 0; time < 500 && !isSo(); time += 1) await new Promise((later) => setTimeout(later, 10))
  return isSo()
}

it('many who export at once all get their file', async () => {
  const asked = Array.from({ length: 4 }, () => champion.get('/items/export'))
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 200))
})
