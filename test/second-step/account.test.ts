import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { examplePassword, secondStep, staffMember } from '../../seeds/factories.ts'
import type { Role } from '../../src/lib/actor.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { codeAt, recoveryCodesOn, secretOn, wrongCodeAt } from './phones.ts'

let app: TestApp
let administrator: Visitor
beforeAll(async () => {
  app = await startApp()
  administrator = await app.signedInAs('administrator')
})
afterAll(() => app.close())
beforeEach(() => app.setClock(startOfTest))

const minutesOn = (minutes: number) => app.setClock(new Date(app.clock().getTime() + minutes * 60_000))
const own = '/account/second-step'

async function somebody(role: Role = 'care-team') {
  const staff = await staffMember(app.db, { organisation_id: app.people.organisationId, role })
  const visitor = await app.visitor().resume(await app.beginSession(staff.id))
  return { staff, visitor }
}

async function somebodyWithPhone(role?: Role) {
  const one = await somebody(role)
  await secondStep(app.db, one.staff, { key: app.services.secondStepKey })
  return one
}

const proof = (more: object = {}) => ({ password: examplePassword, code: codeAt(app.clock()), ...more })

async function setUp(visitor: Visitor, fields: Record<string, string>) {
  expect((await visitor.post(`${own}/begin`, fields)).headers.location).toBe(`${own}/set-up`)
  const secret = secretOn((await visitor.get(`${own}/set-up`)).text)
  const answer = await visitor.post(`${own}/set-up`, { code: codeAt(app.clock(), secret) })
  expect(answer.headers.location).toBe(`${own}/codes`)
  const codes = recoveryCodesOn((await visitor.get(`${own}/codes`)).text)
  await visitor.post(`${own}/codes`)
  return { secret, codes }
}

async function mailTo(staffId: number): Promise<string[]> {
  const { rows } = await app.pool.query(
    'select kind, subject, body from messages join message_contents on message_id = id where staff_id = $1 order by id',
    [staffId],
  )
  return rows.map(({ kind, subject, body }) => `${kind}: ${subject}\n${body}`)
}

async function askedAtSignIn(email: string): Promise<string | undefined> {
  const visitor = app.visitor()
  await visitor.readToken('/sign-in')
  return (await visitor.post('/sign-in', { email, password: examplePassword })).headers.location
}

