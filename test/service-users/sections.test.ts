import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { serviceUser } from '../../seeds/factories.ts'
import { sections } from '../../src/service-users/section-rules.ts'
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
const save = (id: number, section: string, fields: Record<string, string | number | string[]>) =>
  champion.post(`/service-users/${id}/sections/${section}`, { version: 1, ...fields })
const record = async (id: number) => plainText((await champion.get(`/service-users/${id}`)).text)

async function stored(id: number) {
  return app.db
    .selectFrom('service_users')
    .innerJoin('service_user_details', 'service_user_id', 'service_users.id')
    .selectAll()
    .where('service_users.id', '=', id)
    .executeTakeFirstOrThrow()
}

const needsForm = {
  'needs-asked': 'some',
  needs: ['large-print', 'more-time'],
  'needs-words': 'I read slowly.\nPlease do not hurry me.',
  'needs-met': 'Letters at 18 point',
  'needs-shared': 'The care team',
  'needs-review-on-day': '31',
  'needs-review-on-month': '3',
  'needs-review-on-year': '2027',
}

describe('a section of a record', () => {
  it('is saved by itself, shown on the record, and told in the history in the words of the form', async () => {
    const person = await serviceUser(app.db, here())
    expect(await record(person.id)).toContain('Communication needs Not asked yet')
    const answer = await save(person.id, 'needs', needsForm)
    expect([answer.status, answer.headers.location]).toEqual([303, `/service-users/${person.id}`])
    expect(await stored(person.id)).toMatchObject({
      needs_asked: 'some',
      needs: ['large-print', 'more-time'],
      needs_words: 'I read slowly.\nPlease do not hurry me.',
      needs_review_on: '2027-03-31',
      version: 1,
    })
    const text = await record(person.id)
    expect(text).toContain('Communication needs Large print More time I read slowly.')
    expect(text).toContain('When to ask again 31 Mar 2027')
    expect(text).toContain('HERE champion changed a part of this record.')
    expect(text).toContain('What do they need: added, Large print, More time')
    expect(text).toContain('Part: Communication needs')
  })

  it('shows what is saved, to be changed', async () => {
    const person = await serviceUser(app.db, here())
    await save(person.id, 'needs', needsForm)
    const page = (await champion.get(`/service-users/${person.id}/sections/needs`)).text
    expect(page).toMatch(/value="large-print" checked/)
    expect(page).toMatch(/value="some" checked/)
    expect(page).toContain('value="2027"')
    expect(page).toContain('name="version" value="2"')
  })

  it.each(sections.map(({ name }) => name))('%s may be left empty', async (name) => {
    const person = await serviceUser(app.db, here())
    expect((await save(person.id, name, { state: 'community' })).status).toBe(303)
    expect((await champion.get(`/service-users/${person.id}`)).status).toBe(200)
  })

  it.each<[string, Record<string, string | string[]>, string]>([
    ['contact', { phone: 'the blue one' }, 'Enter a phone number, like'],
    ['contact', { email: 'a@b.example, c@d.example' }, 'Enter an email address in the correct format'],
    ['where', { state: 'elsewhere' }, 'Choose one of these'],
    ['where', { state: 'admitted', ward: '999999' }, 'Choose a ward of the list'],
    [
      'where',
      { state: 'died', 'state-on-day': '4', 'state-on-month': '8', 'state-on-year': '2026' },
      'The day must be',
    ],
    [
      'where',
      { state: 'community', 'state-on-day': '31', 'state-on-month': '2', 'state-on-year': '2026' },
      'real date',
    ],
    ['where', { state: 'community', address: 'x'.repeat(1001) }, 'must be 1,000 characters or less'],
    ['emergency', { 'emergency-phone': '07700 900111' }, 'Enter the name'],
    ['needs', { needs: ['large-print'] }, 'Choose “Yes”, or take out what they need'],
    ['equity', { gender: 'unheard-of' }, 'Choose one of these'],
  ])('%s refuses %j, and keeps what was typed', async (section, fields, text) => {
    const person = await serviceUser(app.db, here())
    const before = await stored(person.id)
    const answer = await save(person.id, section, fields)
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(text)
    expect(answer.text).toContain('<title>Error: ')
    const typed = Object.values(fields).find((value) => typeof value === 'string' && value.length === 12)
    if (typed !== undefined) expect(answer.text).toContain(`value="${typed}"`)
    expect(await stored(person.id)).toEqual(before)
  })

  it('shows whoever was slower what the other one changed, and loses nothing of either', async () => {
    const person = await serviceUser(app.db, here())
    await save(person.id, 'emergency', { 'emergency-name': 'Ada First', 'emergency-relation': 'Sister' })
    const late = await save(person.id, 'emergency', { 'emergency-name': 'Ada Second', 'emergency-relation': 'Sister' })
    expect(late.status).toBe(409)
    const text = plainText(late.text)
    expect(text).toContain('HERE champion changed this on Monday 3 August 2026 at 10:30am, after you opened it.')
    expect(text).toMatch(/Ada First .*Ada Second/)
    expect(text).not.toMatch(/Sister .*Sister/)
    expect(late.text).toContain('value="Ada Second"')
    expect(late.text).toContain('name="version" value="2"')
    expect(await stored(person.id)).toMatchObject({ emergency_name: 'Ada First' })
  })

  it('is in nobody’s way who writes down another section of the same person', async () => {
    const person = await serviceUser(app.db, here())
    await save(person.id, 'language', { language: 'Somali', interpreter: 'spoken' })
    expect((await save(person.id, 'care', { clinician: 'Dr Example' })).status).toBe(303)
    expect(await stored(person.id)).toMatchObject({ language: 'Somali', clinician: 'Dr Example' })
    expect(await record(person.id)).toContain('Interpreter needed: Somali')
  })

  it('pressed by two at once: one saves, the other is told', async () => {
    const person = await serviceUser(app.db, here())
    const both = await Promise.all(
      ['One', 'Two'].map((name) => save(person.id, 'emergency', { 'emergency-name': name })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409])
  })

  it('is not for other roles, nor of another organisation, nor any section there is not', async () => {
    const person = await serviceUser(app.db, here())
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const ward = await app.signedInAs('administrator')
    const path = (id: number, name = 'care') => `/service-users/${id}/sections/${name}`
    expect((await ward.get(path(person.id))).status).toBe(403)
    expect((await ward.post(path(person.id), { version: 1 })).status).toBe(403)
    for (const where of [path(foreign.id), path(person.id, 'secrets'), path(person.id, '__proto__')]) {
      expect((await champion.get(where)).status).toBe(404)
      expect((await champion.post(where, { version: 1, clinician: 'x' })).status).toBe(404)
    }
    const theirWard = { state: 'admitted', ward: String(app.people.foreignWard.id) }
    expect((await save(person.id, 'where', theirWard)).status).toBe(422)
  })
})

