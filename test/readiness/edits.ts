import fc from 'fast-check'
import {
  appointment,
  availableItem,
  conversation,
  diaryHours,
  loanTo,
  model,
  placement,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import type { TestApp, Visitor } from '../support/app.ts'

/** What three people, on a champion's desk, in a care team and on a ward, do to the same appointments. */
export const editNames = [
  'move',
  'way',
  'details',
  'cancel',
  'new-appointment',
  'trial-call',
  'training',
  'visit',
  'lend',
  'return',
  'book-on-ward',
  'ask',
] as const
export type EditName = (typeof editNames)[number]

export interface Edit {
  name: EditName
  /** Which of the people and their appointments; which day and hour it is about. */
  who: number
  day: number
  hour: number
}

export const anyEdit: fc.Arbitrary<Edit> = fc.record({
  name: fc.constantFrom(...editNames),
  who: fc.integer({ min: 0, max: 2 }),
  day: fc.integer({ min: 4, max: 21 }),
  hour: fc.integer({ min: 9, max: 16 }),
})

export interface Scene {
  people: {
    id: number
    name: string
    organisation_id: number
    appointmentId: number
    loanId: number
    lineIds: number[]
    spareIds: number[]
  }[]
  championId: number
  tabletId: number
}

/** Three people with a first video call each, a device lent, and a champion of their own; on a ward that has a tablet. */
export async function setScene(app: TestApp, round: number): Promise<Scene> {
  const { organisationId: organisation_id, ward } = app.people
  const champion = await staffMember(app.db, { organisation_id, role: 'champion' })
  await diaryHours(app.db, champion)
  const tablet = await availableItem(app.db, { organisation_id, category: 'tablet' })
  await placement(app.db, { ward: { ...ward, organisation_id }, items: [tablet] })
  const people = []
  for (const nth of [0, 1, 2]) {
    const name = `Edited ${round} ${nth}`
    const person = await serviceUser(app.db, { organisation_id, name, team_id: ward.id, ward_id: ward.id })
    const from = new Date(Date.UTC(2026, 7, 11 + nth, 12, 30))
    const meeting = await appointment(app.db, { person, by: champion, from, is_first: true, purpose: 'assessment' })
    const of = await model(app.db, { organisation_id, support_ends_on: '2028-01-31' })
    const items = [
      await availableItem(app.db, { model: of }),
      await availableItem(app.db, { organisation_id, category: 'charger' }),
    ]
    const loan = await loanTo(app.db, { serviceUser: person, items, lentBy: champion })
    await conversation(app.db, { person, by: champion, answers: nth === 0 ? { confidence: 'not-sure' } : {} })
    const lines = await app.db
      .selectFrom('loan_lines')
      .select('id')
      .where('loan_id', '=', loan.id)
      .orderBy('id')
      .execute()
    const spares = [
      await availableItem(app.db, { model: of }),
      await availableItem(app.db, { organisation_id, category: 'charger' }),
    ]
    people.push({
      spareIds: spares.map(({ id }) => id),
      id: person.id,
      name,
      organisation_id,
      appointmentId: meeting.id,
      loanId: loan.id,
      lineIds: lines.map(({ id }) => id),
    })
  }
  return { people, championId: champion.id, tabletId: tablet.id }
}

export interface Visitors {
  champion: Visitor
  care: Visitor
  ward: Visitor
}

/** Sends one edit as whoever does it, with what they see now; whether it is done or refused is for the service to say. */
export async function sendEdit(app: TestApp, { champion, care, ward }: Visitors, scene: Scene, edit: Edit) {
  const person = scene.people[edit.who]!
  const url = `/appointments/${person.appointmentId}`
  const day = { 'on-day': edit.day, 'on-month': 8, 'on-year': 2026, at: `${edit.hour}:00` }
  const key = crypto.randomUUID()
  const version = await versionOf(app, person.appointmentId)
  const order = {
    first: 'yes',
    way: 'video',
    purpose: 'assessment',
    length: 50,
    clinician: '',
    interpreter: '',
    anyway: 'call',
  }
  const call = { ...day, length: 30, champion: scene.championId, key, anyway: 'hours leave break working-day' }
  const sent: Record<EditName, () => Promise<{ status: number; text: string }>> = {
    move: () => care.post(`${url}/edit`, { ...order, ...day, version }),
    way: () => care.post(`${url}/way`, { way: ['phone', 'face-to-face', 'video'][edit.day % 3] ?? '', version }),
    details: () =>
      care.post(`${url}/details`, {
        'join-link': edit.day % 2 ? 'https://meet.example/1' : '',
        'back-up': 'phone',
        'call-back-number': '07700 900 001',
        version,
      }),
    cancel: () =>
      edit.day % 3 === 0 ? champion.post(`${url}/cancellation`, { by: 'team', version }) : champion.get(url),
    'new-appointment': () => care.post(`/service-users/${person.id}/appointments`, { ...order, ...day, key }),
    'trial-call': () => champion.post(`${url}/trial-calls`, call),
    training: () => champion.post(`/service-users/${person.id}/training`, { ...call, way: 'phone', topic: 'join' }),
    visit: () =>
      champion.post('/diary/entries', { ...call, kind: 'visit', way: 'home-visit', travel: 30, person: person.id }),
    lend: () =>
      champion.post('/loans', {
        ...{
          'service-user': person.id,
          item: person.spareIds.map(String),
          keep: 'loan',
          agreement: 'spoken',
          witness: 'Sam Example',
        },
        ...{ 'due-day': 1, 'due-month': 10, 'due-year': 2026, notes: '', key },
      }),
    return: () =>
      champion.post(`/loans/${person.loanId}/return`, { line: person.lineIds[edit.day % 2] ?? 0, version: 1 }),
    'book-on-ward': () =>
      ward.post('/bookings', {
        ...{
          ward: app.people.ward.code,
          item: scene.tabletId,
          on: `2026-08-${String(edit.day).padStart(2, '0')}`,
          key,
        },
        ...{
          from: `${edit.hour}:00`,
          length: 60,
          until: '',
          for: 'person',
          person: person.id,
          purpose: 'not-said',
          now: '',
          instead: '',
        },
      }),
    ask: () => care.get(`/people/${person.id}`),
  }
  const answer = await sent[edit.name]()
  return { name: edit.name, status: answer.status, text: answer.text }
}

async function versionOf(app: TestApp, id: number): Promise<number> {
  return (await app.db.selectFrom('appointments').select('version').where('id', '=', id).executeTakeFirstOrThrow())
    .version
}

/** Rules that no order of edits may break, each a question that finds nothing. */
const never: Readonly<Record<string, string>> = {
  'a champion in two places': `
    select one.id from diary_entries one join diary_entries other on other.id > one.id and other.champion_id = one.champion_id
      and other.cancelled_at is null and tstzrange(one.leaves_at, one.back_at) && tstzrange(other.leaves_at, other.back_at)
    where one.cancelled_at is null`,
  'a person in a call and an appointment': `
    select entry.id from diary_entries entry join appointments meeting on meeting.service_user_id = entry.service_user_id
      and meeting.cancelled_at is null and tstzrange(entry.starts_at, entry.ends_at) && tstzrange(meeting.starts_at, meeting.ends_at)
    where entry.cancelled_at is null`,
  'a trial-run call or training with no entry of its own kind': `
    select id from diary_entries entry where kind = 'trial-run-call' and cancelled_at is null
      and not exists (select from trial_calls where diary_entry_id = entry.id)`,
}

export async function brokenBy(app: TestApp): Promise<string[]> {
  const broken: string[] = []
  for (const [name, question] of Object.entries(never)) {
    if ((await app.pool.query(question)).rows.length > 0) broken.push(name)
  }
  return broken
}