describe('One’s own second step', () => {
  it('is set up with the password, told by email, and asked for at the next sign-in', async () => {
    const { staff, visitor } = await somebody()
    expect((await visitor.get('/account')).text).toContain('No phone set up')
    const { codes } = await setUp(visitor, { password: examplePassword })
    expect(codes).toHaveLength(10)
    expect((await visitor.get(own)).text).toContain('10 of 10 left')
    expect(await askedAtSignIn(staff.email)).toBe('/sign-in/code')
    expect((await mailTo(staff.id))[0]).toMatch(/^account-changed: (.|\n)*A phone was set up/)
  })

  it('is set up anew with the password and a code of the old phone, which then works no more, nor do its recovery codes', async () => {
    const { staff, visitor } = await somebody()
    const first = await setUp(visitor, { password: examplePassword })
    const elsewhere = await app.visitor().resume(await app.beginSession(staff.id))
    minutesOn(1)
    const second = await setUp(visitor, { password: examplePassword, code: codeAt(app.clock(), first.secret) })
    expect((await elsewhere.get('/account')).status).toBe(303)
    minutesOn(1)
    for (const [fields, status] of [
      [{ code: codeAt(app.clock(), first.secret) }, 422],
      [{ code: '', recovery: first.codes[0]! }, 422],
      [{ code: codeAt(app.clock(), second.secret) }, 303],
    ] as const) {
      expect((await visitor.post(`${own}/recovery-codes`, { password: examplePassword, ...fields })).status).toBe(
        status,
      )
    }
  })

  it('is not touched by whoever has only the password, only the code, or an open screen', async () => {
    const { visitor } = await somebodyWithPhone()
    for (const page of ['begin', 'recovery-codes', 'off']) {
      const nothing = await visitor.post(`${own}/${page}`, {})
      expect(nothing.status).toBe(422)
      expect(nothing.text).toContain('Enter your password')
      expect(nothing.text).toContain('Enter the 6 digits that your phone shows')
      expect((await visitor.post(`${own}/${page}`, proof({ password: 'another one' }))).text).toContain(
        'This is not your password',
      )
    }
    expect((await visitor.post(`${own}/off`, proof({ code: wrongCodeAt(app.clock()) }))).text).toContain(
      'This code is not right',
    )
    expect((await visitor.get(`${own}/set-up`)).headers.location).toBe(`${own}/begin`)
    expect((await visitor.post(`${own}/set-up`, { code: codeAt(app.clock()) })).headers.location).toBe(`${own}/begin`)
    expect((await visitor.get(own)).text).toContain('Phone')
  })

  it('gives no more than ten guesses at a password or code either', async () => {
    const { visitor } = await somebodyWithPhone()
    for (let time = 0; time < 10; time += 1) await visitor.post(`${own}/off`, proof({ code: wrongCodeAt(app.clock()) }))
    expect((await visitor.post(`${own}/off`, proof())).text).toContain('There were too many tries')
  })

  it('begins again when the new phone takes more than 10 minutes', async () => {
    const { visitor } = await somebody()
    await visitor.post(`${own}/begin`, { password: examplePassword })
    const secret = secretOn((await visitor.get(`${own}/set-up`)).text)
    minutesOn(11)
    const late = await visitor.post(`${own}/set-up`, { code: codeAt(app.clock(), secret) })
    expect(late.headers.location).toBe(`${own}/begin`)
  })

  it('has new recovery codes when asked, and the old ones work no more', async () => {
    const { staff, visitor } = await somebody()
    const { codes, secret } = await setUp(visitor, { password: examplePassword })
    minutesOn(1)
    const fields = { password: examplePassword, code: codeAt(app.clock(), secret) }
    expect((await visitor.post(`${own}/recovery-codes`, fields)).headers.location).toBe(`${own}/codes`)
    const renewed = recoveryCodesOn((await visitor.get(`${own}/codes`)).text)
    expect(renewed).toHaveLength(10)
    expect(renewed.filter((code) => codes.includes(code))).toEqual([])
    const withOld = await visitor.post(`${own}/begin`, { password: examplePassword, recovery: codes[0]! })
    expect(withOld.text).toContain('This recovery code is not right')
    const withNew = await visitor.post(`${own}/begin`, { password: examplePassword, recovery: renewed[0]! })
    expect(withNew.status).toBe(303)
    expect((await mailTo(staff.id)).join()).toContain('New recovery codes were made')
  })

  it('is switched off where the organisation does not ask for it, and only there', async () => {
    const free = await somebodyWithPhone()
    expect((await free.visitor.get(own)).text).toContain('Switch it off')
    expect((await free.visitor.post(`${own}/off`, proof())).headers.location).toBe(own)
    expect(await askedAtSignIn(free.staff.email)).toBe('/')
    expect((await mailTo(free.staff.id)).join()).toContain('was switched off')

    await ask(['commissioner'])
    const bound = await somebodyWithPhone('commissioner')
    expect((await bound.visitor.get(own)).text).not.toContain('Switch it off')
    expect((await bound.visitor.get(`${own}/off`)).status).toBe(409)
    expect((await bound.visitor.post(`${own}/off`, proof())).status).toBe(409)
    await ask(['nobody'])
  })
})

