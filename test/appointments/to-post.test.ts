import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  appointment,
  contactAddress,
  contactAnswer,
  guide,
  platform,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
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
const text = async (path: string, visitor = champion) => plainText((await visitor.get(path)).text)
let days = 0

async function toMeet(name: string, { post = true, ...more }: { post?: boolean } & Record<string, unknown> = {}) {
  const address = `1 ${name.replaceAll(' ', '-')} Street\nExampleton\nEX1 1EX`
  const person = await serviceUser(app.db, { ...here(), name, address, ...(more.who as object) })
  await contactAnswer(app.db, { person, channel: 'post', answer: post ? 'allowed' : 'not-allowed' })
  days += 1
  const from = new Date(Date.UTC(2026, 7, 10 + days, 13, 30))
  const one = await appointment(app.db, { person, by: by(), from, way: 'video', ...(more.meeting as object) })
  return { person, id: one.id }
}
const toldOf = (id: number) =>
  app.db.selectFrom('appointment_letters').select(['format', 'told_as']).where('appointment_id', '=', id).execute()

describe('letters to post', () => {
  it('are of people who said that letters are fine, whom nobody told, and no others', async () => {
    await toMeet('Ash Posted')
    await toMeet('Birch Saysno', { post: false })
    await toMeet('Cedar Onward', { who: { state: 'admitted', ward_id: app.people.ward.id } })
    await toMeet('Elm Gone', { meeting: { cancelled_at: new Date('2026-08-03T09:00:00Z'), cancelled_by: 'team' } })
    const unsafe = await toMeet('Fir Unsafe')
    await contactAddress(app.db, {
      person: unsafe.person,
      address: `1 Fir-Unsafe Street\nExampleton\nEX1 1EX`,
      isSafe: false,
    })
    for (const page of ['/letters', '/letters/print', '/letters/addresses']) {
      const words = await text(page)
      expect([page, words]).toEqual([page, expect.stringContaining('Ash Posted')])
      for (const name of ['Saysno', 'Onward', 'Gone', 'Unsafe']) expect([page, words]).not.toContain(name)
      expect(words).not.toMatch(/Saysno|Onward|Elm Gone|Unsafe/)
    }
  })

  it('print each on a sheet of its own with the guides behind it, large print by itself; envelopes name no service', async () => {
    const on = await platform(app.db, { ...here(), name: 'Meetwell' })
    await guide(app.db, { ...here(), platform_id: on.id, title: 'Join Meetwell' })
    await toMeet('Hazel Reader', { meeting: { platform_id: on.id } })
    await toMeet('Ivy Large', { who: { needs_asked: 'some', needs: ['large-print'] } })
    const [ordinary, large] = [await champion.get('/letters/print'), await champion.get('/letters/print?size=large')]
    expect(plainText(ordinary.text)).toMatch(/Dear Hazel Reader.*Join Meetwell/)
    expect(plainText(ordinary.text)).not.toContain('Ivy Large')
    expect(plainText(large.text)).toContain('Dear Ivy Large')
    expect(large.text).toContain('app-print--large')
    const envelopes = await text('/letters/addresses')
    expect(envelopes).toMatch(/Hazel Reader.*1 Hazel-Reader Street.*EX1 1EX/)
    expect(envelopes).not.toMatch(/NHS Foundation|mental|appointment/i)
    const looked = app.db.selectFrom('audit_events').select('id').where('verb', '=', 'appointment:letters-printed')
    expect((await looked.execute()).length).toBeGreaterThan(2)
  })

  it('are marked as posted once, also when two press together, and what changed meanwhile is passed over', async () => {
    const [one, other] = [await toMeet('Juniper Once'), await toMeet('Larch Kept')]
    const none = await champion.post('/letters/posted', {})
    expect([none.status, plainText(none.text)]).toEqual([422, expect.stringContaining('Tick what is in the post')])
    const both = await Promise.all([1, 2].map(() => champion.post('/letters/posted', { letter: [String(one.id)] })))
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    expect(await toldOf(one.id)).toEqual([{ format: 'plain', told_as: 'posted' }])
    expect(await toldOf(other.id)).toEqual([])
    const late = await champion.post('/letters/posted', { letter: [String(one.id), String(other.id)] })
    expect(late.status).toBe(303)
    const words = await text('/letters')
    expect(words).toContain('1 letter is marked as posted. The rest was marked by somebody else meanwhile')
    expect(words).not.toMatch(/Juniper Once|Larch Kept/)
  })

  it('are nobody’s whom a champion with a caseload does not see, nor of another organisation', async () => {
    const { id } = await toMeet('Maple Outside')
    const limited = await staffMember(app.db, { ...here(), role: 'champion', caseload_only: true })
    const actor = { ...app.people.actors.champion, staffId: limited.id, caseloadOnly: true }
    const visitors = [await app.signedInAs(actor), await app.signedInAs(app.people.foreignActors.champion)]
    for (const visitor of visitors) {
      expect(await text('/letters', visitor)).not.toContain('Maple')
      await visitor.post('/letters/posted', { letter: [String(id)] })
    }
    expect(await toldOf(id)).toEqual([])
  })
})
