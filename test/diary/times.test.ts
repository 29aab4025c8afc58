import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  appointment,
  contactAnswer,
  conversation,
  diaryEntry,
  diaryException,
  diaryHours,
  type Staff,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let visitor: Visitor
let champion: Staff

beforeAll(async () => {
  app = await startApp()
  const { people } = app
  champion = await staffMember(app.db, {
    organisation_id: people.organisationId,
    role: 'champion',
    name: 'Cora Champion',
  })
  await diaryHours(app.db, champion)
  visitor = await app.signedInAs('champion')
})
afterAll(() => app.close())

const at = (text: string) => new Date(text)
const slotsOn = (html: string) =>
  [...html.matchAll(/name="slot"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="slot"/g)].map(
    ([, one, two]) => one ?? two ?? '',
  )
const keyOn = (html: string) => /name="key" value="([^"]*)"/.exec(html)?.[1] ?? ''

async function toMeet(from: string) {
  const person = await serviceUser(app.db, { organisation_id: app.people.organisationId })
  const { id } = await appointment(app.db, { person, by: champion, from: at(from) })
  return { person, path: `/appointments/${id}/times`, id }
}

describe('a time for a call before an appointment', () => {
  it('is found, booked once however often it is pressed, and stands in the diary and on the appointment', async () => {
    const { path, id } = await toMeet('2026-08-10T10:00:00Z')
    const page = await visitor.get(path)
    expect(page.text).toContain('Monday 3 August 2026 at 11am, until 11:30am')
    const [slot = ''] = slotsOn(page.text)
    const fields = { key: keyOn(page.text), kind: 'trial-run-call', way: 'video', length: 30, travel: 0, slot }
    const first = await visitor.post(path, fields)
    expect(first.status).toBe(303)
    expect((await visitor.post(path, fields)).headers.location).toBe(first.headers.location)
    const entries = await app.db.selectFrom('diary_entries').selectAll().where('appointment_id', '=', id).execute()
    expect(entries).toMatchObject([{ kind: 'trial-run-call', champion_id: champion.id }])
    const diary = await visitor.get(`/diary?champion=${champion.id}&on=2026-08-03`)
    expect(diary.text).toContain('Trial-run call')
    expect((await visitor.post(path, { ...fields, key: keyOn((await visitor.get(path)).text), slot: '' })).status).toBe(
      422,
    )
  })

  it('goes to one of two people who want the last one, and the other sees the next', async () => {
    const { path } = await toMeet('2026-08-11T10:00:00Z')
    const other = await toMeet('2026-08-11T14:00:00Z')
    const [one, two] = [await visitor.get(path), await visitor.get(other.path)]
    const [slot = ''] = slotsOn(one.text)
    expect(slotsOn(two.text)[0]).toBe(slot)
    const book = (to: string, html: string) =>
      visitor.post(to, { key: keyOn(html), kind: 'trial-run-call', way: 'video', length: 30, travel: 0, slot })
    const answers = await Promise.all([book(path, one.text), book(other.path, two.text)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const refused = answers.find(({ status }) => status === 409)
    expect(refused?.text).toContain('That time is taken by now')
    expect(slotsOn(refused?.text ?? '')).toHaveLength(3)
    expect(slotsOn(refused?.text ?? '')).not.toContain(slot)
  })

  it('for training makes a session, with what it is about, and not only an entry', async () => {
    const { path, person, id } = await toMeet('2026-08-19T10:00:00Z')
    await conversation(app.db, { person, by: champion, answers: { 'skill-join': 'not-yet' } })
    const page = await visitor.get(`${path}?kind=training-session&way=home-visit&travel=30`)
    expect(page.text).toMatch(/value="join"[^>]* checked/)
    const [slot = ''] = slotsOn(page.text)
    const fields = { kind: 'training-session', way: 'home-visit', length: 60, travel: 30, slot }
    const send = (more: object) => visitor.post(path, { key: keyOn(page.text), ...fields, ...more })
    expect((await send({})).text).toContain('Choose what it is about')
    const made = await send({ topic: ['join', 'sound'] })
    expect(made.headers.location).toMatch(/^\/training\/\d+$/)
    expect((await send({ topic: ['join', 'sound'] })).headers.location).toBe(made.headers.location)
    const entries = await app.db.selectFrom('diary_entries').selectAll().where('appointment_id', '=', id).execute()
    expect(entries).toMatchObject([{ kind: 'training-session', travel_minutes: 30, service_user_id: person.id }])
    const sessions = app.db.selectFrom('training_sessions').selectAll()
    expect(await sessions.where('diary_entry_id', '=', entries[0]?.id ?? 0).execute()).toMatchObject([
      { topics: ['join', 'sound'] },
    ])
    // the trial-run call comes after it
    const trial = slotsOn((await visitor.get(path)).text)
    expect(new Date(trial[0]?.split(' ')[1] ?? '') >= new Date(entries[0]?.ends_at ?? '')).toBe(true)
    const record = await visitor.get(`/service-users/${person.id}`)
    for (const link of [`${path}"`, `/diary/new?person&#x3D;${person.id}"`])
      expect(record.text).toContain(`href="${link}`)
  })

  it('keeps to the hours that somebody agreed to, and comes after the training they have planned', async () => {
    const { path, person } = await toMeet('2026-08-20T10:00:00Z')
    await contactAnswer(app.db, {
      person,
      channel: 'call',
      answer: 'allowed',
      from_hour: 14,
      until_hour: 16,
      days: [4],
    })
    expect((await visitor.get(path)).text).toContain('Thursday 6 August 2026 at 2pm')
  })

  it('says what stands in the way, and what would give one', async () => {
    const { path, person } = await toMeet('2026-08-07T10:00:00Z')
    await diaryException(app.db, { champion, on: '2026-08-03', last_on: '2026-08-05' })
    const page = await visitor.get(path)
    expect(page.text).toContain('No time until Wednesday 5 August 2026 fits')
    expect(page.text).toContain('If somebody on leave or away comes in')
    expect(page.text).toContain(
      'If it comes nearer to the appointment: Thursday 6 August 2026 at 9am, with Cora Champion',
    )
    await diaryEntry(app.db, { champion, person, from: at('2026-08-06T08:00:00Z'), minutes: 600 })
    expect((await visitor.get(path)).text).not.toContain('Thursday 6 August')
  })
})

describe('the hours of a champion', () => {
  const own = () => `/diary/hours/${app.people.actors.champion.staffId}`

  it('are saved as they were seen, and are one’s own or a lead champion’s to change', async () => {
    const saved = await visitor.post(`${own()}`, { seen: '', 'from-1': '9:00', 'until-1': '12:30' })
    expect(saved.status).toBe(303)
    expect((await visitor.get(own())).text).toContain('Monday 9am to 12:30pm')
    const stale = await visitor.post(`${own()}`, { seen: '', 'from-1': '10:00', 'until-1': '12:30' })
    expect(stale.status).toBe(409)
    const wrong = await visitor.post(`${own()}`, { seen: '', 'from-1': '25:00', 'until-2': '12:30' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Enter when it begins on Monday, like 09:00')
    expect((await visitor.post(`/diary/hours/${champion.id}`, { seen: '' })).status).toBe(403)
  })

  it('leave over what is booked shows what has to be rearranged first, and then is written down', async () => {
    const actor = { id: app.people.actors.champion.staffId, organisation_id: app.people.organisationId }
    const person = await serviceUser(app.db, { organisation_id: actor.organisation_id, name: 'Alma Example' })
    await diaryEntry(app.db, { champion: actor, person, from: at('2026-09-01T10:00:00Z') })
    const day = { 'first-day': 1, 'first-month': 9, 'first-year': 2026 }
    const fields = { key: keyOn((await visitor.get(own())).text), kind: 'leave', ...day }
    const asked = await visitor.post(`${own()}/exceptions`, fields)
    expect(asked.status).toBe(409)
    expect(asked.text).toContain('What will have to be rearranged')
    expect(asked.text).toContain('Alma Example')
    expect((await visitor.post(`${own()}/exceptions`, { ...fields, anyway: 'yes' })).status).toBe(303)
    const page = await visitor.get(own())
    expect(page.text).toContain('Leave: Tuesday 1 September 2026')
    const off = /\/diary\/exceptions\/\d+\/cancellation/.exec(page.text)?.[0] ?? ''
    expect((await visitor.post(off, {})).status).toBe(303)
    expect((await visitor.post(off, {})).status).toBe(409)
    const last = { 'last-day': 31, 'last-month': 8, 'last-year': 2026 }
    expect((await visitor.post(`${own()}/exceptions`, { ...fields, ...last })).status).toBe(422)
  })
})

describe('an entry that somebody types', () => {
  const day = { 'on-day': 9, 'on-month': 9, 'on-year': 2026 }

  it('into leave, into a break or anywhere else that does not fit is told so in its own words, and what follows', async () => {
    const organisation_id = app.people.organisationId
    const person = await serviceUser(app.db, { organisation_id })
    await contactAnswer(app.db, { person, channel: 'call', answer: 'allowed', from_hour: 9, until_hour: 18 })
    const busy = await staffMember(app.db, { organisation_id, role: 'champion' })
    await diaryHours(app.db, busy)
    await diaryException(app.db, { champion: busy, on: '2026-09-16' })
    await diaryEntry(app.db, { champion: busy, from: at('2026-09-15T09:00:00Z') })
    await appointment(app.db, { person, by: champion, from: at('2026-09-15T13:00:00Z') })
    const on = (date: string, time: string) => {
      const [year = 0, month = 0, of = 0] = date.split('-').map(Number)
      return { 'on-day': of, 'on-month': month, 'on-year': year, at: time }
    }
    const cases: [object, number, RegExp][] = [
      [on('2026-09-16', '10:00'), 409, /on leave or away then\. If you go on, it stays with them until somebody moves/],
      [on('2026-09-15', '10:40'), 409, /less than 15 minutes .* If you go on, nothing else moves/],
      [on('2026-09-15', '10:10'), 409, /something else in their diary then, Tuesday 15 September 2026 at 10am/],
      [on('2026-09-15', '14:00'), 409, /They have an appointment then: Tuesday 15 September 2026 at 2pm/],
      [on('2026-09-15', '08:00'), 409, /not a safe time to reach them\. .*The nearest time that fits is/],
      [on('2026-09-15', '17:15'), 409, /outside of their hours\. If you go on, their hours stay as they are/],
      [on('2026-09-19', '10:00'), 409, /on a weekend or a bank holiday\. If you go on, the person has to know/],
      [on('2026-07-01', '10:00'), 422, /It must be in the future/],
      [on('2027-03-28', '01:30'), 422, /1:30am is left out/],
      [on('2026-10-25', '01:30'), 422, /comes twice/],
    ]
    const fields = { kind: 'other', way: 'phone', champion: busy.id, length: 30, travel: 0, person: person.id }
    for (const [typed, status, words] of cases) {
      const sent = await visitor.post('/diary/entries', { ...fields, ...typed, key: crypto.randomUUID() })
      expect([sent.status, plainText(sent.text)]).toEqual([status, expect.stringMatching(words)])
    }
    // what was seen is meant, and goes on
    const meant = { ...fields, ...on('2026-09-16', '10:00'), anyway: 'leave', key: crypto.randomUUID() }
    expect((await visitor.post('/diary/entries', meant)).status).toBe(303)
  })

  it('is made, moved to a colleague and downloaded; outside of safe times never, without a break only on purpose', async () => {
    const organisation_id = app.people.organisationId
    const person = await serviceUser(app.db, { organisation_id })
    await contactAnswer(app.db, { person, channel: 'call', answer: 'allowed', from_hour: 9, until_hour: 17 })
    const colleague = await staffMember(app.db, { organisation_id, role: 'champion' })
    await diaryHours(app.db, colleague)
    await diaryEntry(app.db, { champion: colleague, from: at('2026-09-09T09:00:00Z') })
    const fields = {
      ...day,
      kind: 'other',
      way: 'phone',
      champion: champion.id,
      at: '10:40',
      length: 30,
      travel: 0,
    }
    const send = async (more: object) => {
      const key = keyOn((await visitor.get(`/diary/new?person=${person.id}`)).text)
      return visitor.post('/diary/entries', { ...fields, person: person.id, key, ...more })
    }
    const unsafe = await send({ at: '17:30' })
    expect([unsafe.status, unsafe.text]).toEqual([
      409,
      expect.stringContaining('this is not a safe time to reach them'),
    ])
    expect((await send({ at: '17:30', anyway: 'hours leave break' })).status).toBe(409)
    expect(plainText(unsafe.text)).toContain('The nearest time that fits is Wednesday 9 September 2026 at 4:30pm')
    expect((await send({ kind: 'training-session' })).text).toContain('Choose what it is')
    expect((await send({ travel: 30 })).text).toContain('Nobody travels to a call')
    expect((await send({ 'on-day': 25, 'on-month': 10, at: '01:30' })).text).toContain('comes twice')
    const made = await send({})
    expect(made.status).toBe(303)
    const path = made.headers.location ?? ''

    const page = await visitor.get(`${path}/move`)
    const version = Number(/name="version" value="(\d+)"/.exec(page.text)?.[1])
    const move = (more: object) => visitor.post(`${path}/move`, { ...fields, champion: colleague.id, version, ...more })
    const tight = await move({})
    expect([tight.status, tight.text]).toEqual([409, expect.stringContaining('less than 15 minutes')])
    const taken = await move({ at: '10:15', anyway: 'break' })
    expect([taken.status, taken.text]).toEqual([409, expect.stringContaining('something else in their diary')])
    // what was seen of another time was not seen of this one
    expect((await move({ anyway: 'leave' })).status).toBe(409)
    expect((await move({ anyway: 'break' })).status).toBe(303)
    expect((await move({ at: '14:00' })).status).toBe(409)

    const file = await visitor.get(`${path}/calendar`)
    expect(file.headers['content-disposition']).toContain('calendar-entry.ics')
    expect(file.text).toContain('DTSTART:20260909T094000Z')
    expect((await visitor.post(`${path}/cancellation`, { version: 2 })).status).toBe(303)
    expect((await visitor.get(`${path}/move`)).status).toBe(409)
  })
})

describe('what the organisation decides about calls', () => {
  const url = '/admin/settings/calls'

  it('counts for every time that is looked for from then on, is audited, and tells whoever was slower', async () => {
    const admin = await app.signedInAs('administrator')
    const { path } = await toMeet('2026-08-28T10:00:00Z')
    await app.db.deleteFrom('diary_hours').where('champion_id', '<>', champion.id).execute()
    await diaryEntry(app.db, { champion, from: at('2026-08-17T08:00:00Z'), minutes: 30 })
    const shown = '15 2 3'
    const typed = { 'break-minutes': 45, 'trial-call-days': 6, 'interpreter-days': 3 }
    const wrong = await admin.post(url, { ...typed, 'break-minutes': 90, 'trial-call-days': '', shown })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Enter how many minutes, from 0 to 60')
    expect(wrong.text).toContain('Enter how many working days, from 0 to 10')
    expect((await admin.post(url, { ...typed, shown })).status).toBe(303)
    expect((await admin.post(url, { ...typed, shown })).text).toContain('Someone else changed these settings')
    expect((await admin.get('/admin/settings')).text).toContain('45 minutes between two calls')
    const later = await visitor.get(`${path}?after=2026-08-17T07:00:00.000Z`)
    expect(later.text).toContain('Monday 17 August 2026 at 10:15am')
    await diaryException(app.db, { champion, on: '2026-08-03', last_on: '2026-08-20' })
    expect((await visitor.get(path)).text).toContain('No time until Thursday 20 August 2026 fits')
    expect((await visitor.post(url, { ...typed, shown: '45 6 3' })).status).toBe(403)
    const audited = await app.pool.query(
      `select details from audit_details join audit_events event on event.id = audit_event_id
       where event.verb = 'settings:calls-changed'`,
    )
    expect(audited.rows).toMatchObject([{ details: { old: { break_minutes: 15 }, new: { break_minutes: 45 } } }])
  })
})
