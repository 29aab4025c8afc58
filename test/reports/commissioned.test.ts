import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let administrator: Visitor
let commissioner: Visitor

beforeAll(async () => {
  app = await startApp()
  ;[administrator, commissioner] = await Promise.all([app.signedInAs('administrator'), app.signedInAs('commissioner')])
  await app.db
    .updateTable('organisations')
    .set({ disclosure_profile: 'hes' })
    .where('id', 'in', [app.people.organisationId, app.people.otherOrganisationId])
    .execute()
  await publish(app.people.organisationId, 'quarter-2026-2', { people: 85, trained: null, gifts: 20 })
  await publish(app.people.organisationId, 'quarter-2026-1', { people: 60, trained: 15, gifts: 20 })
})
afterAll(() => app.close())

/** What came out of the six figures for a quarter; what is not named is 0, and null is hidden. */
async function publish(organisation_id: number, period: string, shown: Record<string, number | null>): Promise<void> {
  const figures = [
    ['people', 'people'],
    ['first-people', 'first-appointments'],
    ['referral-got', 'referrals'],
    ['items', 'lending'],
    ['gifts', 'lending'],
    ['trained', 'training'],
  ] as const
  const about = { organisation_id, period, published_at: new Date('2026-07-15T02:40:00Z') }
  const rows = figures.map(([line, line_set]) => ({ ...about, line, line_set, shown: line in shown ? shown[line] : 0 }))
  await app.db
    .insertInto('published_figures')
    .values(rows.map((row) => ({ ...row, shown: row.shown ?? null })))
    .execute()
}

const oneLine = (html: string) => wordsOf(html).replace(/\s+/g, ' ')

describe('a target', () => {
  const url = (figure: string) => `/admin/settings/targets/year-2026/${figure}`
  const versionOf = async (figure: string) =>
    /name="version" value="(\d+)"/.exec((await administrator.get(url(figure))).text)?.[1] ?? ''

  it('is set for a figure and a year, is kept when another follows, and refuses what is overtaken', async () => {
    const wrong = await administrator.post(url('people'), { good: '', quarterly: 'many', version: 0 })
    expect(wrong.status).toBe(422)
    expect(wordsOf(wrong.text)).toContain('Enter a whole number from 0 to 1,000,000')
    const typed = { good: 'more', quarterly: '1,080', version: 0 }
    const both = await Promise.all([administrator.post(url('people'), typed), administrator.post(url('people'), typed)])
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409])
    const version = await versionOf('people')
    expect((await administrator.post(url('people'), { ...typed, quarterly: '80', version })).status).toBe(303)
    const words = oneLine((await administrator.get(url('people'))).text)
    expect(words).toMatch(/At least 80 in each quarter.*At least 1,080 in each quarter/)
  })

  it('is of a figure and a year that there are', async () => {
    for (const wrong of ['/admin/settings/targets/year-2026/open', '/admin/settings/targets/year-2020/people']) {
      expect((await administrator.get(wrong)).status).toBe(404)
      expect((await administrator.post(wrong, { good: 'none', version: 0 })).status).toBe(404)
    }
    expect((await administrator.get('/admin/settings/targets?year=month-2026-04')).status).toBe(404)
  })

  it('stands on a commissioner’s home, met or not where the number tells, and never of what is hidden', async () => {
    for (const [figure, quarterly] of Object.entries({ trained: 3, gifts: 40 }))
      await administrator.post(url(figure), { good: 'more', quarterly: String(quarterly), version: 0 })
    const words = oneLine((await commissioner.get('/')).text)
    expect(words).toContain(
      'People helped: 85 ▲ More than before: 60 in January to March 2026 Target: at least 80 in each quarter Met',
    )
    expect(words).toContain('Target: at least 3 in each quarter Cannot be told')
    expect(words).toContain('Target: at least 40 in each quarter Not met')
    expect(words).toContain('More than in January to March 2026: people helped.')
    expect(words).toContain('Not told, because a number is hidden: people who came to training.')
    expect(words).toContain('Target not met: items given to keep.')
  })

  it('that is taken back is no target, and stays on record', async () => {
    expect(
      (await administrator.post(url('gifts'), { good: 'none', quarterly: '', version: await versionOf('gifts') }))
        .status,
    ).toBe(303)
    expect(oneLine((await administrator.get('/admin/settings/targets?year=year-2026')).text)).toMatch(
      /Items given to keep (Target )?No target/,
    )
    expect(oneLine((await administrator.get(url('gifts'))).text)).toMatch(/No target.*At least 40/)
    expect(oneLine((await commissioner.get('/')).text)).not.toContain('Target not met')
  })

  it('is kept by PostgreSQL: none is changed, left out or without a way', async () => {
    const add = (values: string) =>
      app.pool.query(`insert into report_targets (organisation_id, set_at, set_by, figure, year, replaces, good, quarterly)
        select ${app.people.organisationId}, '2026-08-03', ${app.people.actors.administrator.staffId}, ${values}`)
    await expect(app.pool.query('update report_targets set quarterly = 1')).rejects.toMatchObject({ code: '42501' })
    await expect(add(`'people', 2026, null, 'more', 5`)).rejects.toMatchObject({
      constraint: 'target_is_replaced_once',
    })
    await expect(
      add(`'people', 2026, (select min(id) from report_targets where figure = 'gifts'), 'more', 5`),
    ).rejects.toMatchObject({ code: '23503' })
    await expect(add(`'items', 2026, null, null, 5`)).rejects.toMatchObject({ constraint: 'target_says_which_way' })
    await expect(add(`'open', 2026, null, 'more', 5`)).rejects.toMatchObject({ constraint: 'target_figure_word' })
  })
})

