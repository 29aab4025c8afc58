import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { platform } from '../../seeds/factories.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let administrator: Visitor

beforeAll(async () => {
  app = await startApp()
  administrator = await app.signedInAs('administrator')
})
afterAll(() => app.close())

const text = async (path: string) => plainText((await administrator.get(path)).text)
const key = () => ({ key: crypto.randomUUID() })
const fields = (name: string, more: object = {}) => ({
  ...{ name, approval: 'approved', 'decided-by': 'The board', settings: 'Waiting room on', guidance: '', data: '12' },
  ...{ 'decided-on-day': '5', 'decided-on-month': '1', 'decided-on-year': '2026' },
  ...more,
})

describe('A platform', () => {
  it('is added once, with what it costs in data and who decided', async () => {
    const form = { ...fields('Meetwell'), ...key() }
    const both = [await administrator.post('/platforms', form), await administrator.post('/platforms', form)]
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    const page = await text(both[0]?.headers.location ?? '')
    expect(page).toContain('Decided Approved The board, 5 January 2026 Settings Waiting room on')
    expect(page).toContain('12 MB a minute')
    expect((await administrator.post('/platforms', { ...fields('meetwell'), ...key() })).status).toBe(422)
  })

  it.each([
    [{ name: '' }, 'Enter the name'],
    [{ approval: 'maybe' }, 'Choose what was decided'],
    [{ 'decided-on-year': '' }, 'The day'],
    [{ 'decided-on-year': '2027' }, 'today or in the past'],
    [{ data: '1000' }, 'from 0 to 100'],
    [{ settings: 'x'.repeat(10_000) }, '2,000 characters or less'],
  ])('is refused as %j', async (more, words) => {
    const answer = await administrator.post('/platforms', { ...fields('Odd', more), ...key() })
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(words)
  })

  it('is changed by one at a time', async () => {
    const { id } = await platform(app.db, { organisation_id: app.people.organisationId })
    const change = (guidance: string) =>
      administrator.post(`/platforms/${id}`, fields(`P${id}`, { version: 1, guidance }))
    expect((await change('Ask first')).status).toBe(303)
    const late = await change('Never')
    expect([late.status, late.text.includes('Never')]).toEqual([409, true])
  })

  it('has risks that somebody accepts by name, for good', async () => {
    const { id } = await platform(app.db, { organisation_id: app.people.organisationId, approval: 'not-approved' })
    const form = { risk: 'They know it, and would be lost otherwise', ...key() }
    const accept = () => administrator.post(`/platforms/${id}/risks`, form)
    expect([(await accept()).status, (await accept()).status]).toEqual([303, 303])
    expect((await administrator.post(`/platforms/${id}/risks`, { risk: ' ', ...key() })).status).toBe(422)
    expect((await text(`/platforms/${id}`)).match(/HERE administrator accepted this risk/g)).toHaveLength(1)
    expect(await text('/platforms')).toContain('Not approved')
    expect(await verdict(app.pool.query(`update platform_risks set risk = 'x'`))).toMatch(/^42501/)
  })

  it('belongs to its organisation', async () => {
    const { id } = await platform(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await administrator.get(`/platforms/${id}`)).status).toBe(404)
    expect((await administrator.post(`/platforms/${id}`, fields('X', { version: 1 }))).status).toBe(404)
    expect((await administrator.post(`/platforms/${id}/risks`, { risk: 'x', ...key() })).status).toBe(404)
  })
})
