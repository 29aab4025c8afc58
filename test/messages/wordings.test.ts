import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactAnswer, loanTo, serviceUser } from '../../seeds/factories.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { oursFor, type WordedKind, wordedKinds } from '../../src/messages/ours-rules.ts'
import { problemOf } from '../../src/messages/wording-check-rules.ts'
import { formsOf } from '../../src/messages/wording-kinds-rules.ts'
import { filled, type WordingPart, wordingForms } from '../../src/messages/wording-rules.ts'
import { quietNames, tellingIn } from '../../src/safe-contact/telling-rules.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { headerOf, readable } from './wire.ts'

const quiet = quietNames('Harbour Mental Health NHS Foundation Trust', ['Oak ward', 'Tuesday'], 'on Tuesday')
const problem = (part: WordingPart, words: string, kind: WordedKind = 'session-in-two-days') =>
  problemOf(part, words, kind, quiet) ?? ''
const WHEN = 'We meet on {{day and time}}.'

describe('Words of a message', () => {
  it('are filled in, and a sentence is left out where what it names is not known', () => {
    const words = 'Hello {{ Name }},\n\nWe meet on {{day}}. You meet {{who they meet}}. Bye\n{{signed}}\n\n{{link}}'
    expect(filled(words, { name: 'Kim', day: 'Monday' })).toBe('Hello Kim,\n\nWe meet on Monday. Bye')
    expect(filled(words, { name: '{{link}}', day: 'Monday', signed: 'Al', link: 'x' })).toBe(
      'Hello {{link}},\n\nWe meet on Monday. Bye\nAl\n\nx',
    )
  })

  it('are right as they come with the service, for every kind and part', () => {
    for (const kind of wordedKinds) {
      const parts: WordingPart[] = formsOf(kind).flatMap((form) => [...wordingForms[form]])
      for (const part of parts) {
        expect([kind, part, problemOf(part, oursFor(kind)[part], kind, quiet)]).toEqual([kind, part, null])
      }
    }
  })

  it.each<[WordingPart, string, RegExp]>([
    [
      'body',
      `${WHEN} Dear {{nickname}}`,
      /There is no field \{\{nickname\}\}\. You can use \{\{name\}\}, \{\{day and time\}\}/,
    ],
    ['body', `${WHEN} {{link}}`, /\{\{link\}\} cannot stand here: this message does not know it/],
    ['body', `${WHEN} {{name}`, /two braces on each side/],
    ['body', 'See you soon.', /Put in \{\{day and time\}\}/],
    ['body', `${WHEN} 999 000 0018`, /Take out the NHS number/],
    ['body', '', /Enter the words of the email/],
    ['body', `${WHEN} ${'a'.repeat(3000)}`, /3000 characters/],
    ['subject', 'Hello {{name}}', /\{\{name\}\} cannot stand here/],
    ['subject', 'From {{signed}}', /a subject is read by whoever is near/],
    ['subject', 'Your psychiatry call', /Take out “psychiatry”/],
    ['subject', 'News from Harbour', /Take out “Harbour”/],
    ['text', `${WHEN} The Trust, oak  ward`, /Take out “Trust” and “oak {2}ward”/],
    ['text', `${WHEN} You may be at risk`, /Take out “at risk”/],
    ['text', `${WHEN} ${'🙂'.repeat(110)}`, /It would take \d texts/],
  ])('are refused in the %s (case %#)', (part, words, said) => {
    expect(problem(part, words)).toMatch(said)
  })

  it('may say what anybody says', () => {
    for (const words of ['Repeating: we trust you, on Tuesday.', 'Charge the tablet. We are meeting at home.']) {
      expect([words, problem('text', `${WHEN} ${words}`), tellingIn(words, quiet)]).toEqual([words, '', []])
    }
  })
})

