import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactAddress, contactAnswer, privateNote } from '../../seeds/factories.ts'
import { aboutCode } from '../../src/data-allowances/stock-rules.ts'
import { roles } from '../../src/lib/actor.ts'
import { seal, unseal } from '../../src/lib/sealed.ts'
import { queueEmailToPerson } from '../../src/messages/actions.ts'
import { messageKinds } from '../../src/messages/rules.ts'
import { toPreview } from '../imports/journey.ts'
import { calendarOf, headerOf, readable } from '../messages/wire.ts'
import { makeModels, makeRecords, type Records } from '../security/records.ts'
import { exampleOf, getNames, isFor } from '../security/route-table.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { type NotifyServer, startNotifyServer } from '../support/notify-server.ts'
import { kinds, letterFor, makeDue, putOwnWords, reached, service } from './kinds-of-messages.ts'

/**
 * A word that stands in a private note and nowhere else, and the code of a voucher, are looked for in everything that the app
 * shows or sends: every page, print and download, as every role there is, the lead champion too.
 */
const canary = 'zzcanary'
const words = new RegExp(`${canary}|may be a risk`, 'i')
/** As it came in, and as it is compared: without its dashes. */
const code = 'ZZVOUCH-7731-QXZ'
const codes = /zzvouch-?7731/i
const instruction = 'Do not ring the home number.'

let mails: MailServer
let texts: NotifyServer
let app: TestApp
let records: Records
let visitors: Record<string, Visitor>
let voucher: { id: number; importPath: string; shown: string }

beforeAll(async () => {
  mails = await startMailServer()
  texts = await startNotifyServer()
  app = await startApp({
    ...{ SMTP_URL: mails.url, NOTIFY_URL: texts.url, NOTIFY_TEMPLATE_ID: crypto.randomUUID() },
    NOTIFY_API_KEY: `test-${crypto.randomUUID()}-${crypto.randomUUID()}`,
  })
  const by = app.people.actors.champion
  const models = await makeModels(app.db, by, 'zzhere')
  records = await makeRecords(app.db, { by, ward: app.people.ward, mark: 'zzhere', models })
  const person = { id: records.serviceUserId, organisation_id: app.people.organisationId }
  await privateNote(app.db, { person, by: { id: by.staffId }, note: `Somebody at home may be a risk: ${canary}` })
  const details = app.db.updateTable('service_user_details').where('service_user_id', '=', person.id)
  await details.set({ contact_instruction: instruction, email: 'kim@post.example' }).execute()
  // whoever is on the ward, and with a team of the care team
  const onWard = { id: records.wardPersonId, organisation_id: app.people.organisationId }
  await privateNote(app.db, { person: onWard, by: { id: by.staffId }, note: `Also at home: ${canary}` })
  await app.pool.query('update service_user_details set contact_instruction = $2 where service_user_id = $1', [
    onWard.id,
    instruction,
  ])
  await contactAnswer(app.db, { person, channel: 'email' })
  visitors = {}
  for (const role of roles) visitors[role] = await app.signedInAs(role)
  voucher = await handOutVoucher(visitors.champion!, records.serviceUserId)
})
afterAll(async () => {
  await app.close()
  await mails.stop()
  await texts.stop()
})

/** A voucher of a spreadsheet is handed out, and its code is looked at. */
async function handOutVoucher(champion: Visitor, person: number) {
  const file = Buffer.from(`Type,Voucher code,Supplier,Data\nVoucher,${code},Zz Databank,10 GB\n`)
  const { path, seen } = await toPreview(champion, file, { to: '/data-allowances/stock/import' })
  await champion.post(`${path}/apply`, { seen })
  const stock = app.db.selectFrom('data_stock').select('id').where('provider', '=', 'Zz Databank')
  const fields = { stock: (await stock.executeTakeFirstOrThrow()).id, person, key: crypto.randomUUID() }
  const sent = await champion.post('/data-allowances/from-stock', fields)
  const url = sent.headers.location as string
  await champion.post(`${url}/code`, { key: crypto.randomUUID() })
  return { id: Number(url.split('/').at(-1)), importPath: path, shown: (await champion.get(`${url}/code`)).text }
}

