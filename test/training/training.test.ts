import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { conversation, serviceUser, staffMember, staffTraining, trainingSession } from '../../seeds/factories.ts'
import { parseAttendance, parseTraining } from '../../src/training/form.ts'
import { inDate, inDateUntil } from '../../src/training/staff-rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const organisation_id = () => app.people.organisationId
const someone = (more: object = {}) => serviceUser(app.db, { organisation_id: organisation_id(), ...more })
const key = () => ({ key: crypto.randomUUID() })
const order = (more: object = {}) => ({
  ...{
    'on-day': '5',
    'on-month': '8',
    'on-year': '2026',
    at: '10:00',
    length: '60',
    way: 'phone',
    topic: ['join', 'sound'],
  },
  ...{ champion: app.people.actors.champion.staffId, ...more },
})
const text = async (path: string) => plainText((await champion.get(path)).text)
const answer = (sent: { status: number; text: string }) => [sent.status, plainText(sent.text)]

/** One that began half an hour ago. */
async function begun() {
  const giver = await staffMember(app.db, { organisation_id: organisation_id(), role: 'champion' })
  const from = new Date(startOfTest.getTime() - 1_800_000)
  const session = await trainingSession(app.db, { champion: giver, person: await someone(), from })
  return { id: session.diary_entry_id, url: `/training/${session.diary_entry_id}` }
}

describe('A training session', () => {
  it('is planned from the record, once however often it is sent, and stands in the diary', async () => {
    const person = await someone({ name: 'Uma Example', interpreter: 'spoken' })
    const url = `/service-users/${person.id}/training`
    expect((await champion.get(url)).text).toMatch(/name="interpreter" [^>]*checked/)
    const fields = { ...order(), interpreter: 'yes', ...key() }
    const made = await champion.post(url, fields)
    expect([made.status, (await champion.post(url, fields)).headers.location]).toEqual([303, made.headers.location])
    expect(await text(String(made.headers.location))).toMatch(
      /A phone call, Wednesday 5 August 2026 at 10am.*Joining a call/,
    )
    expect(await text('/training')).toContain('Uma Example')
    const clash = await champion.post(url, { ...order(), ...key() })
    expect(answer(clash)).toEqual([
      409,
      expect.stringContaining('They have a training session then: Wednesday 5 August 2026 at 10am, until 11am'),
    ])
    expect((await champion.post(url, key())).status).toBe(422)
  })

  it('says who came and how sure they felt, and can be put right', async () => {
    const { url } = await begun()
    expect((await champion.post(`${url}/result`, { version: 1 })).status).toBe(422)
    const told = { came: 'yes', before: '2', after: '4', more: 'yes', note: 'Calls their sister on Sunday' }
    expect((await champion.post(`${url}/result`, { ...told, version: 1 })).status).toBe(303)
    expect(await text(url)).toMatch(/They came .*Before: 2 of 5After: 4 of 5|Before: 2 of 5 After: 4 of 5/)
    const stale = await champion.post(`${url}/result`, { ...told, version: 1 })
    expect(answer(stale)).toEqual([409, expect.stringContaining('Somebody wrote down this session')])
    expect((await champion.post(`${url}/result`, { came: 'no', version: 2 })).status).toBe(303)
    expect((await champion.post(`${url}/cancellation`, { version: 3 })).status).toBe(409)
  })

  it('that was cancelled has no result, and one that took place is not cancelled; PostgreSQL sees to both', async () => {
    const { id, url } = await begun()
    const cancelled = { cancelled_at: startOfTest, cancelled_by: app.people.actors.champion.staffId }
    const cancelEntry = (which: number) =>
      app.db.updateTable('diary_entries').set(cancelled).where('id', '=', which).execute()
    await cancelEntry(id)
    const refused = await champion.post(`${url}/result`, { came: 'yes', version: 1 })
    expect(answer(refused)).toEqual([409, expect.stringContaining('was cancelled, so nothing came of it')])
    const told = { came: false, told_at: startOfTest, told_by: cancelled.cancelled_by }
    const write = (more: object) =>
      app.db
        .updateTable('training_sessions')
        .set({ ...told, ...more })
        .where('diary_entry_id', '=', id)
        .execute()
    await expect(write({})).rejects.toThrow(/was cancelled/)
    await expect(write({ confidence_after: 3 })).rejects.toThrow()
    const other = await begun()
    await champion.post(`${other.url}/result`, { came: 'yes', version: 1 })
    await expect(cancelEntry(other.id)).rejects.toThrow(/took place/)
  })

  it('is nobody else’s', async () => {
    const { url } = await begun()
    const care = await app.signedInAs('care-team')
    expect([(await care.get(url)).status, (await care.post(`${url}/result`, { came: 'yes' })).status]).toEqual([
      403, 403,
    ])
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect((await foreign.get(url)).status).toBe(404)
    const person = await someone()
    await conversation(app.db, { person, answers: { confidence: 'sure' } })
    expect((await foreign.post(`/service-users/${person.id}/training`, { ...order(), ...key() })).status).toBe(404)
  })
})

