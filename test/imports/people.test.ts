import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { actorFor, serviceUser, staffMember } from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { preview, toPreview } from './journey.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const heading = 'Full name,DOB,NHS No,Mobile,Email\n'
const [first, second] = [makeTestNhsNumber(83_001), makeTestNhsNumber(83_002)]
const look = (rows: string) => toPreview(champion, Buffer.from(heading + rows), { to: '/service-users/import' })
const apply = ({ path, seen }: { path: string; seen: string }) => champion.post(`${path}/apply`, { seen })
const everybody = () => app.db.selectFrom('service_user_details').selectAll().orderBy('service_user_id').execute()

describe('a spreadsheet of people', () => {
  it('adds those who are not here, shown first, and changes nothing when it comes again', async () => {
    const rows = `Nadia Newcomer,29/2/1984,${first},07700 900321,nadia@post.example\nOla Other,1/3/1990,,,\n`
    const seen = await look(rows)
    expect(seen.text).toContain('New service users 2 Rows that change nothing 0 Errors 0')
    expect(seen.text).toContain('Nadia Newcomer')
    const answer = await apply(seen)
    expect(answer.headers.location).toBe(`${seen.path}/result`)
    expect((await champion.get(`${seen.path}/result`)).text).toContain('2 service users added.')
    const added = await everybody()
    expect(added.map(({ name, nhs_number, phone, email }) => [name, nhs_number, phone, email])).toEqual([
      ['Nadia Newcomer', first, '07700 900321', 'nadia@post.example'],
      ['Ola Other', null, '', ''],
    ])
    // sent twice, and the whole file once more, with another phone
    expect((await apply(seen)).headers.location).toBe(`${seen.path}/result`)
    const again = await look(rows.replace('900321', '900322'))
    expect(again.text).toContain('New service users 0 Rows that change nothing 2 Errors 0')
    expect(again.text).toContain('We have all of these people already')
    expect(await everybody()).toEqual(added)
    const events = await app.db
      .selectFrom('audit_events')
      .select('verb')
      .where('verb', '=', 'service-user:created')
      .execute()
    expect(events).toHaveLength(2)
  })

  it('brings in nobody while one row is wrong, and says what to do about each', async () => {
    const before = await everybody()
    const { text } = await look(
      [
        'Fay Future,1/1/2030,,,',
        'Olive Old,2/8/1906,,,',
        'Nora Nobirth,,,,',
        ',1/1/1980,,,',
        `Nick Number,1/1/1980,${second.slice(0, 9)}${(Number(second[9]) + 1) % 10},,`,
        `Somebody Else,5/5/1955,${first},,`,
        'Nadia Newcommer,29/2/1984,,,',
        `Twin One,6/6/1966,${second},,`,
        `Other Two,7/7/1977,${second},,`,
        'Same Same,8/8/1988,,,',
        'Same Same,8/8/1988,,,',
        'Good Person,9/9/1999,,,',
      ].join('\n'),
    )
    for (const words of [
      'Date of birth must be today or in the past',
      'Date of birth must be in the last 120 years. Check the year',
      'Enter the date of birth',
      'Enter the full name',
      'We have Nadia Newcomer with this NHS number, born on 29 February 1984. Check both',
      'We have Nadia Newcomer, born on that day.',
      'Twin One on line 9 has the same NHS number. Check both',
      'Lines 11 and 12 are the same person. Leave one',
    ]) {
      expect(text).toContain(words)
    }
    expect(text).not.toMatch(/Import \d+ service/)
    expect(await everybody()).toEqual(before)
  })

  it('does nothing that nobody has seen: who was added meanwhile is shown first', async () => {
    const seen = await look('Milo Meanwhile,3/3/1973,,,\n')
    await serviceUser(app.db, {
      ...{ organisation_id: app.people.organisationId, name: 'Milo Meanwhile', date_of_birth: '1973-03-03' },
    })
    const before = await everybody()
    expect((await apply(seen)).status).toBe(409)
    expect(await everybody()).toEqual(before)
    expect((await preview(champion, seen.path)).text).toContain('New service users 0 Rows that change nothing 1')
  })

  it('is for champions who see everybody, and for nobody else', async () => {
    const limited = await staffMember(app.db, { organisation_id: app.people.organisationId, caseload_only: true })
    const others = [await app.signedInAs(await actorFor(app.db, limited)), await app.signedInAs('administrator')]
    for (const visitor of others) expect((await visitor.get('/service-users/import')).status).toBe(403)
    const path = (await look('Ann Example,4/4/1974,,,\n')).path
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect((await foreign.get(`${path}/preview`)).status).toBe(404)
    expect((await champion.get(path.replace('/service-users/', '/loans/'))).status).toBe(404)
  })
})
