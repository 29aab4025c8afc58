import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  appointment,
  availableItem,
  groupSession,
  plannedLoan,
  serviceUser,
  staffMember,
  trainingSession,
  trialCall,
} from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const self = () => ({ id: app.people.actors.champion.staffId, organisation_id: app.people.organisationId })
const someone = (more: object = {}) => serviceUser(app.db, { organisation_id: app.people.organisationId, ...more })
const key = () => ({ key: crypto.randomUUID() })
const order = (more: object = {}) => ({
  ...{ 'on-day': '5', 'on-month': '8', 'on-year': '2026', at: '10:00', length: '30', champion: self().id, ...more },
})
const text = async (path: string, visitor = champion) => plainText((await visitor.get(path)).text)
const answer = (sent: { status: number; text: string }) => [sent.status, plainText(sent.text)]

const halfAnHourAgo = new Date(startOfTest.getTime() - 1_800_000)

/** A first video call in nine days. */
async function toTry(more: object = {}) {
  const person = await someone({ name: 'Tia Example' })
  const from = new Date('2026-08-12T13:30:00Z')
  return { person, one: await appointment(app.db, { person, by: self(), from, is_first: true, ...more }) }
}

const steps = {
  ...{ got_in: 'yes', heard: 'yes', seen: 'yes', charged: 'yes', private_place: 'yes', light: 'yes', location: 'yes' },
  back_up: 'yes',
}

/** One that began a quarter of an hour ago. */
async function begun() {
  const { person, one } = await toTry()
  // each champion makes one call at a time
  const maker = await staffMember(app.db, { organisation_id: app.people.organisationId, role: 'champion' })
  const from = new Date(startOfTest.getTime() - 900_000)
  const call = await trialCall(app.db, { champion: maker, person, appointment: one, from })
  return { person, one, id: call.diary_entry_id, url: `/trial-calls/${call.diary_entry_id}` }
}

