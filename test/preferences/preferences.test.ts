import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { acceptedRisk, meetingPreference, platform, serviceUser } from '../../seeds/factories.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const someone = () => serviceUser(app.db, here())
const url = (id: number, rest = '') => `/service-users/${id}/preferences${rest}`
const text = async (path: string) => plainText((await champion.get(path)).text)
const review = { 'review-on-day': '4', 'review-on-month': '1', 'review-on-year': '2027' }
const say = (id: number, fields: object, purpose = 'therapy') =>
  champion.post(url(id, `/${purpose}`), { version: 0, 'way-1': 'phone', ...review, ...fields })
const rowsOf = (id: number) =>
  app.db.selectFrom('meeting_preferences').selectAll().where('service_user_id', '=', id).orderBy('id').execute()

describe('How somebody wants to meet', () => {
  it('is written down in their own order, for as many purposes as it is the same', async () => {
    const person = await someone()
    const ways = { 'way-1': 'text', 'way-2': 'face-to-face', 'way-3': 'video' }
    const more = { camera: 'off', length: 'shorter', frequency: 'more-often', times: ['evening'], joins: 'my sister' }
    expect((await say(person.id, { ...ways, ...more, also: ['review', 'group'] })).status).toBe(303)
    const page = await text(url(person.id))
    expect(page).toContain(
      'Therapy Text messages or chat, then face to face, then a video call Camera off Length: shorter',
    )
    expect(page).toContain('Best in the evening Joined by my sister')
    expect(page).toContain('First meeting Not asked yet. Face to face is always one of the ways')
    expect((await rowsOf(person.id)).map(({ purpose }) => purpose)).toEqual(['therapy', 'review', 'group'])
    expect(await text(`/service-users/${person.id}/history`)).toContain(
      'Therapy: Text messages or chat, then face to face',
    )
  })

  it('asks nobody why, and offers face to face first for a first meeting', async () => {
    const person = await someone()
    const page = await champion.get(url(person.id, '/first-meeting'))
    expect(plainText(page.text)).toContain('Offer face to face first')
    expect((await say(person.id, { 'way-1': 'face-to-face' }, 'first-meeting')).status).toBe(303)
    expect((await say(person.id, { 'way-1': 'home-visit' }, 'assessment')).status).toBe(303)
  })

  it.each([
    [{ 'way-1': '' }, 'Choose at least one way of meeting'],
    [{ 'way-2': 'phone' }, 'Choose each way once'],
    [{ 'review-on-year': '2020' }, 'The day to ask again must be in the future'],
    [{ joins: 'x'.repeat(10_000) }, 'Who joins must be 200 characters or less'],
  ])('is refused as %j', async (fields, words) => {
    const person = await someone()
    const answer = await say(person.id, fields)
    expect([answer.status, await rowsOf(person.id)]).toEqual([422, []])
    expect(plainText(answer.text)).toContain(words)
  })

  it('shows whoever was slower what the other one wrote, and keeps what was said before', async () => {
    const person = await someone()
    const both = await Promise.all([say(person.id, {}), say(person.id, { 'way-1': 'video' })])
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409])
    const late = both.find(({ status }) => status === 409)
    expect(plainText(late?.text ?? '')).toMatch(/HERE champion wrote this down on .* after you opened it/)
    const [first] = await rowsOf(person.id)
    expect((await say(person.id, { version: first?.id, 'way-1': 'home-visit' })).status).toBe(303)
    expect((await rowsOf(person.id)).map((row) => row.superseded_at === null)).toEqual([false, true])
    const change = app.db
      .updateTable('meeting_preferences')
      .set({ ways: ['text'] })
      .where('id', '=', first?.id ?? 0)
    expect(await verdict(change.execute())).toBe('23514 contact_fact_stays')
  })

  it('notes, and never stops, a platform that is not approved, with who accepted the risk', async () => {
    const person = await someone()
    const known = await platform(app.db, { ...here(), name: 'Chatter', approval: 'not-approved', decided_on: null })
    expect((await say(person.id, { platforms: [String(known.id)] })).status).toBe(303)
    expect(await text(url(person.id))).toContain('Chatter is not approved, and nobody has accepted the risk yet.')
    await acceptedRisk(app.db, { platform: known, by: { id: app.people.actors.administrator.staffId } })
    expect(await text(url(person.id))).toContain(
      'Chatter is not approved. HERE administrator accepted the risk on 3 August 2026: They know it, and use nothing else.',
    )
  })

  it('is of one’s own people alone', async () => {
    const person = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    await meetingPreference(app.db, { person })
    expect((await champion.get(url(person.id))).status).toBe(404)
    expect((await say(person.id, {})).status).toBe(404)
    const mine = await someone()
    expect((await champion.get(url(mine.id, '/wedding'))).status).toBe(404)
  })
})
