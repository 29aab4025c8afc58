import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  actorFor,
  quotation,
  type ServiceUserOverrides,
  serviceUser,
  staffMember,
  supporter,
} from '../../seeds/factories.ts'
import { quotationState } from '../../src/quotations/rules.ts'
import { whatTells } from '../../src/quotations/telling-rules.ts'
import { verdict } from '../holds/by-sql.ts'
import { errorsOf, wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let governance: Visitor
let commissioner: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  governance = await app.signedInAs('information-governance')
  commissioner = await app.signedInAs('commissioner')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const person = (more: ServiceUserOverrides = {}) => serviceUser(app.db, { ...here(), ...more })
const by = () => ({ id: app.people.actors.champion.staffId })
const reader = () => app.people.actors['information-governance'].staffId
const key = () => ({ key: crypto.randomUUID() })
const words = async (visitor: Visitor, path: string) => wordsOf((await visitor.get(path)).text)
const agreed = { speaker: 'person', how: 'said', 'agreed-day': '1', 'agreed-month': '8', 'agreed-year': '2026' }
const write = (visitor: Visitor, personId: number, text: string, more: object = {}) =>
  visitor.post(`/service-users/${personId}/quotations`, { words: text, ...agreed, ...key(), ...more })
const auditOf = async (id: number) =>
  (
    await app.db
      .selectFrom('audit_events')
      .select('verb')
      .where('subject_type', '=', 'quotation')
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute()
  ).map(({ verb }) => verb)

describe('what somebody said', () => {
  it('is written down, read by information governance, and then read by whoever pays, without a name, a day or a link', async () => {
    const nadia = await person({ name: 'Nadia Quoted', known_as: 'Nads' })
    const text = 'Zzspoke: I can see my doctor\nwithout two buses'
    const fields = key()
    const first = await write(champion, nadia.id, text, fields)
    const again = await write(champion, nadia.id, text, fields)
    expect([first.status, again.headers.location]).toEqual([303, first.headers.location])
    const [path = ''] =
      /\/quotations\/\d+/.exec((await champion.get(`/service-users/${nadia.id}/quotations`)).text) ?? []
    expect(await words(champion, path)).toContain('Zzspoke')
    expect(await words(commissioner, '/reports/words')).not.toContain('Zzspoke')
    expect(await words(governance, '/')).toContain('What people say: read it before it is shown')
    // whoever reads it first is not told by a name whose words they are
    const page = (await governance.get(path)).text
    expect(page).toContain('Zzspoke')
    expect(page).not.toContain('Nadia')
    expect((await champion.post(`${path}/approval`, key())).status).toBe(403)
    const approval = key()
    expect((await governance.post(`${path}/approval`, approval)).status).toBe(303)
    expect((await governance.post(`${path}/approval`, approval)).status).toBe(303)
    expect((await governance.post(`${path}/approval`, key())).status).toBe(409)

    const { text: shown } = await commissioner.get('/reports/words')
    expect(wordsOf(shown)).toContain('Zzspoke')
    for (const told of ['Nadia', 'Nads', path, 'August', '2026', `/${nadia.id}`])
      expect([told, shown.includes(told)]).toEqual([told, false])
    expect(wordsOf((await commissioner.get('/reports')).text)).toContain('What people say')
    expect((await commissioner.get(path)).status).toBe(403)
    expect(await words(governance, '/')).not.toContain('What people say: read it')

    expect((await champion.post(`${path}/taking-back`, key())).status).toBe(303)
    expect(await words(commissioner, '/reports/words')).not.toContain('Zzspoke')
    expect(await words(champion, path)).toContain('taken back, and are gone')
    expect((await governance.post(`${path}/taking-back`, key())).status).toBe(409)
    const rows = await app.pool.query(`select from quotations where words like '%Zzspoke%'`)
    const details = await app.pool.query(`select from audit_details where details::text like '%Zzspoke%'`)
    expect([rows.rowCount, details.rowCount, app.logged().includes('Zzspoke')]).toEqual([0, 0, false])
    expect(await auditOf(Number(path.split('/')[2]))).toEqual([
      'quotation:written',
      'quotation:viewed',
      'quotation:viewed',
      'quotation:approved',
      'quotation:taken-back',
      'quotation:viewed',
    ])
  })

  it('is refused with a reason, which whoever wrote it down reads', async () => {
    const { id } = await quotation(app.db, { person: await person(), by: by(), words: 'Zzrefused' })
    const path = `/quotations/${id}`
    const empty = await governance.post(`${path}/refusal`, { because: ' ', ...key() })
    expect([empty.status, errorsOf(empty.text)]).toEqual([422, { because: 'Say why they are not shown' }])
    expect((await governance.post(`${path}/refusal`, { because: 'It names a street', ...key() })).status).toBe(303)
    expect(await words(champion, path)).toContain('It names a street')
    expect(await words(governance, '/quotations?show=refused')).toContain('Zzrefused')
    expect(await words(commissioner, '/reports/words')).not.toContain('Zzrefused')
    expect((await governance.post(`${path}/approval`, key())).status).toBe(409)
  })

  it('is of somebody who can be asked: of whoever died nothing is shown or written any more', async () => {
    const alex = await person()
    await quotation(app.db, { person: alex, by: by(), words: 'Zzbefore', decision: 'approved' })
    expect(await words(commissioner, '/reports/words')).toContain('Zzbefore')
    await app.pool.query(
      `update service_users set state = 'died', state_on = '2026-08-02', ward_id = null where id = $1`,
      [alex.id],
    )
    expect(await words(commissioner, '/reports/words')).not.toContain('Zzbefore')
    expect(await words(champion, `/service-users/${alex.id}/quotations`)).toContain('cannot be asked')
    expect((await write(champion, alex.id, 'Another word')).status).toBe(409)
  })

  it('is of somebody in reach, and of one organisation', async () => {
    const limited = await app.signedInAs(
      await actorFor(app.db, await staffMember(app.db, { ...here(), role: 'champion', caseload_only: true })),
    )
    const { id } = await quotation(app.db, { person: await person(), by: by() })
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await limited.get(`/quotations/${id}`)).status).toBe(404)
    expect((await limited.post(`/quotations/${id}/taking-back`, key())).status).toBe(404)
    expect((await write(champion, foreign.id, 'Words')).status).toBe(404)
    const other = await staffMember(app.db, { organisation_id: foreign.organisation_id, role: 'champion' })
    await quotation(app.db, { person: foreign, by: other, words: 'Zzforeign', decision: 'approved' })
    expect(await words(commissioner, '/reports/words')).not.toContain('Zzforeign')
  })

  it('comes in an order that tells nothing, page by page', async () => {
    const many = await person()
    for (let at = 0; at < 45; at += 1) {
      await quotation(app.db, {
        person: many,
        by: by(),
        words: `Zzword ${at}.`,
        decision: 'approved',
        decidedBy: { id: reader() },
      })
    }
    const seen: string[] = []
    let path: string | undefined = '/reports/words'
    while (path) {
      const { text } = await commissioner.get(path)
      seen.push(...(wordsOf(text).match(/Zzword \d+/g) ?? []))
      path = /rel="next"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*rel="next"/
        .exec(text)
        ?.slice(1)
        .find(Boolean)
        ?.replaceAll('&amp;', '&')
        .replaceAll('&#x3D;', '=')
    }
    expect(seen.length).toBe(45)
    expect(new Set(seen).size).toBe(45)
    expect(seen).not.toEqual(Array.from({ length: 45 }, (_, at) => `Zzword ${at}`))
    expect((await commissioner.get('/reports/words?after=1%27')).status).toBe(200)
  })
})