describe('A trial-run call', () => {
  it('is arranged from what the appointment still needs, once however often it is sent', async () => {
    const { one } = await toTry()
    const url = `/appointments/${one.id}/trial-calls`
    expect((await champion.get(`/appointments/${one.id}`)).text).toContain(`href="${url}"`)
    expect(await text(url)).toContain('Two working days before leave time to put right what does not work.')
    const fields = { ...order(), interpreter: 'yes', ...key() }
    const made = await champion.post(url, fields)
    const twice = await champion.post(url, fields)
    expect([made.status, twice.headers.location]).toEqual([303, made.headers.location])
    const page = await text(String(made.headers.location))
    expect(page).toContain('A video call, Wednesday 5 August 2026 at 10am')
    expect(page).toContain('an interpreter')
    expect(await text(`/appointments/${one.id}`)).toContain('Arranged for 5 August 2026')
    expect(await text('/trial-calls')).toContain('Tia Example')
    const again = await champion.post(url, { ...order(), ...key() })
    expect(answer(again)).toEqual([
      409,
      expect.stringContaining('has something else in their diary then, Wednesday 5 August 2026 at 10am, until'),
    ])
  })

  it('says at the field what does not fit, and keeps what was typed', async () => {
    const { one } = await toTry()
    const late = await champion.post(`/appointments/${one.id}/trial-calls`, { ...order({ 'on-day': '13' }), ...key() })
    expect(answer(late)).toEqual([422, expect.stringContaining('must be over before the appointment begins')])
    expect(late.text).toContain('value="13"')
    expect((await champion.post(`/appointments/${one.id}/trial-calls`, key())).status).toBe(422)
  })

  it.each(['face-to-face', 'home-visit'])('is not offered where they meet in person: %s', async (way) => {
    const { one } = await toTry({ way })
    const asked = await champion.get(`/appointments/${one.id}/trial-calls`)
    expect(answer(asked)).toEqual([409, expect.stringContaining('They meet in person')])
    const times = await text(`/appointments/${one.id}/times?kind=trial-run-call`)
    expect(times).toContain('What for Training session How')
  })

  it('is worked through on the call: what worked makes the appointment readier, and it can be put right', async () => {
    const { one, url } = await begun()
    expect(await text(url)).toContain('Work through it on the call Did they get in?')
    expect((await champion.post(`${url}/result`, { version: 1 })).status).toBe(422)
    expect(await text(`/appointments/${one.id}`)).toMatch(/Still to do .*A trial-run call that worked/)
    const first = await champion.post(`${url}/result`, { ...steps, got_in: 'no', version: 1 })
    expect(first.status).toBe(303)
    expect(await text(url)).toMatch(/It did not work yet .*Arrange another one .*What follows Plan a training session/)
    const stale = await champion.post(`${url}/result`, { ...steps, version: 1 })
    expect(answer(stale)).toEqual([409, expect.stringContaining('Somebody wrote down this call')])
    expect((await champion.post(`${url}/result`, { ...steps, version: 2 })).status).toBe(303)
    expect(await text(`/appointments/${one.id}`)).toMatch(/There already .*A trial-run call that worked/)
  })

  it('that was cancelled has no result, and one with a result is not cancelled; PostgreSQL sees to both', async () => {
    const { url, id } = await begun()
    const cancelled = { cancelled_at: startOfTest, cancelled_by: self().id }
    const cancelEntry = (which: number) =>
      app.db.updateTable('diary_entries').set(cancelled).where('id', '=', which).execute()
    const write = (outcome: string) =>
      app.db
        .updateTable('trial_calls')
        .set({ outcome, outcome_at: startOfTest, outcome_by: self().id })
        .where('diary_entry_id', '=', id)
        .execute()
    await expect(write('passed')).rejects.toThrow(/who_passed_was_heard/)
    await cancelEntry(id)
    const refused = await champion.post(`${url}/result`, { ...steps, version: 1 })
    expect(answer(refused)).toEqual([409, expect.stringContaining('was cancelled, so it has no result')])
    await expect(write('not-reached')).rejects.toThrow(/was cancelled/)
    const other = await begun()
    expect((await champion.post(`${other.url}/result`, { reached: 'no', version: 1 })).status).toBe(303)
    await expect(cancelEntry(other.id)).rejects.toThrow(/took place/)
    expect((await champion.post(`${other.url}/cancellation`, { version: 2 })).status).toBe(409)
  })

  it('has no result before it begins, and is arranged again in one step when its appointment is moved', async () => {
    const { person, one } = await toTry()
    const from = new Date('2026-08-10T09:00:00Z')
    const { diary_entry_id: id } = await trialCall(app.db, { champion: self(), person, appointment: one, from })
    const url = `/trial-calls/${id}`
    const early = await champion.post(`${url}/result`, { ...steps, version: 1 })
    expect(answer(early)).toEqual([409, expect.stringContaining('has not begun')])
    const moved = { starts_at: '2026-08-07T13:30:00Z', ends_at: '2026-08-07T14:30:00Z' }
    await app.db.updateTable('appointments').set(moved).where('id', '=', one.id).execute()
    expect(await text(url)).toMatch(/This call comes too late .*It was moved since/)
    const fields = { ...order({ 'on-day': '6', at: '09:00' }), instead: id, ...key() }
    expect((await champion.post(`/appointments/${one.id}/trial-calls`, fields)).status).toBe(303)
    expect(await text(url)).toContain('Cancelled')
    const entries = app.db.selectFrom('diary_entries').where('appointment_id', '=', one.id)
    expect(await entries.select('id').where('cancelled_at', 'is', null).execute()).toHaveLength(1)
    expect((await champion.post(`${url}/cancellation`, { version: 1 })).status).toBe(409)
  })

  it('and all that is planned around an appointment: what cannot be is told in its own words, and what follows', async () => {
    const { organisationId: organisation_id } = app.people
    const giver = await staffMember(app.db, { organisation_id, role: 'champion' })
    const { person, one } = await toTry()
    const url = `/appointments/${one.id}/trial-calls`
    const arrange = (more: object) => champion.post(url, { ...order({ champion: giver.id, ...more }), ...key() })
    const late = await arrange({ 'on-day': '12', at: '15:00' })
    // their device is on its way, and comes on 10 August
    const tablet = await availableItem(app.db, { category: 'tablet', organisation_id })
    const from = new Date('2026-08-10T08:00:00Z')
    await plannedLoan(app.db, { serviceUser: person, items: [tablet], plannedBy: self(), from })
    const early = await arrange({ 'on-day': '6' })
    const { diary_entry_id: id } = await trialCall(app.db, {
      ...{ champion: self(), person, appointment: one, from: new Date('2026-08-11T09:00:00Z') },
    })
    const meets = { first: 'yes', way: 'video', purpose: 'assessment', length: '50', clinician: '', interpreter: '' }
    const nearer = { 'on-day': '10', 'on-month': '8', 'on-year': '2026', at: '09:00', version: 1 }
    const leave = { 'first-day': 11, 'first-month': 8, 'first-year': 2026, kind: 'leave' }
    const moved = await champion.post(`/appointments/${one.id}/edit`, { ...meets, ...nearer })
    const away = await champion.post(`/diary/hours/${self().id}/exceptions`, { ...leave, ...key() })
    expect((await champion.post(`/trial-calls/${id}/cancellation`, { version: 1 })).status).toBe(303)
    const result = await champion.post(`/trial-calls/${id}/result`, { ...steps, version: 1 })
    const group = await groupSession(app.db, { champion: giver, from: halfAnHourAgo, places: 2 })
    const place = async () =>
      trainingSession(app.db, { champion: giver, person: await someone(), from: halfAnHourAgo, group })
    const [came] = [await place(), await place()]
    const groupUrl = `/training/groups/${group.diary_entry_id}`
    const full = await champion.post(`${groupUrl}/people`, { person: (await someone()).id, ...key() })
    const sheet = { place: [String(came.diary_entry_id), String(id)], [`came-${id}`]: 'yes' }
    const uninvited = await champion.post(`${groupUrl}/attendance`, sheet)
    const told: [{ status: number; text: string }, number, RegExp][] = [
      [late, 422, /must be over before the appointment begins, .* Choose a time before that, or move the appointment/],
      [early, 422, /Their device comes on Monday 10 August 2026\. Choose a time after that, or hand it over sooner/],
      [moved, 409, /Their trial-run call is on Tuesday 11 August .* after it then\. It stands on the worklist until/],
      [away, 409, /Something is booked then\. .*What will have to be rearranged .*Tia Example/],
      [result, 409, /was cancelled, so it has no result\. Arrange a new one/],
      [full, 409, /All 2 places .* are taken\. If somebody on the list does not come, take them off first/],
      [uninvited, 409, /was not invited to this session, so nothing is saved\. If they came, invite them first/],
    ]
    for (const [sent, status, words] of told) expect(answer(sent)).toEqual([status, expect.stringMatching(words)])
  })

  it('is nobody else’s: neither of another organisation nor of those whose work it is not', async () => {
    const { one, url } = await begun()
    for (const visitor of [await app.signedInAs('care-team'), await app.signedInAs('ward-staff')]) {
      expect((await visitor.get(url)).status).toBe(403)
      expect((await visitor.post(`${url}/result`, { ...steps, version: 1 })).status).toBe(403)
    }
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect((await foreign.get(url)).status).toBe(404)
    expect((await foreign.post(`/appointments/${one.id}/trial-calls`, { ...order(), ...key() })).status).toBe(404)
  })
})
