import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { availableItem, badgeOf, examplePassword, placement, ward } from '../../seeds/factories.ts'
import { createApp } from '../../src/app.ts'
import { openDatabase } from '../../src/database/connection.ts'
import { startApp, startOfTest, type TestApp, Visitor } from '../support/app.ts'
import { openTestPool } from '../support/database.ts'
import { atTablet, nurseOf, showing, signInAt, tabletOf, typePin } from './stories.ts'

let app: TestApp
let administrator: Visitor

beforeAll(async () => {
  app = await startApp()
  administrator = await app.signedInAs('administrator')
})
afterAll(() => app.close())
beforeEach(() => app.setClock(startOfTest))

const secondsOn = (seconds: number) => app.setClock(new Date(app.clock().getTime() + seconds * 1_000))
const run = async (text: string, values: unknown[] = []) => (await app.pool.query(text, values)).rows

/** An item of the ward, to report a fault of. */
async function itemOf(ward: { id: number }) {
  return availableItem(app.db, { organisation_id: app.people.organisationId, kept_at_ward_id: ward.id })
}

async function report(visitor: Visitor, itemId: number, story = 'The screen is cracked') {
  const page = await visitor.get(`/incidents/new?item=${itemId}`)
  const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  const fields = Object.fromEntries(hidden.map(([, name, value]) => [name, value ?? '']))
  const happened = { 'happened-day': '3', 'happened-month': '8', 'happened-year': '2026' }
  return visitor.post('/incidents', { ...fields, kind: 'damaged', story, ...happened })
}

async function eventsOf(staffId: number) {
  return run(
    `select verb, ward_tablets.name as tablet from audit_events left join ward_tablets on ward_tablets.id = tablet_id
     where staff_id = $1 order by audit_events.id`,
    [staffId],
  )
}

async function newTablet(name: string, more: object = {}) {
  return administrator.post('/admin/tablets', { key: crypto.randomUUID(), name, ward: app.people.ward.id, ...more })
}

const codeOn = (html: string) => /app-secret--large">([^<]+)</.exec(html)?.[1]

async function typeCode(code: string) {
  const tablet = app.visitor()
  await tablet.readToken('/tablet')
  return { tablet, answer: await tablet.post('/tablet', { code }) }
}