describe('somebody who moved on', () => {
  it('is admitted to a ward, which stands on the record with what it changes', async () => {
    const person = await serviceUser(app.db, here())
    await save(person.id, 'where', { state: 'admitted', ward: String(app.people.ward.id) })
    const text = await record(person.id)
    expect(text).toContain('Admitted to a ward Do not chase what is due back.')
    expect(text).toContain('Which ward Ash Ward')
  })

  it('died: the record says what to leave, and offers no loan', async () => {
    const person = await serviceUser(app.db, here())
    await save(person.id, 'where', { state: 'died' })
    const text = await record(person.id)
    expect(text).toContain('Send nothing and call nobody about what is due back.')
    expect(text).not.toContain('Lend to this person')
  })
})

describe('a record on paper', () => {
  it('has everything but what is asked for counts', async () => {
    const person = await serviceUser(app.db, { ...here(), known_as: 'Bobbie', local_id: 'RX-77' })
    await save(person.id, 'needs', needsForm)
    await save(person.id, 'equity', { housing: 'rough' })
    const page = await champion.get(`/service-users/${person.id}/print`)
    const text = plainText(page.text)
    for (const words of ['Bobbie', 'RX-77', 'Large print', person.name]) expect(text).toContain(words)
    expect(text).not.toContain('Outdoors')
    expect(page.text).not.toMatch(/<title>[^<]*Example-Person/)
  })
})

describe('a hospital number', () => {
  const born = { 'date-of-birth-day': '1', 'date-of-birth-month': '3', 'date-of-birth-year': '1985' }

  it('is one person’s, however its letters are typed; who has it is shown', async () => {
    const holder = await serviceUser(app.db, { ...here(), local_id: 'rx-1001' })
    const fields = { ...born, name: 'Somebody New', 'local-id': 'RX-1001' }
    const added = await champion.post('/service-users', { ...fields, key: crypto.randomUUID(), confirmed: 'yes' })
    expect(added.status).toBe(422)
    expect(added.text).toContain('id="local-id-error"')
    expect(added.text).toContain(`href="/service-users/${holder.id}"`)
    const other = await serviceUser(app.db, here())
    const changed = await champion.post(`/service-users/${other.id}`, { ...fields, version: 1 })
    expect(changed.status).toBe(422)
    expect(plainText(changed.text)).toContain('Someone else has this hospital number already')
  })
})

describe('what somebody likes to be called', () => {
  it('finds them as their name does', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Robert Findable', known_as: 'Zuzu' })
    for (const search of ['zuzu', 'findable ZUZU']) {
      await champion.post('/service-users/search', { search })
      expect((await champion.get('/service-users/search')).text).toContain(`href="/service-users/${person.id}"`)
    }
  })
})

describe('by plain SQL', () => {
  it('no word is kept that is not in a list, and no ward of another organisation', async () => {
    const { id } = await serviceUser(app.db, here())
    const set = (row: object) => verdict(app.db.updateTable('service_users').set(row).where('id', '=', id).execute())
    expect(await set({ gender: 'x' })).toBe('23514 gender_word')
    expect(await set({ needs_asked: 'some', needs: ['x'] })).toBe('23514 needs_words')
    expect(await set({ needs: ['audio'] })).toBe('23514 needs_are_of_somebody_who_has_some')
    expect(await set({ needs_asked: 'none', needs: ['audio'] })).toBe('23514 needs_are_of_somebody_who_has_some')
    expect(await set({ ward_id: app.people.foreignWard.id })).toMatch(/^23503 /)
    expect(await set({ ward_id: app.people.ward.id, needs_asked: 'some', needs: ['audio'] })).toBe('accepted')
  })
})