describe('words that tell who spoke', () => {
  const told = 'Leave out the name'
  it.each([
    ['My name is nadia and I got a phone', told],
    ['Nadía helped', told],
    ['NADIA', told],
    ['Ask Nads', told],
    ['My sister Halima rang', told],
    ['I may ring Dr May tomorrow', told],
    ['I may ring tomorrow', null],
    ['Ring me on 07700 900 982', 'Leave out the phone number'],
    ['It is 999 000 0018 on my card', 'Leave out the phone number'],
    ['Write to kim@post.example', 'Leave out the email address'],
    ['I live in EX1 1EX', 'Leave out the postcode'],
    ['I got 2 phones in 2026', null],
  ])('%s', (text, expected) => {
    expect(whatTells(text, ['Nadia May', 'Nads', 'Halima May', ''])).toBe(expected)
  })

  it('are refused at the field, with what was typed kept, for names of supporters too', async () => {
    const nadia = await person({ name: 'Nadia Quoted' })
    await supporter(app.db, { of: nadia, name: 'Halima Sister' })
    for (const text of ['Nadia here', 'Halima rang for me']) {
      const answer = await write(champion, nadia.id, text)
      expect([answer.status, errorsOf(answer.text)]).toEqual([422, { words: told }])
      expect(answer.text).toContain(text)
    }
  })

  it('and whatever is missing or wrong is said at its field', async () => {
    const { id } = await person()
    const bad = async (more: object) => errorsOf((await write(champion, id, 'Fine words', more)).text)
    expect(await bad({ words: '' })).toEqual({ words: 'Write down the words' })
    expect(await bad({ words: 'x'.repeat(501) })).toEqual({ words: 'Must be 500 characters or fewer' })
    expect(await bad({ speaker: '' })).toEqual({ speaker: 'Choose whose words they are' })
    expect(await bad({ how: 'guessed' })).toEqual({ how: 'Choose how they agreed' })
    expect(await bad({ 'agreed-year': '2027' })).toEqual({ agreed: 'The day they agreed must be today or in the past' })
    expect(await bad({ 'agreed-day': '', 'agreed-month': '', 'agreed-year': '' })).toEqual({
      agreed: 'Enter the day they agreed',
    })
  })
})

