import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { staffMember } from '../../seeds/factories.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'

const HOUR = 3_600_000
const good = 'kettle on the window sill'

let server: MailServer
let app: TestApp
let administrator: Visitor
let people = 0

beforeAll(async () => {
  server = await startMailServer()
  app = await startApp({ SMTP_URL: server.url })
  administrator = await app.signedInAs('administrator')
})
afterAll(async () => {
  await app.close()
  await server.stop()
})
beforeEach(() => {
  server.received.length = 0
  app.setClock(startOfTest)
})

const invitation = (changed: object = {}) => {
  people += 1
  return {
    name: 'Nadia Newcomer',
    email: `nadia${people}@here.example`,
    role: 'champion',
    key: crypto.randomUUID(),
    ...changed,
  }
}

/** Quoted-printable breaks long lines, and an address is one. */
const lastMail = () => server.received.at(-1)!.source.replaceAll('=\r\n', '').replaceAll('=3D', '=')
const linkIn = (mail: string) =>
  new URL(/https?:\/\/\S+\/(?:invitation|reset-password)\/[\w-]+/.exec(mail)![0]).pathname

async function invite(changed: object = {}): Promise<{ id: number; email: string; link: string }> {
  const fields = invitation(changed)
  const answer = await administrator.post('/admin/staff', fields)
  expect(answer.status).toBe(303)
  await doAllJobs(app)
  return { id: Number(/\d+$/.exec(answer.headers.location!)![0]), email: fields.email, link: linkIn(lastMail()) }
}

async function open(link: string, password = good) {
  const visitor = app.visitor()
  const page = await visitor.get(link)
  if (page.status !== 200) return page
  await visitor.readToken(link)
  return visitor.post(link, { password })
}

async function joined(changed: object = {}) {
  const invited = await invite(changed)
  expect((await open(invited.link)).headers.location).toBe('/sign-in?notice=password')
  return { ...invited, visitor: await app.visitor().signIn(invited.email, good) }
}

describe('Somebody who is invited', () => {
  it('chooses a password by the link in the email, signs in, and is in the audit', async () => {
    const { id, link, email } = await invite()
    expect(lastMail()).toContain(`To: Nadia Newcomer <${email}>`)
    expect((await administrator.get(`/admin/staff/${id}`)).text).toContain('Invited')

    const page = await app.visitor().get(link)
    expect(page.text).toContain('Hello Nadia Newcomer. You are joining Here NHS Foundation Trust.')
    expect((await open(link)).status).toBe(303)
    await app.visitor().signIn(email, good)

    expect((await administrator.get(`/admin/staff/${id}`)).text).toContain('Can sign in')
    const { rows } = await app.pool.query(
      "select verb from audit_events where subject_type = 'staff' and subject_id = $1 order by id",
      [id],
    )
    expect(rows.map((row) => row.verb)).toEqual(['staff:invited', 'staff:joined', 'session:signed-in'])
  })

  it('cannot sign in before that', async () => {
    const { email } = await invite()
    await expect(app.visitor().signIn(email, good)).rejects.toThrow('could not sign in')
  })

  it('has the form again for a password that is too short or too easy, and the link still works', async () => {
    const { link } = await invite()
    expect((await open(link, 'short')).text).toContain('Password must be 15 characters or more')
    expect((await open(link, 'passwordpassword1')).text).toContain('too easy to guess')
    expect((await open(link)).status).toBe(303)
  })

  it('cannot use the link twice, when it is a week old, when there is a newer one, or when the account was closed', async () => {
    const used = await invite()
    await open(used.link)
    expect((await open(used.link)).status).toBe(404)

    const old = await invite()
    app.setClock(new Date(startOfTest.getTime() + 7 * 24 * HOUR))
    expect((await app.visitor().get(old.link)).text).toContain('This link does not work any more')
    app.setClock(startOfTest)

    const first = await invite()
    await administrator.post(`/admin/staff/${first.id}/invitation`)
    await doAllJobs(app)
    expect((await open(first.link)).status).toBe(404)
    expect((await open(linkIn(lastMail()))).status).toBe(303)

    const closed = await invite()
    await administrator.post(`/admin/staff/${closed.id}/closure`)
    expect((await open(closed.link)).status).toBe(404)
    expect((await app.visitor().get('/invitation/nonsense')).status).toBe(404)
  })

  it('gets in once when the link is opened twice in the same moment', async () => {
    const { link } = await invite()
    const visitors = [app.visitor(), app.visitor()]
    for (const visitor of visitors) await visitor.readToken(link)
    const answers = await Promise.all(visitors.map((visitor) => visitor.post(link, { password: good })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404])
  })

  it('is invited once, however often the form is sent', async () => {
    const fields = invitation()
    const answers = await Promise.all([
      administrator.post('/admin/staff', fields),
      administrator.post('/admin/staff', fields),
    ])
    expect(answers[0]!.headers.location).toBe(answers[1]!.headers.location)
    await doAllJobs(app)
    expect(server.received).toHaveLength(1)
  })
})

