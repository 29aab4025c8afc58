import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  contactAnswer,
  diaryEntry,
  draftGuide,
  guide,
  guideGiven,
  platform,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
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

const key = () => ({ key: crypto.randomUUID() })
const here = () => ({ organisation_id: app.people.organisationId })
const fields = (more: object = {}) => ({
  ...{ purpose: 'charging', platform: '', form: 'easy-read', language: 'cy', title: 'Gwefru', link: '' },
  words: 'Heading: Cyn\n\nPicture: charger\n1. Plygiwch <b>y</b> ddyfais.\n\nNot {{a}} step',
  ...more,
})
const inAYear = { 'review-on-day': '3', 'review-on-month': '8', 'review-on-year': '2027' }

describe('A guide', () => {
  it('is written, looked at, approved by name and only then there for everybody', async () => {
    const form = { ...fields(), ...key() }
    const both = [await administrator.post('/guides', form), await administrator.post('/guides', form)]
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    const url = both[0]?.headers.location ?? ''
    const page = await administrator.get(url)
    expect(plainText(page.text)).toContain('Draft')
    expect(page.text).toContain('lang="cy"')
    expect(page.text).toContain('Plygiwch &lt;b&gt;y&lt;/b&gt; ddyfais')
    expect(page.text).toMatch(/<img [^>]*pictures\/charger\.svg" alt="A plug with a cable"/)
    expect((await champion.get(url)).status).toBe(404)
    expect((await champion.get(`${url}/print`)).status).toBe(404)
    expect((await champion.get('/guides')).text).not.toContain('Gwefru')

    const approve = () => administrator.post(`${url}/approval`, { ...inAYear, version: 1 })
    expect([(await approve()).status, (await approve()).status]).toEqual([303, 409])
    const approved = plainText((await champion.get(url)).text)
    expect(approved).toContain('Approved by HERE administrator')
    expect(approved).toContain('Read again by 3 August 2027')
    expect((await administrator.post(url, { title: 'Other', words: 'Hello', version: 2 })).status).toBe(409)
  })

  it('goes on in a new version, which takes the place of the one before', async () => {
    const { id } = await guide(app.db, { ...here(), purpose: 'accounts', title: 'Passwords' })
    const form = key()
    const next = () => administrator.post(`/guides/${id}/versions`, form)
    const [one, two] = [await next(), await next()]
    expect(one.headers.location).toBe(two.headers.location)
    expect((await administrator.post(`/guides/${id}/versions`, key())).status).toBe(409)
    const url = one.headers.location?.replace('/edit', '') ?? ''
    expect((await administrator.get(`${url}/edit`)).text).toContain('1. Open the message that we sent you.')
    const change = (title: string, version: number) =>
      administrator.post(url, { title, words: 'Heading: A\n\nNew words', version })
    expect((await change('Passwords, newer', 1)).status).toBe(303)
    const late = await change('Mine', 1)
    expect([late.status, late.text.includes('Mine')]).toEqual([409, true])
    expect((await administrator.post(`${url}/approval`, { ...inAYear, version: 2 })).status).toBe(303)
    expect(plainText((await champion.get(`/guides/${id}`)).text)).toContain('No longer in use')
    expect(plainText((await champion.get(`/guides/${id}/print`)).text)).toContain('do not hand it out')
    const list = (await champion.get('/guides')).text
    expect([list.includes('Passwords, newer'), list.includes(`/guides/${id}"`)]).toEqual([true, false])
  })

  it.each([
    [{ title: '' }, 'Enter a title'],
    [{ words: '' }, 'Write the guide'],
    [{ words: 'Picture: dragon\nHello' }, 'There is no picture “dragon”'],
    [{ purpose: 'other' }, 'Choose what the guide is for'],
    [{ form: 'braille' }, 'Choose how it is made'],
    [{ language: 'xx' }, 'Choose a language'],
    [{ platform: '1' }, 'Only a guide to joining a call'],
    [{ form: 'audio', link: 'javascript:alert(1)' }, 'beginning with https://'],
    [{ form: 'bsl', link: 'http://video.example' }, 'beginning with https://'],
    [{ words: 'x '.repeat(9_000) }, '15,000 characters or less'],
  ])('is refused as %j', async (more, words) => {
    const answer = await administrator.post('/guides', { ...fields({ language: 'pl', ...more }), ...key() })
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(words)
  })

  it('has one draft of each kind, belongs to its organisation, and is read again on a day to come', async () => {
    const draft = await draftGuide(app.db, { ...here(), purpose: 'staying-safe' })
    const same = fields({ purpose: 'staying-safe', form: 'plain', language: 'en', words: 'A' })
    const again = await administrator.post('/guides', { ...same, ...key() })
    expect([again.status, plainText(again.text).includes('There is a draft of this already')]).toEqual([422, true])
    const past = { ...inAYear, 'review-on-year': '2026', version: 1 }
    expect((await administrator.post(`/guides/${draft.id}/approval`, past)).status).toBe(422)
    const theirs = await guide(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await administrator.get(`/guides/${theirs.id}`)).status).toBe(404)
    const on = await platform(app.db, { organisation_id: app.people.otherOrganisationId })
    const elsewhere = fields({ purpose: 'join-call', platform: String(on.id), language: 'so' })
    expect((await administrator.post('/guides', { ...elsewhere, ...key() })).status).toBe(404)
  })

  it('stays as it was approved, whoever asks', async () => {
    const { id } = await guide(app.db, { ...here(), purpose: 'what-we-see' })
    const change = (set: string) => verdict(app.pool.query(`update guides set ${set} where id = ${id}`))
    for (const set of [`title = 'x'`, `blocks = '[]'`, 'approved_at = null, approved_by = null, review_on = null']) {
      expect(await change(set)).toMatch(/guide_stays_as_approved/)
    }
    expect(await verdict(app.pool.query(`update guides set retired_at = now()`))).toMatch(/is_approved_by_somebody/)
    const twice = guide(app.db, { ...here(), purpose: 'what-we-see', number: 2 })
    await expect(twice).rejects.toThrow(/one_guide_in_use/)
  })
})

