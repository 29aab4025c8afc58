import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { onCaseload, serviceUser, staffMember } from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const someone = (more: object = {}) => serviceUser(app.db, { organisation_id: app.people.organisationId, ...more })
const url = (id: number, rest = '') => `/service-users/${id}/conversation${rest}`
const text = async (path: string, visitor = champion) => plainText((await visitor.get(path)).text)
const key = () => ({ key: crypto.randomUUID() })
const begin = (id: number, fields: object = {}, visitor = champion) =>
  visitor.post(url(id), { how: 'phone', ...key(), ...fields })
const finish = (id: number, visitor = champion) =>
  visitor.post(url(id, '/finish'), { 'review-on-day': '3', 'review-on-month': '2', 'review-on-year': '2027' })
const conversationsOf = (id: number) =>
  app.db.selectFrom('conversations').selectAll().where('service_user_id', '=', id).orderBy('id').execute()
const answersOf = (id: number) =>
  app.db.selectFrom('conversation_answers').selectAll().where('service_user_id', '=', id).orderBy('id').execute()
const stepsOf = (id: number) =>
  app.db
    .selectFrom('suggestions')
    .select(['factor', 'step', 'decision'])
    .where('service_user_id', '=', id)
    .where('withdrawn_at', 'is', null)
    .orderBy('id')
    .execute()

const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''

/** What the form of a part was shown with. */
async function shown(id: number, part: string, visitor = champion) {
  const page = await visitor.get(url(id, `/parts/${part}`))
  return { conversation: hidden(page.text, 'conversation'), version: hidden(page.text, 'version') }
}

async function say(id: number, part: string, fields: object, visitor = champion) {
  return visitor.post(url(id, `/parts/${part}`), { ...(await shown(id, part, visitor)), ...fields })
}

