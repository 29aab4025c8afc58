import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { actorFor, recordOpening, serviceUser, staffMember } from '../../seeds/factories.ts'
import { errorsOf, wordsOf } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'

const MINUTE = 60_000
const NUMBER = '9434765919'

let server: MailServer
let app: TestApp
let nurse: Visitor
let governance: Visitor
let lena: { id: number }

beforeAll(async () => {
  server = await startMailServer()
  app = await startApp({ SMTP_URL: server.url })
  nurse = await app.signedInAs('ward-staff')
  governance = await app.signedInAs('information-governance')
  const known = { name: 'Lena O’Borrower', date_of_birth: '1972-11-05', nhs_number: NUMBER, phone: '07700 900 555' }
  lena = await serviceUser(app.db, { ...here(), ...known })
})
afterAll(async () => {
  await app.close()
  await server.stop()
})
beforeEach(() => {
  server.received.length = 0
  app.setClock(startOfTest)
})

const here = () => ({ organisation_id: app.people.organisationId })
const key = () => ({ key: crypto.randomUUID() })
const born = { 'date-of-birth-day': '5', 'date-of-birth-month': '11', 'date-of-birth-year': '1972' }
const reason = 'Her sister rang the ward and cannot reach her'
const find = (visitor: Visitor, more: object) => visitor.post('/open-record/search', { ...born, ...more })
const opened = (id = lena.id) => `/service-users/${id}/opened`

async function openFor(visitor: Visitor) {
  await find(visitor, { 'nhs-number': NUMBER })
  return visitor.post('/open-record', { person: lena.id, reason, ...key() })
}

async function eventsOf(verb: string) {
  const { rows } = await app.pool.query(
    'select staff_id, subject_id, service_user_id from audit_events where verb = $1 order by id',
    [verb],
  )
  return rows
}

describe('looking for a person outside one’s reach', () => {
  it('takes the birthday and the NHS number or the whole name, and shows what tells one from another', async () => {
    for (const more of [{ 'nhs-number': '943 476 5919' }, { name: 'o’borrower LENA' }, { name: 'Lena O Borrower' }]) {
      const answer = await find(nurse, more)
      const page = await nurse.get('/open-record/found')
      expect([more, answer.status, page.text.includes('Lena O’Borrower')]).toEqual([more, 303, true])
    }
    const words = wordsOf((await nurse.get('/open-record/found')).text)
    expect(words).toContain(`Born 5 November 1972, NHS number ends in 919. Record ${lena.id}`)
    expect(words).not.toContain('07700')
    expect(words).not.toContain('943 476')
    expect(await eventsOf('opening:searched')).toContainEqual(
      expect.objectContaining({ staff_id: app.people.actors['ward-staff'].staffId, service_user_id: lena.id }),
    )
  })

  it('finds nobody by a part of a name, another day, or in another organisation', async () => {
    const elsewhere = { organisation_id: app.people.otherOrganisationId }
    await serviceUser(app.db, { ...elsewhere, name: 'Ola Other', date_of_birth: '1972-11-05', nhs_number: null })
    for (const more of [
      { name: 'Len Bor' },
      { name: 'Ola Other' },
      { name: 'Lena O Borrower', 'date-of-birth-day': '6' },
    ]) {
      await find(nurse, more)
      expect(wordsOf((await nurse.get('/open-record/found')).text)).toContain('Nobody here was born on that day')
    }
  })

  it('says at once what is missing or wrong', async () => {
    const none = await nurse.post('/open-record/search', {})
    expect([none.status, errorsOf(none.text)]).toEqual([
      422,
      {
        'date-of-birth': 'Enter their date of birth',
        'nhs-number': 'Enter their NHS number, or their full name below',
      },
    ])
    expect(Object.values(errorsOf((await find(nurse, { name: 'Lena' })).text))).toEqual([
      'Enter their first and last name',
    ])
    expect(errorsOf((await find(nurse, { 'nhs-number': '9434765918' })).text)['nhs-number']).toBeDefined()
  })

  it('opens nothing that was not found before, whatever id is sent', async () => {
    await find(nurse, { name: 'Nobody Likethis' })
    const guessed = await nurse.post('/open-record', { person: lena.id, reason, ...key() })
    expect(guessed.status).toBe(404)
    expect((await nurse.get(opened())).status).toBe(404)
  })
})

