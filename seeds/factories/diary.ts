import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { DiaryEntries, DiaryExceptions } from '../../src/database/schema.ts'
import { exampleNow, insertAll, insertOne } from './example.ts'

export type DiaryEntry = Selectable<DiaryEntries>

export interface DiaryEntryStory extends Partial<Insertable<DiaryEntries>> {
  champion: { id: number; organisation_id: number }
  person?: { id: number } | null
  from: Date
  minutes?: number
}

/** A trial-run call by video with somebody, or time of a champion's own, that is to come; or as it is told. */
export async function diaryEntry(
  db: Database,
  { champion, person = null, from, minutes = 30, travel_minutes = 0, ...told }: DiaryEntryStory,
): Promise<DiaryEntry> {
  const until = from.getTime() + minutes * 60_000
  const travel = travel_minutes * 60_000
  return insertOne(db, 'diary_entries', {
    ...{ organisation_id: champion.organisation_id, champion_id: champion.id, service_user_id: person?.id ?? null },
    ...{ appointment_id: null, kind: person ? 'trial-run-call' : 'other', way: travel > 0 ? 'home-visit' : 'video' },
    ...{ starts_at: from, ends_at: new Date(until), travel_minutes, note: '', version: 1 },
    ...{ leaves_at: new Date(from.getTime() - travel), back_at: new Date(until + travel) },
    ...{ made_at: new Date(Math.min(exampleNow.getTime(), from.getTime() - 24 * 3_600_000)), made_by: champion.id },
    ...{ cancelled_at: null, cancelled_by: null, group_entry_id: null },
    ...told,
  })
}

/** From nine to five on each weekday, or as it is told. */
export async function diaryHours(
  db: Database,
  champion: { id: number; organisation_id: number },
  { weekdays = [1, 2, 3, 4, 5], from = 9 * 60, until = 17 * 60 } = {},
): Promise<void> {
  const { organisation_id, id: champion_id } = champion
  await insertAll(
    db,
    'diary_hours',
    weekdays.map((weekday) => ({ organisation_id, champion_id, weekday, from_minute: from, until_minute: until })),
  )
}

/** A day of leave, or as it is told. */
export async function diaryException(
  db: Database,
  {
    champion,
    on,
    ...told
  }: { champion: { id: number; organisation_id: number }; on: string } & Partial<Insertable<DiaryExceptions>>,
) {
  return insertOne(db, 'diary_exceptions', {
    ...{
      organisation_id: champion.organisation_id,
      champion_id: champion.id,
      kind: 'leave',
      first_on: on,
      last_on: on,
    },
    ...{ from_minute: null, until_minute: null, made_at: exampleNow, made_by: champion.id },
    ...{ cancelled_at: null, cancelled_by: null },
    ...told,
  })
}