describe('A conversation', () => {
  it('is begun, left, gone on with, and finished; what was not asked is kept as such, and nothing is made of it', async () => {
    const person = await someone()
    expect(await text(url(person.id))).toContain('Nobody has asked them yet')
    const answer = await begin(person.id)
    expect([answer.status, answer.headers.location]).toEqual([303, url(person.id, '/parts/opening')])
    const saved = await say(person.id, 'opening', {
      way: 'video',
      device: 'none',
      interest: 'not-asked',
      connection: 'prefer-not',
    })
    expect([saved.status, saved.headers.location]).toEqual([303, url(person.id)])
    const page = await text(url(person.id))
    expect(page).toContain('3 of 8 asked')
    expect(page).toMatch(/A device Barrier They have no device\. On 3 August 2026 they said “No”\. See the answer/)
    expect(page).toContain('Lend a device, with its charger')
    expect(page).toMatch(/Not known .*Internet.*Cost of data/)
    await say(person.id, 'skills', { 'skill-join': 'not-yet' })
    expect(await text(url(person.id))).toContain('1 of 8 asked')
    expect((await finish(person.id)).status).toBe(303)
    expect(await conversationsOf(person.id)).toMatchObject([
      { how: 'phone', held_on: '2026-08-03', review_on: '2027-02-03' },
    ])
    expect((await answersOf(person.id)).map(({ question, kind }) => [question, kind])).toEqual([
      ['way', 'answered'],
      ['device', 'answered'],
      ['connection', 'prefer-not'],
      ['skill-join', 'answered'],
    ])
    const record = await text(`/service-users/${person.id}`)
    expect(record).toMatch(/What shuts them out A device Barrier They have no device Skills Risk/)
    expect(await text(`/service-users/${person.id}/history`)).toMatch(
      /wrote down what the person of this record said.*Device: added, No/,
    )
  })

  it('asks nobody why they choose to meet in person, only what makes it work', async () => {
    const person = await someone()
    await begin(person.id)
    const page = await champion.get(url(person.id, '/parts/opening'))
    expect(page.text.match(/<input[^>]*name="way"/g)).toHaveLength(7)
    expect(plainText(page.text)).not.toMatch(/reason|why/i)
    const saved = await say(person.id, 'opening', { way: 'face-to-face' })
    expect(saved.headers.location).toBe(url(person.id, '/parts/in-person'))
    expect(await text(url(person.id))).toContain('Nothing that they were asked about.')
    expect(await stepsOf(person.id)).toEqual([])
  })

  it('counts the newest answer, also when an older one on paper is typed in later, and shows both side by side', async () => {
    const person = await someone()
    await begin(person.id)
    await say(person.id, 'opening', { device: 'own', affordability: 'runs-out' })
    await finish(person.id)
    await begin(person.id, { how: 'paper', 'held-on-day': '1', 'held-on-month': '7', 'held-on-year': '2026' })
    await say(person.id, 'opening', { device: 'none', affordability: 'not-asked', confidence: 'not-sure' })
    await finish(person.id)
    const page = await text(url(person.id))
    expect(page).not.toContain('They have no device')
    expect(page).toContain('Their data runs out')
    expect(page).toContain('They do not feel sure about joining a call')
    const [phone, paper] = await conversationsOf(person.id)
    expect(await text(url(person.id, `/held/${paper?.id}`))).toContain('This is the first conversation')
    const held = await text(url(person.id, `/held/${phone?.id}`))
    expect(held).toMatch(
      /What changed since last time.*video call with\? Last time No This time Yes, my own, and it works well/,
    )
    expect([phone?.reviewed_at === null, paper?.reviewed_at === null]).toEqual([false, true])
  })

  it('writes the language and the interpreter on the record, also a language that is not in the list', async () => {
    const person = await someone()
    await begin(person.id)
    expect((await say(person.id, 'opening', { language: 'klingon' })).status).toBe(422)
    expect(plainText((await say(person.id, 'opening', { language: 'other' })).text)).toContain('Enter the language')
    expect((await say(person.id, 'opening', { language: 'other', 'language-other': 'Dinka' })).status).toBe(303)
    await say(person.id, 'interpreter', { interpreter: 'spoken' })
    const record = await text(`/service-users/${person.id}`)
    expect(record).toContain('Interpreter needed: Dinka')
    expect(await text(url(person.id))).toContain('On 3 August 2026 they said “Yes, for a spoken language”')
    await say(person.id, 'opening', { language: '', 'language-other': 'somali' })
    expect((await answersOf(person.id))[0]).toMatchObject({ chosen: ['somali'] })
  })

  it.each([
    ['opening', { device: 'spaceship' }, 'Choose one of these'],
    ['senses', { senses: ['none', 'seeing'] }, 'Choose “No”, or the others'],
    ['own-words', { 'own-words': 'x'.repeat(10_000) }, 'must be 1,000 characters or less. It has 10,000'],
    ['own-words', { 'own-words': 'Hello', 'own-words-prefer-not': 'yes' }, 'or write what they said'],
  ])('says what is wrong in %s and keeps what was typed', async (part, fields, words) => {
    const person = await someone()
    await begin(person.id)
    const answer = await say(person.id, part, fields)
    expect(answer.status).toBe(422)
    expect(plainText(answer.text)).toContain(words)
    if ('own-words' in fields) expect(answer.text).toContain(fields['own-words'])
    expect(await answersOf(person.id)).toEqual([])
  })

  it('is begun with a day that has been, and reviewed on one to come', async () => {
    const person = await someone()
    const day = (name: string, year: string) => ({
      [`${name}-day`]: '1',
      [`${name}-month`]: '7',
      [`${name}-year`]: year,
    })
    expect((await begin(person.id, day('held-on', '2027'))).status).toBe(422)
    expect((await begin(person.id, { how: 'owl' })).status).toBe(422)
    await begin(person.id)
    const late = await champion.post(url(person.id, '/finish'), day('review-on', '2026'))
    expect(late.status).toBe(422)
    expect(plainText(late.text)).toContain('The day to talk again must be in the future')
    expect((await champion.post(url(person.id, '/finish'), {})).status).toBe(422)
  })

  it('is one, however often its button is pressed, and whoever comes second joins in', async () => {
    const person = await someone()
    const form = key()
    await Promise.all([begin(person.id, form), begin(person.id, form)])
    await begin(person.id)
    expect(await conversationsOf(person.id)).toHaveLength(1)
  })

  it('asks about answers that seem not to fit, and keeps both', async () => {
    const person = await someone()
    await begin(person.id)
    expect((await say(person.id, 'opening', { way: 'video', interest: 'no' })).status).toBe(303)
    expect(await text(url(person.id))).toContain('would rather not use video. Both stand. Ask which is right.')
    expect(await answersOf(person.id)).toHaveLength(2)
  })
})

