import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  contactAddress,
  contactAnswer,
  contactTask,
  onCaseload,
  openToContact,
  privateNote,
  serviceUser,
  staffMember,
  supporter,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const someone = (more: object = {}) => serviceUser(app.db, { organisation_id: app.people.organisationId, ...more })
const url = (id: number, rest = '') => `/service-users/${id}/safe-contact${rest}`
const text = async (path: string, visitor = champion) => plainText((await visitor.get(path)).text)
const history = (id: number) => text(`/service-users/${id}/history?views=yes`)
const texts = { version: 0, answer: 'allowed', from: '10', until: '12' }
const onlyTexts = (id: number, fields: object = {}) =>
  champion.post(url(id, '/channels/text'), { ...texts, days: ['1', '5'], ...fields })
const key = () => ({ key: crypto.randomUUID() })
const answersOf = (id: number) =>
  app.db.selectFrom('contact_answers').selectAll().where('service_user_id', '=', id).orderBy('id').execute()

describe('What somebody said about a way of reaching them', () => {
  it('is written down, told before they are contacted, printed, and in the history in the same words', async () => {
    const person = await someone()
    expect(await text(`/service-users/${person.id}`)).toContain('How we may contact them Not asked yet')
    const answer = await onlyTexts(person.id)
    expect([answer.status, answer.headers.location]).toEqual([303, url(person.id)])
    await champion.post(url(person.id, '/channels/call'), { version: 0, answer: 'not-allowed', number: 'known' })
    for (const path of ['', '/print', '/safe-contact']) {
      const page = await text(`/service-users/${person.id}${path}`)
      expect(page).toContain('Before you contact them')
      expect(page).toContain('Texts only from 10am to midday, only on Monday and Friday')
      expect(page).toContain('No calls')
    }
    expect(await history(person.id)).toMatch(
      /Texts: added, Yes, only from 10am to midday, only on Monday and Friday, without saying who we are/,
    )
    expect((await champion.get(url(person.id, '/channels/text'))).text).toMatch(/value="10" selected/)
  })

  it('is changed by another answer, and is never not asked again', async () => {
    const person = await someone()
    await onlyTexts(person.id)
    const [first] = await answersOf(person.id)
    expect((await onlyTexts(person.id, { version: first!.id, answer: '' })).status).toBe(422)
    expect((await onlyTexts(person.id, { version: first!.id, answer: 'not-asked' })).status).toBe(422)
    expect((await onlyTexts(person.id, { version: first!.id, answer: 'not-allowed' })).status).toBe(303)
    expect((await answersOf(person.id)).map(({ answer }) => answer)).toEqual(['allowed', 'not-allowed'])
  })

  it('is a stop by one press, and opens again only where somebody says that they asked', async () => {
    const person = await someone()
    await onlyTexts(person.id)
    const [first] = await answersOf(person.id)
    expect(await text(url(person.id))).toContain('No more texts')
    expect((await onlyTexts(person.id, { version: first!.id, answer: 'not-allowed' })).status).toBe(303)
    expect(await text(url(person.id))).not.toContain('No more texts')
    const version = (await answersOf(person.id)).at(-1)!.id
    const refused = await onlyTexts(person.id, { version })
    expect([refused.status, plainText(refused.text)]).toEqual([422, expect.stringContaining('Say that you asked them')])
    expect((await onlyTexts(person.id, { version, asked: 'yes' })).status).toBe(303)
    expect((await answersOf(person.id)).map((one) => one.asked_again)).toEqual([false, false, true])
  })

  it.each([
    [{ from: '12', until: '10' }, 'Choose a time after the one it begins at'],
    [{ from: '10', until: '' }, 'Choose until when'],
    [{ from: '', until: '10' }, 'Choose from when'],
    [{ from: '25', until: '26' }, 'Choose from when'],
    [{ answer: '' }, 'Choose what they said'],
  ])('is refused as %j, and what was chosen is still there', async (fields, words) => {
    const person = await someone()
    const answer = await onlyTexts(person.id, fields)
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(words)
    expect(answer.text).toMatch(/value="5"[^>]* checked/)
    expect(await answersOf(person.id)).toEqual([])
  })

  it('shows whoever was slower what the other one wrote, also when both press together', async () => {
    const person = await someone()
    const both = await Promise.all([onlyTexts(person.id), onlyTexts(person.id, { answer: 'not-allowed' })])
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409])
    const late = both.find(({ status }) => status === 409)!
    expect(plainText(late.text)).toContain('HERE champion answered this on Monday 3 August 2026 at 10:30am')
    expect(await answersOf(person.id)).toHaveLength(1)
  })
})