describe('Somebody who lost the phone', () => {
  it('is helped by an administrator: signed out, told by email, and set up anew at the next sign-in', async () => {
    await ask(['care-team'])
    const { staff, visitor } = await somebodyWithPhone()
    const pending = app.visitor()
    await pending.readToken('/sign-in')
    await pending.post('/sign-in', { email: staff.email, password: examplePassword })
    await pending.readToken('/sign-in/code')

    expect((await administrator.get(`/admin/staff/${staff.id}`)).text).toContain('Reset the second step')
    const path = `/admin/staff/${staff.id}/second-step-reset`
    expect((await administrator.post(path)).headers.location).toBe(`/admin/staff/${staff.id}`)
    expect((await visitor.get('/account')).status).toBe(303)
    const halfway = await pending.post('/sign-in/code', { code: codeAt(app.clock()) })
    expect(halfway.headers.location).toBe('/sign-in?notice=late')
    expect((await mailTo(staff.id))[0]).toMatch(/^second-factor-reset: Set up the second step/)
    expect(await askedAtSignIn(staff.email)).toBe('/sign-in/set-up')
    expect((await administrator.get(`/admin/staff/${staff.id}`)).text).not.toContain('Reset the second step')
    expect((await administrator.post(path)).status).toBe(409)
    await ask(['nobody'])
  })

  it('is helped by nobody else: not by themselves, another role or another organisation', async () => {
    const { staff } = await somebodyWithPhone()
    const path = (id: number) => `/admin/staff/${id}/second-step-reset`
    const self = app.people.actors.administrator
    await secondStep(
      app.db,
      { id: self.staffId, organisation_id: self.organisationId },
      { key: app.services.secondStepKey },
    )
    expect((await administrator.post(path(self.staffId))).status).toBe(409)
    expect((await (await app.signedInAs('champion')).post(path(staff.id))).status).toBe(403)
    const foreigner = await app.signedInAs(app.people.foreignActors.administrator)
    expect((await foreigner.post(path(staff.id))).status).toBe(404)
  })
})

async function shownRules(): Promise<string> {
  return /name="shown" value="([^"]*)"/.exec((await administrator.get('/admin/settings/second-step')).text)![1]!
}

async function ask(role: string[], shown?: string) {
  return administrator.post('/admin/settings/second-step', { role, shown: shown ?? (await shownRules()) })
}

describe('Who must use a second step', () => {
  it('is said by an administrator, binds from the next sign-in, and is in the audit', async () => {
    const { staff, visitor } = await somebody('ward-staff')
    expect((await ask(['ward-staff', 'champion'])).headers.location).toBe('/admin/settings')
    const page = (await administrator.get('/admin/settings')).text
    expect(page).toContain('Ward staff')
    expect(page).toContain('Digital champion')
    expect((await visitor.get('/account')).status).toBe(200)
    expect(await askedAtSignIn(staff.email)).toBe('/sign-in/set-up')
    expect((await ask(['nobody'])).status).toBe(303)
    expect(await askedAtSignIn(staff.email)).toBe('/')
    const { rows } = await app.pool.query(
      `select details from audit_events join audit_details on audit_event_id = audit_events.id
       where verb = 'settings:second-step-changed' order by audit_events.id desc limit 2`,
    )
    expect(rows[1].details.new.asked_for_from).toEqual(['champion', 'ward-staff'])
    expect(rows[0].details).toEqual({
      old: { asked_for_from: ['champion', 'ward-staff'] },
      new: { asked_for_from: [] },
    })
  })

  it('is not changed by a form left empty, over somebody else’s change, by another role, or for others', async () => {
    const empty = await administrator.post('/admin/settings/second-step', { shown: await shownRules() })
    expect(empty.status).toBe(422)
    expect(empty.text).toContain('Choose who must use a second step')
    const stale = await ask(['champion'], 'administrator')
    expect(stale.status).toBe(409)
    expect(stale.text).toContain('Someone else changed this')
    expect(stale.text).toMatch(/value="champion" checked/)
    expect(
      (await (await app.signedInAs('champion')).post('/admin/settings/second-step', { role: 'nobody' })).status,
    ).toBe(403)
    await ask(['champion'])
    const { rows } = await app.pool.query(
      "select is_required from second_step_rules where organisation_id = $1 and role = 'champion'",
      [app.people.otherOrganisationId],
    )
    expect(rows).toEqual([{ is_required: false }])
    await ask(['nobody'])
  })

  it('may choose a shorter password', async () => {
    const { visitor } = await somebody()
    const change = () => visitor.post('/account/password', { present: examplePassword, password: 'tub-Kiosk9' })
    expect((await change()).text).toContain('Password must be 15 characters or more')
    await ask(['care-team'])
    expect((await visitor.get('/account/password')).text).toContain('At least 8 characters')
    expect((await change()).headers.location).toBe('/account')
    await ask(['nobody'])
  })
})
