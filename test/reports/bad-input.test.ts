import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { caseloadCounts, loanTo, serviceUsers } from '../../seeds/factories.ts'
import { wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

/** 30 women were helped in the quarter, of whom only 25 were counted; and 30 men, of 100. */
beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  const { organisationId: organisation_id } = app.people
  const people = await serviceUsers(
    app.db,
    Array.from({ length: 60 }, (_, at) => ({ organisation_id, gender: at < 30 ? 'woman' : 'man' })),
  )
  for (const serviceUser of people) await loanTo(app.db, { serviceUser, lentAt: new Date('2026-05-05T10:00:00Z') })
  await caseloadCounts(app.db, {
    ...{ organisation_id, by: { id: app.people.actors.administrator.staffId }, countedOn: '2026-06-01' },
    people: { everybody: { everybody: 125 }, gender: { woman: 25, man: 100 } },
  })
})
afterAll(() => app.close())

const equity = '/reports/equity?period=quarter-2026-2'
const tables = (html: string) => [...html.matchAll(/<table.*?<\/table>/gs)].map(([table]) => wordsOf(table))
const row = (html: string, name: string) =>
  wordsOf(new RegExp(`<th[^>]*scope="row"(?:(?!</tr>).)*>${name}<.*?</tr>`, 's').exec(html)?.[0] ?? '')
    .replace(/\s+/g, ' ')
    .trim()

describe('a period', () => {
  it.each([
    ['is none', 'summer'],
    ['ends before it starts', '2026-06-30..2026-04-01'],
    ['has a month that there is not', 'month-2026-13'],
    ['has a quarter that there is not', 'quarter-2026-5'],
    ['is to come', 'month-2027-01'],
    ['is long before the service', 'year-1999'],
    ['is a few days, to leave one person over', 'day-2026-05-05'],
    ['has something after it', 'quarter-2026-2;--'],
    ['is asked for in capitals', 'QUARTER-2026-2'],
  ])('that %s is no page, in any format', async (_, period) => {
    for (const path of [
      '/reports/reach',
      '/reports/reach.csv',
      '/reports/reach.xlsx',
      '/reports/reach.svg',
      '/reports/reach/print',
    ]) {
      const { status } = await champion.get(`${path}?period=${encodeURIComponent(period)}`)
      expect([path, status]).toEqual([path, 404])
    }
  })
})

describe('a filter that is built by hand', () => {
  it.each([
    'gender=woman',
    'ward=ward-1',
    'from=2026-05-05&until=2026-05-06',
    'service_user_id=1',
    'line=gender:woman',
    'names=people',
  ])('changes no number: %s', async (more) => {
    const asked = '/reports/reach?period=quarter-2026-2'
    const plain = tables((await champion.get(asked)).text)
    expect(plain.length).toBeGreaterThan(0)
    expect(tables((await champion.get(`${asked}&${more}`)).text)).toEqual(plain)
  })

  it('asks for two periods at once: neither is taken', async () => {
    const { status } = await champion.get('/reports/reach?period=quarter-2026-2&period=month-2026-05')
    expect([200, 404]).toContain(status)
  })
})

describe('a denominator', () => {
  it('that is smaller than its numerator gives no share, and the page says why', async () => {
    const { text } = await champion.get(equity)
    expect(row(text, 'Man')).toMatch(/ 30 On the caseload 100 Share 30% /)
    expect(row(text, 'Woman')).toMatch(/ 30 On the caseload 25 /)
    expect(row(text, 'Woman')).not.toContain('%')
    expect(wordsOf(text)).toContain('where more were helped than were counted')
  })

  it('that is not there gives no share, and the page says so', async () => {
    const { text } = await champion.get('/reports/equity?period=quarter-2026-1')
    expect(text).not.toMatch(/\d+%/)
    expect(wordsOf(text)).toMatch(/caseload/i)
  })
})