describe('The form to invite', () => {
  it('says all that is wrong at once and keeps what was typed', async () => {
    const page = await administrator.post('/admin/staff', { name: '', email: 'nadia@', role: 'ward-staff' })
    expect(page.status).toBe(422)
    expect(page.text).toContain('Enter their full name')
    expect(page.text).toContain('like name@example.com')
    expect(page.text).toContain('Choose at least one ward')
    expect(page.text).toContain('value="nadia@"')
  })

  it('says at the field that an address has an account, also in another organisation, and no more', async () => {
    for (const email of [app.people.actors.champion.email, app.people.foreignActors.champion.email]) {
      const page = await administrator.post('/admin/staff', invitation({ email: email.toUpperCase() }))
      expect(page.status).toBe(409)
      expect(page.text).toContain('This email address has an account already. Use another one')
    }
  })

  it('takes an address that would add a recipient for none', async () => {
    for (const email of [
      'a@here.example,b@evil.example',
      'a@here.example\r\nBcc: b@evil.example',
      '"a b"@here.example',
    ]) {
      expect((await administrator.post('/admin/staff', invitation({ email }))).status).toBe(422)
    }
  })
})

describe('Roles', () => {
  it('are given by administrators alone', async () => {
    for (const role of ['champion', 'care-team', 'ward-staff', 'information-governance', 'commissioner'] as const) {
      expect((await (await app.signedInAs(role)).post('/admin/staff', invitation())).status).toBe(403)
    }
    expect((await administrator.post('/admin/staff', invitation({ role: 'information-governance' }))).status).toBe(303)
    expect((await administrator.post('/admin/staff', invitation({ role: 'owner' }))).text).toContain(
      'Choose what they do',
    )
  })

  it('of one’s own are changed by nobody', async () => {
    const { staffId } = app.people.actors.administrator
    const path = `/admin/staff/${staffId}`
    for (const [form, fields] of [
      [path, { name: 'Me', role: 'champion', version: 1 }],
      [`${path}/closure`, {}],
    ] as const) {
      expect((await administrator.post(form, fields)).status).toBe(409)
    }
    expect((await administrator.get(path)).text).toContain('You cannot change your own account')
  })

  it('and wards count from the very next request', async () => {
    const { id, visitor } = await joined()
    expect((await visitor.get('/service-users')).status).toBe(200)
    const changed = {
      name: 'Nadia Newcomer',
      role: 'ward-staff',
      ward: [String(app.people.ward.id)],
      version: await versionOf(id),
    }
    expect((await administrator.post(`/admin/staff/${id}`, changed)).status).toBe(303)
    expect((await visitor.get('/service-users')).status).toBe(403)
    expect((await visitor.get('/items')).status).toBe(200)
    expect((await administrator.get(`/admin/staff/${id}`)).text).toContain('Ash Ward')
  })

  it('of the care team go with a team, and a champion’s with none', async () => {
    const { ward } = app.people
    const team = await invite({ role: 'care-team', ward: [String(ward.id)] })
    expect((await administrator.get(`/admin/staff/${team.id}`)).text).toContain('Ash Ward')
    const none = await invite({ role: 'champion', ward: [String(ward.id)] })
    expect((await administrator.get(`/admin/staff/${none.id}`)).text).not.toContain('Ash Ward')
  })

  it('of another organisation’s staff, and wards of another organisation, are out of reach', async () => {
    const { staffId } = app.people.foreignActors.champion
    expect((await administrator.get(`/admin/staff/${staffId}`)).status).toBe(404)
    expect((await administrator.post(`/admin/staff/${staffId}/closure`)).status).toBe(404)
    const ward = [String(app.people.foreignWard.id)]
    expect((await administrator.post('/admin/staff', invitation({ role: 'ward-staff', ward }))).status).toBe(404)
  })

  it('are not saved over somebody else’s change', async () => {
    const { id } = await invite()
    const page = await administrator.post(`/admin/staff/${id}`, { name: 'Nadia Typed', role: 'champion', version: 7 })
    expect(page.status).toBe(409)
    expect(page.text).toContain('Someone else changed this account')
    expect(page.text).toContain('Nadia Typed')
  })
})