describe('What a supporter said', () => {
  it('is asked and kept apart from what the person said', async () => {
    const person = await someone()
    const sal = await supporter(app.db, { of: person, name: 'Sal Example', email: 'sal@post.example' })
    const path = url(person.id, `/supporters/${sal.id}/channels/email`)
    expect(await text(path)).toContain('Sal Example, who supports')
    const send = () => champion.post(path, { version: 0, answer: 'allowed', names: 'yes' })
    const both = [await send(), await send()]
    expect(both.map(({ status }) => status)).toEqual([303, 409])
    expect(await answersOf(person.id)).toMatchObject([{ supporter_id: sal.id, channel: 'email', names_service: true }])
    expect(await text(url(person.id))).toMatch(/Sal Example, who supports them.*Emails Yes, we may say who we are/)
    expect(await text(url(person.id, '/channels/email'))).not.toContain('Sal Example')
    const other = await someone()
    expect((await champion.get(url(other.id, `/supporters/${sal.id}/channels/email`))).status).toBe(404)
    expect((await champion.post(url(other.id, `/supporters/${sal.id}/channels/email`), texts)).status).toBe(404)
    expect((await champion.get(url(person.id, `/supporters/${sal.id}/channels/post`))).status).toBe(404)
  })
})

describe('A number or address', () => {
  it('is confirmed or ruled out by name, and told to everybody once it is ruled out', async () => {
    const person = await someone({ phone: '07700 900 111', email: 'kim@post.example' })
    await openToContact(app.db, { person })
    const say = (address: string, answer: string) => champion.post(url(person.id, '/addresses'), { address, answer })
    expect((await say('07700900111', 'not-safe')).status).toBe(303)
    const out = 'Do not use this phone number: 07700 900 111'
    for (const path of ['', '/print', '/safe-contact'])
      expect(await text(`/service-users/${person.id}${path}`)).toContain(out)
    expect((await say('07700900111', 'safe')).status).toBe(303)
    expect((await say('07700900111', 'safe')).status).toBe(303)
    expect(await text(url(person.id))).toMatch(/07700 900 111 ?Confirmed as safe/)
    const rows = app.db.selectFrom('contact_address_answers').where('service_user_id', '=', person.id)
    expect(await rows.select('is_safe').orderBy('id').execute()).toEqual([{ is_safe: false }, { is_safe: true }])
    expect((await say('07700900999', 'safe')).status).toBe(409)
    expect((await say('', 'safe')).status).toBe(409)
    expect(await history(person.id)).toContain('wrote down that a number or address of this record is not to be used')
  })

  it('is told to the ward and the care team as what to do, without the number', async () => {
    const { people } = app
    const words = { contact_instruction: 'Do not ring the home number.', phone: '07700 900 111' }
    const person = await someone({ state: 'admitted', ward_id: people.ward.id, ...words })
    await contactAddress(app.db, { person, address: '07700 900111', isSafe: false })
    const page = await text(`/people/${person.id}`, await app.signedInAs('ward-staff'))
    expect(page).toContain('Before you contact them')
    expect(page).toContain('Do not ring the home number.')
    expect(page).toContain('Do not use the phone number that we have')
    expect(page).not.toContain('900')
  })

  it('is paused with everything else, and asked about again by each pause', async () => {
    const person = await someone({ email: 'kim@post.example', phone: '' })
    await supporter(app.db, { of: person, name: 'Sal', email: 'sal@post.example' })
    await contactAddress(app.db, { person, address: 'kim@post.example', isSafe: true })
    expect(await text(url(person.id))).toContain('Confirmed as safe')
    expect((await champion.post(url(person.id, '/pause'))).status).toBe(303)
    const page = await text(url(person.id))
    expect(page.match(/Paused until it is confirmed/g)).toHaveLength(2)
    expect(page).toContain('Email address of Sal')
    expect(await text(`/service-users/${person.id}`)).toContain('Use no number or address until it is confirmed')
  })
})

