import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { GroupSessions, StaffTrainings, TrainingSessions } from '../../src/database/schema.ts'
import { diaryEntry } from './diary.ts'
import { insertOne } from './example.ts'

export interface TrainingStory extends Partial<Insertable<TrainingSessions>> {
  champion: { id: number; organisation_id: number }
  person: { id: number }
  from: Date
  minutes?: number
  /** The group that it is a place in: it is when and with whom the group is. */
  group?: { diary_entry_id: number }
}

/** A session on joining a call that is to come, or as it is told. */
export async function trainingSession(db: Database, story: TrainingStory): Promise<Selectable<TrainingSessions>> {
  const { champion, person, from, minutes = 60, group, ...told } = story
  const place = { group_entry_id: group?.diary_entry_id ?? null }
  const entry = await diaryEntry(db, { champion, person, from, minutes, kind: 'training-session', ...place })
  return insertOne(db, 'training_sessions', {
    ...{ diary_entry_id: entry.id, organisation_id: champion.organisation_id, topics: ['join', 'sound'] },
    ...{ supporter_joins: false, interpreter_joins: false, came: null, confidence_before: null, version: 1 },
    ...{ confidence_after: null, wants_more: null, note: '', told_at: null, told_by: null, agreed_ways: null },
    ...{ could_before: null, could_after: null, supporter_id: null, ...told },
  })
}

/** A session of a group with three places, that is to come, or as it is told. */
export async function groupSession(
  db: Database,
  {
    champion,
    from,
    minutes = 60,
    way = 'face-to-face',
    ...told
  }: Pick<TrainingStory, 'champion' | 'from' | 'minutes'> & { way?: string } & Partial<Insertable<GroupSessions>>,
): Promise<Selectable<GroupSessions>> {
  const entry = await diaryEntry(db, { champion, from, minutes, way, kind: 'training-session' })
  return insertOne(db, 'group_sessions', {
    ...{ diary_entry_id: entry.id, organisation_id: champion.organisation_id, topics: ['join', 'sound'], places: 3 },
    ...{ place: 'The library', materials: '', version: 1, ...told },
  })
}

/** Somebody of the staff who came to a session on that day. */
export function staffTraining(
  db: Database,
  {
    member,
    by,
    topic = 'remote',
    on,
  }: { member: { id: number; organisation_id: number }; by: { id: number }; topic?: string; on: string },
): Promise<Selectable<StaffTrainings>> {
  return insertOne(db, 'staff_trainings', {
    ...{ organisation_id: member.organisation_id, staff_id: member.id, topic, trained_on: on },
    ...{ recorded_at: `${on}T16:00:00Z`, recorded_by: by.id, cancelled_at: null, cancelled_by: null },
  })
}
