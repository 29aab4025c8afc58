import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { actorFor, caseloadCounts, staffMember, ward } from '../../seeds/factories.ts'
import { breakdowns } from '../../src/caseload-counts/rules.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { toPreview } from './journey.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  await ward(app.db, { organisation_id: app.people.organisationId, name: 'Counting Ward', code: 'counting' })
})
afterAll(() => app.close())

const heading = 'As of,Team,Breakdown,Group,Caseload\n'
const look = (rows: string, visitor = champion) =>
  toPreview(visitor, Buffer.from(heading + rows), { to: '/caseload-counts/import' })
const apply = ({ path, seen }: { path: string; seen: string }) => champion.post(`${path}/apply`, { seen })
const all = () =>
  app.db
    .selectFrom('caseload_counts')
    .leftJoin('wards', 'wards.id', 'caseload_counts.ward_id')
    .select(['counted_on', 'wards.code', 'breakdown', 'people_group', 'people'])
    .where('caseload_counts.organisation_id', '=', app.people.organisationId)
    .orderBy('caseload_counts.id')
    .execute()

describe('a spreadsheet of caseload counts', () => {
  it('comes in once, changes what it says otherwise the second time, and can be looked at and taken back', async () => {
    const rows = [
      '1/7/2026,,Everybody,,"1,200"',
      '1/7/2026,,age,18 to 24,300',
      '1/7/2026,counting,Gender,WOMAN,12',
      '1/7/2026,Counting Ward,Ethnic group,not known,0',
      '1/7/2026,,Deprivation,10,45.0',
    ].join('\n')
    const seen = await look(rows)
    expect(seen.text).toContain('New counts 5 Counts that change 0 Rows that change nothing 0 Errors 0')
    expect((await apply(seen)).headers.location).toBe(`${seen.path}/result`)
    expect((await all()).map((row) => Object.values(row))).toEqual([
      ['2026-07-01', null, 'everybody', 'everybody', 1_200],
      ['2026-07-01', null, 'age', '18-24', 300],
      ['2026-07-01', 'counting', 'gender', 'woman', 12],
      ['2026-07-01', 'counting', 'ethnicity', 'not-known', 0],
      ['2026-07-01', null, 'deprivation', '10', 45],
    ])
    expect((await look(rows)).text).toContain('We have all of these counts already')

    const other = await look(rows.replace('18 to 24,300', '18 to 24,310'))
    expect(other.text).toContain('Counts that change 1 Rows that change nothing 4')
    expect(other.text).toContain('300 to 310')
    await apply(other)
    expect((await all()).map(({ people }) => people)).toEqual([1_200, 310, 12, 0, 45])

    const list = await champion.get('/caseload-counts')
    expect(list.text).toContain('The whole organisation')
    const here = /\/caseload-counts\/days\/2026-07-01\/(\d+)/.exec(list.text)?.[0] ?? ''
    expect((await champion.get(here)).text).toContain('Counting Ward, 1 July 2026')
    const answer = await champion.post(`${here}/removal`, {})
    expect(answer.headers.location).toBe('/caseload-counts')
    expect((await all()).map(({ breakdown }) => breakdown)).toEqual(['everybody', 'age', 'deprivation'])
    // whoever presses it second, and whoever is of another organisation, finds nothing
    expect((await champion.post(`${here}/removal`, {})).status).toBe(404)
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect((await foreign.get('/caseload-counts/days/2026-07-01/all')).status).toBe(404)
    expect((await foreign.post('/caseload-counts/days/2026-07-01/all/removal', {})).status).toBe(404)
    expect(await all()).toHaveLength(3)
  })

  it('is refused as a whole while one row is wrong, and says what to do about each', async () => {
    const before = await all()
    const { text } = await look(
      [
        '1/7/2030,,Everybody,,10',
        '1/6/2026,,Shoe size,Large,10',
        '1/6/2026,,Age,18 to 25,10',
        '1/6/2026,,Age,,10',
        '1/6/2026,,Gender,Man,ten',
        '1/6/2026,,Gender,Man,2000000',
        '1/6/2026,,Gender,Woman,-1',
        ',,Gender,Woman,1',
        '2/6/2026,,Gender,Woman,1',
        '2/6/2026,,Gender,woman,2',
        '3/6/2026,,Everybody,,10',
        '3/6/2026,,Asylum,Refugee,6',
        '3/6/2026,,Asylum,Neither,5',
        // against the 1,200 that are here
        '1/7/2026,,Disability,Yes,1201',
      ].join('\n'),
    )
    for (const words of [
      'The day must be today or in the past',
      'This is not one of our breakdowns. Write Everybody, Age, Gender',
      'This is not a group of Age. Write 0 to 17, 18 to 24',
      'Write which group of Age it is',
      'Write a whole number of people, 0 or more',
      'This is more than 1,000,000 people. Check the number',
      'Enter the day on which they were counted',
      'Line 10 has this number too. Leave one',
      'The groups of Asylum come to 11, more than the 10 of Everybody. Check both',
      'The groups of Disability come to 1201, more than the 1200 of Everybody. Check both',
    ]) {
      expect(text).toContain(words)
    }
    expect(text).not.toMatch(/Import \d+ count/)
    expect(await all()).toEqual(before)
  })

  it('is for administrators and for champions who see everybody', async () => {
    const limited = await staffMember(app.db, { organisation_id: app.people.organisationId, caseload_only: true })
    const visitor = await app.signedInAs(await actorFor(app.db, limited))
    expect((await visitor.get('/caseload-counts/import')).status).toBe(403)
    const administrator = await app.signedInAs('administrator')
    expect((await look('1/5/2026,,Inpatient,Yes,3\n', administrator)).text).toContain('New counts 1')
  })
})

describe('PostgreSQL', () => {
  const by = () => ({ organisation_id: app.people.organisationId, by: { id: app.people.actors.champion.staffId } })

  it('knows every group that we have a word for', async () => {
    const people = Object.fromEntries(
      breakdowns.map(({ id, groups }) => [id, Object.fromEntries(groups.map((group, at) => [group.id, at]))]),
    )
    await caseloadCounts(app.db, { ...by(), countedOn: '2026-02-28', people })
    expect((await all()).filter(({ counted_on }) => counted_on === '2026-02-28')).toHaveLength(
      breakdowns.flatMap(({ groups }) => groups).length,
    )
  })

  it.each([
    ['a breakdown we have no word for', { height: { tall: 1 } }, 'counted_group_word'],
    ['a group of another breakdown', { gender: { refugee: 1 } }, 'counted_group_word'],
    ['everybody who is not known', { everybody: { 'not-known': 1 } }, 'counted_group_word'],
    ['fewer people than none', { gender: { man: -1 } }, 'people_are_counted'],
  ])('refuses %s', async (_, people, constraint) => {
    await expect(caseloadCounts(app.db, { ...by(), people: people as never })).rejects.toMatchObject({ constraint })
  })

  it('has one number for each group, place and day', async () => {
    await caseloadCounts(app.db, { ...by(), countedOn: '2026-01-01' })
    const again = caseloadCounts(app.db, { ...by(), countedOn: '2026-01-01' })
    await expect(again).rejects.toMatchObject({ constraint: 'counted_once' })
  })
})
