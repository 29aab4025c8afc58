import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { actorFor, loanTo, type ServiceUser, serviceUsers, staffMember } from '../../seeds/factories.ts'
import { reportNames } from '../../src/reports/definition-rules.ts'
import { deliverReports } from '../../src/reports/delivery-actions.ts'
import { writeDelivery } from '../../src/reports/delivery-presenter.ts'
import { documentOf } from '../../src/reports/document-rules.ts'
import { publishFigures } from '../../src/reports/publish-actions.ts'
import { errorsOf, wordsOf } from '../loans/forms.ts'
import { headerOf, pageWith, readable } from '../messages/wire.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'

let app: TestApp
let mails: MailServer
let commissioner: Visitor
const url = '/reports/by-email'

/** 40 people who were lent to in the second quarter; three of them are in a group that is hidden. */
beforeAll(async () => {
  mails = await startMailServer()
  app = await startApp({ SMTP_URL: mails.url })
  const { organisationId: organisation_id } = app.people
  const people: ServiceUser[] = await serviceUsers(
    app.db,
    Array.from({ length: 40 }, (_, at) => ({
      ...{ organisation_id, name: `Canary Reported ${at}` },
      gender: at < 3 ? 'non-binary' : 'woman',
    })),
  )
  for (const serviceUser of people) await loanTo(app.db, { serviceUser, lentAt: new Date('2026-05-05T10:00:00Z') })
  await app.pool.query(`update organisations set disclosure_profile = 'hes' where id = $1`, [organisation_id])
  commissioner = await app.signedInAs('commissioner')
})
afterAll(async () => {
  await app.close()
  await mails.stop()
})

const deliver = async () => {
  const written = await deliverReports({ ...app, publicUrl: 'https://loans.example', write: writeDelivery })
  await doAllJobs(app)
  return written
}
const letters = (html: string) => wordsOf(html).replace(/\s+/g, '')