describe('A tablet', () => {
  it('is enrolled by a code that an administrator makes and somebody types on it, in any spelling', async () => {
    const made = await newTablet('Nurses’ station')
    const page = await administrator.get(made.headers.location!)
    expect(page.text).toContain('Waiting for its code')
    const code = codeOn(page.text)!
    const { tablet, answer } = await typeCode(code.toLowerCase().replaceAll(' ', '-'))
    expect(answer.headers.location).toBe('/sign-in/who?notice=enrolled')
    expect(String(answer.headers['set-cookie'])).toMatch(
      /tablet=[\w-]{43}; Max-Age=34560000; Path=\/;.* HttpOnly; SameSite=Lax/,
    )
    expect((await tablet.get('/sign-in')).headers.location).toBe('/sign-in/who')
    const listed = await administrator.get('/admin/tablets')
    expect(listed.text).toContain('Nurses’ station')
    expect(listed.text).toContain('by HERE administrator')
    expect(codeOn((await administrator.get(made.headers.location!)).text)).toBeUndefined()
  })

  it('keeps only hashes: neither the code nor what the tablet shows is in the database', async () => {
    const made = await newTablet('Hashed')
    const code = codeOn((await administrator.get(made.headers.location!)).text)!
    const { answer } = await typeCode(code)
    const token = /tablet=([\w-]{43})/.exec(String(answer.headers['set-cookie']))![1]!
    const tables = ['ward_tablets', 'sessions', 'audit_events', 'audit_details', 'submissions']
    for (const table of tables) {
      const text = JSON.stringify(await run(`select to_jsonb(one)::text as row from ${table} one`))
      for (const secret of [code, code.replaceAll(' ', ''), token]) expect(text).not.toContain(secret)
    }
    expect(app.logged()).not.toContain(token)
  })

  it('takes no code that is wrong, was used, was replaced or is a day old, and does not say which', async () => {
    const made = await newTablet('Late')
    const url = made.headers.location!
    const first = codeOn((await administrator.get(url)).text)!
    await administrator.post(`${url}/code`)
    const second = codeOn((await administrator.get(url)).text)!
    const used = codeOn((await administrator.get((await newTablet('Used')).headers.location!)).text)!
    await typeCode(used)
    for (const code of ['ABCD EFGH JKMN', first, used]) {
      const { answer } = await typeCode(code)
      expect([answer.status, answer.text.includes('This code does not work')]).toEqual([422, true])
      expect(answer.headers['set-cookie']?.toString() ?? '').not.toContain('tablet=')
    }
    expect((await typeCode('ABC')).answer.text).toContain('The code has 12 letters and numbers')
    secondsOn(24 * 3600)
    expect((await typeCode(second)).answer.status).toBe(422)
    expect((await (await app.signedInAs('administrator')).get(url)).text).toContain('Code out of date')
  })

  it('is one, however many type the code at once', async () => {
    const code = codeOn((await administrator.get((await newTablet('Raced')).headers.location!)).text)!
    const answers = await Promise.all([1, 2, 3, 4].map(() => typeCode(code)))
    expect(answers.map(({ answer }) => answer.status).sort()).toEqual([303, 422, 422, 422])
  })

  it('has a name of its own and a ward of ours; a second click makes no second one', async () => {
    expect((await newTablet('', { ward: '' })).text).toContain('Choose the ward where the tablet is used')
    await newTablet('Only one')
    const twin = await newTablet('ONLY ONE')
    expect([twin.status, twin.text.includes('Another tablet has this name')]).toEqual([409, true])
    expect((await newTablet('Elsewhere', { ward: app.people.foreignWard.id })).status).toBe(404)
    const key = crypto.randomUUID()
    const [one, two] = [await newTablet('Twice', { key }), await newTablet('Twice', { key })]
    expect(two.headers.location).toBe(one.headers.location)
  })

  it('is another organisation’s business no more than nonsense is, and no other role’s', async () => {
    const { id } = await tabletOf(app)
    const foreigner = await app.signedInAs(app.people.foreignActors.administrator)
    for (const path of [`/admin/tablets/${id}/code`, `/admin/tablets/${id}/revocation`]) {
      expect((await foreigner.post(path)).status).toBe(404)
      expect((await (await app.signedInAs('champion')).post(path)).status).toBe(403)
    }
    expect((await administrator.post(`/admin/tablets/${id}/code`)).status).toBe(409)
    expect((await administrator.post(`/admin/tablets/${id}/revocation`)).status).toBe(303)
    expect((await administrator.post(`/admin/tablets/${id}/revocation`)).status).toBe(409)
  })
})

