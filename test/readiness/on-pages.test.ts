import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  appointment,
  availableItem,
  conversation,
  letterGiven,
  loanTo,
  meetingPreference,
  model,
  passedTrialCall,
  serviceUser,
} from '../../seeds/factories.ts'
import { readDueAppointments, readinessFacts } from '../../src/readiness/queries.ts'
import { readinessOf } from '../../src/readiness/rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'
import { listenTo } from '../support/queries.ts'
import { thirtyEdits } from './thirty-edits.ts'

let app: TestApp
let champion: Visitor
let care: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  care = await app.signedInAs('care-team')
})
afterAll(() => app.close())

const text = async (path: string, visitor = champion) => plainText((await visitor.get(path)).text)
const by = () => ({ id: app.people.actors.champion.staffId })
const someone = (more: object = {}) =>
  serviceUser(app.db, { organisation_id: app.people.organisationId, team_id: app.people.ward.id, ...more })

/** Somebody whose video call is tomorrow, and who has nothing to make it with. */
async function unready(name: string) {
  const person = await someone({ name, needs_asked: 'none', interpreter: 'no', call_back_number: '07700 900 001' })
  await conversation(app.db, {
    ...{ person, by: by(), heldOn: '2026-08-01' },
    answers: {
      device: 'none',
      connection: 'well',
      affordability: 'yes',
      confidence: 'sure',
      'private-place': 'always',
      'in-person': ['none'],
    },
  })
  await meetingPreference(app.db, { person, by: by(), purpose: 'review', ways: ['video', 'phone'] })
  const from = new Date('2026-08-04T13:30:00Z')
  const agreed = { join_link: 'https://meet.example/1', back_up: 'phone', back_up_number: '07700 900 001' }
  return { person, one: await appointment(app.db, { person, by: by(), from, number_shown: '020', ...agreed }) }
}

describe('Whether an appointment is ready', () => {
  it('is told to champion and care team, first of all on the worklist, and face to face is one click', async () => {
    const { person, one } = await unready('Ines Example')
    for (const visitor of [champion, care]) {
      expect(await text('/', visitor)).toMatch(/get them ready .*Ines Example .*A device in hand, up to date/)
      expect(await text('/appointments', visitor)).toMatch(/Ines Example .*Not in time/)
    }
    expect(await text(`/service-users/${person.id}`)).toMatch(/Appointments to come .*a video call Not in time/)
    expect(await text(`/people/${person.id}`, care)).toMatch(/Appointments to come .*a video call Not in time/)
    const other = await someone({ name: 'Ola Example' })
    for (const [path, visitor] of [
      [`/service-users/${other.id}`, champion],
      [`/people/${other.id}`, care],
    ] as const) {
      expect(await text(path, visitor)).not.toContain('Appointments to come')
    }

    const page = await care.get(`/appointments/${one.id}`)
    expect(plainText(page.text)).toMatch(/in their own order .*A phone call .*Face to face/)
    expect(page.text).not.toContain('href="/loans/new')
    const fields = { way: 'face-to-face', version: one.version }
    expect((await care.post(`/appointments/${one.id}/way`, fields)).status).toBe(303)
    expect(await text(`/appointments/${one.id}`)).toMatch(/Is it ready\? 1 to do .*Where they meet/)
    expect(await text('/', champion)).not.toContain('A device in hand')
  })

  it('follows what is lent and what comes back, and when the appointment is', async () => {
    const { person, one } = await unready('Jo Example')
    const stateOf = async () => {
      const facts = (await readinessFacts(app.db, app.people.actors.champion, [one.id], app.clock())).get(one.id)
      return facts && readinessOf(facts, startOfTest).state
    }
    expect(await stateOf()).toBe('too-late')
    await app.db
      .updateTable('appointments')
      .set({ starts_at: '2026-08-20T10:00:00Z', ends_at: '2026-08-20T11:00:00Z' })
      .where('id', '=', one.id)
      .execute()
    expect(await stateOf()).toBe('in-time')
    const of = await model(app.db, { organisation_id: app.people.organisationId, support_ends_on: '2028-01-31' })
    const items = [
      await availableItem(app.db, { model: of }),
      await availableItem(app.db, { organisation_id: app.people.organisationId, category: 'charger' }),
    ]
    await loanTo(app.db, { serviceUser: person, items, lentBy: by() })
    expect(await stateOf()).toBe('in-time')
    const tried = { person, appointment: one, from: new Date('2026-08-03T08:00:00Z') }
    await passedTrialCall(app.db, { ...tried, champion: { ...by(), organisation_id: app.people.organisationId } })
    expect(await stateOf()).toBe('in-time')
    await letterGiven(app.db, { appointment: one, by: by() })
    expect(await stateOf()).toBe('ready')
    await app.db.updateTable('models').set({ support_ends_on: '2026-08-19' }).where('id', '=', of.id).execute()
    expect(await stateOf()).toBe('in-time')
  })

  it('is nobody else’s to know', async () => {
    const { one } = await unready('Kit Example')
    const { foreignActors, actors } = app.people
    expect((await readinessFacts(app.db, foreignActors.champion, [one.id], app.clock())).size).toBe(0)
    const stranger = await serviceUser(app.db, { organisation_id: app.people.organisationId })
    const theirs = await appointment(app.db, { person: stranger, by: by(), from: new Date('2026-08-04T09:00:00Z') })
    const told = await readinessFacts(app.db, actors['care-team'], [one.id, theirs.id], app.clock())
    expect([...told.keys()]).toEqual([one.id])
  })

  it('is read in one question for any number of appointments, by way of indexes', async () => {
    const listener = listenTo(app.pool)
    const asked = { now: startOfTest, until: new Date('2026-08-06T00:00:00Z'), rows: 10, first: 20 }
    const heard = await listener.during(async () => {
      await readDueAppointments(app.db, app.people.actors.champion, asked)
    })
    expect(heard).toHaveLength(1)
    const { text: question, values } = heard[0]!
    const plan = await app.pool.connect().then(async (client) => {
      try {
        await client.query('begin; set local enable_seqscan = off')
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${question}`, values as unknown[])
        await client.query('rollback')
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      } finally {
        client.release()
      }
    })
    for (const index of [
      'appointments_open',
      'conversation_answers_newest',
      'meeting_preferences_newest',
      'loans_by_service_user',
      'loan_lines_by_loan',
      'bookings_by_service_user',
      'appointments_by_person',
    ]) {
      expect(plan).toContain(index)
    }
    expect(plan).not.toContain('Seq Scan')
  })

  it('holds after thirty edits in the same moment by champion, care team and ward', async () => {
    await thirtyEdits(app, { champion, care, ward: await app.signedInAs('ward-staff') }, 1)
  })
})
