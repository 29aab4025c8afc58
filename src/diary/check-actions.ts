import type { Change } from '../database/change.ts'
import { addDays, londonDate, londonMidnight, parseInstant } from '../lib/dates.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { DAYS_BEFORE, nearestInWords, nearestTime } from './nearest-rules.ts'
import { listBusy, type PersonToPlan, readBreakMinutes } from './person-queries.ts'
import { safeTimesOf, soonestFrom } from './question-rules.ts'
import { listDiaries } from './slot-queries.ts'
import { checkTime, isStopped, type TimeChecked, type TimePlanned } from './warning-rules.ts'

/** A time that was typed and does not fit, or that nobody has seen yet what speaks against. */
export class DoesNotFit extends RuleBroken {
  readonly checked: TimeChecked
  constructor(checked: TimeChecked) {
    super([...checked.errors, ...checked.warnings].map(({ text }) => text).join('. '))
    this.checked = checked
  }
}

export interface TimeAsked {
  time: TimePlanned
  person: Pick<PersonToPlan, 'id' | 'contact' | 'carer_id'> | null
  way: string
  /** The entry that is moved, or that is cancelled for it: it is not in its own way. */
  entry?: { id: number; leaves_at: string; back_at: string }
  /** The codes of the warnings that were seen. */
  seen: string
}

const DAYS_READ = 21

/** Refuses (DoesNotFit) a time that does not fit into the diary and the person's day, with the nearest one that does. */
export async function requireFit(change: Change, asked: TimeAsked): Promise<void> {
  const { trx: db, by: actor } = change
  const { time, person, way, entry, seen } = asked
  const now = change.now()
  const today = addDays(londonDate(time.startsAt), -DAYS_BEFORE)
  const from = londonMidnight(today)
  const span = { from, until: londonMidnight(addDays(today, DAYS_READ + 1)) }
  const diaries = await listDiaries(db, actor, { ...span, today, carerId: person?.carer_id ?? null })
  if (!diaries.some(({ championId }) => championId === time.championId)) await requireOurs(change, time.championId)
  const exceptEntryId = entry?.id ?? null
  const surroundings = {
    diaries: diaries.filter(({ championId }) => championId === time.championId),
    breakMinutes: await readBreakMinutes(db, actor),
    personBusy: person ? await listBusy(db, actor, { serviceUserId: person.id, exceptEntryId, ...span }) : [],
    safeTimes: person && way !== 'face-to-face' ? safeTimesOf(person) : null,
    own: entry && { from: parseInstant(entry.leaves_at).getTime(), until: parseInstant(entry.back_at).getTime() },
  }
  const checked = checkTime(time, surroundings)
  if (!isStopped(checked, seen)) return
  const minutes = (time.endsAt.getTime() - time.startsAt.getTime()) / 60_000
  const question = { ...surroundings, minutes, travelMinutes: time.travelMinutes }
  throw new DoesNotFit(withNearest(checked, nearestTime(question, time.startsAt, soonestFrom(now))))
}

/** Somebody of another organisation is nobody; one of ours without a diary for this person is told apart. */
async function requireOurs({ trx, by }: Change, championId: number): Promise<void> {
  const found = await trx
    .selectFrom('staff')
    .select('id')
    .where('id', '=', championId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirst()
  if (!found) throw new NotFound()
}

function withNearest({ errors, warnings }: TimeChecked, nearest: Date | null): TimeChecked {
  const [last] = errors.slice(-1)
  if (last?.field !== 'at') return { errors, warnings }
  return { errors: [...errors.slice(0, -1), { ...last, text: `${last.text}${nearestInWords(nearest)}` }], warnings }
}
