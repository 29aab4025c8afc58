import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { AppointmentDetails, Appointments } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

export type Appointment = Selectable<Appointments>

type Planned = Partial<Insertable<Appointments>> & Partial<Insertable<AppointmentDetails>>

export interface AppointmentStory extends Planned {
  person: { id: number; organisation_id: number }
  by?: { id: number }
  from: Date
  minutes?: number
}

const nothingWritten = {
  ...{ clinician: 'Dr Example', join_link: '', number_shown: '', back_up_number: '', call_back_number: '' },
  ...{ place: '', in_person_needs: '', adaptations: '', others: '', persons_words: '', outcome_note: '' },
}

const detailNames = new Set(Object.keys(nothingWritten))

/** An appointment by video that is to come, or as it is told. */
export async function appointment(db: Database, story: AppointmentStory): Promise<Appointment> {
  const { person, by: maker, from, minutes = 50, ...told } = story
  const organisation_id = person.organisation_id
  const by = (maker ?? (await staffMember(db, { organisation_id }))).id
  const madeAt = new Date(Math.min(exampleNow.getTime(), from.getTime() - 24 * 3_600_000))
  const entries = Object.entries(told)
  const row = {
    ...{ organisation_id, service_user_id: person.id, is_first: false, purpose: 'review', way: 'video' },
    ...{ way_since: madeAt, way_by: by, starts_at: from, ends_at: new Date(from.getTime() + minutes * 60_000) },
    ...{ extra_minutes: 0, team_id: null, interpreter: null, back_up: null, made_at: madeAt, made_by: by, version: 1 },
    ...{ cancelled_at: null, cancelled_by: null, outcome: null, outcome_at: null, outcome_by: null },
    ...{ met_by: null, disruption: null, platform_id: null, supporter_ids: [] },
    ...Object.fromEntries(entries.filter(([name]) => !detailNames.has(name))),
  }
  const made = await insertOne(db, 'appointments', row)
  const details = Object.fromEntries(entries.filter(([name]) => detailNames.has(name)))
  await insertOne(db, 'appointment_details', {
    ...{ ...nothingWritten, ...details, appointment_id: made.id, organisation_id },
  })
  return made
}

/** One that is over, and in which they met as it was planned. */
export function attendedAppointment(db: Database, story: AppointmentStory & { by: { id: number } }) {
  const way = (story.way ?? 'video') as string
  const at = new Date(story.from.getTime() + 2 * 3_600_000)
  return appointment(db, {
    ...{ outcome: 'attended', outcome_at: at, outcome_by: story.by.id, met_by: way, disruption: 'none' },
    ...story,
  })
}