describe('An administrator', () => {
  let server: MailServer
  let app: TestApp
  let admin: Visitor
  beforeAll(async () => {
    server = await startMailServer()
    app = await startApp({ SMTP_URL: server.url })
    admin = await app.signedInAs('administrator')
  })
  afterAll(async () => {
    await app.close()
    await server.stop()
  })

  const url = '/admin/messages/review-in-a-week'
  const version = async () => Number(/name="version" value="(\d+)"/.exec((await admin.get(`${url}/email`)).text)?.[1])
  const dueOn = new Date(startOfTest.getTime() + 7 * 86_400_000).toISOString().slice(0, 10)
  const borrows = async (namesService = false) => {
    server.received.length = 0
    const person = await serviceUser(app.db, { organisation_id: app.people.organisationId, known_as: 'Kim' })
    await contactAnswer(app.db, { person, channel: 'email', names_service: namesService })
    await loanTo(app.db, { serviceUser: person, dueOn, lentAt: new Date(startOfTest.getTime() - 90 * 86_400_000) })
  }
  const send = async () => {
    await writeWhatIsDue({ db: app.db, clock: app.clock, canText: false })
    await doAllJobs(app)
    return server.received.map(({ source }) => ({ subject: headerOf(source, 'Subject'), said: readable(source) }))
  }

  it('sees every rule, and why some are always sent', async () => {
    const list = plainText((await admin.get('/admin/messages')).text)
    for (const words of ['Reminder two days before a call', 'A text, or else an email', 'Always sent']) {
      expect(list).toContain(words)
    }
    const moved = plainText((await admin.get('/admin/messages/session-moved')).text)
    expect(moved).toContain('Whoever was told a time must hear of the new one.')
    expect((await admin.post('/admin/messages/session-moved/switch', { on: 'no', version: 0 })).status).toBe(409)
    for (const path of ['/admin/messages/nothing', `${url}/fax`, '/admin/messages/check-in/text']) {
      expect([path, (await admin.get(path)).status]).toEqual([path, 404])
    }
  })

  it('words a message: it is looked at first, goes out so, and goes back to ours', async () => {
    const words = {
      subject: 'A word about {{ Day }}',
      body: 'Good day {{name}}.\r\n\r\nYou have it until {{day}}.\n\n{{signed}}',
    }
    const typed = { ...words, version: await version() }
    const preview = await admin.post(`${url}/email/preview`, typed)
    expect([preview.status, plainText(preview.text)]).toEqual([200, expect.stringContaining('Good day Kim.')])
    expect(await version()).toBe(0)
    expect((await admin.post(`${url}/email`, typed)).status).toBe(303)
    expect((await admin.post(`${url}/email`, typed)).status).toBe(409)
    await borrows()
    const [mail] = await send()
    expect(mail?.subject).toBe('A word about Monday 10 August 2026')
    expect(mail?.said).toContain('Good day Kim.')
    expect(plainText((await admin.get(url)).text)).toMatch(
      /HERE administrator changed the subject and changed the email/,
    )
    expect((await admin.post(`${url}/email/ours`, { version: await version() })).status).toBe(303)
    await borrows()
    expect((await send())[0]?.subject).toBe('What you borrowed: do you still need it?')
  })

  it.each<[string, object, string]>([
    ['a field that is not there', { body: 'Until {{dya}}' }, 'There is no field {{dya}}'],
    ['a subject of two lines', { subject: 'Hello\r\nBcc: all@post.example' }, 'The subject must be one line'],
    ['a subject that tells', { subject: 'Your mental health' }, 'Take out “mental”'],
  ])('is told what is wrong with %s, and keeps what was typed', async (_, wrong, said) => {
    const typed = { subject: 'A word', body: 'Something to keep', ...wrong, version: await version() }
    for (const path of [`${url}/email`, `${url}/email/preview`]) {
      const answer = await admin.post(path, typed)
      expect([answer.status, plainText(answer.text).includes(said)]).toEqual([422, true])
      expect(answer.text).toContain(typed.body)
    }
  })

  it('is told which words give the service away: only whoever agreed to that gets them', async () => {
    const typed = { subject: 'A word', body: 'Dear {{name}}, from the crisis team.', version: await version() }
    const answer = await admin.post(`${url}/email`, typed)
    expect([answer.status, plainText(answer.text)]).toEqual([
      409,
      expect.stringContaining('“crisis” may tell somebody else'),
    ])
    const anyway = /name="anyway" value="([^"]+)"/.exec(answer.text)?.[1] ?? ''
    expect((await admin.post(`${url}/email`, { ...typed, anyway })).status).toBe(303)
    await borrows(false)
    expect((await send())[0]?.said).not.toContain('crisis')
    await borrows(true)
    expect((await send())[0]?.said).toContain('crisis')
    await admin.post(`${url}/email/ours`, { version: await version() })
  })

  it('switches a message off, also where it waits, and on again', async () => {
    const flip = async (on: 'yes' | 'no') => admin.post(`${url}/switch`, { on, version: await version() })
    await borrows()
    await writeWhatIsDue({ db: app.db, clock: app.clock, canText: false })
    expect((await flip('no')).status).toBe(303)
    await doAllJobs(app)
    expect(server.received).toEqual([])
    await borrows()
    expect(await send()).toEqual([])
    expect((await flip('yes')).status).toBe(303)
    expect(await send()).toHaveLength(1)
    expect((await admin.post(`${url}/switch`, { on: 'no', version: 0 })).status).toBe(409)
  })

  it('cannot be gone round by plain SQL', async () => {
    const row = { organisation_id: app.people.organisationId, changed_at: startOfTest, version: 1 }
    const by = { changed_by: app.people.actors.administrator.staffId }
    const put = (columns: object) =>
      verdict(
        app.db
          .insertInto('message_settings')
          .values({ ...row, ...by, kind: 'loan-made', ...columns })
          .execute(),
      )
    expect(await put({ kind: 'session-made', is_on: false })).toBe('23514 some_messages_always_go')
    expect(await put({ subject: 'One\r\nBcc: two' })).toBe('23514 subject_is_one_line')
    expect(await put({ subject: 'Hello {{name}}' })).toBe('23514 subject_names_known_fields')
    expect(await put({ subject: 'Your NHS call' })).toBe('23514 subject_tells_nothing')
    expect(await put({ text_body: 'The psychiatrist rings' })).toBe('23514 text_tells_nothing')
    expect(await put({ body: 'Hello {{nmae}}' })).toBe('23514 words_name_known_fields')
    expect(await put({ body: '' })).toBe('23514 words_are_not_endless')
    expect(await put({ version: 2 })).toBe('23514 message_setting_versions_follow')
    const run = (statement: string) => verdict(app.pool.query(statement))
    expect(await run('delete from message_settings')).toMatch(/^42501/)
    expect(await run(`update message_setting_changes set subject = 'Other'`)).toMatch(/^42501/)
    expect(await run(`update message_settings set is_on = false where kind = 'review-in-a-week'`)).toBe(
      '23514 message_setting_versions_follow',
    )
  })
})
