import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, booking, deposit, type Ward, ward } from '../../seeds/factories.ts'
import { wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { pastTheRules } from '../support/retention.ts'

let app: TestApp
let champion: Visitor
let nurse: Visitor
let own: Ward
let beside: Ward
let elsewhere: Ward
const days = ['2026-05-05', '2026-05-06', '2026-06-07', '2026-03-08']

/** The nurse's own ward with four bookings, of which one was handed out and three are of the quarter; another on its site, and one elsewhere. */
beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  nurse = await app.signedInAs('ward-staff')
  const { organisationId: organisation_id } = app.people
  own = await app.db.selectFrom('wards').selectAll().where('id', '=', app.people.ward.id).executeTakeFirstOrThrow()
  beside = await ward(app.db, { organisation_id, site_id: own.site_id, name: 'Beside Ward' })
  elsewhere = await ward(app.db, { organisation_id, name: 'Elsewhere Ward' })
  const by = { id: app.people.actors['ward-staff'].staffId }
  for (const [place, many] of [
    [own, 4],
    [beside, 2],
    [elsewhere, 1],
  ] as const) {
    for (const day of days.slice(0, many)) {
      const item = await availableItem(app.db, { organisation_id, kept_at_ward_id: place.id })
      const from = new Date(`${day}T10:00:00Z`)
      const takenAt = place === own && day === days[0] ? from : undefined
      await booking(app.db, {
        ...{ ward: place, items: [item], from, until: new Date(from.getTime() + 3_600_000), by },
        ...(takenAt && { takenAt }),
      })
    }
    await deposit(app.db, { ward: place, by, at: new Date('2026-05-05T10:00:00Z') })
  }
})
afterAll(() => app.close())

const quarter = 'period=quarter-2026-2'
const row = (html: string, name: string) =>
  wordsOf(new RegExp(`<tr[^>]*>(?:(?!</tr>).)*>${name}<.*?</tr>`, 's').exec(html)?.[0] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
const bookings = async (visitor: Visitor, path: string) => {
  const { status, text } = await visitor.get(`${path}?${quarter}`)
  return status === 200 ? row(text, 'Bookings on wards') : status
}
const counted = (now: number, before: number) =>
  expect.stringMatching(
    new RegExp(`Bookings on wards April to June 2026 ${now} January to March 2026 ${before}(?: |$)`),
  )

describe('the report of wards', () => {
  it('is there for one ward and for one site, and each is a part of the whole', async () => {
    expect(await bookings(champion, `/wards/${own.code}/report`)).toEqual(counted(3, 1))
    expect(await bookings(champion, `/wards/${beside.code}/report`)).toEqual(counted(2, 0))
    expect(await bookings(champion, `/sites/${own.site_id}/report`)).toEqual(counted(5, 1))
    expect(await bookings(champion, `/sites/${elsewhere.site_id}/report`)).toEqual(counted(1, 0))
    expect(await bookings(champion, '/reports/wards')).toEqual(counted(6, 1))
    const { text } = await champion.get(`/wards/${own.code}/report?${quarter}`)
    expect(row(text, 'Handed out')).toMatch(/ 1 /)
    expect(wordsOf(text)).toContain('Not for publication')
    expect(wordsOf(text)).toContain(own.name)
    expect(text).not.toMatch(/wards\.(?:csv|xlsx|svg)/)
    const all = (await champion.get('/reports/wards')).text
    for (const link of [`/wards/${beside.code}/report`, `/sites/${own.site_id}/report`]) expect(all).toContain(link)
  })

  it('is for ward staff of their own ward, with no link that leads nowhere for them', async () => {
    expect(await bookings(nurse, `/wards/${own.code}/report`)).toEqual(counted(3, 1))
    expect((await nurse.get(`/wards/${own.code}/report`)).text).not.toContain('/reports/methods')
    expect((await nurse.get(`/wards/${own.code}`)).text).toContain(`/wards/${own.code}/report`)
    expect(await bookings(nurse, `/wards/${beside.code}/report`)).toBe(404)
    expect(await bookings(nurse, `/sites/${own.site_id}/report`)).toBe(403)
  })

  it('is nothing that is published: no commissioner comes to it, by whichever address', async () => {
    const commissioner = await app.signedInAs('commissioner')
    for (const path of [`/wards/${own.code}/report`, `/sites/${own.site_id}/report`]) {
      expect((await commissioner.get(path)).status).toBe(403)
    }
    for (const more of [`ward=${own.code}`, `place=${own.code}`, `wardIds=${own.id}`]) {
      expect((await commissioner.get(`/reports/wards?${more}`)).text).toContain('Nothing is published yet')
    }
    expect((await commissioner.get('/reports/wards')).text).not.toContain(`/wards/${own.code}`)
  })

  it('answers no other organisation, no period that is none, and stays when a ward is closed or has another name', async () => {
    expect((await champion.get(`/wards/${own.code}/report?period=quarter-2026-9`)).status).toBe(404)
    expect((await champion.get(`/wards/${own.code}/report?period=month-2027-01`)).status).toBe(404)
    expect((await champion.get('/wards/no-such-ward/report')).status).toBe(404)
    expect((await champion.get('/sites/900999/report')).status).toBe(404)
    const foreign = await ward(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await champion.get(`/wards/${foreign.code}/report`)).status).toBe(404)
    expect((await champion.get(`/sites/${foreign.site_id}/report`)).status).toBe(404)
    // past the rule that a ward is emptied first
    await pastTheRules(app, [
      [
        `update wards set name = 'Renamed Ward', closed_at = '2026-08-01', closed_by = $2 where id = $1`,
        [elsewhere.id, app.people.actors.administrator.staffId],
      ],
    ])
    expect(await bookings(champion, `/wards/${elsewhere.code}/report`)).toEqual(counted(1, 0))
    expect((await champion.get('/reports/wards')).text).toContain('Renamed Ward (closed)')
  })
})
