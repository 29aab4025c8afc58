import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { examplePassword, organisation, secondStep, staffMember } from '../../seeds/factories.ts'
import { createApp } from '../../src/app.ts'
import { features } from '../../src/features.ts'
import type { Role } from '../../src/lib/actor.ts'
import { noRecords } from '../security/records.ts'
import { exampleOf, routeNames } from '../security/route-table.ts'
import { startApp, startOfTest, type TestApp, Visitor } from '../support/app.ts'
import { codeAt, recoveryCodesOn, secretOn, wrongCodeAt } from './phones.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())
beforeEach(() => app.setClock(startOfTest))

const SECOND = 1_000
const later = (seconds: number) => new Date(app.clock().getTime() + seconds * SECOND)
const notRight = 'This code is not right'

/** Somebody with a phone that is set up. */
async function withPhone(secret?: string) {
  const staff = await staffMember(app.db, { organisation_id: app.people.organisationId })
  const { id } = await secondStep(app.db, staff, { key: app.services.secondStepKey, ...(secret && { secret }) })
  return { ...staff, stepId: id }
}

/** Somebody whose organisation asks for a second step and who has none yet. */
async function withoutPhone(role: Role = 'champion') {
  const { id: organisation_id } = await organisation(app.db)
  await app.pool.query('update second_step_rules set is_required = true where organisation_id = $1', [organisation_id])
  return staffMember(app.db, { organisation_id, role })
}

/** Gives the password, and stands before the second step. */
async function halfway(email: string, visitor = app.visitor(), more: Record<string, string> = {}): Promise<Visitor> {
  await visitor.readToken('/sign-in')
  const answer = await visitor.post('/sign-in', { email, password: examplePassword, ...more })
  expect(answer.headers.location).toMatch(/^\/sign-in\/(code|set-up)$/)
  await visitor.readToken(answer.headers.location!)
  return visitor
}

async function isIn(visitor: Visitor): Promise<boolean> {
  return (await visitor.get('/account')).status === 200
}

async function verbsOf(staffId: number): Promise<string[]> {
  const { rows } = await app.pool.query(
    `select verb, details->>'why' as why from audit_events left join audit_details on audit_event_id = audit_events.id
     where staff_id = $1 order by audit_events.id`,
    [staffId],
  )
  return rows.map(({ verb, why }) => (why === null ? verb : `${verb}: ${why}`))
}