/** Every table in which a row holds this, as text, JSON or bytes. */
async function tablesWith(pattern: RegExp): Promise<string[]> {
  const tables = await app.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
  )
  const holding: string[] = []
  for (const { name } of tables.rows) {
    const found = await app.pool.query(`select from ${name} as one where to_jsonb(one)::text ~* $1 limit 1`, [
      pattern.source,
    ])
    if (found.rowCount) holding.push(name)
  }
  return holding
}

/** Where the note itself is shown, and where it is asked for. */
const isPrivate = (name: string) => name.includes('/safe-contact/private')
const pages = getNames.filter((name) => !isPrivate(name))

describe('That somebody at home may be a risk', () => {
  it.each(roles)('stands on no page, print or download that a person who is %s opens', async (role) => {
    const visitor = visitors[role]!
    const seen: string[] = []
    for (const name of pages) {
      const example = exampleOf(name)
      if (example.first && isFor(example, role)) await example.first(visitor, records)
      const answer = await visitor.get(example.path(records)).buffer(true)
      const all = `${answer.text ?? ''} ${JSON.stringify(answer.body)} ${JSON.stringify(answer.headers)}`
      if (words.test(all)) seen.push(name)
      if (codes.test(all)) seen.push(`the code: ${name}`)
    }
    expect(pages.length).toBeGreaterThan(60)
    expect(seen).toEqual([])
  })

  it('is not asked for, nor told, by who may not read it', async () => {
    const url = `/service-users/${records.serviceUserId}/safe-contact`
    expect((await visitors.champion!.get(`${url}/private`)).text).toContain(canary)
    for (const role of roles.filter((one) => one !== 'champion')) {
      const answer = await visitors[role]!.get(`${url}/private`)
      expect([role, answer.status, words.test(answer.text)]).toEqual([role, 403, false])
    }
  })

  it('stands in no message, log, audit or form that was sent, nor in any other table', async () => {
    const person = { id: records.serviceUserId, organisation_id: app.people.organisationId }
    await contactAddress(app.db, { person, address: 'kim@post.example', isSafe: true })
    await app.changeAs('champion', async (change) => {
      change.audit({ verb: 'service-user:viewed' })
      await queueEmailToPerson(change, {
        cause: 'test:canary',
        kind: 'review-in-a-week',
        to: { serviceUserId: person.id, supporterId: null },
        purpose: 'information',
        write: (how) => ({ subject: 'Hello', body: JSON.stringify(how) }),
        sendUntil: new Date(startOfTest.getTime() + 86_400_000),
        isSecret: false,
      })
    })
    const note = { note: `Again: ${canary}`, key: crypto.randomUUID() }
    const url = `/service-users/${person.id}/safe-contact/private`
    expect((await visitors.champion!.post(url, note)).status).toBe(303)
    expect((await visitors.champion!.post(url, { ...note, note: `${canary} `.repeat(400) })).status).toBe(422)
    expect(app.logged()).not.toMatch(words)
    expect(await tablesWith(words)).toEqual(['public.contact_risk_notes'])
  })

  it('is not what those on the ward and in the care team are told: they are told what to do', async () => {
    for (const role of ['ward-staff', 'care-team'] as const) {
      const { status, text } = await visitors[role]!.get(`/people/${records.wardPersonId}`)
      expect([role, status, text.includes(instruction), words.test(text)]).toEqual([role, 200, true, false])
    }
  })

  it('is not what others are told: they are told what to do', async () => {
    const champion = visitors.champion!
    for (const rest of ['', '/print', '/print?print=large', '/safe-contact']) {
      expect((await champion.get(`/service-users/${records.serviceUserId}${rest}`)).text).toContain(instruction)
    }
  })
})

