import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { availableItem, booking, staffMember, ward } from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

/** A ward of its own with three things on it, one of them handed out, and a nurse who works there. */
async function placeToCount(mark: string) {
  const { organisationId: organisation_id, actors } = app.people
  const place = await ward(app.db, { organisation_id })
  const item = (tag: string, more: object = {}) =>
    availableItem(app.db, { organisation_id, tag: `${mark}-${tag}`, kept_at_ward_id: place.id, ...more })
  const here = [await item('TAB'), await item('CABLE', { category: 'charger' })] as const
  const hour = 3_600_000
  const slot = { from: startOfTest, until: new Date(startOfTest.getTime() + hour), takenAt: startOfTest }
  await booking(app.db, { ward: place, items: [await item('OUT')], ...slot, by: { id: actors.champion.staffId } })
  const { id: staffId } = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [place] })
  nurse = await app.signedInAs({ ...actors['ward-staff'], staffId, wardIds: [place.id] })
  return { place, here, url: `/wards/${place.code}/shift-count` }
}

const hiddenIn = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''

it('expects what is with nobody, keeps what is ticked, and goes on where somebody left it', async () => {
  const { here, url } = await placeToCount('KEEP')
  const page = await nurse.get(url)
  expect(plainText(page.text)).toContain('0 of 2 items counted.')
  expect(plainText(page.text)).toContain('not looked for: KEEP-OUT (handed out)')
  expect(hiddenIn(page.text, 'check')).toBe('')
  const sent = await nurse.post(url, { check: '', before: '', code: '', counted: String(here[0].id) })
  expect([sent.status, sent.headers.location]).toEqual([303, expect.stringMatching(/^\/stock-checks\/\d+\/finish$/)])
  const again = await nurse.get(url)
  expect(plainText(again.text)).toContain('1 of 2 items counted.')
  expect(hiddenIn(again.text, 'before')).toBe(String(here[0].id))
})

it('counts what is scanned, with what is ticked, and takes back what is not ticked any more', async () => {
  const { here, url } = await placeToCount('SCAN')
  const scan = await nurse.post(url, { check: '', before: '', code: 'scan-cable', counted: String(here[0].id) })
  expect(scan.headers.location).toBe(url)
  const page = await nurse.get(url)
  expect(plainText(page.text)).toContain('SCAN-CABLE is counted.')
  expect(plainText(page.text)).toContain('2 of 2 items counted.')
  const form = { check: hiddenIn(page.text, 'check'), before: hiddenIn(page.text, 'before'), code: '' }
  await nurse.post(url, { ...form, counted: String(here[1].id) })
  expect(plainText((await nurse.get(url)).text)).toContain('1 of 2 items counted.')
  const unknown = await nurse.post(url, { ...form, code: 'NOT-OURS', counted: String(here[1].id) })
  expect([unknown.status, plainText(unknown.text).includes('No item of ours has the tag or number NOT-OURS')]).toEqual([
    422,
    true,
  ])
})

it('a missing cable becomes an incident, and the ward’s page tells of the count', async () => {
  const { here, place, url } = await placeToCount('LOST')
  const { headers } = await nurse.post(url, { check: '', before: '', code: '', counted: String(here[0].id) })
  const finish = headers.location ?? ''
  const done = await nurse.post(finish, { ask: 'each', [`missing-${here[1].id}`]: 'report' })
  expect(done.status).toBe(303)
  const incident = await app.db
    .selectFrom('incident_items')
    .select('kind')
    .where('item_id', '=', here[1].id)
    .executeTakeFirst()
  expect(incident?.kind).toBe('lost')
  expect(plainText((await nurse.get(`/wards/${place.code}`)).text)).toMatch(/Last counts .*1 of 2 missing/)
  // a form that was shown before it was finished
  const checkId = /\d+/.exec(finish)?.[0] ?? ''
  const late = await nurse.post(url, { check: checkId, before: '', code: '', counted: String(here[0].id) })
  expect(late.headers.location).toBe(url)
  expect(plainText((await nurse.get(url)).text)).toContain('Somebody finished this count meanwhile.')
})

it('two who begin at once count together', async () => {
  const { here, url } = await placeToCount('BOTH')
  const sent = await Promise.all(
    here.map(({ id }) => nurse.post(url, { check: '', before: '', code: '', counted: String(id) })),
  )
  expect(new Set(sent.map(({ headers }) => headers.location)).size).toBe(1)
  expect(plainText((await nurse.get(url)).text)).toContain('2 of 2 items counted.')
})

it('is for the staff of the ward', async () => {
  const { place } = await placeToCount('OWN')
  const stranger = await app.signedInAs('ward-staff')
  expect((await stranger.get(`/wards/${place.code}/shift-count`)).status).toBe(404)
  const care = await app.signedInAs('care-team')
  expect((await care.post(`/wards/${place.code}/shift-count`, {})).status).toBe(403)
})