describe('reports by email', () => {
  it('are asked for by whoever pays for the service, and by nobody else', async () => {
    const page = await commissioner.get(url)
    expect(page.text).toContain(app.people.actors.commissioner.email)
    expect(page.text).toMatch(/value="none"[^>]*checked/)
    expect(errorsOf((await commissioner.post(url, { every: 'hour' })).text)).toEqual({
      every: 'Choose how often you want them',
    })
    for (const role of ['administrator', 'champion', 'information-governance'] as const) {
      expect([role, (await (await app.signedInAs(role)).post(url, { every: 'month' })).status]).toEqual([role, 403])
    }
    expect((await commissioner.get('/reports')).text).toContain(url)
    const saved = await commissioner.post(url, { every: 'quarter' })
    expect([saved.status, saved.headers.location]).toEqual([303, '/reports'])
    expect((await commissioner.get(url)).text).toMatch(/value="quarter"[^>]*checked/)
  })

  it('come once for each quarter that comes out, with the numbers of the pages and no others', async () => {
    expect(await deliver()).toBe(0)
    app.setClock(new Date('2026-08-04T02:40:00Z'))
    await publishFigures(app)
    app.setClock(new Date('2026-08-04T06:00:00Z'))
    expect(await deliver()).toBe(1)
    expect(await deliver()).toBe(0)
    expect(mails.received.map(({ to }) => to)).toEqual([[app.people.actors.commissioner.email]])
    const { source } = mails.received[0]!
    expect(headerOf(source, 'Subject')).toBe('Reports for April to June 2026')
    expect(readable(source)).toContain('https://loans.example/reports/by-email')
    const page = pageWith(source)
    // a night has passed
    commissioner = await app.signedInAs('commissioner')
    let drawn = 0
    for (const name of reportNames) {
      const { text } = await commissioner.get(`/reports/${name}?period=quarter-2026-2`)
      const headings = /<span class="nhsuk-table__heading"[^>]*>.*?<\/span>/gs
      const tables = [...text.replaceAll(headings, '').matchAll(/<table.*?<\/table>/gs)].map(([table]) =>
        letters(table),
      )
      drawn += text.includes('class="app-chart') ? 1 : 0
      expect([name, tables.length > 0]).toEqual([name, true])
      expect([name, tables.filter((table) => !letters(page).includes(table))]).toEqual([name, []])
    }
    expect(readable(source)).not.toContain('Canary')
    expect(letters(page)).toContain('Non-binary*')
    // nothing in it has to be fetched
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:image\/svg\+xml)/)
    expect(drawn).toBeGreaterThan(0)
    expect(page.match(/<img alt="[^"]+" src="data:/g)).toHaveLength(drawn)
    // what went out is not kept twice
    expect((await app.pool.query('select from message_contents where attached is not null')).rowCount).toBe(0)
    expect((await app.pool.query(`select from audit_events where verb = 'report:delivered'`)).rowCount).toBe(1)
  })

  it('are not lost to whoever chooses the same once more on the morning on which they come', async () => {
    const since = async () =>
      (await app.pool.query('select every, since from report_deliveries order by staff_id')).rows[0]
    const before = await since()
    app.setClock(new Date('2026-08-05T06:00:00Z'))
    commissioner = await app.signedInAs('commissioner')
    await commissioner.post(url, { every: 'quarter' })
    expect(await since()).toEqual(before)
    await commissioner.post(url, { every: 'none' })
    expect(await since()).not.toEqual(before)
  })

  it('come to nobody who has left, does other work now, or wants none; and not of what came out before they chose', async () => {
    const here = { organisation_id: app.people.organisationId, role: 'commissioner' as const }
    const [left, other, none, late] = await Promise.all([1, 2, 3, 4].map(() => staffMember(app.db, here)))
    const choose = async (staff: typeof left, every: string) =>
      (await app.signedInAs(await actorFor(app.db, staff!))).post(url, { every })
    await choose(left, 'month')
    await choose(other, 'month')
    await choose(none, 'month')
    await choose(none, 'none')
    await choose(late, 'month')
    expect(await deliver()).toBe(0)
    await app.pool.query('update staff set disabled_at = $2 where id = $1', [left!.id, app.clock()])
    await app.pool.query(`update staff set role = 'champion' where id = $1`, [other!.id])
    app.setClock(new Date('2026-08-15T02:40:00Z'))
    await publishFigures(app)
    mails.received.length = 0
    expect(await deliver()).toBe(1)
    expect(mails.received.map(({ to, source }) => [to, headerOf(source, 'Subject')])).toEqual([
      [[late!.email], 'Reports for July 2026'],
    ])
  })

  it('leave nothing half done while the mail server is away: they come when it is back', async () => {
    app.setClock(new Date('2026-09-15T02:40:00Z'))
    await publishFigures(app)
    mails.received.length = 0
    mails.behave(451)
    expect(await deliver()).toBe(1)
    mails.behave('take')
    expect(await deliver()).toBe(0)
    const [, taken] = mails.received.length === 1 ? [undefined, mails.received[0]] : mails.received
    expect(pageWith((taken ?? mails.received[0])!.source)).toContain('Reports for August 2026')
  })
})

it('a page of reports holds whatever words there are', () => {
  const words = '<b>"Ward" & others</b>'
  const report = {
    ...{ title: words, answer: [words], chart: { title: words, words }, picture: '<svg/>', notes: [words] },
    tables: [{ caption: words, columns: [{ text: words }], rows: [{ cells: [{ text: words }] }] }],
    measures: [{ name: words, counts: words, leavesOut: words, unit: words, why: words }],
  }
  const page = documentOf({ organisation: words, period: words, written: words, reports: [report as never] })
  expect(page).not.toContain('<b>')
  expect(page.match(/&lt;b&gt;/g)?.length).toBe(19)
})