describe('Signing in with a second step', () => {
  it('takes the password and then the code, with spaces or without, and a new session for each', async () => {
    const { email, id } = await withPhone()
    const visitor = app.visitor()
    const cookies: string[] = []
    const note = ({ headers }: { headers: Record<string, string> }) => cookies.push(String(headers['set-cookie']))
    note(await visitor.get('/sign-in'))
    await visitor.readToken('/sign-in')
    const who = { email, password: examplePassword, return: '/items?search=1' }
    note(await visitor.post('/sign-in', who))
    await visitor.readToken('/sign-in/code')
    expect(await isIn(visitor)).toBe(false)
    const code = codeAt(app.clock())
    const answer = await visitor.post('/sign-in/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(answer.headers.location).toBe('/items?search=1')
    note(answer)
    expect(new Set(cookies).size).toBe(3)
    for (const cookie of cookies) expect(cookie).toMatch(/^session=s/)
    expect(await isIn(visitor)).toBe(true)
    expect(await verbsOf(id)).toEqual(['session:password-given', 'session:signed-in'])
    const { rows } = await app.pool.query('select last_signed_in_at from staff where id = $1', [id])
    expect(new Date(rows[0].last_signed_in_at)).toEqual(app.clock())
  })

  it('takes the code of the half minute before and after, for a clock that is off; one a minute off is refused', async () => {
    for (const [off, goes] of [
      [-30, true],
      [30, true],
      [-60, false],
      [60, false],
    ] as const) {
      const { email } = await withPhone()
      const visitor = await halfway(email)
      const answer = await visitor.post('/sign-in/code', { code: codeAt(later(off)) })
      expect([off, answer.status]).toEqual([off, goes ? 303 : 422])
      if (!goes) expect(answer.text).toContain(notRight)
    }
  })

  it('takes a code once, and none before it: a used one looks like a wrong one, and the audit tells which', async () => {
    const { email, id } = await withPhone()
    const code = codeAt(app.clock())
    await (await halfway(email)).post('/sign-in/code', { code })
    const visitor = await halfway(email)
    const used = await visitor.post('/sign-in/code', { code })
    const earlier = await visitor.post('/sign-in/code', { code: codeAt(later(-30)) })
    const wrong = await visitor.post('/sign-in/code', { code: wrongCodeAt(app.clock()) })
    const steady = (text: string) => text.replaceAll(/[0-9a-f]{256}/g, 'a token')
    expect([used.status, earlier.status, wrong.status]).toEqual([422, 422, 422])
    expect(steady(used.text)).toBe(steady(wrong.text))
    expect(steady(earlier.text)).toBe(steady(wrong.text))
    expect((await verbsOf(id)).slice(-3)).toEqual([
      'session:refused: code that was used before',
      'session:refused: code that was used before',
      'session:refused: wrong code',
    ])
    app.setClock(later(30))
    expect((await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })).status).toBe(303)
  })

  it('lets one in of two who bring the same code in the same moment', async () => {
    const { email } = await withPhone()
    const visitors = [await halfway(email), await halfway(email), await halfway(email)]
    const code = codeAt(app.clock())
    const answers = await Promise.all(visitors.map((visitor) => visitor.post('/sign-in/code', { code })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422, 422])
  })

  it.each(['', '12345', '1234567', 'abcdef', '０００００００', "' or 1=1 --", '-12345', '1e5'])(
    'does not take %j',
    async (code) => {
      const { email } = await withPhone()
      const visitor = await halfway(email)
      expect((await visitor.post('/sign-in/code', { code })).status).toBe(422)
      expect(await isIn(visitor)).toBe(false)
    },
  )

  it('does not take the code of somebody else’s phone', async () => {
    const [mine, theirs] = [await withPhone(), await withPhone('KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU')]
    const visitor = await halfway(mine.email)
    const code = codeAt(app.clock(), 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU')
    expect((await visitor.post('/sign-in/code', { code, email: theirs.email, staffId: theirs.id })).status).toBe(422)
    expect((await (await halfway(theirs.email)).post('/sign-in/code', { code })).status).toBe(303)
  })

  it('counts codes with passwords: after ten in all, not even the right one is looked at', async () => {
    const { email, id } = await withPhone()
    const visitor = await halfway(email)
    for (let time = 0; time < 10; time += 1) {
      const another = time % 2 === 0 ? visitor : await halfway(email)
      expect((await another.post('/sign-in/code', { code: wrongCodeAt(app.clock()) })).text).toContain(notRight)
    }
    const eleventh = await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })
    expect(eleventh.text).toContain('There were too many tries. Wait 5 minutes')
    expect((await verbsOf(id)).at(-1)).toBe('session:refused: too many guesses')
    await visitor.readToken('/sign-in')
    const again = await visitor.post('/sign-in', { email, password: examplePassword })
    expect(again.text).toContain('There were too many tries')
  })

  it('gets no more than ten tries for many at once', async () => {
    const { email } = await withPhone()
    const visitor = await halfway(email)
    const code = wrongCodeAt(app.clock())
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.post('/sign-in/code', { code })))
    expect(answers.filter(({ text }) => text.includes(notRight))).toHaveLength(10)
  })
})

describe('Halfway in', () => {
  it('no page is reached, whichever it is', async () => {
    const { email } = await withPhone()
    const visitor = await halfway(email)
    for (const name of routeNames.filter((one) => exampleOf(one).who !== 'everybody')) {
      const { path, file } = exampleOf(name)
      const to = path(noRecords)
      const answer = name.startsWith('GET ')
        ? await visitor.get(to)
        : file
          ? await visitor.postFile(to, file.field, Buffer.from('x'), 'x.csv')
          : await visitor.post(to)
      expect([name, answer.status, answer.headers.location?.replace(/\?.*/, '')]).toEqual([name, 303, '/sign-in'])
    }
    expect(features.flatMap(({ routes }) => routes).length).toBe(routeNames.length)
    // and it is still halfway in
    expect((await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })).status).toBe(303)
  })

  it('one cannot set up another phone in place of the one there is', async () => {
    const { email } = await withPhone()
    const visitor = await halfway(email)
    expect((await visitor.get('/sign-in/set-up')).headers.location).toBe('/sign-in/code')
    expect((await visitor.post('/sign-in/set-up', { code: codeAt(app.clock()) })).status).toBe(303)
    expect(await isIn(visitor)).toBe(false)
  })

  it('the code must come within 10 minutes', async () => {
    const { email } = await withPhone()
    const visitor = await halfway(email)
    const inTime = await halfway(email)
    app.setClock(later(10 * 60))
    expect((await inTime.post('/sign-in/code', { code: codeAt(app.clock()) })).headers.location).toBe('/')
    app.setClock(later(60))
    const late = await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })
    expect(late.headers.location).toBe('/sign-in?notice=late')
    expect((await visitor.get('/sign-in?notice=late')).text).toContain('it took too long')
    expect(await isIn(visitor)).toBe(false)
  })

  it.each([
    ['the account is closed', 'update staff set disabled_at = now(), version = version + 1 where id = $1'],
    ['the password is changed', 'update staff set version = version + 1 where id = $1'],
  ])('it ends when %s meanwhile', async (_what, sql) => {
    const { email, id } = await withPhone()
    const visitor = await halfway(email)
    await app.pool.query(sql, [id])
    const answer = await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })
    expect(answer.headers.location).toBe('/sign-in?notice=late')
    expect(await isIn(visitor)).toBe(false)
  })

  it('a form that came too late waits on for its sender', async () => {
    const { email } = await withPhone()
    const visitor = await halfway(email)
    await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })
    await visitor.readToken('/models/new')
    app.setClock(later(31 * 60))
    await visitor.post('/models', { category: 'tablet', name: 'Too late', key: crypto.randomUUID() })
    await halfway(email, visitor)
    const answer = await visitor.post('/sign-in/code', { code: codeAt(app.clock()) })
    expect(answer.headers.location).toBe('/waiting-form')
    expect((await visitor.get('/waiting-form')).text).toContain('Too late')
  })

  it('another process takes the code just as well', async () => {
    const { email } = await withPhone()
    const visitor = await halfway(email)
    const elsewhere = new Visitor(createApp(app.services))
    elsewhere.agent.jar = visitor.agent.jar
    elsewhere.csrfToken = visitor.csrfToken
    expect((await elsewhere.post('/sign-in/code', { code: codeAt(app.clock()) })).status).toBe(303)
  })

  it('nobody else has anything of it: without the password there is no second step', async () => {
    const visitor = app.visitor()
    await visitor.readToken('/sign-in')
    for (const path of ['/sign-in/code', '/sign-in/set-up']) {
      expect((await visitor.get(path)).headers.location).toBe('/sign-in')
      expect((await visitor.post(path, { code: codeAt(app.clock()) })).headers.location).toBe('/sign-in')
    }
  })
})