describe('Signing in on a ward’s tablet', () => {
  it('asks who is there: the staff of its ward and nobody else', async () => {
    const nurse = await nurseOf(app, { name: 'Nia Ownward' })
    await nurseOf(app, { name: 'Ola Otherward', ward: app.people.otherWard })
    await nurseOf(app, { name: 'Pia Nopin', pin: null })
    const { visitor } = await tabletOf(app)
    const page = await visitor.get('/sign-in/who')
    expect(page.text).toMatch(/href="\/sign-in\/pin\?who&#x3D;\d+"><span[^>]*>Nia Ownward/)
    expect(page.text).not.toContain('Ola Otherward')
    expect(page.text).toMatch(/Pia Nopin<\/span> <span[^>]*>No PIN yet/)
    expect((await visitor.get('/items')).headers.location).toBe('/sign-in?return=%2Fitems')
    expect((await visitor.get('/sign-in?return=%2Fitems')).headers.location).toBe('/sign-in/who?return=%2Fitems')
    expect((await app.visitor().get('/sign-in/who')).headers.location).toBe('/sign-in')
    expect((await app.visitor().get(`/sign-in/pin?who=${nurse.id}`)).headers.location).toBe('/sign-in')
    const noTablet = app.visitor()
    await noTablet.readToken('/sign-in')
    expect((await noTablet.post('/sign-in/pin', { who: nurse.id, pin: '7391' })).headers.location).toBe('/sign-in')
  })

  it('takes the PIN, leads to where one wanted to go, and gives the rights of this ward and no more', async () => {
    const { ward, otherWard } = app.people
    const nurse = await nurseOf(app)
    const row = { organisation_id: app.people.organisationId, staff_id: nurse.id, ward_id: otherWard.id }
    await app.db.insertInto('staff_wards').values(row).execute()
    const [mine, theirs] = [await itemOf(ward), await itemOf(otherWard)]
    const { visitor } = await tabletOf(app)
    expect((await typePin(visitor, nurse, '7391', { return: '/items' })).headers.location).toBe('/items')
    await visitor.readToken('/')
    expect((await visitor.get(`/items/${mine.tag}`)).status).toBe(200)
    expect((await visitor.get(`/items/${theirs.tag}`)).status).toBe(404)
    for (const path of [
      '/account',
      '/account/pin',
      '/account/password',
      '/items/export?format=csv',
      '/loans/export?format=csv',
    ])
      expect([path, (await visitor.get(path)).status]).toEqual([path, 403])
    expect((await visitor.get('/account')).text).toContain('You cannot do this with a PIN or a badge')
    const items = (await visitor.get('/items')).text
    expect(items).toContain('Ash Ward tablet, for one task')
    expect(items).not.toMatch(/export|href="\/account"/)
    expect((await visitor.post('/account/sign-out-elsewhere')).status).toBe(403)
  })

  it('is also possible with email and password, with all their rights', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    await visitor.readToken('/sign-in?with=password')
    expect((await visitor.post('/sign-in', { email: nurse.email, password: examplePassword })).status).toBe(303)
    expect((await visitor.get('/account')).status).toBe(200)
    expect((await visitor.get('/sign-in/who')).headers.location).toBe('/')
  })

  it('is over after one task: it says what was done, and the next person is asked who they are', async () => {
    const nurse = await nurseOf(app, { name: 'Nia Taskdone' })
    const { visitor, name } = await tabletOf(app)
    await signInAt(visitor, nurse)
    const item = await itemOf(app.people.ward)
    expect((await report(visitor, item.id)).headers.location).toBe('/sign-in/done')
    const done = await visitor.get('/sign-in/done')
    expect(done.text).toContain('Thank you. It is reported')
    expect(done.text).toContain('Nia Taskdone, you are signed out.')
    expect((await visitor.get('/sign-in/done')).headers.location).toBe('/sign-in')
    expect((await visitor.get('/items')).headers.location).toBe('/sign-in?return=%2Fitems')
    expect(await eventsOf(nurse.id)).toEqual([
      { verb: 'session:signed-in', tablet: name },
      { verb: 'incident:reported', tablet: name },
      { verb: 'session:signed-out', tablet: name },
    ])
    const audit = await app.signedInAs('information-governance')
    const page = (await audit.get(`/audit?staff=${nurse.id}`)).text
    expect(page).toContain(`Nia Taskdone, on the tablet “${name}”, reported something`)
    const file = (await audit.get(`/audit/export?format=csv&staff=${nurse.id}`)).text
    expect(file).toContain(`Nia Taskdone,${name},`)
  })

  it('is not over when a form was wrong, or a rule stood in the way', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    await signInAt(visitor, nurse)
    const item = await itemOf(app.people.ward)
    expect((await report(visitor, item.id, '')).status).toBe(422)
    expect((await visitor.get('/items')).status).toBe(200)
  })

  it('tells a second click what the first one did, and does it once', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    await signInAt(visitor, nurse)
    const item = await itemOf(app.people.ward)
    const page = await visitor.get(`/incidents/new?item=${item.id}`)
    const fields = Object.fromEntries(
      [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, n, v]) => [n, v ?? '']),
    )
    const send = () =>
      visitor.post('/incidents', {
        ...fields,
        kind: 'damaged',
        story: 'Cracked',
        'happened-day': '3',
        'happened-month': '8',
        'happened-year': '2026',
      })
    expect((await send()).headers.location).toBe('/sign-in/done')
    expect((await send()).headers.location).toBe('/sign-in/done')
    expect(await run('select from incident_items where item_id = $1', [item.id])).toHaveLength(1)
  })

  it('goes on through the steps of a longer task, and is over when that is finished', async () => {
    const place = await ward(app.db, { organisation_id: app.people.organisationId })
    const nurse = await nurseOf(app, { ward: place })
    const { visitor } = await tabletOf(app, place)
    await signInAt(visitor, nurse)
    const begun = await visitor.post('/stock-checks', { key: crypto.randomUUID(), ward: place.id })
    const check = begun.headers.location!
    expect(check).toMatch(/^\/stock-checks\/\d+$/)
    expect((await visitor.post(`${check}/scans`, { code: 'NOT-OURS-1' })).headers.location).toContain(check)
    expect((await visitor.get(`${check}/finish`)).status).toBe(200)
    expect((await visitor.post(`${check}/finish`)).headers.location).toBe('/sign-in/done')
    expect((await visitor.get('/sign-in/done')).text).toContain('is finished')
  })

  it('is over after a minute in which nothing was asked, and goes on while something is; an hour is the most', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    await signInAt(visitor, nurse)
    secondsOn(59)
    expect((await visitor.get('/items')).status).toBe(200)
    secondsOn(59)
    expect((await visitor.post('/session/extend')).status).toBe(204)
    secondsOn(59)
    expect((await visitor.get('/items')).status).toBe(200)
    secondsOn(60)
    expect((await visitor.get('/items')).headers.location).toBe('/sign-in?return=%2Fitems')
    app.setClock(startOfTest)
    const long = await tabletOf(app)
    await signInAt(long.visitor, nurse)
    for (let minute = 0; minute < 61; minute += 1) {
      secondsOn(58)
      await long.visitor.get('/help')
    }
    secondsOn(58)
    secondsOn(58)
    expect((await long.visitor.get('/items')).status).toBe(303)
  })

  it('keeps a form that came after the minute for whoever typed it, and for nobody else', async () => {
    const [nurse, other] = [await nurseOf(app), await nurseOf(app)]
    const item = await itemOf(app.people.ward)
    for (const [who, leadsTo] of [
      [nurse, '/waiting-form'],
      [other, '/'],
    ] as const) {
      app.setClock(startOfTest)
      const { visitor } = await tabletOf(app)
      await signInAt(visitor, nurse)
      await visitor.get(`/incidents/new?item=${item.id}`)
      secondsOn(61)
      const late = await visitor.post('/incidents', { item: item.id, story: 'Typed slowly' })
      expect(late.headers.location).toBe('/sign-in?notice=kept')
      expect((await typePin(visitor, who)).headers.location).toBe(leadsTo)
      if (who === nurse) expect((await visitor.get('/waiting-form')).text).toContain('Typed slowly')
    }
  })

  it('is worth nothing elsewhere: the session of a tablet is no session in another browser', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    await signInAt(visitor, nurse)
    const jar = visitor.agent.jar.getCookie('session', { domain: '127.0.0.1', path: '/', secure: false, script: false })
    const stolen = await app.visitor().get('/items').set('Cookie', `session=${jar?.value}`)
    expect(stolen.status).toBe(303)
    const other = await tabletOf(app)
    const moved = await app.visitor().get('/items').set('Cookie', `session=${jar?.value}; tablet=${other.token}`)
    expect(moved.status).toBe(303)
    expect((await visitor.get('/items')).status).toBe(200)
  })
})

