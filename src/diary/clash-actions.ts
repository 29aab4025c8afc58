import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { addDays, londonDate, londonMidnight } from '../lib/dates.ts'
import { anybodysDiary, DAYS_BEFORE, nearestInWords, nearestTime } from './nearest-rules.ts'
import { listBusy } from './person-queries.ts'
import { personBusyInWords } from './warning-rules.ts'

interface ClashAsked {
  serviceUserId: number
  exceptAppointmentId: number | null
  startsAt: Date
  minutes: number
  /** Nothing is offered before this moment. */
  soonest: Date
}

const DAYS_READ = 22

/** What somebody has at that time already, and the nearest one at which they have nothing. Whether they are in reach was asked before. */
export async function clashInWords(db: Database, actor: Actor, asked: ClashAsked): Promise<string> {
  const { startsAt, minutes, soonest } = asked
  const first = addDays(londonDate(startsAt), -DAYS_BEFORE)
  const span = { from: londonMidnight(first), until: londonMidnight(addDays(first, DAYS_READ)) }
  const personBusy = await listBusy(db, actor, { ...asked, ...span })
  const from = startsAt.getTime()
  const question = { minutes, travelMinutes: 0, breakMinutes: 0, diaries: [anybodysDiary], safeTimes: null, personBusy }
  const clash = personBusyInWords({ from, until: from + minutes * 60_000 }, personBusy)
  return `${clash}. Choose another time, or cancel that first${nearestInWords(nearestTime(question, startsAt, soonest))}`
}
