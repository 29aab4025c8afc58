import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { examplePassword, staffMember } from '../../seeds/factories.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const run = async (text: string, values: unknown[] = []) => (await app.pool.query(text, values)).rows

async function nurse() {
  const { organisationId: organisation_id, ward } = app.people
  const staff = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [ward] })
  return { staff, visitor: await app.visitor().resume(await app.beginSession(staff.id)) }
}

const mails = (staffId: number) =>
  run('select cause, body from messages join message_contents on message_id = id where staff_id = $1 order by id', [
    staffId,
  ])

describe('One’s own PIN', () => {
  it('is set with the password, kept as a hash, told by email, changed and removed', async () => {
    const { staff, visitor } = await nurse()
    expect((await visitor.get('/account')).text).toContain('PIN for ward tablets')
    const set = (pin: string) => visitor.post('/account/pin', { pin, password: examplePassword })
    expect((await set('7391')).headers.location).toBe('/account')
    expect((await visitor.get('/account')).text).toContain('Your PIN is set')
    expect((await set('4826')).headers.location).toBe('/account')
    const pins = await run(
      'select pin_hash, ended_at is null as in_use from staff_pins where staff_id = $1 order by id',
      [staff.id],
    )
    expect(pins).toEqual([
      { pin_hash: null, in_use: false },
      { pin_hash: expect.stringMatching(/^\$argon2id\$/), in_use: true },
    ])
    expect((await mails(staff.id)).map(({ body }) => body).join()).toContain('A PIN for your ward’s tablets was set')
    expect((await visitor.post('/account/pin/removal')).headers.location).toBe('/account')
    expect((await visitor.post('/account/pin/removal')).status).toBe(409)
  })

  it('is not set when it is weak, without the password, or by somebody who guesses at that', async () => {
    const { staff, visitor } = await nurse()
    const nothing = await visitor.post('/account/pin', {})
    expect([
      nothing.status,
      nothing.text.includes('Enter a PIN'),
      nothing.text.includes('Enter your password'),
    ]).toEqual([422, true, true])
    const weak = await visitor.post('/account/pin', { pin: '1984', password: examplePassword })
    expect(weak.text).toContain('This PIN looks like a date or a year')
    expect(weak.text).not.toContain('1984')
    for (let time = 0; time < 10; time += 1) {
      const wrong = await visitor.post('/account/pin', { pin: '7391', password: 'a guess' })
      expect(wrong.text).toContain('This is not your password')
    }
    expect((await visitor.post('/account/pin', { pin: '7391', password: examplePassword })).text).toContain(
      'There were too many tries',
    )
    expect(await run('select from staff_pins where staff_id = $1', [staff.id])).toEqual([])
  })

  it('is for ward staff: nobody else signs in on their tablets', async () => {
    const champion = await app.signedInAs('champion')
    for (const path of ['/account/pin', '/account/badge']) expect((await champion.get(path)).status).toBe(403)
    expect((await champion.get('/account')).text).not.toContain('ward tablets')
  })

  it('is one, however often its form is sent at once', async () => {
    const { staff, visitor } = await nurse()
    await Promise.all([1, 2, 3].map(() => visitor.post('/account/pin', { pin: '7391', password: examplePassword })))
    expect(await run('select from staff_pins where staff_id = $1 and ended_at is null', [staff.id])).toHaveLength(1)
  })
})

describe('One’s own badge', () => {
  it('is made with the password, shown once to be printed, and kept as a hash', async () => {
    const { staff, visitor } = await nurse()
    expect((await visitor.post('/account/badge', {})).text).toContain('Enter your password')
    expect((await visitor.post('/account/badge', { password: 'wrong' })).text).toContain('This is not your password')
    const make = () => visitor.post('/account/badge', { password: examplePassword })
    expect((await make()).headers.location).toBe('/account/badge/card')
    const card = (await visitor.get('/account/badge/card')).text
    const code = /app-secret">([0-9A-Z ]{24})</.exec(card)?.[1] ?? ''
    expect(code).toHaveLength(24)
    const kept = JSON.stringify([await run('select * from staff_badges'), await run('select data from sessions')])
    for (const secret of [code, code.replaceAll(' ', '')]) expect(kept).not.toContain(secret)
    expect((await visitor.post('/account/badge/card')).headers.location).toBe('/account')
    expect((await visitor.get('/account/badge/card')).headers.location).toBe('/account/badge')
    expect((await mails(staff.id)).map(({ cause }) => cause)).toEqual([
      expect.stringMatching(/^tablet-key:badge-issued-/),
    ])

    expect((await make()).status).toBe(303)
    expect(await run('select from staff_badges where staff_id = $1 and ended_at is null', [staff.id])).toHaveLength(1)
    expect((await visitor.post('/account/badge/removal')).headers.location).toBe('/account')
    expect((await visitor.post('/account/badge/removal')).status).toBe(409)
  })

  it('is taken away by an administrator and by no other role or organisation', async () => {
    const { staff, visitor } = await nurse()
    await visitor.post('/account/badge', { password: examplePassword })
    const path = `/admin/staff/${staff.id}/badge-removal`
    expect((await (await app.signedInAs('champion')).post(path)).status).toBe(403)
    expect((await (await app.signedInAs(app.people.foreignActors.administrator)).post(path)).status).toBe(404)
    expect((await (await app.signedInAs('administrator')).post(path)).status).toBe(303)
  })
})