describe('A PIN', () => {
  it('is locked by five wrong ones in a row, says so and what to do, and the owner hears of it', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    const said = []
    for (let time = 1; time <= 5; time += 1) said.push((await typePin(visitor, nurse, '2468')).text)
    expect(said[0]).toContain('This is not your PIN. You have 4 more tries')
    expect(said[3]).toContain('You have 1 more try, then it is locked')
    expect(said[4]).toContain('This PIN is locked, because a wrong one was typed five times')
    expect(said[4]).toContain('Sign in with your email and password')
    const right = await visitor.post('/sign-in/pin', { who: nurse.id, pin: '7391' })
    expect([right.status, right.text.includes('This PIN is locked')]).toEqual([422, true])
    expect(
      await run("select kind from messages where staff_id = $1 and cause like 'tablet-key:pin-locked-%'", [nurse.id]),
    ).toHaveLength(1)
    expect((await eventsOf(nurse.id)).filter(({ verb }) => verb === 'staff:pin-locked')).toHaveLength(1)

    await visitor.readToken('/sign-in?with=password')
    await visitor.post('/sign-in', { email: nurse.email, password: examplePassword })
    await visitor.readToken('/account/pin')
    expect((await visitor.get('/account')).text).toContain('Locked: choose a new one')
    const fields = { pin: '8642', password: examplePassword }
    expect((await visitor.post('/account/pin', { ...fields, pin: '4826' })).headers.location).toBe('/account')
    await visitor.post('/sign-out')
    expect((await typePin(visitor, nurse, '4826')).headers.location).toBe('/')
  })

  it('is tried five times, however many try at once in however many processes', async () => {
    const nurse = await nurseOf(app)
    const pool = openTestPool({ url: app.appUrl, applicationName: 'another process', connections: 4 })
    const db = openDatabase(pool)
    const other = createApp({ ...app.services, db })
    const tablets = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => {
        const { token } = await tabletOf(app)
        return at % 2 === 0 ? atTablet(app, token) : showing(new Visitor(other), token)
      }),
    )
    for (const visitor of tablets) await visitor.readToken(`/sign-in/pin?who=${nurse.id}`)
    const answers = await Promise.all(
      tablets.map((visitor) => visitor.post('/sign-in/pin', { who: nurse.id, pin: '2468' })),
    )
    expect(answers.filter(({ text }) => text.includes('This is not your PIN'))).toHaveLength(4)
    for (const visitor of tablets.slice(0, 2)) {
      expect((await visitor.get(`/sign-in/pin?who=${nurse.id}`)).text).toContain('This PIN is locked')
      expect((await visitor.post('/sign-in/pin', { who: nurse.id, pin: '7391' })).status).toBe(422)
    }
    await db.destroy()
  })

  it('has five tries again after a right one, and its owner is told of the wrong ones', async () => {
    const nurse = await nurseOf(app)
    const { visitor } = await tabletOf(app)
    await typePin(visitor, nurse, '2468')
    await typePin(visitor, nurse, '2469')
    await signInAt(visitor, nurse)
    const next = await tabletOf(app)
    await typePin(next.visitor, nurse, '2468')
    expect((await typePin(next.visitor, nurse)).status).toBe(303)
    expect((await next.visitor.get('/')).text).toContain('A wrong PIN was typed for you since you were last here')
  })

  it('lets nobody in who was disabled, moved to another ward or has another role by now, nor goes on for them', async () => {
    const { otherWard } = app.people
    const fates: [string, (id: number) => Promise<unknown>][] = [
      ['disabled', (id) => run('update staff set disabled_at = $2 where id = $1', [id, startOfTest])],
      ['moved', (id) => run('update staff_wards set ward_id = $2 where staff_id = $1', [id, otherWard.id])],
      ['role', (id) => run("update staff set role = 'care-team' where id = $1", [id])],
    ]
    for (const [fate, happen] of fates) {
      const nurse = await nurseOf(app)
      await badgeOf(app.db, nurse, `BADGE0${fate.toUpperCase().replace(/[OILU]/g, '0')}`.padEnd(20, '7'))
      const { visitor } = await tabletOf(app)
      await signInAt(visitor, nurse)
      const next = await tabletOf(app)
      await next.visitor.readToken(`/sign-in/pin?who=${nurse.id}`)
      await happen(nurse.id)
      expect([fate, (await visitor.get('/items')).status]).toEqual([fate, 303])
      const answer = await next.visitor.post('/sign-in/pin', { who: nurse.id, pin: '7391' })
      expect([fate, answer.headers.location]).toEqual([fate, '/sign-in/who?notice=gone'])
      expect((await next.visitor.get('/sign-in/who')).text).not.toContain(`>${nurse.name}<`)
    }
  })
})