describe('The forms of training', () => {
  it('say at the field what is missing', () => {
    expect(parseTraining({}, startOfTest).errors?.map(({ field }) => field)).toEqual([
      ...['on', 'at', 'length', 'way', 'topic', 'champion'],
    ])
  })

  it('know nothing of how sure somebody felt who did not come', () => {
    expect(
      parseAttendance({ came: 'no', before: '2', after: '5', more: 'yes', 'could-after': 'join' }, ['join']).value,
    ).toEqual({
      ...{
        came: false,
        agreed_ways: null,
        could_before: null,
        could_after: null,
        confidence_before: null,
        confidence_after: null,
        wants_more: null,
        note: '',
      },
    })
    expect(
      parseAttendance({ came: 'yes', before: '6', after: '5', 'could-after': ['join', 'wifi'] }, ['join']).value,
    ).toMatchObject({
      ...{ could_before: [], could_after: ['join'] },
      confidence_before: null,
      confidence_after: 5,
    })
  })
})

describe('Training of staff', () => {
  it('is in date until the day before the same day of another year, 29 February too, and due a month before', () => {
    expect(inDateUntil('remote', '2026-08-03')).toBe('2027-08-02')
    expect(inDateUntil('remote', '2028-02-29')).toBe('2029-02-28')
    expect(inDateUntil('inclusion', '2026-02-28')).toBe('2028-02-27')
    const states = ['2026-08-03', '2026-07-05', '2026-07-04', '2025-08-03'].map((day) =>
      inDate('remote', day, '2027-06-03'),
    )
    expect(states).toEqual(['in-date', 'in-date', 'due', 'lapsed'])
    expect(inDate('remote', undefined, '2027-06-03')).toBe('never')
  })

  it('is written down for a ward at once, once for a day, of nobody who is not on it, and a slip is taken off', async () => {
    const { ward, otherWard } = app.people
    const on = (where: { id: number }, name: string) =>
      staffMember(app.db, { organisation_id: organisation_id(), role: 'ward-staff', name, wards: [where] })
    const [una, vic, far] = [await on(ward, 'Una Nurse'), await on(ward, 'Vic Nurse'), await on(otherWard, 'Far Nurse')]
    await staffTraining(app.db, { member: vic, by: una, on: '2025-01-10' })
    const url = `/training/staff/wards/${ward.id}`
    const session = (came: { id: number }[], more: object = {}) => ({
      ...{ topic: 'remote', 'on-day': 1, 'on-month': 8, 'on-year': 2026, came: came.map(({ id }) => String(id)) },
      ...{ ...key(), ...more },
    })
    const sent = session([una])
    expect((await champion.post(url, sent)).status).toBe(303)
    expect((await champion.post(url, sent)).status).toBe(303)
    const page = await text(`/training/staff?ward=${ward.id}`)
    expect(page).toMatch(/Una Nurse Until 31 July 2027|Una Nurse.{0,60}Until 31 July 2027/)
    expect(page).toMatch(/Vic Nurse.{0,60}Ended 9 January 2026/)
    expect(answer(await champion.post(url, session([una])))).toEqual([
      409,
      expect.stringContaining('for that day already'),
    ])
    expect(answer(await champion.post(url, session([vic, far])))).toEqual([
      409,
      expect.stringContaining('not on this ward'),
    ])
    const late = await champion.post(url, session([], { 'on-day': 4, topic: '' }))
    expect(answer(late)).toEqual([
      422,
      expect.stringMatching(/Choose what it was about.*write it down when it is over.*Choose who came/),
    ])
    expect((await champion.post(`/training/staff/wards/${app.people.foreignWard.id}`, session([una]))).status).toBe(404)
    const [row] = await app.db.selectFrom('staff_trainings').selectAll().where('staff_id', '=', una.id).execute()
    const off = `/training/staff/${row?.id}/cancellation`
    expect([(await champion.post(off, {})).status, (await champion.post(off, {})).status]).toEqual([303, 409])
    expect(await text(`/training/staff?ward=${ward.id}`)).toMatch(/Una Nurse.{0,80}Not yet/)
    const again = app.pool.query('update staff_trainings set cancelled_at = null, cancelled_by = null where id = $1', [
      row?.id,
    ])
    await expect(again).rejects.toMatchObject({ constraint: 'staff_training_goes_on' })
  })
})