describe('Two champions at once', () => {
  it('lose nothing: the second sees what the first saved, and what nobody asked again stays', async () => {
    const person = await someone()
    await begin(person.id)
    const seen = await shown(person.id, 'opening')
    const first = champion.post(url(person.id, '/parts/opening'), { ...seen, device: 'none', interest: 'yes' })
    expect((await first).status).toBe(303)
    const second = await champion.post(url(person.id, '/parts/opening'), { ...seen, device: 'own', confidence: 'sure' })
    expect(second.status).toBe(409)
    const page = plainText(second.text)
    expect(page).toContain('HERE champion saved this part on Monday 3 August 2026 at 10:30am, after you opened it')
    expect(page).toMatch(/Question Device Saved now No What you typed Yes, my own, and it works well/)
    expect(second.text).toMatch(/name="interest"[^>]*value="yes"[^>]* checked/)
    expect(second.text).toMatch(/name="device"[^>]*value="own"[^>]* checked/)
    const again = { conversation: seen.conversation, version: hidden(second.text, 'version') }
    const merged = { ...again, device: 'own', confidence: 'sure', interest: 'yes' }
    expect((await champion.post(url(person.id, '/parts/opening'), merged)).status).toBe(303)
    expect((await answersOf(person.id)).map(({ question, chosen }) => [question, chosen[0]]).sort()).toEqual([
      ['confidence', 'sure'],
      ['device', 'own'],
      ['interest', 'yes'],
    ])
  })

  it('are not in each other’s way in different parts', async () => {
    const person = await someone()
    await begin(person.id)
    const [opening, skills] = [await shown(person.id, 'opening'), await shown(person.id, 'skills')]
    const both = await Promise.all([
      champion.post(url(person.id, '/parts/opening'), { ...opening, device: 'none' }),
      champion.post(url(person.id, '/parts/skills'), { ...skills, 'skill-join': 'alone' }),
    ])
    expect(both.map(({ status }) => status)).toEqual([303, 303])
  })

  it('cannot write in a conversation that the other one finished, and what was typed is still there', async () => {
    const person = await someone()
    await begin(person.id)
    const seen = await shown(person.id, 'own-words')
    await finish(person.id)
    const late = await champion.post(url(person.id, '/parts/own-words'), { ...seen, 'own-words': 'Call after ten' })
    expect(late.status).toBe(409)
    expect(plainText(late.text)).toContain('This conversation is finished')
    expect(late.text).toContain('Call after ten')
    expect((await finish(person.id)).status).toBe(409)
    expect((await champion.get(url(person.id, '/parts/opening'))).status).toBe(303)
  })
})

describe('What would help', () => {
  const decide = async (id: number, step: string, decision: string) => {
    const { text: page } = await champion.get(url(id))
    const version = new RegExp(`suggestions/${step}".*?name="version" value="(\\d+)"`, 's').exec(page)?.[1] ?? '0'
    return champion.post(url(id, `/suggestions/${step}`), { decision, version })
  }

  it('is done, put off or not wanted, once for all the reasons there are, and does not nag until something changes', async () => {
    const person = await someone()
    await begin(person.id)
    await say(person.id, 'opening', { confidence: 'not-sure' })
    await say(person.id, 'skills', { 'skill-join': 'not-yet' })
    expect(await text(url(person.id))).toMatch(
      /Plan a training session, and repeat it as often as needed They do not feel sure about joining a call\. There are things they cannot do yet\./,
    )
    expect((await decide(person.id, 'training', 'declined')).status).toBe(303)
    expect((await decide(person.id, 'training', 'declined')).status).toBe(409)
    expect((await decide(person.id, 'guide', 'deferred')).status).toBe(303)
    expect((await decide(person.id, 'guide', 'whatever')).status).toBe(409)
    expect((await decide(person.id, 'nothing', 'done')).status).toBe(404)
    const page = await text(url(person.id))
    expect(page).toContain('Not wanted: HERE champion on 3 August 2026')
    expect(page).toContain('Later: HERE champion on 3 August 2026, to look at again on 31 Aug 2026')
    await say(person.id, 'opening', { confidence: 'not-sure', device: 'own' })
    expect(
      (await stepsOf(person.id)).filter(({ step }) => step === 'training').map(({ decision }) => decision),
    ).toEqual(['declined', 'declined'])
    await say(person.id, 'opening', { confidence: 'with-help', device: 'own' })
    expect(
      (await stepsOf(person.id)).map(({ factor, step, decision }) => `${factor} ${step} ${decision}`).sort(),
    ).toEqual([
      'confidence guide null',
      'confidence trial-run null',
      'skills guide deferred',
      'skills training declined',
      'skills trial-run null',
    ])
  })

  it('is shown as it was when somebody decides about what has changed meanwhile', async () => {
    const person = await someone()
    await begin(person.id)
    await say(person.id, 'opening', { confidence: 'not-sure' })
    const stale = await champion.post(url(person.id, '/suggestions/training'), { decision: 'done', version: 1 })
    expect(stale.status).toBe(409)
    expect(await stepsOf(person.id)).toMatchObject([{ decision: null }, { decision: null }, { decision: null }])
  })

  it('shows what somebody can do before and after', async () => {
    const person = await someone()
    await begin(person.id, { 'held-on-day': '1', 'held-on-month': '6', 'held-on-year': '2026' })
    await say(person.id, 'skills', { 'skill-join': 'not-yet', 'skill-wifi': 'with-help' })
    await finish(person.id)
    await begin(person.id)
    await say(person.id, 'skills', { 'skill-join': 'alone' })
    const page = await text(url(person.id))
    expect(page).toMatch(/Join Wi-Fi First I can do it with help 1 Jun 2026 Last Not asked again yet/)
    expect(page).toMatch(/Join a call First Not yet 1 Jun 2026 Last I can do it 3 Aug 2026/)
  })
})