describe('a record that is opened with a reason', () => {
  it('can be read by whoever opened it and nobody else, until its time is over', async () => {
    const other = await app.signedInAs(
      await actorFor(app.db, await staffMember(app.db, { ...here(), role: 'ward-staff' })),
    )
    const answer = await openFor(nurse)
    expect([answer.status, answer.headers.location]).toEqual([303, opened()])
    const page = wordsOf((await nurse.get(opened())).text)
    expect(page).toContain('This record is open to you until 11:30am.')
    expect(page).toContain('07700 900 555')
    expect((await other.get(opened())).status).toBe(404)

    for (const minutes of [25, 50, 60 - 1 / MINUTE]) {
      app.setClock(new Date(startOfTest.getTime() + minutes * MINUTE))
      expect((await nurse.get(opened())).status).toBe(200)
    }
    app.setClock(new Date(startOfTest.getTime() + 60 * MINUTE))
    expect((await nurse.get(opened())).status).toBe(404)
  })

  it('is asked for with a sentence, and opened once however often the form is sent', async () => {
    await find(nurse, { 'nhs-number': NUMBER })
    const short = await nurse.post('/open-record', { person: lena.id, reason: 'urgent', ...key() })
    expect([short.status, errorsOf(short.text).reason]).toEqual([
      422,
      'Say it in a sentence, so that somebody else can follow it',
    ])
    expect(short.text).toContain('Lena O’Borrower')
    const before = (await eventsOf('opening:made')).length
    const form = { person: lena.id, reason, ...key() }
    await Promise.all([nurse.post('/open-record', form), nurse.post('/open-record', form)])
    expect((await eventsOf('opening:made')).length).toBe(before + 1)
  })

  it('can be closed before its time, by whoever opened it', async () => {
    await openFor(governance)
    const id = (await eventsOf('opening:made')).at(-1).subject_id
    expect((await nurse.post(`/open-record/${id}/close`)).status).toBe(404)
    expect((await governance.post(`/open-record/${id}/close`)).status).toBe(303)
    expect((await governance.get(opened())).status).toBe(404)
    expect((await governance.post(`/open-record/${id}/close`)).status).toBe(409)
  })

  it('is in the lists, loans and pages of a champion with a caseload while it is open', async () => {
    const champion = await staffMember(app.db, { ...here(), caseload_only: true })
    const visitor = await app.signedInAs(await actorFor(app.db, champion))
    expect((await visitor.get(`/service-users/${lena.id}`)).status).toBe(404)
    await openFor(visitor)
    expect((await visitor.get(`/service-users/${lena.id}`)).status).toBe(200)
    expect((await visitor.get('/service-users')).text).toContain('Lena O’Borrower')
    for (const minutes of [25, 50, 60]) {
      app.setClock(new Date(startOfTest.getTime() + minutes * MINUTE))
      const { status } = await visitor.get(`/service-users/${lena.id}`)
      expect([minutes, status]).toEqual([minutes, minutes < 60 ? 200 : 404])
    }
    expect((await visitor.get('/service-users')).text).not.toContain('Lena O’Borrower')
  })

  it('is not for whoever sees everybody, or nobody at all', async () => {
    for (const role of ['champion', 'administrator', 'care-team', 'commissioner'] as const) {
      const visitor = await app.signedInAs(role)
      expect([role, (await visitor.get('/open-record')).status]).toEqual([role, 403])
    }
  })
})

describe('information governance', () => {
  it('is told by an email without a name or a reason', async () => {
    await doAllJobs(app)
    server.received.length = 0
    await openFor(nurse)
    await doAllJobs(app)
    expect(server.received.length).toBeGreaterThan(0)
    const mail = server.received[0]!.source.replaceAll('=\r\n', '')
    expect(mail).toContain('<information-governance@here.example>')
    expect(mail).toContain(`service user ${lena.id}`)
    for (const word of ['Lena', 'Borrower', 'sister', NUMBER]) expect(mail).not.toContain(word)
  })

  it('reads why, sees what was looked at, and marks it as seen with what came of it; once', async () => {
    await openFor(nurse)
    await nurse.get(opened())
    const id = (await eventsOf('opening:made')).at(-1).subject_id
    expect((await governance.get('/openings')).text).toContain(`/openings/${id}"`)
    expect((await governance.get('/')).text).toContain(`/openings/${id}"`)
    const page = wordsOf((await governance.get(`/openings/${id}`)).text)
    expect(page).toContain(reason)
    expect(page).toContain(`HERE ward-staff looked at service user ${lena.id}.`)
    expect((await governance.post(`/openings/${id}/seen`, { note: 'Rang the ward: right' })).status).toBe(303)
    expect((await governance.get('/openings')).text).not.toContain(`/openings/${id}"`)
    expect(wordsOf((await governance.get(`/openings/${id}`)).text)).toContain('Rang the ward: right')
    expect((await governance.post(`/openings/${id}/seen`, { note: 'Again' })).status).toBe(409)
    expect((await governance.get('/openings?show=seen')).text).toContain(`/openings/${id}"`)
  })

  it('looks over nobody’s own opening, and nobody else’s organisation', async () => {
    await openFor(governance)
    const own = (await eventsOf('opening:made')).at(-1).subject_id
    expect(wordsOf((await governance.get(`/openings/${own}`)).text)).toContain('Somebody else has to look it over.')
    expect((await governance.post(`/openings/${own}/seen`, {})).status).toBe(409)
    const theirs = await recordOpening(app.db, {
      organisationId: app.people.otherOrganisationId,
      by: { id: app.people.foreignActors['ward-staff'].staffId },
      serviceUser: await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId }),
    })
    expect((await governance.get(`/openings/${theirs.id}`)).status).toBe(404)
    expect((await governance.post(`/openings/${theirs.id}/seen`, {})).status).toBe(404)
  })
})

describe('how long a record stays open', () => {
  it('is a setting of the organisation; a stale form and a wrong number change nothing', async () => {
    const administrator = await app.signedInAs('administrator')
    const save = (fields: object) => administrator.post('/admin/settings/openings', { ...fields })
    expect((await save({ minutes: '30', shown: '60' })).status).toBe(303)
    expect((await save({ minutes: '90', shown: '60' })).status).toBe(409)
    expect((await save({ minutes: '481', shown: '30' })).status).toBe(422)
    await openFor(nurse)
    const latest = 'select ends_at - opened_at = interval $1 as so from record_openings order by id desc limit 1'
    expect((await app.pool.query(latest.replace('$1', "'30 minutes'"))).rows).toEqual([{ so: true }])
    expect((await save({ minutes: '60', shown: '30' })).status).toBe(303)
  })
})
