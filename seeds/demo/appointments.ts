import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import { type AppointmentStory, appointment, attendedAppointment } from '../factories/appointments.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { Random } from './random.ts'
import type { Trust } from './trusts.ts'

export interface AppointmentsPlan {
  trust: Trust
  people: ServiceUser[]
  today: string
  random: Random
}

const clinicians = ['Dr Ana Example', 'Sam Okoye', 'Priya Nair', 'Dr Tom Hale', '']
const soonEvery = 5
const FIRST_HOUR = 8
const HOURS_A_DAY = 12
const MOST_ON_WARDS = 8
const WAITS_OF_DAYS = 25

/** About half of the people have met somebody; some meet somebody in the next three weeks, and some should have just now. */
export async function makeAppointments(
  db: Database,
  { trust, people, today, random }: AppointmentsPlan,
): Promise<void> {
  const inTouch = people.filter(({ state }) => state !== 'died')
  const team = trust.wards.find(({ kind }) => kind === 'community team')
  const onWards = new Set((await listOnWards(db, trust.organisation.id)).slice(0, MOST_ON_WARDS).map(({ id }) => id))
  for (const [nth, person] of inTouch.entries()) {
    const by = random.pick(trust.champions)
    const plan = { person, by, clinician: random.pick(clinicians), team_id: team?.id ?? null }
    if (nth % 2 === 0) await pastOne(db, plan, lastWorkingDay(addDays(today, -random.between(3, 120))), random)
    if (nth % soonEvery === 0) await comingOne(db, plan, addWorkingDays(today, random.between(1, 15)), random)
    if (nth % 11 === 3 || onWards.has(person.id))
      await todaysOne(db, plan, timeOn(today, FIRST_HOUR + (nth % HOURS_A_DAY), 0))
    if (nth % 40 === 7) await waitingOne(db, plan, addWorkingDays(today, -1))
  }
  await sayWhoJoinsWhere(db, trust.organisation.id)
}

/** As their records say by now: who is on a ward was written into them after they were made. */
function listOnWards(db: Database, organisationId: number) {
  return db
    .selectFrom('service_users')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('state', '=', 'admitted')
    .where('merged_into', 'is', null)
    .orderBy('id')
    .execute()
}

/** Every third call is on the platform that is not approved; every supporter who may know of appointments joins. */
async function sayWhoJoinsWhere(db: Database, organisationId: number): Promise<void> {
  await sql`
    update appointments set
      platform_id = (
        select id from platforms where platforms.organisation_id = ${organisationId}
        order by (approval = 'not-approved') <> (appointments.service_user_id % 3 = 0), id limit 1
      ),
      supporter_ids = array(
        select id from supporters
        where supporters.service_user_id = appointments.service_user_id and consent = 'given' and ended_at is null
          and may_be_told && '{appointments,everything}'
        order by id
      )
    where organisation_id = ${organisationId} and way = 'video' and cancelled_at is null and outcome is null`.execute(
    db,
  )
}

type Plan = Pick<AppointmentStory, 'person' | 'clinician' | 'team_id'> & { by: { id: number } }

async function pastOne(db: Database, plan: Plan, day: string, random: Random): Promise<void> {
  const from = timeOn(day, random.between(9, 15), 0)
  const way = random.pick(['face-to-face', 'phone', 'phone', 'video', 'home-visit'])
  const over = new Date(from.getTime() + 3_600_000)
  const asked = new Date(from.getTime() - (3 + (plan.person.id % WAITS_OF_DAYS)) * 24 * 3_600_000)
  const first = plan.person.id % 4 < 2 ? { is_first: true, made_at: asked, way_since: asked } : {}
  const told = { outcome_at: over, outcome_by: plan.by.id }
  const roll = random.between(1, 10)
  if (roll <= 7) await attendedAppointment(db, { ...plan, ...first, way, from })
  else if (roll === 8 && way === 'video')
    await appointment(db, { ...plan, ...told, way, from, outcome: 'could-not-connect' })
  else if (roll === 9) await appointment(db, { ...plan, ...told, way, from, outcome: 'did-not-attend' })
  else {
    const dayBefore = new Date(from.getTime() - 20 * 3_600_000)
    await appointment(db, { ...plan, way, from, cancelled_at: dayBefore, cancelled_by: 'person' })
  }
}

async function comingOne(db: Database, plan: Plan, day: string, random: Random): Promise<void> {
  const from = timeOn(day, random.between(9, 15), 30)
  const way = random.pick(['video', 'video', 'phone', 'face-to-face', 'home-visit'])
  const isFirst = random.chance(0.4)
  const extra = isFirst && (way === 'video' || way === 'phone') ? 15 : 0
  const agreed = random.chance(0.5)
    ? { back_up: 'phone', back_up_number: '01632 960 101', call_back_number: '07700 900 107' }
    : {}
  await appointment(db, {
    ...{ ...plan, ...agreed, way, from, is_first: isFirst, extra_minutes: extra, minutes: 50 + extra },
    purpose: isFirst ? 'assessment' : random.pick(['therapy', 'review', 'medication']),
    ...(way === 'video' && { join_link: `https://meet.example/room-${plan.person.id}` }),
    ...(way === 'phone' && { number_shown: 'No caller ID' }),
    ...(way === 'face-to-face' && { place: 'Riverside Centre, room 4' }),
  })
}

/** Spread over the day, so that somebody meets somebody at whatever hour the page is opened. */
async function todaysOne(db: Database, plan: Plan, from: Date): Promise<void> {
  const agreed = { back_up: 'phone', back_up_number: '01632 960 101', call_back_number: '07700 900 107' }
  await appointment(db, {
    ...plan,
    ...agreed,
    way: 'video',
    from,
    join_link: `https://meet.example/room-${plan.person.id}`,
  })
}

/** Nobody has written down yet how it went. */
async function waitingOne(db: Database, plan: Plan, day: string): Promise<void> {
  await appointment(db, { ...plan, way: 'video', from: timeOn(day, 11, 0) })
}
