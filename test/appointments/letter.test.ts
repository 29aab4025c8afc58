import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { appointment, contactAddress, contactAnswer, guide, platform, serviceUser } from '../../seeds/factories.ts'
import { letterBlocks } from '../../src/appointments/letter-rules.ts'
import { sayable } from '../../src/safe-contact/telling-rules.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const by = () => ({ id: app.people.actors.champion.staffId })
const here = () => ({ organisation_id: app.people.organisationId })
const key = () => ({ key: crypto.randomUUID() })
const text = async (path: string) => plainText((await champion.get(path)).text)

async function planned(more: object = {}, who: object = {}) {
  const person = await serviceUser(app.db, { ...here(), name: 'Lil Letter', ...who })
  const one = await appointment(app.db, {
    ...{
      person,
      by: by(),
      from: new Date('2026-08-12T13:30:00Z'),
      way: 'video',
      clinician: 'Dr Ito',
      back_up: 'phone',
    },
    ...{ back_up_number: '01632 960 101', call_back_number: '07700 900 107', ...more },
  })
  return { person, one, url: `/appointments/${one.id}` }
}

describe('A letter about an appointment', () => {
  it('says when, how and what to do, in the shape they need, with the right guides behind it', async () => {
    const on = await platform(app.db, { ...here(), name: 'Meetwell' })
    await guide(app.db, { ...here(), platform_id: on.id, form: 'easy-read', title: 'Join Meetwell' })
    await guide(app.db, { ...here(), platform_id: on.id, title: 'Without pictures' })
    await guide(app.db, { ...here(), purpose: 'if-it-fails', title: 'It fails' })
    const { url } = await planned({ platform_id: on.id }, { needs_asked: 'some', needs: ['easy-read', 'large-print'] })
    const page = await champion.get(`${url}/letter`)
    expect(page.text).toContain('app-print--large')
    expect(page.text).toContain('pictures/wait.svg')
    expect(plainText(page.text)).toMatch(
      /Dear Lil Letter .*Wednesday 12 August 2026 at 2:30pm, until 3:\d\dpm.* It is a video call.* You meet Dr Ito.* It opens Meetwell.* 15 minutes.* We call you by phone on 01632 960 101.* ring you back on 07700 900 107.* Join Meetwell .*It fails/,
    )
    expect(await text(`${url}/told`)).toContain('There is no version in easy read yet')
    const plain = await champion.get(`${url}/letter?format=plain`)
    expect(plain.text).not.toMatch(/app-print--large|pictures\//)
  })

  it('gives no service away and goes to no address that may not be written to, unless they agreed', async () => {
    const secret = {
      clinician: 'Ann, community psychiatric nurse',
      place: 'Therapy room 2',
      number_shown: 'Crisis team',
    }
    const { person, url } = await planned(secret, { address: '9 Quiet Street' })
    const { name } = await app.db
      .selectFrom('organisations')
      .select('name')
      .where('id', '=', app.people.organisationId)
      .executeTakeFirstOrThrow()
    const closed = await text(`${url}/letter`)
    for (const word of ['psychiatric', 'Crisis', '9 Quiet Street', name, 'Assessment', 'Therapy']) {
      expect(closed).not.toContain(word)
    }
    const told = await text(`${url}/told`)
    expect(told).toContain('Do not post it')
    expect(told).toContain('who they meet, since the words tell what it is about')
    const posted = { 'told-as': 'posted', format: 'plain', ...key() }
    const refused = await champion.post(`${url}/told`, posted)
    expect([refused.status, plainText(refused.text).includes('Nobody has asked them')]).toEqual([409, true])

    await contactAddress(app.db, { person, address: '9 Quiet Street', isSafe: true })
    await contactAnswer(app.db, { person, channel: 'post', names_service: true })
    const open = await text(`${url}/letter`)
    for (const word of [name, 'psychiatric nurse', '9 Quiet Street']) expect(open).toContain(word)
    expect(await text(`${url}/told`)).toContain('It may be posted')
    expect((await champion.post(`${url}/told`, { ...posted, ...key() })).status).toBe(303)
  })

  it('makes them told until something in it changes, and is written down once', async () => {
    const { one, url } = await planned()
    const form = { 'told-as': 'by-hand', format: 'plain', ...key() }
    expect(await text(url)).toContain('Told when and how')
    const both = [await champion.post(`${url}/told`, form), await champion.post(`${url}/told`, form)]
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    expect((await text(`${url}/told`)).match(/HERE champion: Given by hand, plain/g)).toHaveLength(1)
    const row = () =>
      app.db
        .selectFrom('appointment_letters')
        .selectAll()
        .where('appointment_id', '=', one.id)
        .executeTakeFirstOrThrow()
    expect((await row()).is_overtaken).toBe(false)
    await app.db
      .updateTable('appointment_details')
      .set({ adaptations: 'x' })
      .where('appointment_id', '=', one.id)
      .execute()
    expect((await row()).is_overtaken).toBe(false)
    await app.db.updateTable('appointments').set({ way: 'phone' }).where('id', '=', one.id).execute()
    expect((await row()).is_overtaken).toBe(true)
    expect(await text(`${url}/told`)).toContain('Something changed since. Tell them again.')
    const undo = `update appointment_letters set is_overtaken = false`
    expect(await verdict(app.pool.query(undo))).toMatch(/letter_stays_as_given/)
  })

  it.each([
    [{ 'told-as': '', format: 'plain' }, 422, 'Choose how they have it'],
    [{ 'told-as': 'pigeon', format: 'braille' }, 422, 'Choose in which format'],
  ])('is not written down as %j', async (fields, status, words) => {
    const { url } = await planned()
    const answer = await champion.post(`${url}/told`, { ...fields, ...key() })
    expect([answer.status, plainText(answer.text).includes(words)]).toEqual([status, true])
  })

  it('leaves out words that tell, and only those', () => {
    for (const words of ['CPN Ann', 'CAMHS', 'Dr X, Psychologist', 'Eating disorders clinic']) {
      expect([sayable(words, false), sayable(words, true)]).toEqual(['', words])
    }
    expect(sayable('Dr Ana Example', false)).toBe('Dr Ana Example')
    const facts = { at: 'Monday', until: '3pm', clinician: '', platform: '', place: '', numberShown: '', backUp: null }
    const more = { backUpNumber: '', callBack: '', hasInterpreter: true, helpLine: '' }
    for (const way of ['video', 'phone', 'text', 'face-to-face', 'home-visit'] as const) {
      const blocks = letterBlocks({ ...facts, ...more, way }, true)
      expect(blocks.every((block) => block.kind === 'heading' || block.picture !== undefined)).toBe(true)
    }
  })
})
