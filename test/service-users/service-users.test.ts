import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { closedLoan, loanTo, overdueLoan, serviceUser, staffMember } from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { formatNhsNumber } from '../../src/lib/nhs-number.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor
let foreignChampion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
})
afterAll(() => app.close())

const key = () => crypto.randomUUID()
const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

let numbers = 50_000
function newNhsNumber(): string {
  numbers += 1
  return makeTestNhsNumber(numbers)
}

const robin = {
  name: 'Robin Marlowe',
  'date-of-birth-day': '29',
  'date-of-birth-month': '2',
  'date-of-birth-year': '1984',
  'nhs-number': '',
  phone: '07700 900123',
  email: 'robin@post.example',
}

function idIn(location: string | undefined): number {
  return Number(/^\/service-users\/(\d+)$/.exec(location ?? '')?.[1])
}

async function storedPerson(id: number) {
  return app.db
    .selectFrom('service_users')
    .innerJoin('service_user_details', 'service_user_id', 'service_users.id')
    .selectAll()
    .where('service_users.id', '=', id)
    .executeTakeFirstOrThrow()
}

async function countPeople() {
  const { count } = await app.db
    .selectFrom('service_users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

async function auditOf(id: number) {
  return app.db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'details', 'staff_id', 'subject_type', 'subject_id'])
    .where('service_user_id', '=', id)
    .orderBy('audit_events.id')
    .execute()
}

async function found(text: string, visitor = champion) {
  const asked = await visitor.post('/service-users/search', { search: text })
  expect([asked.status, asked.headers.location]).toEqual([303, '/service-users/search'])
  return visitor.get('/service-users/search')
}

describe('the list of service users', () => {
  it('says so when there is nobody yet, and how to begin', async () => {
    const page = await foreignChampion.get('/service-users')
    expect(page.status).toBe(200)
    expect(page.text).toContain('There are no service users yet.')
    expect(page.text).toContain('href="/service-users/new"')
  })

  it('shows 50 people a page in the order of their names, there and back, with ids alone in the addresses', async () => {
    const crowd = await startApp()
    try {
      const visitor = await crowd.signedInAs('champion')
      for (let n = 0; n < 101; n += 1) {
        const name = `Ánna ${String(n % 2 === 0 ? n : 100 - n).padStart(3, '0')}`
        await serviceUser(crowd.db, { organisation_id: crowd.people.organisationId, name })
      }
      const names = (html: string) => [...html.matchAll(/Ánna \d+/g)].map(([name]) => name)
      const link = (html: string, rel: string) =>
        new RegExp(`href="([^"]*)" rel="${rel}"`).exec(html)?.[1]?.replace('&#x3D;', '=')
      const pages = [await visitor.get('/service-users')]
      while (link(pages.at(-1)!.text, 'next')) pages.push(await visitor.get(link(pages.at(-1)!.text, 'next')!))
      expect(pages.map((page) => names(page.text).length)).toEqual([50, 50, 1])
      const all = pages.flatMap((page) => names(page.text))
      expect(all).toEqual([...all].sort())
      expect(link(pages[1]!.text, 'next')).toMatch(/^\/service-users\?after=\d+$/)
      const back = await visitor.get(link(pages[2]!.text, 'prev')!)
      expect(names(back.text)).toEqual(names(pages[1]!.text))
    } finally {
      await crowd.close()
    }
  })

  it('answers a made-up cursor and one of another organisation with the same page', async () => {
    const foreign = await serviceUser(app.db, there())
    for (const cursor of [`after=${foreign.id}`, `before=${foreign.id}`, 'after=999999', 'after=zebra', 'before=-1']) {
      expect((await champion.get(`/service-users?${cursor}`)).status).toBe(404)
    }
  })

  it.each(otherRoles)('is not for %s, nor is anything below it', async (role) => {
    const visitor = await app.signedInAs(role)
    const person = await serviceUser(app.db, here())
    const below = ['', '/search', '/new', `/${person.id}`, `/${person.id}/edit`, `/${person.id}/history`]
    for (const path of below) expect((await visitor.get(`/service-users${path}`)).status).toBe(403)
    for (const path of ['', '/search', `/${person.id}`]) {
      expect((await visitor.post(`/service-users${path}`, { ...robin, key: key(), version: 1 })).status).toBe(403)
    }
    expect(await storedPerson(person.id)).toMatchObject({ name: person.name, version: 1 })
  })

  it('asks a visitor to sign in', async () => {
    const answer = await app.visitor().get('/service-users')
    expect(answer.headers.location).toBe('/sign-in?return=%2Fservice-users')
  })
})