describe('An answer that something is not safe', () => {
  it('is cleared by name alone, and holds until then', async () => {
    const person = await someone()
    await begin(person.id)
    await say(person.id, 'opening', { 'private-place': 'no' })
    await finish(person.id)
    await begin(person.id)
    const asked = await say(person.id, 'opening', { 'private-place': 'always' })
    expect(asked.status).toBe(422)
    expect(plainText(asked.text)).toContain('They said something else on 3 August 2026. Write how you know')
    await say(person.id, 'opening', { 'private-place': 'not-asked', device: 'own' })
    expect(await text(url(person.id))).toContain('They cannot talk without being overheard')
    const words = { 'private-place-because': 'They told me on their own, at the hub.' }
    expect((await say(person.id, 'opening', { device: 'own', 'private-place': 'always', ...words })).status).toBe(303)
    expect(await text(url(person.id))).not.toContain('They cannot talk without being overheard')
    const [, conversation] = await conversationsOf(person.id)
    expect(await text(url(person.id, `/held/${conversation?.id}`))).toContain(
      'HERE champion wrote that it is safe now: They told me on their own, at the hub.',
    )
  })

  it('pauses every message where somebody else may read them, and is not taken back by silence', async () => {
    const person = await someone({ phone: '07700 900 111' })
    await begin(person.id)
    await say(person.id, 'messages', { messages: 'not-alone' })
    expect(await text(`/service-users/${person.id}`)).toContain('Use no number or address until it is confirmed')
    const silent = await say(person.id, 'messages', { messages: 'not-asked' })
    expect(silent.status).toBe(422)
    expect(plainText(silent.text)).toContain('They said something else in this conversation')
  })
})

describe('Who may see a conversation', () => {
  it('is the champion in whose reach the person is', async () => {
    const person = await someone()
    await begin(person.id)
    const [conversation] = await conversationsOf(person.id)
    const limited = await staffMember(app.db, {
      organisation_id: app.people.organisationId,
      role: 'champion',
      caseload_only: true,
    })
    const actor = { ...app.people.actors.champion, staffId: limited.id, caseloadOnly: true }
    const visitor = await app.signedInAs(actor)
    const paths = ['', '/new', '/finish', '/parts/opening', `/held/${conversation?.id}`]
    for (const path of paths) expect((await visitor.get(url(person.id, path))).status).toBe(404)
    await onCaseload(app.db, {
      organisationId: app.people.organisationId,
      champion: limited,
      serviceUser: person,
    })
    for (const path of paths) expect((await visitor.get(url(person.id, path))).status).toBe(200)
    const other = await someone()
    expect((await champion.get(url(other.id, `/held/${conversation?.id}`))).status).toBe(404)
    const elsewhere = { conversation: String(conversation?.id), version: '0', device: 'own' }
    expect((await champion.post(url(other.id, '/parts/opening'), elsewhere)).status).toBe(404)
  })
})