describe('A badge', () => {
  const code = 'ABCDEFGHJKMNPQRSTVWX'

  it('signs in by one scan; a removed one, another ward’s and nonsense look alike', async () => {
    const nurse = await nurseOf(app)
    await badgeOf(app.db, nurse, code)
    const elsewhere = await nurseOf(app, { ward: app.people.otherWard })
    await badgeOf(app.db, elsewhere, 'A'.repeat(20))
    const { visitor, name } = await tabletOf(app)
    await visitor.readToken('/sign-in/who')
    const wrong = []
    for (const scanned of ['nonsense', '', 'A'.repeat(20), 'B'.repeat(20)])
      wrong.push(await visitor.post('/sign-in/badge', { code: scanned }))
    expect(wrong.map(({ status, text }) => [status, text.includes('This badge does not work here')])).toEqual(
      wrong.map(() => [422, true]),
    )
    expect((await visitor.post('/sign-in/badge', { code, return: '/items' })).headers.location).toBe('/items')
    expect((await visitor.get('/items')).status).toBe(200)
    expect(await eventsOf(nurse.id)).toEqual([{ verb: 'session:signed-in', tablet: name }])

    expect((await administrator.get(`/admin/staff/${nurse.id}`)).text).toContain('Remove the badge')
    expect((await administrator.post(`/admin/staff/${nurse.id}/badge-removal`)).status).toBe(303)
    expect((await administrator.post(`/admin/staff/${nurse.id}/badge-removal`)).status).toBe(409)
    const next = await tabletOf(app)
    await next.visitor.readToken('/sign-in/who')
    expect((await next.visitor.post('/sign-in/badge', { code })).status).toBe(422)
  })

  it('asks for the PIN too where the organisation asks ward staff for a second step', async () => {
    const nurse = await nurseOf(app)
    await badgeOf(app.db, nurse, 'C'.repeat(20))
    const rule = (is: boolean) =>
      run("update second_step_rules set is_required = $2 where organisation_id = $1 and role = 'ward-staff'", [
        app.people.organisationId,
        is,
      ])
    await rule(true)
    const { visitor } = await tabletOf(app)
    await visitor.readToken('/sign-in/who')
    expect((await visitor.post('/sign-in/badge', { code: 'C'.repeat(20) })).headers.location).toBe(
      `/sign-in/pin?who=${nurse.id}`,
    )
    expect((await typePin(visitor, nurse)).headers.location).toBe('/')
    await rule(false)
  })
})