describe('An account that is closed', () => {
  it('is out at once, cannot sign in or be sent a link, and can be opened again', async () => {
    const { id, email, visitor } = await joined()
    expect((await visitor.get('/')).status).toBe(200)
    await administrator.post(`/admin/staff/${id}/closure`)
    expect((await visitor.get('/')).headers.location).toMatch(/^\/sign-in/)
    await expect(app.visitor().signIn(email, good)).rejects.toThrow('could not sign in')
    expect((await administrator.post(`/admin/staff/${id}/reset`)).status).toBe(409)
    expect((await administrator.get('/admin/staff?show=closed')).text).toContain(email)

    await administrator.post(`/admin/staff/${id}/opening`)
    await app.visitor().signIn(email, good)
  })

  it('is never that of the last administrator, whoever asks and however', async () => {
    const { actors } = app.people
    const other = await joined({ role: 'administrator' })
    // each closes the other in the same moment
    const [one, two] = await Promise.all([
      administrator.post(`/admin/staff/${other.id}/closure`),
      other.visitor.post(`/admin/staff/${actors.administrator.staffId}/closure`),
    ])
    // whoever was closed first is asked to sign in, or told that the other is the last
    const didClose = ({ status, headers }: typeof one) => status === 303 && !headers.location?.startsWith('/sign-in')
    expect([one!, two!].filter(didClose)).toHaveLength(1)
    const left = await administrators()
    expect(left).toHaveLength(1)
    for (const change of ["role = 'champion'", 'disabled_at = now()', 'password_hash = null']) {
      await expect(app.pool.query(`update staff set ${change} where id = $1`, [left[0]])).rejects.toMatchObject({
        constraint: 'last_administrator_stays',
      })
    }
    if (left[0] !== actors.administrator.staffId) {
      await other.visitor.post(`/admin/staff/${actors.administrator.staffId}/opening`)
      administrator = await app.signedInAs('administrator')
    }
  })
})

describe('Somebody who forgot the password', () => {
  it('gets a link, sets a new one, and is out everywhere else; the page says the same to everybody', async () => {
    const { email, visitor } = await joined()
    server.received.length = 0
    const known = await askFor(email)
    const unknown = await askFor('nobody@here.example')
    const steady = (text: string) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{256}/g, '')
    expect(steady(known.text)).toBe(steady(unknown.text))
    expect(known.status).toBe(unknown.status)

    await mailed(1)
    const link = linkIn(lastMail())
    expect(server.received.map(({ to }) => to)).toEqual([[email]])
    expect((await open(link, 'four other words entirely')).status).toBe(303)
    expect((await visitor.get('/')).headers.location).toMatch(/^\/sign-in/)
    await expect(app.visitor().signIn(email, good)).rejects.toThrow('could not sign in')
    await app.visitor().signIn(email, 'four other words entirely')
    expect((await open(link)).status).toBe(404)
  })

  it('gets a link to this service, whatever the request calls itself', async () => {
    const { email } = await joined()
    server.received.length = 0
    const visitor = app.visitor()
    await visitor.readToken('/reset-password')
    await visitor.post('/reset-password', { email }).set('Host', 'evil.example').set('X-Forwarded-Host', 'evil.example')
    await mailed(1)
    expect(lastMail()).not.toContain('evil.example')
  })

  it('is not flooded with links by somebody who asks for them over and over', async () => {
    const { email } = await joined()
    server.received.length = 0
    for (let times = 0; times < 12; times += 1) expect((await askFor(email)).status).toBe(200)
    await mailed(1)
    expect(server.received.length).toBeLessThanOrEqual(10)
  })
})