describe('That somebody near a person may be a risk to them', () => {
  const note = 'Their partner reads every message. zzsecret'
  const write = (id: number, fields: object = {}) => champion.post(url(id, '/private'), { note, ...key(), ...fields })
  const notesOf = (id: number) =>
    app.db
      .selectFrom('contact_risks')
      .innerJoin('contact_risk_notes', 'risk_id', 'contact_risks.id')
      .selectAll()
      .where('service_user_id', '=', id)
      .execute()

  it('pauses everything in the same moment, and whoever wrote it may read it', async () => {
    const person = await someone()
    await contactAddress(app.db, { person, address: person.email, isSafe: true })
    const sent = key()
    const answer = await write(person.id, sent)
    expect([answer.status, answer.headers.location]).toEqual([303, url(person.id)])
    expect((await write(person.id, sent)).status).toBe(303)
    expect(await notesOf(person.id)).toHaveLength(1)
    const page = await text(url(person.id))
    expect(page.match(/Paused until it is confirmed/g)).toHaveLength(2)
    expect(page).not.toContain('zzsecret')
    expect(await text(url(person.id, '/private'))).toContain('zzsecret')
  })

  it('is open to who looks after them, who wrote it and a lead; refused to others whether there is any or not', async () => {
    const { organisationId, actors } = app.people
    const staff = async (more: object = {}) => {
      const made = await staffMember(app.db, { organisation_id: organisationId, ...more })
      const visitor = await app.signedInAs({ ...actors.champion, staffId: made.id })
      return { made, visitor }
    }
    const [carer, lead, other] = [await staff(), await staff({ is_lead_champion: true }), await staff()]
    const [withNote, without] = [await someone(), await someone()]
    await privateNote(app.db, { person: withNote, note })
    for (const person of [withNote, without]) {
      await onCaseload(app.db, { organisationId, champion: carer.made, serviceUser: person })
      const statusFor = async (visitor: Visitor) => (await visitor.get(url(person.id, '/private'))).status
      expect(await statusFor(carer.visitor)).toBe(200)
      expect(await statusFor(lead.visitor)).toBe(200)
      expect(await statusFor(other.visitor)).toBe(403)
      expect(await statusFor(champion)).toBe(403)
      expect(await text(url(person.id), other.visitor)).not.toContain('Open the private notes')
      expect(await text(url(person.id), carer.visitor)).toContain('Open the private notes')
      expect((await other.visitor.get(url(person.id, '/private/new'))).status).toBe(200)
    }
  })

  it('keeps each look in the audit, and out of the history that others read', async () => {
    const person = await someone()
    await write(person.id)
    await champion.get(url(person.id, '/private'))
    await champion.get(url(person.id, '/private'))
    const rows = await app.db
      .selectFrom('audit_events')
      .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
      .select(['verb', 'details'])
      .where('service_user_id', '=', person.id)
      .where('verb', 'like', 'safe-contact:private-%')
      .orderBy('audit_events.id')
      .execute()
    expect(rows.map(({ verb }) => verb)).toEqual([
      'safe-contact:private-written',
      'safe-contact:private-viewed',
      'safe-contact:private-viewed',
    ])
    expect(JSON.stringify(rows)).not.toContain('zzsecret')
    expect(await history(person.id)).not.toMatch(/private|risk/)
    expect(await history(person.id)).toContain('paused all contact with this record')
  })

  it('is cleared by name alone, with how they know; what was paused stays so', async () => {
    const person = await someone()
    await write(person.id)
    const [risk] = await notesOf(person.id)
    const clear = (visitor: Visitor, why: string) =>
      visitor.post(url(person.id, `/private/${risk!.id}/cleared`), { note: why })
    expect((await clear(champion, '')).status).toBe(422)
    const stranger = await staffMember(app.db, { organisation_id: app.people.organisationId })
    const other = await app.signedInAs({ ...app.people.actors.champion, staffId: stranger.id })
    expect((await clear(other, 'I think so')).status).toBe(403)
    expect((await clear(champion, 'They live alone now.')).status).toBe(303)
    expect((await clear(champion, 'Again.')).status).toBe(409)
    expect(await notesOf(person.id)).toMatchObject([
      { cleared_by: app.people.actors.champion.staffId, cleared_note: 'They live alone now.' },
    ])
    expect(await text(url(person.id, '/private'))).toContain('that this holds no more: They live alone now.')
    expect(await text(url(person.id))).toContain('Paused until it is confirmed')
  })

  it('has to say something, and keeps what was typed', async () => {
    const person = await someone()
    expect((await write(person.id, { note: ' ' })).status).toBe(422)
    const long = await write(person.id, { note: 'x'.repeat(2001) })
    expect([long.status, long.text.includes('x'.repeat(2001))]).toEqual([422, true])
  })
})