describe('looking for somebody', () => {
  beforeAll(async () => {
    const nhs = { nhs_number: '9434765919', phone: '07700 900111' }
    await serviceUser(app.db, { ...here(), name: 'José O’Neill-Smith', ...nhs })
    await serviceUser(app.db, { ...here(), name: 'Li Na', phone: '+44 20 7946 0222', nhs_number: null })
    await serviceUser(app.db, { ...here(), name: 'Oliver Natt', phone: '', nhs_number: null })
    await serviceUser(app.db, { ...there(), name: 'José Elsewhere', phone: '07700 900111' })
  })

  it.each(['josé', 'JOSE', "o'neill", 'O’NEILL', 'oneil smith jose', 'smith, jose', 'Neill-Smith', ' jo  smi '])(
    'finds José O’Neill-Smith by “%s”',
    async (typed) => {
      const page = await found(typed)
      expect(page.status).toBe(200)
      expect(plainText(page.text)).toContain('José O’Neill-Smith')
      expect(page.text).not.toContain('Li Na')
      expect(page.text).not.toContain('José Elsewhere')
    },
  )

  it('takes a short part of a name for the beginning of a word, so that Li does not find Oliver', async () => {
    const page = await found('li')
    expect(page.text).toContain('Li Na')
    expect(page.text).not.toContain('Oliver')
    expect(page.text).toContain('1 person fits “li”')
  })

  it.each(['9434765919', '943 476 5919', '943-476-5919'])('finds an NHS number typed as %s', async (typed) => {
    expect(plainText((await found(typed)).text)).toContain('José O’Neill-Smith')
  })

  it.each(['07700 900111', '+44 7700 900 111', '0044 (0)7700 900111', '07700-9001', '7700 900 111'.padStart(13, '0')])(
    'finds a phone number typed as %s',
    async (typed) => {
      expect(plainText((await found(typed)).text)).toContain('José O’Neill-Smith')
    },
  )

  it('finds a number that was saved with +44 when it is typed with 0', async () => {
    expect((await found('020 7946 0222')).text).toContain('Li Na')
  })

  it('offers names that are spelt much like it when nobody has it as typed', async () => {
    await serviceUser(app.db, { ...here(), name: 'Michael Abernathy' })
    const page = await found('Micheal')
    expect(page.text).toContain('Nobody here fits “Micheal”. This name is close to it')
    expect(page.text).toContain('Michael Abernathy')
  })

  it('says what to try when it finds nobody, and offers to add the person', async () => {
    const name = await found('Xyqwv')
    expect(name.text).toContain('Nobody here fits “Xyqwv”.')
    expect(name.text).toContain('href="/service-users/new"')
    expect((await found('943 476 5918')).text).toContain('If this is an NHS number, one of its digits is wrong.')
    expect((await found('077')).text).toContain('Type part of a name, or at least 5 digits of a number.')
    expect((await found('01632 960 999')).text).toContain('Type a whole NHS number')
    expect((await found("'%_\\")).text).toContain('Type part of a name')
    expect((await found('100%')).text).toContain('Nobody here fits “100%”.')
  })

  it('keeps the search where the Back button finds it, until the whole list is asked for', async () => {
    await found('Li Na')
    const again = await champion.get('/service-users/search')
    expect(again.text).toContain('value="Li Na"')
    const cleared = await champion.post('/service-users/search', { search: ' ' })
    expect(cleared.headers.location).toBe('/service-users')
    const nothing = await champion.get('/service-users/search')
    expect(nothing.headers.location).toBe('/service-users')
  })

  it('shows the first 50 and says so', async () => {
    for (let n = 0; n < 51; n += 1) await serviceUser(app.db, { ...here(), name: `Crowd Member ${n}` })
    const page = await found('crowd')
    expect(page.text.match(/Crowd Member \d+/g)).toHaveLength(50)
    expect(page.text).toContain('Only the first 50 are shown.')
  })

  it('puts no name, number or token in an address, a title or the log', async () => {
    const before = app.logged().length
    const page = await found('Canary Featherstone')
    await found('943 476 5919')
    expect(page.text).not.toMatch(/<title>[^<]*Canary/)
    expect(page.text).not.toMatch(/(?:href|action)="[^"]*(?:Canary|canary)/)
    expect(app.logged().slice(before)).not.toMatch(/Canary|Featherstone|943\s?476/)
  })

  it('changes no record, and takes a list or control characters for what they are', async () => {
    const before = await countPeople()
    const listed = await champion.post('/service-users/search', { search: ['a', 'b'] })
    expect(listed.headers.location).toBe('/service-users')
    expect((await found('Li\0 Na\u0007')).text).toContain('Li Na')
    expect((await found('a'.repeat(5_000))).status).toBe(200)
    expect(await countPeople()).toBe(before)
  })
})

