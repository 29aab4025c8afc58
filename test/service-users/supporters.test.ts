import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ServiceUser, serviceUser, supporter } from '../../seeds/factories.ts'
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
const record = async ({ id }: ServiceUser) => plainText((await champion.get(`/service-users/${id}`)).text)
const supportersOf = ({ id }: ServiceUser) =>
  app.db.selectFrom('supporters').selectAll().where('service_user_id', '=', id).orderBy('id').execute()

const sister = {
  name: 'Ola Sister',
  relation: 'Sister',
  phone: '07700 900801',
  consent: 'given',
  'consent-on-day': '1',
  'consent-on-month': '8',
  'consent-on-year': '2026',
  told: ['appointments', 'training'],
}

describe('somebody who supports a person', () => {
  it('is added with what was agreed to, once however often it is sent', async () => {
    const person = await serviceUser(app.db, here())
    const form = { ...sister, key: crypto.randomUUID() }
    const send = () => champion.post(`/service-users/${person.id}/supporters`, form)
    const answers = await Promise.all([send(), send()])
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
      Array(2).fill([303, `/service-users/${person.id}`]),
    )
    expect(await supportersOf(person)).toMatchObject([{ consent: 'given', consent_on: '2026-08-01' }])
    expect(await record(person)).toContain(
      'Ola Sister Sister 07700 900801 May be told about: appointments and calls, training and trial-run calls. Agreed on 1 August 2026',
    )
  })

  it.each([
    [{ consent: 'given', 'consent-on-day': '' }, 'must include a day'],
    [{ 'consent-on-day': '4' }, 'The day they agreed must be today or in the past'],
    [{ 'consent-on-day': '', 'consent-on-month': '', 'consent-on-year': '' }, 'Enter the day they agreed'],
    [{ consent: 'refused' }, 'They may be told nothing without consent'],
    [{ consent: '' }, 'Choose whether they agree'],
    [{ name: ' ' }, 'Enter the name'],
    [{ phone: 'next door' }, 'Enter a phone number'],
    [{ email: 'nowhere' }, 'Enter an email address in the correct format'],
  ])('is not saved with %j, and what was typed is kept', async (fields, text) => {
    const person = await serviceUser(app.db, here())
    const form = { ...sister, ...fields, key: crypto.randomUUID() }
    const answer = await champion.post(`/service-users/${person.id}/supporters`, form)
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(text)
    expect(answer.text).toContain('value="Sister"')
    expect(await supportersOf(person)).toEqual([])
  })

  it('is told nothing any more once the person does not agree; whoever was slower sees it', async () => {
    const person = await serviceUser(app.db, here())
    const { id } = await supporter(app.db, { of: person, name: 'Kim Brother' })
    const path = `/service-users/${person.id}/supporters/${id}`
    const no = { name: 'Kim Brother', relation: 'Brother', consent: 'refused' }
    expect((await champion.post(path, { ...no, version: 1 })).status).toBe(303)
    expect(await record(person)).toContain('The person does not agree: tell them nothing')
    const late = await champion.post(path, { ...sister, name: 'Kim Late', version: 1 })
    expect(late.status).toBe(409)
    expect(plainText(late.text)).toMatch(/Consent .*No, they do not agree .*Yes, they agree/)
    expect(late.text).toContain('value="Kim Late"')
    expect(late.text).toContain('name="version" value="2"')
  })

  it('is taken out, and that they were there is kept', async () => {
    const person = await serviceUser(app.db, here())
    const { id } = await supporter(app.db, { of: person, name: 'Pat Former' })
    const end = () => champion.post(`/service-users/${person.id}/supporters/${id}/end`)
    expect((await end()).status).toBe(303)
    expect((await end()).status).toBe(404)
    expect(await record(person)).not.toContain('Pat Former May be told')
    expect(await supportersOf(person)).toMatchObject([{ id, ended_at: expect.any(String) }])
    const history = plainText((await champion.get(`/service-users/${person.id}/history`)).text)
    expect(history).toContain('took a supporter out of this record.')
  })

  it('is not for other roles, nor another organisation’s, nor another person’s', async () => {
    const person = await serviceUser(app.db, here())
    const other = await serviceUser(app.db, here())
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const { id } = await supporter(app.db, { of: person })
    const { id: theirs } = await supporter(app.db, { of: foreign })
    const ward = await app.signedInAs('ward-staff')
    expect((await ward.get(`/service-users/${person.id}/supporters/${id}`)).status).toBe(403)
    for (const path of [
      `${other.id}/supporters/${id}`,
      `${foreign.id}/supporters/${theirs}`,
      `${person.id}/supporters/${theirs}`,
    ]) {
      expect((await champion.get(`/service-users/${path}`)).status).toBe(404)
      expect((await champion.post(`/service-users/${path}`, { ...sister, version: 1 })).status).toBe(404)
      expect((await champion.post(`/service-users/${path}/end`)).status).toBe(404)
    }
  })

  it('by plain SQL is told nothing without consent, and consent has its day', async () => {
    const person = await serviceUser(app.db, here())
    const { id } = await supporter(app.db, { of: person })
    const set = (row: object) => verdict(app.db.updateTable('supporters').set(row).where('id', '=', id).execute())
    expect(await set({ consent: 'refused' })).toBe('23514 supporter_is_told_with_consent')
    expect(await set({ consent_on: null })).toBe('23514 supporter_consent_has_its_day')
    expect(await set({ consent: 'refused', consent_on: null, may_be_told: [] })).toBe('accepted')
  })
})
