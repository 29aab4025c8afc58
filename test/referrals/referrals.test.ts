import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  actorFor,
  availableItem,
  contactAnswer,
  endedReferral,
  kit,
  onCaseload,
  referralFor,
  type ServiceUserOverrides,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { errorsOf, fieldValue, lendFields, wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let carer: Visitor
let nurse: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  carer = await app.signedInAs('care-team')
  nurse = await app.signedInAs('ward-staff')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const person = (more: ServiceUserOverrides = {}) => serviceUser(app.db, { ...here(), ...more })
const by = () => ({ id: app.people.actors['care-team'].staffId })
const key = () => ({ key: crypto.randomUUID() })
const words = async (visitor: Visitor, path: string) => wordsOf((await visitor.get(path)).text)
let last = 0
const somebody = (more: Record<string, string | string[]> = {}) => {
  last += 1
  return {
    name: `Nadia Newcomer ${String.fromCharCode(64 + last)}`,
    'date-of-birth-day': String(last),
    'date-of-birth-month': '3',
    'date-of-birth-year': '1980',
    'nhs-number': '',
    asks: ['device', 'skills'],
    ...key(),
    ...more,
  }
}
const typed = {
  source: 'letter',
  referrer: 'Dr Rao',
  'referred-day': '1',
  'referred-month': '8',
  'referred-year': '2026',
}
const idIn = (location: string | undefined) => Number(/^\/referrals\/(\d+)$/.exec(location ?? '')?.[1])
async function refer(visitor: Visitor, fields: Record<string, string | string[] | number>): Promise<number> {
  const answer = await visitor.post('/referrals', { ...key(), ...fields })
  expect([answer.status, errorsOf(answer.text ?? '')]).toEqual([303, {}])
  return idIn(answer.headers.location)
}
const stored = (id: number) => app.db.selectFrom('referrals').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const versionAt = async (visitor: Visitor, path: string) => fieldValue((await visitor.get(path)).text, 'version') ?? ''

describe('a care team', () => {
  it('refers somebody new on one page, and sees what becomes of it', async () => {
    const id = await refer(
      carer,
      somebody({ barriers: ['no-device', 'cost'], 'contact-text': 'allowed', 'contact-call': 'not-allowed' }),
    )
    const page = await words(carer, `/referrals/${id}`)
    for (const line of [
      'Waiting',
      'A tablet, phone or laptop',
      'The cost',
      'Texts: yes',
      'Calls: no',
      'HERE care-team',
    ]) {
      expect(page).toContain(line)
    }
    const { service_user_id, team_id, source } = await stored(id)
    expect([team_id, source]).toEqual([app.people.ward.id, 'care-team'])
    const said = await app.db
      .selectFrom('contact_answers')
      .selectAll()
      .where('service_user_id', '=', service_user_id)
      .execute()
    expect(said.map(({ channel, answer }) => [channel, answer]).sort()).toEqual([
      ['call', 'not-allowed'],
      ['text', 'allowed'],
    ])
    expect(await words(carer, '/referrals')).toContain('Nadia Newcomer')
    expect(await words(carer, `/people/${service_user_id}`)).toContain('Nadia Newcomer')
    await champion.post(`/referrals/${id}/decline`, { why: 'nothing-suitable', words: 'Ask again in May.', version: 1 })
    const declined = await words(carer, `/referrals/${id}`)
    expect(declined).toContain('Declined on 3 August 2026 by HERE champion: we have nothing that suits them just now.')
    expect(declined).toContain('Ask again in May.')
    expect(declined).toContain('They can be seen face to face as before')
  })

  it('is asked who it is where somebody of theirs is much like that, and told nothing of anybody else', async () => {
    const number = makeTestNhsNumber(81_001)
    const mine = { state: 'admitted', ward_id: app.people.ward.id, date_of_birth: '1966-04-09' }
    const known = await person({ name: 'Ama Alike', nhs_number: number, ...mine })
    const born = { 'date-of-birth-day': '9', 'date-of-birth-month': '4', 'date-of-birth-year': '1966' }
    const asked = somebody({ name: 'Ama Allike', ...born })
    const first = await carer.post('/referrals', asked)
    expect(first.status).toBe(422)
    expect(wordsOf(first.text)).toContain('Somebody much like this is here already. Choose who it is')
    expect(first.text).toContain('Ama Alike')
    const id = await refer(carer, { ...asked, person: String(known.id) })
    expect((await stored(id)).service_user_id).toBe(known.id)
    expect((await stored(await refer(carer, { ...asked, ...key(), person: 'new' }))).service_user_id).not.toBe(known.id)

    const same = await carer.post('/referrals', { ...somebody({ 'nhs-number': number }), person: 'new' })
    expect([same.status, wordsOf(same.text).includes('Somebody here has this NHS number')]).toEqual([422, true])
    expect(same.text).not.toContain('value="new"')
  })

  it('sends an NHS number that somebody out of its sight has, hears nothing of them, and the champion finds them', async () => {
    const number = makeTestNhsNumber(81_002)
    const hidden = await person({ name: 'Hana Hidden', date_of_birth: '1971-01-30', nhs_number: number })
    const born = { 'date-of-birth-day': '30', 'date-of-birth-month': '1', 'date-of-birth-year': '1971' }
    const asked = somebody({
      name: 'Hana Hiden',
      ...born,
      'nhs-number': number,
      'contact-text': 'allowed',
      'contact-call': 'not-allowed',
    })
    const id = await refer(carer, asked)
    expect(await words(carer, `/referrals/${id}`)).not.toMatch(/Hana Hidden|here already|which another record has/)
    const page = (await champion.get(`/referrals/${id}`)).text
    expect(wordsOf(page)).toContain('They may be here already')
    const { service_user_id } = await stored(id)
    expect(page).toContain(`/service-users/${hidden.id}/merge/${service_user_id}`)
    // a yes waits for a champion as long as this may be somebody who said no
    const said = await app.db
      .selectFrom('contact_answers')
      .select(['channel', 'answer'])
      .where('service_user_id', '=', service_user_id)
      .execute()
    expect(said).toEqual([{ channel: 'call', answer: 'not-allowed' }])
  })

  it('cannot overrule a no that is on record, and cannot refer or see who is not theirs', async () => {
    const mine = await person({ state: 'admitted', ward_id: app.people.ward.id })
    await contactAnswer(app.db, { person: mine, channel: 'text', answer: 'not-allowed' })
    await refer(carer, { person: String(mine.id), asks: 'talk', 'contact-text': 'allowed', 'contact-email': 'allowed' })
    const said = await app.db
      .selectFrom('contact_answers')
      .select(['channel', 'answer'])
      .where('service_user_id', '=', mine.id)
      .orderBy('id')
      .execute()
    expect(said).toEqual([
      { channel: 'text', answer: 'not-allowed' },
      { channel: 'email', answer: 'allowed' },
    ])
    const other = await person()
    expect((await carer.post('/referrals', { person: String(other.id), asks: 'talk', ...key() })).status).toBe(404)
    expect((await carer.get(`/referrals/new?person=${other.id}`)).status).toBe(404)
    const theirs = await referralFor(app.db, { person: other })
    expect((await carer.get(`/referrals/${theirs.id}`)).status).toBe(404)
    expect((await carer.post(`/referrals/${theirs.id}/withdraw`, { why: 'mistake', version: 1 })).status).toBe(404)
  })

  it('sees what a colleague made for its team, and withdraws what it made', async () => {
    const team = { team_id: app.people.ward.id }
    const made = await referralFor(app.db, { person: await person({ name: 'Teo Team' }), ...team })
    expect((await carer.get(`/referrals/${made.id}`)).status).toBe(200)
    expect((await nurse.get(`/referrals/${made.id}`)).status).toBe(404)
    const version = await versionAt(carer, `/referrals/${made.id}/withdraw`)
    expect((await carer.post(`/referrals/${made.id}/withdraw`, { why: '', version })).status).toBe(422)
    expect((await carer.post(`/referrals/${made.id}/withdraw`, { why: 'not-wanted', version })).status).toBe(303)
    expect((await carer.post(`/referrals/${made.id}/withdraw`, { why: 'not-wanted', version })).status).toBe(409)
    expect(await words(carer, `/referrals/${made.id}`)).toContain('Withdrawn on 3 August 2026')
    // whoever was referred by mistake is nobody of theirs any more
    expect((await carer.get(`/people/${made.service_user_id}`)).status).toBe(404)
    expect((await carer.post(`/referrals/${made.id}/decline`, { why: 'other', version: 2 })).status).toBe(403)
  })
})

it('a referral is made once however often the form is sent', async () => {
  const fields = somebody()
  const [first, second] = [await carer.post('/referrals', fields), await carer.post('/referrals', fields)]
  expect([first.status, second.status, second.headers.location]).toEqual([303, 303, first.headers.location])
})

describe('a champion', () => {
  it('types a letter, and is told who is here already before it is saved', async () => {
    const known = await person({ name: 'Kofi Known', date_of_birth: '1959-12-01' })
    const born = { 'date-of-birth-day': '1', 'date-of-birth-month': '12', 'date-of-birth-year': '1959' }
    const asked = somebody({ name: 'Kofi Knownn', ...born, ...typed })
    const first = await champion.post('/referrals', asked)
    expect([first.status, fieldValue(first.text, 'referrer')]).toEqual([422, 'Dr Rao'])
    const id = await refer(champion, { ...asked, person: String(known.id) })
    expect(await words(champion, `/referrals/${id}`)).toContain('Dr Rao')
    expect(await words(champion, `/service-users/${known.id}`)).toContain(`Referral ${id} , asked on 1 August 2026`)
  })

  it('lends from it with the kits that suit first; what was lent meets it, and the loan says for what', async () => {
    const nadia = await person()
    const items = async (categories: ('tablet' | 'charger' | 'sim')[]) =>
      Promise.all(categories.map((category) => availableItem(app.db, { ...here(), category })))
    await kit(app.db, { ...here(), tag: 'SUIT-2', name: 'Tablet alone', items: await items(['tablet']) })
    const full = await items(['tablet', 'charger', 'sim'])
    await kit(app.db, { ...here(), tag: 'SUIT-1', name: 'Tablet with data', items: full })
    await kit(app.db, { ...here(), tag: 'SUIT-0', name: 'Charger', items: await items(['charger']) })
    const { id } = await referralFor(app.db, { person: nadia, asks: ['device', 'data'] })
    const page = (await champion.get(`/referrals/${id}`)).text
    const link = /href="(\/loans\/new\?[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')
    const offered = (await champion.get(link ?? '')).text
    expect([...wordsOf(offered).matchAll(/Use (SUIT-\d)/g)].map(([, tag]) => tag)).toEqual(['SUIT-1', 'SUIT-2'])
    const order = { 'service-user': nadia.id, referral: id }
    const lent = await champion.post('/loans', { ...lendFields(full.map((item) => item.id)), ...order })
    expect(lent.status).toBe(303)
    expect(await words(champion, lent.headers.location ?? '')).toContain(`Asked for in Referral ${id}`)
    expect(await words(champion, `/referrals/${id}`)).toMatch(/Met .*Met: lent to them/)
    expect(await words(champion, '/referrals?show=met')).toContain(nadia.name)
    expect((await champion.post(`/referrals/${id}/decline`, { why: 'has-own', version: 1 })).status).toBe(409)
  })

  it('lends nothing for somebody else’s referral', async () => {
    const [one, two] = [await person(), await person()]
    const { id } = await referralFor(app.db, { person: one })
    const tablet = await availableItem(app.db, here())
    expect((await champion.get(`/loans/new?service-user=${two.id}&referral=${id}`)).status).toBe(404)
    const fields = lendFields([tablet.id], { 'without-charger': 'yes', 'service-user': two.id, referral: id })
    expect((await champion.post('/loans', fields)).status).toBe(404)
    expect(await app.db.selectFrom('loans').select('id').where('service_user_id', '=', two.id).execute()).toEqual([])
  })

  it('says what is met, takes that back, declines with a reason, and takes it up again', async () => {
    const { id } = await referralFor(app.db, { person: await person(), asks: ['device', 'talk'] })
    const say = (met: string, ask = 'talk') => champion.post(`/referrals/${id}/asks/${ask}`, { met })
    expect((await say('yes')).status).toBe(303)
    expect((await say('yes')).status).toBe(409)
    expect(await words(champion, `/referrals/${id}`)).toContain('Partly met')
    expect((await say('no')).status).toBe(303)
    expect((await say('yes', 'headset')).status).toBe(404)
    expect((await carer.post(`/referrals/${id}/asks/talk`, { met: 'yes' })).status).toBe(403)
    const other = await champion.post(`/referrals/${id}/decline`, { why: 'other', words: '', version: 1 })
    expect([other.status, errorsOf(other.text)]).toEqual([422, { words: 'Say what the reason is' }])
    expect((await champion.post(`/referrals/${id}/decline`, { why: 'has-own', version: 1 })).status).toBe(303)
    expect((await champion.post(`/referrals/${id}/reopening`)).status).toBe(303)
    expect((await champion.post(`/referrals/${id}/reopening`)).status).toBe(409)
    expect(await words(champion, `/referrals/${id}`)).toContain('Waiting')
  })

  it('writes down the first appointment; of two who do, the second is told', async () => {
    const { id } = await referralFor(app.db, { person: await person() })
    const path = `/referrals/${id}/first-appointment`
    const day = (date: string) => ({ 'appointment-day': date, 'appointment-month': '8', 'appointment-year': '2026' })
    const version = await versionAt(champion, path)
    expect((await champion.post(path, { ...day('12'), version })).status).toBe(303)
    const slower = await champion.post(path, { ...day('14'), version })
    expect([slower.status, fieldValue(slower.text, 'appointment-day')]).toEqual([409, '14'])
    expect((await stored(id)).first_appointment_on).toBe('2026-08-12')
    expect((await champion.post(path, { ...day('31'), 'appointment-month': '7', version: 2 })).status).toBe(422)
  })
})

describe('the waiting list', () => {
  it('has the soonest first appointment first, then who waits longest, page by page, and both ends of the worklist', async () => {
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    const there = { organisation_id: app.people.otherOrganisationId }
    const wait = async (name: string, first: string | null, referred_on: string) =>
      referralFor(app.db, {
        person: await serviceUser(app.db, { ...there, name }),
        first_appointment_on: first,
        referred_on,
      })
    await wait('Third', null, '2026-06-01')
    await wait('Second', '2026-08-30', '2026-08-01')
    await wait('First', '2026-08-06', '2026-08-02')
    await wait('Fourth', null, '2026-07-01')
    await endedReferral(app.db, { person: await serviceUser(app.db, { ...there, name: 'Fifth' }) })
    const names = async (path: string) =>
      [...(await foreign.get(path)).text.matchAll(/>(First|Second|Third|Fourth|Fifth)</g)].map(([, name]) => name)
    expect(await names('/referrals')).toEqual(['First', 'Second', 'Third', 'Fourth'])
    expect(await names('/referrals?show=near')).toEqual(['First'])
    expect(await names('/referrals?show=declined')).toEqual(['Fifth'])
    const worklist = await words(foreign, '/')
    expect(worklist).toMatch(/First appointment soon: get them ready .*First .*Referrals waiting .*Second .*Third/)

    const many = await serviceUser(app.db, { ...there, name: 'Many' })
    for (let n = 0; n < 50; n += 1) await referralFor(app.db, { person: many, referred_on: '2026-08-03' })
    const all = (await foreign.get('/referrals')).text
    const next = /href="(\/referrals\?after[^"]*)"/.exec(all)?.[1]?.replaceAll('&#x3D;', '=') ?? ''
    const later = (await foreign.get(next)).text
    expect([...later.matchAll(/>Many</g)]).toHaveLength(4)
    const back = /href="(\/referrals\?before[^"]*)"/.exec(later)?.[1]?.replaceAll('&#x3D;', '=') ?? ''
    expect([...(await foreign.get(back)).text.matchAll(/>(?:First|Second|Third|Fourth|Many)</g)]).toHaveLength(50)
  })

  it('holds for a champion with a caseload the people on it alone', async () => {
    const staff = await staffMember(app.db, { ...here(), caseload_only: true })
    const limited = await app.signedInAs(await actorFor(app.db, staff))
    const [mine, other] = [await person({ name: 'Mina Mine' }), await person({ name: 'Otto Other' })]
    await onCaseload(app.db, { organisationId: app.people.organisationId, champion: staff, serviceUser: mine })
    const [own, theirs] = [await referralFor(app.db, { person: mine }), await referralFor(app.db, { person: other })]
    const list = await words(limited, '/referrals')
    expect([list.includes('Mina Mine'), list.includes('Otto Other')]).toEqual([true, false])
    expect((await limited.get(`/referrals/${own.id}`)).status).toBe(200)
    expect((await limited.get(`/referrals/${theirs.id}`)).status).toBe(404)
    expect(await words(limited, '/')).not.toContain('Otto Other')
  })
})

describe('ward staff', () => {
  it('refer who is on their ward, and see those they made', async () => {
    const onWard = await person({ name: 'Wanda Onward', state: 'admitted', ward_id: app.people.ward.id })
    expect(await words(nurse, `/people/${onWard.id}`)).toContain('Refer them to the digital champions')
    const id = await refer(nurse, { person: String(onWard.id), asks: ['private-place'] })
    expect(await words(nurse, '/referrals')).toContain('Wanda Onward')
    expect((await stored(id)).source).toBe('ward-staff')
    expect((await nurse.get(`/referrals/${(await referralFor(app.db, { person: onWard, by: by() })).id}`)).status).toBe(
      404,
    )
  })
})