describe('The code of a voucher that was handed out and looked at', () => {
  it('was shown once, and stands in no import, list, record or audit after that', async () => {
    expect(voucher.shown).toContain(code)
    const { champion, 'information-governance': governance } = visitors
    const asChampion = [`/data-allowances/${voucher.id}`, `/data-allowances/${voucher.id}/code`, '/data-allowances']
    const ofTheImport = ['', '/preview', '/result', '/errors.csv'].map((rest) => `${voucher.importPath}${rest}`)
    const ofTheRecord = ['', '/history', '/print'].map((rest) => `/service-users/${records.serviceUserId}${rest}`)
    for (const path of [...asChampion, ...ofTheImport, ...ofTheRecord, '/data-allowances/stock']) {
      expect([path, codes.test((await champion!.get(path)).text)]).toEqual([path, false])
    }
    const seen = await governance!.get('/audit')
    expect([seen.status, codes.test(seen.text)]).toEqual([200, false])
  })

  it('is in no log and in no row of any table as it can be read: where it is kept, it is encrypted', async () => {
    expect(app.logged()).not.toMatch(codes)
    const asBytes = [code, code.replaceAll('-', '')].map((text) => Buffer.from(text))
    const written = asBytes.flatMap((bytes) => [bytes.toString('hex'), bytes.toString('base64').replace(/.{2}=*$/, '')])
    expect(await tablesWith(new RegExp([codes.source, ...written].join('|')))).toEqual([])
    const kept = await app.pool.query<{ sealed: Buffer; hash: Buffer; organisation_id: string }>(
      `select code_sealed as sealed, code_hash as hash, organisation_id from data_stock where provider = 'Zz Databank'`,
    )
    const { sealed, hash, organisation_id } = kept.rows[0]!
    const about = aboutCode(Number(organisation_id), hash.toString('hex'))
    expect(unseal(app.services.secondStepKey, sealed, about)).toBe(code)
    expect(() => unseal('another key', sealed, about)).toThrow('cannot be read')
    expect(() => unseal(app.services.secondStepKey, sealed, about.replace('organisation', 'other'))).toThrow()
    expect(seal(app.services.secondStepKey, code, about).equals(sealed)).toBe(false)
  })
})