describe('What could not be sent', () => {
  it('says what to do instead on the page and the worklist, until somebody did it', async () => {
    const person = await someone({ name: 'Tess Task-Example' })
    const task = await contactTask(app.db, { person })
    expect(await text('/')).toMatch(/Tess Task-Example.*Nobody has asked them whether this is all right/)
    const page = await text(url(person.id))
    expect(page).toContain('Ask them in person how they may be reached, and write it down.')
    await contactAnswer(app.db, { person, channel: 'call' })
    expect(await text(url(person.id))).toContain('Call them, at the times they agreed.')
    const done = () => champion.post(url(person.id, `/tasks/${task.id}/done`))
    expect([(await done()).status, (await done()).status]).toEqual([303, 409])
    expect(await text('/')).not.toContain('Tess Task-Example')
  })
})

describe('All of it', () => {
  it('is for nobody else, and of no other organisation', async () => {
    const person = await someone()
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const task = await contactTask(app.db, { person: foreign })
    const posts = (id: number) =>
      [
        [url(id, '/channels/text'), { ...texts }],
        [url(id, '/addresses'), { address: '07700900111', answer: 'safe' }],
        [url(id, '/pause'), {}],
        [url(id, '/private'), { note: 'x', ...key() }],
        [url(id, '/private/1/cleared'), { note: 'x' }],
        [url(id, `/tasks/${task.id}/done`), {}],
      ] as const
    const gets = (id: number) => ['', '/channels/text', '/private', '/private/new'].map((rest) => url(id, rest))
    for (const role of [
      'administrator',
      'ward-staff',
      'care-team',
      'commissioner',
      'information-governance',
    ] as const) {
      const visitor = await app.signedInAs(role)
      for (const path of gets(person.id))
        expect([role, path, (await visitor.get(path)).status]).toEqual([role, path, 403])
      for (const [path, fields] of posts(person.id)) expect((await visitor.post(path, fields)).status).toBe(403)
    }
    for (const path of gets(foreign.id)) expect([path, (await champion.get(path)).status]).toEqual([path, 404])
    for (const [path, fields] of posts(foreign.id))
      expect([path, (await champion.post(path, fields)).status]).toEqual([path, 404])
    expect((await champion.get(url(person.id, '/channels/fax'))).status).toBe(404)
    expect((await champion.post(url(person.id, `/tasks/${task.id}/done`))).status).toBe(404)
  })
})
