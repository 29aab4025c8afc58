import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { londonDate, parseInstant } from '../lib/dates.ts'
import { readBreakMinutes } from './person-queries.ts'
import { readUntil } from './question-rules.ts'
import { listDiaries } from './slot-queries.ts'
import { checkTime } from './warning-rules.ts'

export interface EntriesHandedOver {
  moved: number
  /** What stays with the champion it was with, since the new one is not free: somebody finds another time for it. */
  left: number
}

interface ComingEntry {
  id: number
  service_user_id: number
  starts_at: string
  ends_at: string
  leaves_at: string
  back_at: string
  travel_minutes: number
}

/**
 * What one champion has planned with these people goes along to another one, at the same time: as far as that one works then and
 * has time for it, with the break on either side. The rest stays, and is listed. The people are held by whoever calls this.
 */
export async function handOverEntries(
  change: Change,
  people: number[],
  { from, to }: { from: number; to: number | null },
): Promise<EntriesHandedOver> {
  const entries = await lockComing(change, people, from)
  if (entries.length === 0 || to === null) return { moved: 0, left: entries.length }
  const now = change.now()
  const asked = { from: now, until: readUntil(now), today: londonDate(now), carerId: to }
  const diary = (await listDiaries(change.trx, change.by, asked)).find(({ championId }) => championId === to)
  const breakMinutes = await readBreakMinutes(change.trx, change.by)
  if (!diary) return { moved: 0, left: entries.length }
  let moved = 0
  for (const entry of entries) {
    const [startsAt, endsAt] = [parseInstant(entry.starts_at), parseInstant(entry.ends_at)]
    const time = { championId: to, startsAt, endsAt, travelMinutes: entry.travel_minutes }
    const { errors, warnings } = checkTime(time, { diaries: [diary], safeTimes: null, breakMinutes })
    // further ahead than diaries were read, nobody knows whether they are free
    if (errors.length > 0 || warnings.length > 0 || startsAt >= asked.until) continue
    await giveTo(change, entry, { from, to })
    diary.busy.push({ from: parseInstant(entry.leaves_at).getTime(), until: parseInstant(entry.back_at).getTime() })
    moved += 1
  }
  return { moved, left: entries.length - moved }
}

async function lockComing(change: Change, people: number[], from: number): Promise<ComingEntry[]> {
  const { trx, by } = change
  const at = change.now()
  const { rows } = await sql<ComingEntry>`
    select id, service_user_id, starts_at, ends_at, leaves_at, back_at, travel_minutes from diary_entries
    where champion_id = ${from} and organisation_id = ${by.organisationId} and cancelled_at is null
      and group_entry_id is null and starts_at > ${at} and service_user_id = any(${people}::bigint[])
    order by id for no key update
  `.execute(trx)
  return rows
}

async function giveTo(change: Change, entry: ComingEntry, { from, to }: { from: number; to: number }): Promise<void> {
  await change.trx
    .updateTable('diary_entries')
    .set((eb) => ({ champion_id: to, version: eb('version', '+', 1) }))
    .where('id', '=', entry.id)
    .execute()
  change.audit({
    ...{ verb: 'diary:entry-moved', subject: ['diary-entry', entry.id], serviceUserId: entry.service_user_id },
    details: { old: { champion_id: from }, new: { champion_id: to } },
  })
}