describe('A tablet that is revoked', () => {
  it('in mid task: the next request is told so, nothing is saved, and the session is over', async () => {
    const nurse = await nurseOf(app)
    const { visitor, id } = await tabletOf(app)
    await signInAt(visitor, nurse)
    const item = await itemOf(app.people.ward)
    const page = await visitor.get(`/incidents/new?item=${item.id}`)
    expect(page.status).toBe(200)
    await administrator.post(`/admin/tablets/${id}/revocation`)
    const answer = await visitor.post('/incidents', { item: item.id, kind: 'damaged', story: 'Cracked' })
    expect([answer.status, answer.text.includes('This tablet is no longer enrolled')]).toEqual([403, true])
    expect(answer.text).toContain('what you had just sent was not saved')
    expect(await run('select from incident_items where item_id = $1', [item.id])).toEqual([])
    expect(await run('select from sessions where tablet_id = $1', [id])).toEqual([])
    expect((await visitor.get('/items')).headers.location).toBe('/sign-in?return=%2Fitems')
    expect((await visitor.get('/sign-in')).status).toBe(200)
  })

  it('asks nobody who they are any more, and says why', async () => {
    const nurse = await nurseOf(app)
    const { visitor, id, token } = await tabletOf(app)
    await visitor.readToken(`/sign-in/pin?who=${nurse.id}`)
    await administrator.post(`/admin/tablets/${id}/revocation`)
    expect((await visitor.post('/sign-in/pin', { who: nurse.id, pin: '7391' })).headers.location).toBe('/sign-in')
    const page = await atTablet(app, token).get('/sign-in')
    expect(page.text).toContain('This tablet is no longer enrolled')
    expect(String(page.headers['set-cookie'])).toContain('tablet=;')
  })
})

it('What a ward has on loan is seen on its tablet', async () => {
  const { ward, organisationId: organisation_id, actors } = app.people
  const items = [await availableItem(app.db, { organisation_id })]
  const loan = await placement(app.db, {
    ward: { ...ward, organisation_id },
    items,
    lentBy: { id: actors.champion.staffId },
  })
  const nurse = await nurseOf(app)
  const { visitor } = await tabletOf(app)
  await signInAt(visitor, nurse)
  expect((await visitor.get(`/loans/${loan.id}`)).status).toBe(200)
})