describe('published figures of another organisation', () => {
  const url = '/admin/settings/sharing'
  let theirs: Visitor
  let theirCommissioner: Visitor
  beforeAll(async () => {
    const { foreignActors, otherOrganisationId } = app.people
    theirs = await app.signedInAs(foreignActors.administrator)
    theirCommissioner = await app.signedInAs(foreignActors.commissioner)
    await publish(otherOrganisationId, 'quarter-2026-2', { people: 345, items: null })
  })
  const sideBySide = async (visitor: Visitor, query = '') =>
    oneLine((await visitor.get(`/reports/side-by-side${query}`)).text)

  it('stand beside one’s own once its administrator shares them, and no earlier', async () => {
    expect(await sideBySide(commissioner)).toContain('Only your own organisation is here')
    expect(await sideBySide(commissioner)).not.toContain('There NHS Trust')
    const key = crypto.randomUUID()
    const both = await Promise.all([theirs.post(url, { code: 'here', key }), theirs.post(url, { code: 'here', key })])
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    const words = await sideBySide(commissioner)
    expect(words).toMatch(/Here NHS Foundation Trust .*85 \(60\).*There NHS Trust .*345/)
    expect(words).toMatch(/There NHS Trust (?:(?!Here NHS).)*\*/)
    expect(await sideBySide(theirCommissioner)).not.toContain('Here NHS Foundation Trust')
    expect(await sideBySide(commissioner, '?period=year-2024')).toContain('Not published')
  })

  it('are shared with an organisation that there is, not with oneself, and once', async () => {
    const wrong = {
      'NOT-ONE': 'No organisation here has this code',
      THERE: 'This is your own organisation',
      HERE: 'already',
    }
    for (const [code, words] of Object.entries(wrong)) {
      const { status, text } = await theirs.post(url, { code, key: crypto.randomUUID() })
      expect([status, wordsOf(text).includes(words)]).toEqual([409, true])
    }
    expect((await theirs.post(url, { code: '?' })).status).toBe(422)
  })

  it('are of periods that came out, and show no other number of theirs', async () => {
    for (const period of ['month-2026-07', 'quarter-2026-3', 'year-2027', 'x'])
      expect((await commissioner.get(`/reports/side-by-side?period=${period}`)).status).toBe(404)
    expect((await administrator.get('/reports/side-by-side')).status).toBe(403)
  })

  it('are gone from the next page on when they are taken back, and by nobody else', async () => {
    const [, id] = /sharing\/(\d+)\/ended/.exec((await theirs.get(url)).text) ?? []
    expect((await administrator.post(`${url}/${id}/ended`, {})).status).toBe(404)
    expect((await theirs.post(`${url}/${id}/ended`, {})).status).toBe(303)
    expect((await theirs.post(`${url}/${id}/ended`, {})).status).toBe(404)
    expect(await sideBySide(commissioner)).not.toContain('There NHS Trust')
    expect(oneLine((await theirs.get(url)).text)).toContain('taken back by')
    const { rows } = await app.pool.query(
      `select verb from audit_events where verb like 'settings:figures%' order by id`,
    )
    expect(rows.map(({ verb }) => verb)).toEqual(['settings:figures-shared', 'settings:figures-no-longer-shared'])
  })

  it('are kept so by PostgreSQL: what is over stays over, and nobody shares with themselves', async () => {
    const again = (set: string) => app.pool.query(`update figure_shares set ${set} where ended_at is not null`)
    await expect(again('ended_at = null, ended_by = null')).rejects.toMatchObject({
      constraint: 'figure_share_goes_on',
    })
    await expect(again('with_organisation_id = organisation_id')).rejects.toMatchObject({ code: '23514' })
    await expect(app.pool.query('delete from figure_shares')).rejects.toMatchObject({ code: '42501' })
  })
})