describe('adding a service user', () => {
  it('keeps what was typed, shows it on their record, and says in the audit who did it', async () => {
    const number = newNhsNumber()
    const form = { ...robin, 'nhs-number': formatNhsNumber(number), key: key() }
    const answer = await champion.post('/service-users', form)
    expect(answer.status).toBe(303)
    const id = idIn(answer.headers.location)
    expect(await storedPerson(id)).toMatchObject({
      organisation_id: app.people.organisationId,
      name: 'Robin Marlowe',
      date_of_birth: '1984-02-29',
      nhs_number: number,
      phone: '07700 900123',
      email: 'robin@post.example',
      state: 'community',
      version: 1,
    })
    const page = await champion.get(`/service-users/${id}`)
    expect(page.text).toContain('Robin Marlowe is added.')
    expect(plainText(page.text)).toContain('29 February 1984 (aged 42)')
    expect(page.text).toContain(formatNhsNumber(number))
    const [created] = await auditOf(id)
    expect(created).toMatchObject({
      verb: 'service-user:created',
      staff_id: app.people.actors.champion.staffId,
      subject_type: 'service-user',
      subject_id: id,
      details: { new: { name: 'Robin Marlowe', nhs_number: number } },
    })
  })

  it('needs a name and a date of birth, and nothing else', async () => {
    const form = { ...robin, name: 'Only Aname', phone: '', email: '', key: key() }
    const id = idIn((await champion.post('/service-users', form)).headers.location)
    expect(await storedPerson(id)).toMatchObject({ nhs_number: null, phone: '', email: '' })
    const page = plainText((await champion.get(`/service-users/${id}`)).text)
    expect(page).toContain('NHS number Not known')
    expect(page).toContain('They have nothing on loan.')
  })

  it('says all that is wrong at once and keeps what was typed', async () => {
    const before = await countPeople()
    const answer = await champion.post('/service-users', {
      key: key(),
      name: '  ',
      'date-of-birth-day': '31',
      'date-of-birth-month': '6',
      'date-of-birth-year': '1980',
      'nhs-number': '943 476 5918',
      phone: 'the blue one',
      email: 'robin at home',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('<title>Error: Add a service user')
    for (const text of [
      'Enter the full name',
      'Date of birth must be a real date',
      'NHS number has a wrong digit. Check it and try again',
      'Enter a phone number, like',
      'Enter an email address in the correct format, like name@example.com',
    ]) {
      expect(answer.text.split(text)).toHaveLength(3)
    }
    for (const typed of ['943 476 5918', 'the blue one', 'robin at home', '31']) {
      expect(answer.text).toContain(`value="${typed}"`)
    }
    expect(await countPeople()).toBe(before)
  })

  it.each([
    [
      { 'date-of-birth-year': '2026', 'date-of-birth-month': '8', 'date-of-birth-day': '4' },
      'must be today or in the past',
    ],
    [{ 'date-of-birth-day': '1', 'date-of-birth-year': '2985' }, 'must be today or in the past'],
    [{ 'date-of-birth-day': '1', 'date-of-birth-year': '1899' }, 'must be in the last 120 years'],
    [{ 'date-of-birth-day': '1', 'date-of-birth-year': '1905' }, 'must be in the last 120 years'],
    [{ 'date-of-birth-year': '84' }, 'Year must include 4 numbers'],
    [{ 'date-of-birth-day': '' }, 'Date of birth must include a day'],
    [{ 'date-of-birth-day': '', 'date-of-birth-month': '', 'date-of-birth-year': '' }, 'Enter the date of birth'],
    [{ name: '12345' }, 'Full name must have letters in it'],
    [{ name: 'N'.repeat(201) }, 'Full name must be 200 characters or less'],
    [{ name: ['Two', 'Names'] }, 'Enter the full name'],
    [{ 'nhs-number': '123' }, 'NHS number must be 10 digits. This one has 3'],
    [{ email: 'a@b.example, c@d.example' }, 'Enter an email address in the correct format'],
  ])('refuses %j', async (fields, text) => {
    const answer = await champion.post('/service-users', { ...robin, ...fields, key: key() })
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(text)
  })

  it('takes somebody born today, in a month written out, with a test number of the range 999', async () => {
    const answer = await champion.post('/service-users', {
      ...robin,
      name: 'Baby Today',
      'date-of-birth-day': '3',
      'date-of-birth-month': 'Aug',
      'date-of-birth-year': '2026',
      'nhs-number': newNhsNumber(),
      key: key(),
    })
    expect(answer.status).toBe(303)
    expect(await storedPerson(idIn(answer.headers.location))).toMatchObject({ date_of_birth: '2026-08-03' })
  })

  it('has one effect when the same form is sent twice, together or later', async () => {
    const form = { ...robin, name: 'Once Only', 'date-of-birth-year': '1951', key: key() }
    const day = { 'date-of-birth-day': '1', 'nhs-number': newNhsNumber() }
    const before = await countPeople()
    const send = () => champion.post('/service-users', { ...form, ...day })
    const [first, second] = await Promise.all([send(), send()])
    const third = await send()
    expect([first.status, second.status, third.status]).toEqual([303, 303, 303])
    expect(new Set([first, second, third].map((answer) => answer.headers.location)).size).toBe(1)
    expect(await countPeople()).toBe(before + 1)
  })

  it('shows what looks like markup as text', async () => {
    const name = '<img src=x onerror=alert(1)>Bobby'
    const form = { ...robin, name, 'date-of-birth-year': '1961', 'date-of-birth-day': '7', key: key() }
    const answer = await champion.post('/service-users', form)
    const page = await champion.get(answer.headers.location!)
    expect(page.text).not.toContain('<img')
    expect(page.text).toContain('&lt;img')
  })
})

describe('somebody who may be here already', () => {
  const born = { 'date-of-birth-day': '5', 'date-of-birth-month': '11', 'date-of-birth-year': '1972' }

  it('is shown first when they share a birthday and much of a name; nothing is saved and nothing typed is lost', async () => {
    const twin = await serviceUser(app.db, { ...here(), name: 'Katherine Jones', date_of_birth: '1972-11-05' })
    const before = await countPeople()
    const form = { ...robin, ...born, name: 'Kate Jones', key: key() }
    const asked = await champion.post('/service-users', form)
    expect(asked.status).toBe(422)
    expect(plainText(asked.text)).toContain('Check whether this person is here already')
    expect(plainText(asked.text)).toContain('Katherine Jones')
    expect(plainText(asked.text)).toMatch(/Katherine Jones.*5 November 1972/)
    expect(asked.text).toContain(`href="/service-users/${twin.id}"`)
    expect(asked.text).toContain('value="Kate Jones"')
    expect(asked.text).toContain('value="07700 900123"')
    expect(await countPeople()).toBe(before)

    const added = await champion.post('/service-users', { ...form, confirmed: 'yes' })
    expect(added.status).toBe(303)
    expect(await storedPerson(idIn(added.headers.location))).toMatchObject({ name: 'Kate Jones' })
  })

  it('is not anybody born on another day, named quite differently, or of another organisation', async () => {
    await serviceUser(app.db, { ...here(), name: 'Wilhelmina Abcede', date_of_birth: '1939-04-01' })
    await serviceUser(app.db, { ...here(), name: 'Peter Quince', date_of_birth: '1939-04-02' })
    await serviceUser(app.db, { ...there(), name: 'Peter Quince', date_of_birth: '1939-04-01' })
    const day = { 'date-of-birth-day': '1', 'date-of-birth-month': '4', 'date-of-birth-year': '1939' }
    const answer = await champion.post('/service-users', { ...robin, ...day, name: 'Peter Quince', key: key() })
    expect(answer.status).toBe(303)
  })

  it('has the NHS number: an error at the field with a link to them, also when it was confirmed', async () => {
    const holder = await serviceUser(app.db, { ...here(), name: 'Holder Ofnumber', nhs_number: newNhsNumber() })
    for (const confirmed of ['', 'yes']) {
      const form = { ...robin, name: 'Somebody Else', 'nhs-number': holder.nhs_number!, confirmed, key: key() }
      const answer = await champion.post('/service-users', form)
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('id="nhs-number-error"')
      expect(answer.text).toContain('Someone else has this NHS number already')
      expect(answer.text).toContain(`href="/service-users/${holder.id}"`)
      expect(answer.text).not.toContain('name="confirmed"')
    }
  })

  it('has the NHS number from a second ago: of two people who press together one wins, the other is told at the field', async () => {
    const other = await staffMember(app.db, {
      ...here(),
      email: 'second@here.example',
      password: 'a pot of tea for two',
    })
    const second = await app.visitor().signIn(other.email, 'a pot of tea for two')
    const number = newNhsNumber()
    const form = { ...robin, ...born, 'nhs-number': number, confirmed: 'yes' }
    const answers = await Promise.all([
      champion.post('/service-users', { ...form, name: 'First Presser', key: key() }),
      second.post('/service-users', { ...form, name: 'Other Presser', key: key() }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    expect(answers.find((answer) => answer.status === 422)?.text).toContain('Someone else has this NHS number already')
  })

  it('may have the same NHS number in another organisation', async () => {
    const person = await serviceUser(app.db, { ...here(), nhs_number: newNhsNumber() })
    const form = {
      ...robin,
      name: 'Robin Twice',
      'date-of-birth-day': '9',
      'nhs-number': person.nhs_number!,
      key: key(),
    }
    expect((await foreignChampion.post('/service-users', form)).status).toBe(303)
  })
})

describe('the record of a person', () => {
  it('shows what they have, what they had, and a button to lend more', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Lena Borrower' })
    const past = await closedLoan(app.db, { serviceUser: person })
    const late = await overdueLoan(app.db, { serviceUser: person })
    const now = await loanTo(app.db, { serviceUser: person, dueOn: '2026-08-20' })
    const page = await champion.get(`/service-users/${person.id}`)
    expect(page.status).toBe(200)
    const [before, after] = page.text.split('Past loans')
    expect(before).toContain(`href="/loans/${late.id}"`)
    expect(before).toContain(`href="/loans/${now.id}"`)
    expect(before).toContain('28 days late')
    expect(before).toContain('20 Aug 2026')
    expect(before).toContain('Overdue')
    expect(before).not.toContain(`href="/loans/${past.id}"`)
    expect(after).toContain(`href="/loans/${past.id}"`)
    expect(after).toContain('Returned')
    expect(page.text).toContain(`href="/loans/new?service-user&#x3D;${person.id}"`)
    expect(page.text).toContain('Lend to this person')
  })

  it('keeps their name out of the title and the addresses', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Canary Featherstone' })
    const page = await champion.get(`/service-users/${person.id}`)
    expect(page.text).toContain('<title>Service user - ')
    expect(page.text).not.toMatch(/(?:href|action)="[^"]*(?:Canary|Featherstone)/)
  })

  it('writes an audit row for each look: the record, its form, its history', async () => {
    const person = await serviceUser(app.db, here())
    for (const path of ['', '/edit', '/history']) await champion.get(`/service-users/${person.id}${path}`)
    const rows = await auditOf(person.id)
    expect(rows.map((row) => row.verb)).toEqual(Array(3).fill('service-user:viewed'))
    expect(rows[0]).toMatchObject({
      staff_id: app.people.actors.champion.staffId,
      subject_id: person.id,
      details: null,
    })
  })

  it('of another organisation answers exactly like one that is not there', async () => {
    const foreign = await serviceUser(app.db, { ...there(), name: 'Elsewhere Person' })
    const strip = (html: string) => html.replace(/Reference: \S+|value="[^"]*"/g, '')
    for (const path of ['', '/edit', '/history']) {
      const theirs = await champion.get(`/service-users/${foreign.id}${path}`)
      const nobodys = await champion.get(`/service-users/99999999${path}`)
      expect([theirs.status, nobodys.status]).toEqual([404, 404])
      expect(strip(theirs.text)).toBe(strip(nobodys.text))
    }
    for (const id of ['0', '-1', 'x', '1.5', '99999999999999999999', '%00']) {
      expect((await champion.get(`/service-users/${id}`)).status).toBe(404)
    }
    const changed = await champion.post(`/service-users/${foreign.id}`, { ...robin, version: 1 })
    expect(changed.status).toBe(404)
    expect(await storedPerson(foreign.id)).toMatchObject({ name: 'Elsewhere Person', version: 1 })
    expect((await auditOf(foreign.id)).length).toBe(0)
  })
})

describe('changing a person', () => {
  const born = { 'date-of-birth-day': '1', 'date-of-birth-month': '3', 'date-of-birth-year': '1985' }

  it('saves, and keeps old and new values in the details of the audit alone', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Alex Before', known_as: 'Al' })
    const form = await champion.get(`/service-users/${person.id}/edit`)
    expect(form.text).toContain('value="Alex Before"')
    expect(form.text).toContain(`value="${formatNhsNumber(person.nhs_number!)}"`)
    const fields = { ...born, name: 'Alex After', 'known-as': 'Lex', 'nhs-number': person.nhs_number! }
    const answer = await champion.post(`/service-users/${person.id}`, { ...fields, version: 1 })
    expect([answer.status, answer.headers.location]).toEqual([303, `/service-users/${person.id}`])
    expect(await storedPerson(person.id)).toMatchObject({ name: 'Alex After', date_of_birth: '1985-03-01', version: 2 })
    expect((await auditOf(person.id)).at(-1)).toMatchObject({
      verb: 'service-user:updated',
      details: {
        old: { name: 'Alex Before', known_as: 'Al', date_of_birth: '1984-02-29' },
        new: { name: 'Alex After', known_as: 'Lex', date_of_birth: '1985-03-01' },
      },
    })
    const page = plainText((await champion.get(`/service-users/${person.id}`)).text)
    expect(page).toContain('Your changes are saved.')
    expect(page).toContain('HERE champion changed this record.')
    expect(page).toContain('Known as: was Al, now Lex')
  })

  it('says all that is wrong and keeps what was typed and the version it was opened with', async () => {
    const person = await serviceUser(app.db, here())
    const fields = { ...robin, name: '', 'nhs-number': '1', version: 1 }
    const answer = await champion.post(`/service-users/${person.id}`, fields)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Enter the full name')
    expect(answer.text).toContain('name="version" value="1"')
    expect(await storedPerson(person.id)).toMatchObject({ name: person.name, version: 1 })
  })

  it('shows who was faster, when, and both versions; sent again it saves', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Sam Raced' })
    const colleague = await staffMember(app.db, { ...here(), name: 'Bo Colleague', password: 'a pot of tea for two' })
    const second = await app.visitor().signIn(colleague.email, 'a pot of tea for two')
    const fields = { ...born, name: 'Sam Raced', 'nhs-number': person.nhs_number! }
    await second.post(`/service-users/${person.id}`, { ...fields, 'known-as': 'Sammy', version: 1 })

    const late = await champion.post(`/service-users/${person.id}`, { ...fields, 'known-as': 'Samwise', version: 1 })
    expect(late.status).toBe(409)
    const text = plainText(late.text)
    expect(text).toContain('Bo Colleague changed this on Monday 3 August 2026 at 10:30am, after you opened it.')
    expect(text).toMatch(/What they like to be called .*Sammy .*Samwise/)
    expect(late.text).toContain('value="Samwise"')
    expect(late.text).toContain('name="version" value="2"')
    expect(await storedPerson(person.id)).toMatchObject({ known_as: 'Sammy', version: 2 })
    expect((await auditOf(person.id)).at(-1)).toMatchObject({ verb: 'refused:stale' })

    const again = await champion.post(`/service-users/${person.id}`, { ...fields, 'known-as': 'Samwise', version: 2 })
    expect(again.status).toBe(303)
    expect(await storedPerson(person.id)).toMatchObject({ known_as: 'Samwise', version: 3 })
  })

  it('treats a form that lost its version as one that was overtaken', async () => {
    const person = await serviceUser(app.db, here())
    const answer = await champion.post(`/service-users/${person.id}`, robin)
    expect(answer.status).toBe(409)
    expect(plainText(answer.text)).toContain('Somebody changed this, after you opened it.')
  })

  it('leads to the one who has the NHS number', async () => {
    const [one, other] = [await serviceUser(app.db, here()), await serviceUser(app.db, here())]
    const fields = { ...robin, 'nhs-number': other.nhs_number!, version: 1 }
    const answer = await champion.post(`/service-users/${one.id}`, fields)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('id="nhs-number-error"')
    expect(answer.text).toContain(`href="/service-users/${other.id}"`)
    expect(await storedPerson(one.id)).toMatchObject({ nhs_number: one.nhs_number, version: 1 })
  })

  it('changes nothing that was not offered', async () => {
    const person = await serviceUser(app.db, here())
    const more = {
      organisation_id: app.people.otherOrganisationId,
      state: 'died',
      id: 1,
      service_user_id: 1,
      nhs_number: 'x',
    }
    await champion.post(`/service-users/${person.id}`, { ...robin, ...more, version: 1 })
    expect(await storedPerson(person.id)).toMatchObject({ ...here(), state: 'community', nhs_number: null, version: 2 })
  })

  it('refuses a form without its token', async () => {
    const person = await serviceUser(app.db, here())
    const fields = { ...robin, version: 1, key: key(), _csrf: 'x' }
    for (const path of ['', '/search', `/${person.id}`]) {
      expect((await champion.post(`/service-users${path}`, fields)).status).toBe(403)
    }
  })
})

