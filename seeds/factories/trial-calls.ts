import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { TrialCalls } from '../../src/database/schema.ts'
import { diaryEntry } from './diary.ts'
import { insertOne } from './example.ts'

export type TrialCall = Selectable<TrialCalls>

export interface TrialCallStory extends Partial<Insertable<TrialCalls>> {
  champion: { id: number; organisation_id: number }
  person: { id: number }
  /** What it prepares for. */
  appointment?: { id: number }
  from: Date
  minutes?: number
}

/** Everything was tried, and all of it worked. */
export const allWorked = {
  ...{ got_in: 'yes', heard: 'yes', seen: 'yes', charged: 'yes', private_place: 'yes', light: 'yes', location: 'yes' },
  back_up: 'yes',
}

/** A trial-run call by video that is to come, or as it is told. */
export async function trialCall(db: Database, story: TrialCallStory): Promise<TrialCall> {
  const { champion, person, appointment, from, minutes = 30, ...told } = story
  const entry = await diaryEntry(db, {
    ...{ champion, person, from, minutes, kind: 'trial-run-call', appointment_id: appointment?.id ?? null },
  })
  return insertOne(db, 'trial_calls', {
    ...{ diary_entry_id: entry.id, organisation_id: champion.organisation_id, is_check: minutes <= 10, version: 1 },
    ...{
      supporter_joins: false,
      interpreter_joins: false,
      note: '',
      outcome: null,
      outcome_at: null,
      outcome_by: null,
    },
    ...{ got_in: null, heard: null, seen: null, charged: null, private_place: null, light: null, location: null },
    ...{ back_up: null, ...told },
  })
}

/** One that worked, and was written down half an hour after it began. */
export function passedTrialCall(db: Database, story: TrialCallStory): Promise<TrialCall> {
  const outcome_at = new Date(story.from.getTime() + 1_800_000)
  const told = { ...allWorked, outcome: 'passed', outcome_at, outcome_by: story.champion.id }
  return trialCall(db, { ...told, ...story })
}