describe('Somebody who must have a second step and has none', () => {
  it('sets up a phone after the password, is shown ten recovery codes, and goes on to where they were going', async () => {
    const { email, id } = await withoutPhone()
    const visitor = await halfway(email, app.visitor(), { return: '/kits' })
    expect(await isIn(visitor)).toBe(false)
    const page = await visitor.get('/sign-in/set-up')
    const secret = secretOn(page.text)
    expect(page.text).toContain('<path d="M')
    expect(secretOn((await visitor.get('/sign-in/set-up')).text)).toBe(secret)

    const wrong = await visitor.post('/sign-in/set-up', { code: wrongCodeAt(app.clock(), secret) })
    expect(wrong.text).toContain(notRight)
    expect(secretOn(wrong.text)).toBe(secret)
    const code = codeAt(app.clock(), secret)
    expect((await visitor.post('/sign-in/set-up', { code })).headers.location).toBe('/account/second-step/codes')

    const codes = await visitor.get('/account/second-step/codes')
    expect(new Set(recoveryCodesOn(codes.text)).size).toBe(10)
    await visitor.readToken('/account/second-step/codes')
    expect((await visitor.post('/account/second-step/codes')).headers.location).toBe('/kits')
    expect((await visitor.get('/account/second-step/codes')).headers.location).toBe('/account/second-step')
    expect(await verbsOf(id)).toEqual([
      'session:password-given',
      'staff:code-refused',
      'staff:second-step-set-up',
      'session:signed-in',
    ])
    // the code that set it up was used by that
    expect((await (await halfway(email)).post('/sign-in/code', { code })).status).toBe(422)
  })

  it('does so once: two windows set up one phone', async () => {
    const { email, id } = await withoutPhone()
    const visitors = [await halfway(email), await halfway(email)]
    const answers = await Promise.all(
      visitors.map(async (visitor) => {
        const secret = secretOn((await visitor.get('/sign-in/set-up')).text)
        return visitor.post('/sign-in/set-up', { code: codeAt(app.clock(), secret) })
      }),
    )
    expect(answers.map(({ headers }) => headers.location).toSorted()).toEqual([
      '/account/second-step/codes',
      '/sign-in?notice=late',
    ])
    const { rows } = await app.pool.query('select id from second_steps where staff_id = $1', [id])
    expect(rows).toHaveLength(1)
  })

  it('reaches no other page before that, by any way', async () => {
    const { email } = await withoutPhone('administrator')
    const visitor = await halfway(email)
    for (const path of ['/', '/account', '/account/second-step', '/account/second-step/begin', '/admin/settings'])
      expect((await visitor.get(path)).headers.location).toMatch(/^\/sign-in(\?return=.*)?$/)
    expect((await visitor.get('/sign-in/code')).headers.location).toBe('/sign-in/set-up')
  })

  it('is everybody who lends or administers, where the organisation says nothing', async () => {
    const { rows } = await app.pool.query(
      `select role, second_step_is_required(-1, role) as is_required
       from unnest(array['administrator','champion','care-team','ward-staff','information-governance','commissioner']) role`,
    )
    expect(rows.filter((row) => row.is_required).map((row) => row.role)).toEqual(['administrator', 'champion'])
  })
})