describe('the history of a person', () => {
  it('reads as sentences with links to the loans, and shows who looked when asked', async () => {
    const person = await serviceUser(app.db, here())
    await app.changeAs('champion', async (change) => {
      change.audit({
        verb: 'loan:lent',
        subject: ['loan', 41],
        serviceUserId: person.id,
        details: { items: ['TAB-1'] },
      })
    })
    await champion.get(`/service-users/${person.id}`)
    const page = await champion.get(`/service-users/${person.id}/history`)
    expect(plainText(page.text)).toContain('HERE champion made a loan. Loan 41')
    expect(plainText(page.text)).toContain('Items: TAB-1')
    expect(page.text).toContain('href="/loans/41"')
    expect(page.text).not.toContain('looked at this record.')
    const all = await champion.get(`/service-users/${person.id}/history?views=yes`)
    expect(plainText(all.text)).toContain('HERE champion looked at this record.')
  })

  it('comes in pages, the newest first', async () => {
    const person = await serviceUser(app.db, here())
    await app.changeAs('champion', async (change) => {
      for (let n = 1; n <= 60; n += 1) {
        change.audit({ verb: 'loan:extended', subject: ['loan', 9_000 + n], serviceUserId: person.id })
      }
    })
    const first = await champion.get(`/service-users/${person.id}/history`)
    expect(first.text).toContain('Loan 9060')
    expect(first.text).not.toContain('Loan 9010<')
    const next = /href="([^"]*)" rel="next"/.exec(first.text)![1]!.replaceAll('&#x3D;', '=')
    const second = await champion.get(next)
    expect(second.text).toContain('Loan 9010')
    expect(second.text).toContain('Loan 9001')
    expect((await champion.get(`/service-users/${person.id}/history?after=nonsense`)).status).toBe(404)
  })
})
