import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { type DueAppointments, readDueAppointments, readSoonest } from './queries.ts'
import { readinessOf } from './rules.ts'

/** Far more than anybody meets in two working days, and still read in one question. */
const MOST_SOON = 2_000

interface DueAsked {
  now: Date
  until: Date
  /** Of what waits for its outcome. */
  rows: number
  /** How many of those that are not ready are shown. */
  shown: number
}

/**
 * What the worklist says of appointments, in two questions at most. Those that are shown are the first that are not ready, so a few
 * more of the soonest than that are read first; most of the time they are enough. Only where too many of them are ready are the
 * others looked at: with 5,000 to come, 120 of them in these days, that took eight times as long, for the same ten lines.
 */
export async function readDue(
  db: Database,
  actor: Actor,
  { now, until, rows, shown }: DueAsked,
): Promise<DueAppointments> {
  const first = 2 * shown
  const due = await readDueAppointments(db, actor, { now, until, rows, first: first + 1 })
  if (due.soon.length <= first) return { ...due, moreComes: null }
  const notReady = due.soon.filter((facts) => readinessOf(facts, now).state !== 'ready')
  // one more than is shown tells that there are more
  if (notReady.length > shown) return { ...due, soon: notReady.slice(0, shown + 1), moreComes: 'not-ready' }
  const soon = await readSoonest(db, actor, { now, until, first: MOST_SOON + 1 })
  if (soon.length <= MOST_SOON) return { ...due, soon, moreComes: null }
  return { ...due, soon: soon.slice(0, MOST_SOON), moreComes: MOST_SOON }
}