it('stands where its last change put it', () => {
  expect(quotationState({ decision: null, taken_back_at: null })).toBe('waiting')
  expect(quotationState({ decision: 'approved', taken_back_at: null })).toBe('approved')
  expect(quotationState({ decision: 'approved', taken_back_at: '2026-08-03T10:00:00Z' })).toBe('taken-back')
})

it('PostgreSQL keeps what was said, who decides, and that what is taken back is gone', async () => {
  const waiting = await quotation(app.db, { person: await person(), by: by() })
  const set = (columns: string, id = waiting.id) =>
    verdict(app.pool.query(`update quotations set ${columns} where id = $1`, [id]))
  const decided = (decision: string, staff: number) =>
    `decision = '${decision}', decided_at = written_at, decided_by = ${staff}`
  expect(await set(`words = 'other'`)).toBe('23514 quotation_goes_on')
  expect(await set(`agreed_on = agreed_on - 1`)).toBe('23514 quotation_goes_on')
  expect(await set(`taken_back_at = written_at`)).toBe('23514 taken_back_words_are_gone')
  expect(await set(decided('approved', by().id))).toMatch(
    /^23514 quotation_(has_a_second_reader|is_decided_by_governance)$/,
  )
  const other = await staffMember(app.db, { ...here(), role: 'champion' })
  expect(await set(decided('approved', other.id))).toBe('23514 quotation_is_decided_by_governance')
  expect(await set(decided('refused', reader()))).toBe('23514 quotation_says_why_it_was_refused')
  expect(await set(decided('approved', reader()))).toBe('accepted')
  expect(await set(`${decided('refused', reader())}, refused_because = 'x'`)).toBe('23514 quotation_goes_on')
  expect(await set(`words = '', taken_back_at = written_at`)).toBe('accepted')
  expect(await set(`words = 'x', taken_back_at = null`)).toBe('23514 quotation_goes_on')
  expect(await set(`words = 'x'`)).toBe('23514 taken_back_words_are_gone')
  const own = await quotation(app.db, { person: await person(), by: { id: reader() } })
  expect(await set(decided('approved', reader()), own.id)).toBe('23514 quotation_has_a_second_reader')
})
