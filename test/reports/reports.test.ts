import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  caseloadCounts,
  closedLoan,
  loanTo,
  plannedLoan,
  type ServiceUser,
  serviceUsers,
} from '../../seeds/factories.ts'
import { features } from '../../src/features.ts'
import { definitions } from '../../src/reports/definition-rules.ts'
import { publishFigures } from '../../src/reports/publish-actions.ts'
import { wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let commissioner: Visitor
let administrator: Visitor
let people: ServiceUser[]
const url = '/admin/settings/disclosure'

/** 40 people, of whom some were lent to twice, and a few only before or after the quarter; three are in a group of their own. */
beforeAll(async () => {
  app = await startApp()
  ;[champion, commissioner, administrator] = await Promise.all([
    app.signedInAs('champion'),
    app.signedInAs('commissioner'),
    app.signedInAs('administrator'),
  ])
  const organisation_id = app.people.organisationId
  people = await serviceUsers(
    app.db,
    Array.from({ length: 40 }, (_, at) => ({
      organisation_id,
      name: `Canary Reported ${at}`,
      gender: at < 3 ? 'non-binary' : at % 2 === 0 ? 'woman' : 'man',
      date_of_birth: `${1930 + 2 * at}-04-01`,
    })),
  )
  const days = [
    '2026-03-31T22:59:59Z',
    '2026-03-31T23:00:00Z',
    '2026-05-05T10:00:00Z',
    '2026-06-30T22:59:00Z',
    '2026-06-30T23:30:00Z',
  ]
  for (const [at, serviceUser] of people.entries()) {
    const lentAt = new Date(days[at % days.length] as string)
    if (at % 7 === 0) await closedLoan(app.db, { serviceUser, lentAt })
    else await loanTo(app.db, { serviceUser, lentAt })
    if (at % 4 === 0) await loanTo(app.db, { serviceUser, lentAt: new Date('2026-06-15T09:00:00Z') })
  }
  await plannedLoan(app.db, {
    serviceUser: people[1]!,
    items: [await availableItem(app.db, { organisation_id })],
    plannedBy: { id: app.people.actors.champion.staffId },
  })
  await loanTo(app.db, { ward: { id: app.people.ward.id, organisation_id }, lentAt: new Date('2026-05-05T10:00:00Z') })
  const everybody = { everybody: 400 }
  await caseloadCounts(app.db, {
    ...{ organisation_id, by: { id: app.people.actors.administrator.staffId }, countedOn: '2026-06-01' },
    people: { everybody, gender: { woman: 150, man: 200, 'non-binary': 6, 'not-known': 44 } },
  })
})
afterAll(() => app.close())

const count = async (text: string): Promise<number> => Number((await app.pool.query(text)).rows[0].count)

/** What is on no page of a commissioner: the row of a table, cell by cell. */
const row = (html: string, name: string) =>
  wordsOf(new RegExp(`<tr[^>]*>(?:(?!</tr>).)*>${name}<.*?</tr>`, 's').exec(html)?.[0] ?? '')
    .replace(/\s+/g, ' ')
    .trim()

describe('before anybody has chosen how small numbers are hidden', () => {
  it('a commissioner is told so, and given no number on any page or file', async () => {
    for (const path of ['/', '/reports', '/reports/reach', '/reports/equity', '/reports/reach.csv']) {
      const { status, text } = await commissioner.get(path)
      expect(status).toBe(200)
      expect(text).toContain('Nothing is published yet')
      expect(text).not.toContain('<td')
    }
  })

  it('it is to be chosen, and confirmed that it is for good', async () => {
    const { status, text } = await administrator.post(url, { profile: 'all' })
    expect(status).toBe(422)
    expect(wordsOf(text)).toContain('Choose how small numbers are hidden')
    expect(wordsOf(text)).toContain('Confirm that it cannot be changed later')
  })
})

describe('how small numbers are hidden', () => {
  it('is chosen once, and changed by nobody afterwards', async () => {
    expect((await administrator.post(url, { profile: 'hes', sure: 'yes' })).status).toBe(303)
    expect((await administrator.post(url, { profile: 'hes', sure: 'yes' })).status).toBe(303)
    expect((await administrator.post(url, { profile: 'mhsds', sure: 'yes' })).status).toBe(409)
    expect((await administrator.get(url)).text).not.toContain('Save for good')
    const { rows } = await app.pool.query(`select task_identifier from graphile_worker.jobs`)
    expect(rows).toContainEqual({ task_identifier: 'publish-figures' })
    for (const value of ["'mhsds'", 'null']) {
      await expect(
        app.pool.query(`update organisations set disclosure_profile = ${value} where disclosure_profile is not null`),
      ).rejects.toMatchObject({ constraint: 'disclosure_profile_is_chosen_once' })
    }
  })
})

describe('what is published', () => {
  const published = async () =>
    (await app.pool.query('select * from published_figures order by line_set, period, line')).rows

  it('comes out once, and stays as it was when something is put right later', async () => {
    expect(await publishFigures(app)).toBeGreaterThan(1000)
    const before = await published()
    expect(await publishFigures(app)).toBe(0)
    // written down late, of people who were helped in the quarter all the same
    for (const at of [1, 2, 3, 6, 7, 8, 11, 12]) {
      await loanTo(app.db, { serviceUser: people[at]!, lentAt: new Date('2026-06-20T09:00:00Z') })
    }
    expect(await publishFigures(app)).toBe(0)
    expect(await published()).toEqual(before)
    await expect(app.pool.query('update published_figures set shown = 5')).rejects.toMatchObject({ code: '42501' })
    await expect(app.pool.query('delete from published_figures')).rejects.toMatchObject({ code: '42501' })
  })

  it('comes out two weeks after it is over, in one piece however many publish', async () => {
    const has = async (period: string) =>
      (await app.pool.query('select from published_figures where period = $1 limit 1', [period])).rows.length === 1
    expect([await has('month-2026-06'), await has('month-2026-07')]).toEqual([true, false])
    app.setClock(new Date('2026-08-15T09:30:00.000Z'))
    await Promise.all([publishFigures(app), publishFigures(app)])
    app.setClock(new Date('2026-08-03T09:30:00.000Z'))
    expect(await has('month-2026-07')).toBe(true)
    const { rows } = await app.pool.query(
      `select distinct published_at from published_figures where period = 'month-2026-07'`,
    )
    expect(rows).toHaveLength(1)
  })
})

describe('the figures', () => {
  const inQuarter = (column: string) => `${column} >= '2026-03-31 23:00Z' and ${column} < '2026-06-30 23:00Z'`
  const ours = () => `loans.organisation_id = ${app.people.organisationId} and service_user_id is not null`

  it('are rounded or hidden for a commissioner, on the page and in the file', async () => {
    const people = await count(
      `select count(distinct service_user_id) from loan_lines line join loans on loans.id = line.loan_id
       where ${ours()} and line.cancelled_at is null and ${inQuarter('line.taken_at')}`,
    )
    const shown = Math.round(people / 5) * 5
    const [page, file] = [
      await commissioner.get('/reports/equity?period=quarter-2026-2'),
      await commissioner.get('/reports/equity.csv?period=quarter-2026-2'),
    ]
    expect(wordsOf(page.text)).toContain(`we helped about ${shown} people`)
    expect(row(page.text, 'Non-binary')).toMatch(/\* .*\* .*Hidden/)
    expect(file.text).toContain('Gender,Non-binary,People helped,*,')
    expect(file.text).toContain('Leaves out: Loans to wards and to staff')
    expect(page.text + file.text).not.toContain('Canary')
    expect((await champion.get('/reports/equity?period=quarter-2026-2')).text).toContain('Not for publication')
  })

  it('are of periods that are over, for a commissioner, who finds no other by guessing', async () => {
    for (const period of [
      'month-2026-08',
      'month-2026-07',
      'quarter-2026-3',
      'year-2026',
      'year-2027',
      'month-2026-13',
      'day-2026-07-01',
      'x',
    ]) {
      expect((await commissioner.get(`/reports/reach?period=${period}`)).status).toBe(404)
      expect((await commissioner.get(`/reports/reach.csv?period=${period}`)).status).toBe(404)
    }
    expect((await champion.get('/reports/reach?period=year-2026')).status).toBe(200)
    expect((await commissioner.get('/reports/anything')).status).toBe(404)
  })

  it('say of themselves what they count', async () => {
    const words = wordsOf((await commissioner.get('/reports/methods')).text)
    for (const { question, measures } of Object.values(definitions)) {
      expect(words).toContain(question)
      for (const { name } of measures) expect(words).toContain(name)
    }
  })

  it('are the commissioner’s home, each with its report', async () => {
    const { text } = await commissioner.get('/')
    expect(wordsOf(text)).toMatch(/People helped: (\d+|\*)/)
    expect(text).toContain('href="/reports/reach?period&#x3D;quarter-2026-2"')
  })
})

describe('a commissioner who follows every link and guesses every address', () => {
  const everybodys = /^\/($|account|evidence|help|reports|reset-password|tablet)/

  /** The links of a page, and the pictures of it. */
  const linksOf = (html: string) =>
    [...html.matchAll(/(?:href|src|srcset)="(\/[^"]*)"/g)].map(([, href]) =>
      (href as string).replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
    )

  it('reaches no record, no name, and no number but those that came out', async () => {
    const guesses = features
      .flatMap(({ routes }) => routes)
      .filter(({ method }) => method === 'get')
      .map(({ path }) => path.replace(':name', 'reach').replaceAll(/:\w+/g, '1'))
    const waiting = new Set(['/', ...guesses, '/reports/reach?ward=1&site=1&period=quarter-2026-2'])
    const opened: string[] = []
    const numbers = new Set<number>()
    for (const path of waiting) {
      if (path.startsWith('/assets') || path.startsWith('/sign-')) continue
      const { status, text = '' } = await commissioner.get(path)
      if (status === 200 && !everybodys.test(path)) opened.push(path)
      expect(text).not.toContain('Canary')
      expect(wordsOf(text)).not.toContain('Not for publication')
      for (const n of numbersOf(text)) numbers.add(n)
      for (const link of linksOf(text)) if (waiting.size < 400) waiting.add(link)
    }
    expect(opened).toEqual([])
    expect(numbers.size).toBeGreaterThan(4)
    expect([...numbers].filter((n) => n !== 0 && (n < 10 || n % 5 !== 0))).toEqual([])
    expect([...waiting].filter((path) => path.includes('.svg?')).length).toBeGreaterThan(1)
  })

  /** The numbers of tables and pictures; a share is not one of people. */
  const numbersOf = (text: string) =>
    [
      ...text.matchAll(
        /(?:<text[^>]*>|cell--numeric"><span[^>]*>[^<]*<\/span><span class="app-table__value">)([\d,]+)</g,
      ),
    ].map(([, n]) => Number((n as string).replace(',', '')))
})
