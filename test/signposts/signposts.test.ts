import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { conversation, serviceUser, signpost } from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let administrator: Visitor
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  administrator = await app.signedInAs('administrator')
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const text = async (path: string, visitor = champion) => plainText((await visitor.get(path)).text)
const key = () => ({ key: crypto.randomUUID() })
const fields = (name: string, more: object = {}) => ({ kind: 'hub', name, helps: ['connection'], ...more })

describe('The list of help', () => {
  it('is kept by administrators, with the day each entry was checked', async () => {
    const form = { ...fields('The Corner Hub', { website: 'https://hub.example/wifi' }), ...key() }
    const both = [await administrator.post('/signposts', form), await administrator.post('/signposts', form)]
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    const page = await champion.get('/signposts')
    expect(plainText(page.text)).toContain('Helps with: internet. Checked on 3 Aug 2026.')
    expect(page.text.match(/<h3[^>]*>The Corner Hub/g)).toHaveLength(1)
    expect(page.text).toContain('href="https://hub.example/wifi"')
    expect(await text('/signposts?kind=library')).not.toContain('The Corner Hub')
  })

  it('says what was checked long ago, until somebody looks again', async () => {
    const old = await signpost(app.db, { ...here(), name: 'Old Library', checked_on: '2025-01-06' })
    expect(await text('/signposts')).toContain('Checked on 6 Jan 2025, which is long ago')
    expect((await administrator.post(`/signposts/${old.id}/checked`)).status).toBe(303)
    expect(await text('/signposts')).not.toContain('6 Jan 2025')
  })

  it.each([
    [{ kind: 'pub' }, 'Choose what it is'],
    [{ name: '' }, 'Enter a name'],
    [{ website: 'javascript:alert(1)' }, 'Enter a web address that begins with https://'],
    [{ 'checked-on-day': '1', 'checked-on-month': '1', 'checked-on-year': '2027' }, 'today or in the past'],
    [{ about: 'x'.repeat(10_000) }, '1,000 characters or less'],
  ])('refuses %j', async (more, words) => {
    const answer = await administrator.post('/signposts', { ...fields('Odd', more), ...key() })
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(words)
  })

  it('is changed by one at a time, and entries that end are gone', async () => {
    const { id } = await signpost(app.db, here())
    const change = (phone: string) =>
      administrator.post(`/signposts/${id}`, fields(`Place ${id}`, { version: 1, phone }))
    expect([(await change('01632 960 002')).status, (await change('01632 960 003')).status]).toEqual([303, 409])
    expect((await administrator.post(`/signposts/${id}/ended`)).status).toBe(303)
    expect((await administrator.post(`/signposts/${id}/ended`)).status).toBe(404)
    expect(await text('/signposts')).not.toContain(`Place ${id}`)
    const theirs = await signpost(app.db, { organisation_id: app.people.otherOrganisationId, name: 'Elsewhere' })
    expect((await administrator.post(`/signposts/${theirs.id}`, fields('X', { version: 1 }))).status).toBe(404)
    expect((await administrator.post(`/signposts/${theirs.id}/checked`)).status).toBe(404)
    expect(await text('/signposts')).not.toContain('Elsewhere')
  })

  it('is printed for one person, chosen by what shuts them out, and names neither them nor why', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Kim Printed' })
    await conversation(app.db, { person, answers: { affordability: 'no', device: 'own' } })
    await signpost(app.db, { ...here(), kind: 'tariff', name: 'Cheap Net', helps: ['affordability'] })
    await signpost(app.db, { ...here(), name: 'Device Shop', helps: ['device'] })
    await signpost(app.db, { ...here(), name: 'For Everybody', helps: [] })
    const page = await text(`/service-users/${person.id}/signposts`)
    expect(page).toContain('Cheap Net')
    expect(page).toContain('For Everybody')
    expect(page).not.toContain('Device Shop')
    expect(page).not.toMatch(/Kim|afford|Here NHS/)
    expect((await champion.get(`/service-users/${person.id}/signposts?print=large`)).text).toContain('app-print--large')
  })
})