describe('One’s own account', () => {
  it('shows where one is signed in, and signs out everywhere else', async () => {
    const { email, visitor } = await joined()
    const elsewhere = await app.visitor().signIn(email, good)
    await visitor.readToken('/account')
    const page = await visitor.get('/account')
    expect(page.text).toContain('Here, since')
    expect(page.text).toContain('Sign out everywhere else')
    await visitor.post('/account/sign-out-elsewhere')
    expect((await elsewhere.get('/')).headers.location).toMatch(/^\/sign-in/)
    expect((await visitor.get('/account')).text).not.toContain('Sign out everywhere else')
  })

  it('changes its password when the present one is given', async () => {
    const { email, visitor } = await joined()
    const wrong = await visitor.post('/account/password', {
      present: 'not this one',
      password: 'four other words entirely',
    })
    expect(wrong.text).toContain('This is not the password you have now')
    const none = await visitor.post('/account/password', { present: '', password: 'short' })
    expect(none.text).toContain('Enter the password you have now')
    expect(none.text).toContain('Password must be 15 characters or more')
    const done = await visitor.post('/account/password', { present: good, password: 'four other words entirely' })
    expect(done.headers.location).toBe('/account')
    expect((await visitor.get('/')).status).toBe(200)
    await app.visitor().signIn(email, 'four other words entirely')
  })
})

describe('A link that opens a door', () => {
  it('is kept as a hash, and opens once, as PostgreSQL has it', async () => {
    const { id, link } = await invite()
    const token = link.split('/').at(-1)!
    const { rows } = await app.pool.query(
      'select *, encode(token_hash, $2) as hex from staff_links where staff_id = $1',
      [id, 'hex'],
    )
    expect(JSON.stringify(rows)).not.toContain(token)
    await open(link)
    const again = app.pool.query('update staff_links set used_at = null where staff_id = $1', [id])
    await expect(again).rejects.toMatchObject({ constraint: 'link_opens_once' })
  })
})

describe('The review of who may sign in', () => {
  it('lists everybody by what they do, those who were not here for longest first, and says in the audit who looked', async () => {
    await staffMember(app.db, { organisation_id: app.people.organisationId, role: 'champion', name: 'Never Here' })
    const page = await administrator.get('/admin/staff/review')
    expect(page.text).toContain('Never Here')
    const { rows } = await app.pool.query("select from audit_events where verb = 'staff:reviewed'")
    expect(rows).toHaveLength(1)
  })
})

async function askFor(email: string) {
  const visitor = app.visitor()
  await visitor.readToken('/reset-password')
  return visitor.post('/reset-password', { email })
}

/** The answer leaves before the email is written, so it may take a moment. */
async function mailed(count: number): Promise<void> {
  while (server.received.length < count) {
    await doAllJobs(app)
    await new Promise((later) => setTimeout(later, 50))
  }
}

async function versionOf(id: number): Promise<number> {
  const { rows } = await app.pool.query('select version from staff where id = $1', [id])
  return rows[0].version
}

async function administrators(): Promise<Actor['staffId'][]> {
  const client = new pg.Client({ connectionString: app.appUrl })
  await client.connect()
  const { rows } = await client.query(
    "select id::int from staff where organisation_id = $1 and role = 'administrator' and disabled_at is null and password_hash is not null",
    [app.people.organisationId],
  )
  await client.end()
  return rows.map((row) => row.id)
}