describe('The guides that come with the service', () => {
  it('come as drafts, once, those of a platform where it is known', async () => {
    await platform(app.db, { ...here(), name: 'zoom' })
    expect((await administrator.post('/guides/starters', key())).status).toBe(303)
    const page = (await administrator.get('/guides?language=en')).text
    expect(page).toContain('How to join a call on Zoom')
    expect(page).not.toContain('How to join a call on AccuRx')
    const count = () =>
      app.db
        .selectFrom('guides')
        .select((of) => of.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    const before = await count()
    await administrator.post('/guides/starters', key())
    expect(await count()).toEqual(before)
  })
})

describe('Somebody’s guides', () => {
  it('are the ones they need, and what is not there is said', async () => {
    const person = await serviceUser(app.db, { ...here(), needs_asked: 'some', needs: ['easy-read', 'large-print'] })
    await app.db
      .updateTable('service_user_details')
      .set({ language: 'Cymraeg' })
      .where('service_user_id', '=', person.id)
      .execute()
    await guide(app.db, { ...here(), purpose: 'if-it-fails', title: 'When it fails', number: 2, language: 'en' })
    const page = await champion.get(`/service-users/${person.id}/guides`)
    const text = plainText(page.text)
    expect(text).toContain('Chosen by what is on their record: easy read in large print, large print, Cymraeg.')
    expect(text).toContain('There is no Welsh version yet: this is the English one.')
    expect(text).toContain('There is no version in easy read yet: this is the one in plain English.')
    expect(page.text.includes('print?print&#x3D;large')).toBe(true)
  })
})

describe('What somebody was given', () => {
  it('is written down once, with its version and shape, and stays', async () => {
    const person = await serviceUser(app.db, {
      ...here(),
      name: 'Gwen Given',
      needs_asked: 'some',
      needs: ['large-print'],
    })
    const { id } = await guide(app.db, { ...here(), purpose: 'how-calls-work', title: 'Our calls', number: 3 })
    const url = `/service-users/${person.id}/guides`
    const form = { guide: [String(id)], ...key() }
    expect([(await champion.post(url, form)).status, (await champion.post(url, form)).status]).toEqual([303, 303])
    const given = 'HERE champion gave them: Our calls, large print, version 3.'
    expect(plainText((await champion.get(url)).text).split(given)).toHaveLength(2)
    expect((await champion.post(url, key())).status).toBe(422)
    const old = await guide(app.db, {
      ...here(),
      purpose: 'how-calls-work',
      form: 'easy-read',
      title: 'Pictures',
      number: 4,
    })
    const wrong = await champion.post(url, { guide: [String(old.id)], ...key() })
    expect([wrong.status, plainText(wrong.text).includes('have changed since you opened this')]).toEqual([409, true])
    expect(await verdict(app.pool.query(`update guides_given set format = 'plain'`))).toMatch(/given_guide_is_in_use/)
    const draft = await draftGuide(app.db, { ...here(), purpose: 'charging', language: 'pl' })
    const by = { id: app.people.actors.champion.staffId }
    await expect(guideGiven(app.db, { guide: draft, person, by })).rejects.toThrow(/is not in use/)
  })
})

describe('The guide of a call', () => {
  const later = (hours: number) => new Date(startOfTest.getTime() + hours * 3_600_000)
  const organisation_id = () => app.people.organisationId

  /** What somebody who is called by video is sent about it. */
  async function sentTo(more: object, publicUrl = 'https://loans.example', names_service = false): Promise<string> {
    const person = await serviceUser(app.db, { organisation_id: organisation_id(), known_as: 'Kim', ...more })
    await contactAnswer(app.db, { person, channel: 'email', names_service })
    const by = await staffMember(app.db, { organisation_id: organisation_id() })
    await diaryEntry(app.db, { champion: by, person, from: later(100), made_at: startOfTest, way: 'video' })
    await writeWhatIsDue({ db: app.db, clock: app.clock, canText: false, publicUrl })
    const { rows } = await app.pool.query<{ body: string }>(
      'select body from message_contents join messages on id = message_id where service_user_id = $1',
      [person.id],
    )
    return rows[0]?.body ?? ''
  }
  const linkIn = (body: string) => /https:\S+?(\/read\/\S+)/.exec(body)?.[1] ?? ''

  it('is linked in what they are sent, as they read best, and opens for whoever has the link while it is in use', async () => {
    app.setClock(startOfTest)
    expect(await sentTo({})).not.toContain('/read/')
    const one = await guide(app.db, { organisation_id: organisation_id(), number: 40, title: 'How to join our call' })
    const link = linkIn(await sentTo({}))
    const nobody = app.visitor()
    const page = await nobody.get(link)
    expect([page.status, plainText(page.text)]).toEqual([200, expect.stringContaining('How to join our call')])
    for (const words of ['HERE', 'Trust', 'Kim']) expect(plainText(page.text)).not.toContain(words)
    const large = linkIn(await sentTo({ needs_asked: 'some', needs: ['large-print'] }))
    expect((await nobody.get(large)).text).toContain('app-print--large')
    // an address that tells whose it is goes to those who agreed to that
    expect(await sentTo({}, 'https://loans.harbour.nhs.uk')).not.toContain('/read/')
    expect(await sentTo({}, 'https://loans.harbour.nhs.uk', true)).toContain('https://loans.harbour.nhs.uk/read/')
    await app.pool.query('update guides set retired_at = $2, retired_by = approved_by where id = $1', [
      one.id,
      startOfTest,
    ])
    expect((await nobody.get(link)).status).toBe(404)
    await guide(app.db, { organisation_id: organisation_id(), number: 41, title: 'The new way to join' })
    expect(plainText((await nobody.get(link)).text)).toContain('The new way to join')
    for (const key of ['nonsense', crypto.randomUUID()]) expect((await nobody.get(`/read/${key}`)).status).toBe(404)
  })
})