describe('A recovery code', () => {
  async function withCodes() {
    const staff = await withoutPhone()
    const visitor = await halfway(staff.email)
    const secret = secretOn((await visitor.get('/sign-in/set-up')).text)
    await visitor.post('/sign-in/set-up', { code: codeAt(app.clock(), secret) })
    const codes = recoveryCodesOn((await visitor.get('/account/second-step/codes')).text)
    return { ...staff, codes, secret }
  }

  it('signs in once, however it is typed, and says how many are left', async () => {
    const { email, codes, id } = await withCodes()
    const visitor = await halfway(email)
    const typed = codes[0]!.toLowerCase().replaceAll(' ', '-')
    expect((await visitor.post('/sign-in/code', { code: '', recovery: typed })).headers.location).toBe('/')
    expect((await visitor.get('/account')).text).toContain('9 of 10 left')
    expect(await verbsOf(id)).toContain('staff:recovery-code-used')

    const again = await halfway(email)
    const refused = await again.post('/sign-in/code', { recovery: codes[0]! })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('This recovery code is not right')
    expect(refused.text).toContain('<details class="nhsuk-details" open>')
    const made = await again.post('/sign-in/code', { recovery: 'ABCD EFGH JKMN PQRS' })
    expect(made.status).toBe(422)
  })

  it('lets one in of those who bring it in the same moment, and counts as a guess', async () => {
    const { email, codes } = await withCodes()
    const visitors = [await halfway(email), await halfway(email), await halfway(email)]
    const answers = await Promise.all(visitors.map((visitor) => visitor.post('/sign-in/code', { recovery: codes[1]! })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422, 422])
    const visitor = await halfway(email)
    for (let time = 0; time < 8; time += 1) await visitor.post('/sign-in/code', { recovery: 'ABCD EFGH JKMN PQRS' })
    expect((await visitor.post('/sign-in/code', { recovery: codes[2]! })).text).toContain('too many tries')
  })

  it('is not good for somebody else', async () => {
    const { codes } = await withCodes()
    const other = await withCodes()
    const visitor = await halfway(other.email)
    expect((await visitor.post('/sign-in/code', { recovery: codes[0]! })).status).toBe(422)
  })

  it('stands nowhere as it is, nor does the secret: not in the database, the session or the log', async () => {
    const { codes, secret } = await withCodes()
    const { rows: tables } = await app.pool.query("select tablename from pg_tables where schemaname = 'public'")
    let all = app.logged()
    for (const { tablename } of tables) {
      const { rows } = await app.pool.query(`select to_jsonb(one)::text as row from ${tablename} one`)
      all += rows.map(({ row }) => row).join('\n')
    }
    const hex = Buffer.from(secret).toString('hex')
    for (const text of [secret, hex, ...codes, ...codes.map((code) => code.replaceAll(' ', ''))]) {
      expect(all).not.toContain(text)
    }
  })
})

describe('As PostgreSQL has it', () => {
  const refused = { constraint: 'second_step_goes_on' }

  it('the half minute of the last code only goes on, and the secret stays', async () => {
    const { stepId } = await withPhone()
    await app.pool.query('update second_steps set last_time_step = 100 where id = $1', [stepId])
    for (const change of [
      'last_time_step = 99',
      'last_time_step = 100',
      "secret = 'x', last_time_step = 101",
      'staff_id = 1',
    ])
      await expect(app.pool.query(`update second_steps set ${change} where id = $1`, [stepId])).rejects.toMatchObject(
        refused,
      )
    await app.pool.query('update second_steps set secret = null, ended_at = confirmed_at where id = $1', [stepId])
    const again = 'update second_steps set ended_at = null, secret = $2, last_time_step = 200 where id = $1'
    await expect(app.pool.query(again, [stepId, Buffer.from('x')])).rejects.toMatchObject(refused)
    await expect(app.pool.query('delete from second_steps where id = $1', [stepId])).rejects.toMatchObject({
      code: '42501',
    })
  })

  it('somebody has one phone, and a recovery code that was used or taken back stays so', async () => {
    const { stepId, ...staff } = await withPhone()
    await expect(secondStep(app.db, staff, { key: 'any' })).rejects.toMatchObject({
      constraint: 'one_second_step_each',
    })
    const { rows } = await app.pool.query(
      `insert into recovery_codes (organisation_id, second_step_id, code_hash, made_at, used_at)
       values ($1, $2, 'x', now(), now()) returning id`,
      [staff.organisation_id, stepId],
    )
    const undo = 'update recovery_codes set used_at = null where id = $1'
    await expect(app.pool.query(undo, [rows[0].id])).rejects.toMatchObject({ constraint: 'recovery_code_works_once' })
  })
})