describe('What is sent', () => {
  /** What the service is, what is known of a risk, and whatever is about health. */
  const telling = new RegExp(`zzharbour|mental|psych|clinic|\\bNHS\\b|\\bTrust\\b|${words.source}`, 'i')
  const toPeople = Object.keys(kinds.due).filter((kind) => !(kind in kinds.unsent)) as (keyof typeof kinds.due)[]
  const numbers = new Set<string>()

  const someone = async (...[channel, kind, names]: ['email' | 'text' | 'post', string, boolean?]) => {
    const person = await reached(app, channel, kind, `Somebody at home may be a risk: ${canary}`, names)
    numbers.add(person.nhs_number!.replaceAll(/\D/g, ''))
    return person
  }
  const tells = (said: string) =>
    [telling.exec(said)?.[0], ...[...numbers].filter((one) => said.replaceAll(/[\s-]/g, '').includes(one))].filter(
      Boolean,
    )

  beforeAll(async () => {
    await app.pool.query('update organisations set name = $2 where id = $1', [app.people.organisationId, service])
    await doAllJobs(app)
  })

  it('has a case here for each kind there is, in its list and where it is written', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const written = files.flatMap((file) => {
      const calls = readFileSync(join('src', file), 'utf8')
        .split(/await queueEmail(?:ToPerson)?\(/)
        .slice(1)
      return calls.map((call) => {
        const named = /\bkind: ([^,\n]+),/.exec(call)?.[1]?.replaceAll(/=== '[^']*'/g, '') ?? ''
        return [...named.matchAll(/'([^']+)'/g)].map(([, kind]) => kind!)
      })
    })
    expect(written.length).toBeGreaterThan(5)
    expect(written.filter((found) => found.length === 0)).toEqual([])
    const known = new Set([...Object.keys(kinds.due), ...Object.keys(kinds.unsent), ...Object.keys(kinds.toStaff)])
    expect([...known].sort()).toEqual(Object.keys(messageKinds).sort())
    expect(written.flat().filter((kind) => !known.has(kind) || kind in kinds.unsent)).toEqual([])
  })

  async function namesNothing(kind: keyof typeof kinds.due): Promise<void> {
    const ways =
      kind === 'locker-uncollected' || kind === 'check-in' ? (['email'] as const) : (['email', 'text'] as const)
    for (const channel of ways) {
      mails.received.length = 0
      texts.received.length = 0
      const person = await someone(channel, kind)
      await makeDue(app, kind, person)
      await doAllJobs(app)
      const { rows } = await app.pool.query(
        `select from messages join deliveries on message_id = messages.id and outcome = 'sent'
         where kind = $1 and channel = $2 and coalesce(service_user_id, $3) = $3`,
        [kind, channel, person.id],
      )
      expect([channel, rows.length > 0]).toEqual([channel, true])
      // staff have the address that their organisation gave them
      const ofStaff = kind === 'locker-uncollected' ? /\S+@\S+/g : /(?!)/g
      const sent =
        channel === 'email'
          ? mails.received.map(({ source }) => readable(source))
          : texts.received.map((one) => JSON.stringify(one))
      const said = sent.map((one) => one.replaceAll(ofStaff, ''))
      expect(said.length).toBeGreaterThan(0)
      expect(said.map(tells)).toEqual(said.map(() => []))
    }
  }

  async function quietSubject(kind: keyof typeof kinds.due): Promise<void> {
    mails.received.length = 0
    await makeDue(app, kind, await someone('email', kind, true))
    await doAllJobs(app)
    expect(mails.received.length).toBeGreaterThan(0)
    for (const { source } of mails.received) {
      const seen = [headerOf(source, 'Subject') ?? '', headerOf(source, 'From') ?? '', headerOf(source, 'To') ?? '']
      expect([...seen, calendarOf(source)].map(tells)).toEqual([[], [], [], []])
      expect(calendarOf(source) !== '').toBe(kind.startsWith('session-'))
    }
  }

  it.each(toPeople)('names no service, risk or NHS number: %s', namesNothing)

  const inEmails = toPeople.filter((kind) => kind !== 'locker-uncollected')
  it.each(inEmails)(
    'tells nothing in a subject or a calendar, even where they agreed that we say who we are: %s',
    quietSubject,
  )

  it.each(Object.keys(kinds.toStaff))('tells nothing in a subject to staff: %s', (kind) => {
    for (const { subject, body } of kinds.toStaff[kind]!()) {
      expect([subject, tells(subject)]).toEqual([subject, []])
      expect(body).not.toMatch(words)
    }
  })

  it('tells nothing on a letter, where its envelope shows it or behind', async () => {
    const person = await someone('post', 'letter')
    const letter = plainText(await letterFor(app, person))
    for (const shown of [person.name, '9 Quiet Street']) expect(letter).toContain(shown)
    expect(tells(letter)).toEqual([])
  })

  describe('in own words that give everything away', () => {
    beforeAll(() => putOwnWords(app))
    // all are written in one place: the whole run tries each of them
    const some =
      process.env.WHOLE_RUN === 'yes' ? toPeople : toPeople.filter((kind) => /made|hours|check|locker/.test(kind))
    const emails = inEmails.filter((kind) => some.includes(kind))

    it.each(some)('names no service, risk or NHS number: %s', namesNothing)
    it.each(emails)('tells nothing in a subject: %s', async (kind) => {
      await quietSubject(kind)
      expect(readable(mails.received[0]?.source ?? '')).toContain('Zzharbour community psychiatry writes.')
    })
  })
})
