import { type Way, wayNames } from '../appointments/words-rules.ts'
import { standingAnswers } from '../conversations/flag-rules.ts'
import { londonDate } from '../lib/dates.ts'
import { remember } from '../lib/memo.ts'
import { addWorkingDays } from '../lib/working-days.ts'
import type { ReadinessFacts } from './facts-rules.ts'
import { type Requirement, requirements } from './requirement-rules.ts'
import { preferenceFor, type Status } from './status-rules.ts'

const DAYS_KEPT = 2_000

/** How one requirement stands for one appointment. */
export interface RequirementLine {
  requirement: Requirement
  status: Status
  /** Still to be done: it is not met, or not known. */
  isOpen: boolean
  /** The day by which it is best done, today at the earliest. */
  by: string
  /** The first day on which it can be done, with what comes before it. */
  doneOn: string
}

/** Where something was only never asked, nobody says that it comes too late: it is asked first. */
export type ReadinessState = 'ready' | 'in-time' | 'ask-first' | 'too-late'

/** What there still is to do for an appointment. It is never a reason to refuse it, or to put it off. */
export interface Readiness {
  state: ReadinessState
  lines: RequirementLine[]
  /** What keeps it from being ready. Notes are not among it. */
  open: RequirementLine[]
  /** What of it cannot be done before the appointment, as far as is known. */
  late: RequirementLine[]
  /** What could not be done before it either, if what nobody asked about turned out to be missing. */
  unsure: RequirementLine[]
  /** The day by which everything can be done. */
  fixedOn: string | null
}

/** What an appointment that is to come needs in the way of meeting it is in, and what of that is there. */
export function readinessOf(facts: ReadinessFacts, now: Date): Readiness {
  const [today, day] = [londonDate(now), londonDate(facts.starts_at)]
  const done = new Map<string, string>()
  // the same, as though whatever nobody asked about were there once it is asked
  const known = new Map<string, string>()
  const lines = requirements
    .filter(({ ways }) => (ways as readonly string[]).includes(facts.way))
    .map((requirement) => {
      const status = requirement.status(facts)
      const isOpen = status === 'not-met' || status === 'not-known'
      const doneOn = isOpen ? firstDay(requirement, facts, { today, done }) : today
      done.set(requirement.id, doneOn)
      known.set(requirement.id, status === 'not-met' ? firstDay(requirement, facts, { today, done: known }) : today)
      return { requirement, status, isOpen, by: latest([today, bestBy(requirement, facts, day)]), doneOn }
    })
  const open = lines.filter(({ isOpen, requirement }) => isOpen && !requirement.isNote)
  const isLate = ({ requirement }: RequirementLine) => (known.get(requirement.id) ?? today) > day
  const late = open.filter(isLate)
  const unsure = open.filter((line) => line.doneOn > day && !isLate(line))
  return {
    state: stateOf({ open, late, unsure }),
    ...{ lines, open, late, unsure },
    fixedOn: open.length === 0 ? null : latest(open.map(({ doneOn }) => doneOn)),
  }
}

function stateOf({ open, late, unsure }: Pick<Readiness, 'open' | 'late' | 'unsure'>): ReadinessState {
  if (open.length === 0) return 'ready'
  if (late.length > 0) return 'too-late'
  return unsure.length > 0 ? 'ask-first' : 'in-time'
}

/** It begins when what comes first is done, and takes its working days; what is on its way may come sooner than that. */
function firstDay(
  { takes: usually, takesOf, after = [], comes }: Requirement,
  facts: ReadinessFacts,
  { today, done: others }: { today: string; done: ReadonlyMap<string, string> },
): string {
  const takes = takesOf?.(facts) ?? usually
  const begins = latest([today, ...after.map((id) => others.get(id) ?? today)])
  const arranged = comes?.(facts)
  const done = takes === 0 ? begins : workingDay(`${begins} ${takes}`)
  return arranged !== undefined && arranged < done ? latest([begins, arranged]) : done
}

function bestBy({ before: usually, beforeOf }: Requirement, facts: ReadinessFacts, day: string): string {
  const before = beforeOf?.(facts) ?? usually
  return before === 0 ? day : workingDay(`${day} ${-before}`)
}

/** A list of appointments asks for the same few days over and over: a date, and how many working days on. */
const workingDay = remember(DAYS_KEPT, (asked: string) => {
  const [date = '', days = ''] = asked.split(' ')
  return addWorkingDays(date, Number(days))
})

function latest(days: readonly string[]): string {
  let last = ''
  for (const day of days) if (day > last) last = day
  return last
}

/** Another way of meeting that is offered, and how ready it would be. */
export interface OtherWay {
  way: Way
  state: ReadinessState
  /** They named it themselves. */
  isTheirs: boolean
}

/**
 * The other ways of meeting in the person's own order, and face to face, which is always among them. Of those they did not name
 * only what can be ready in time is offered, and only where nobody asked them for their order.
 */
export function otherWays(facts: ReadinessFacts, now: Date): OtherWay[] {
  const preference = preferenceFor(facts)
  const theirs = known(preference?.ways ?? standingAnswers(facts.said).get('way')?.chosen ?? [])
  const hasOrder = preference !== undefined
  return [...new Set([...theirs, ...known(Object.keys(wayNames))])]
    .filter((way) => way !== facts.way)
    .map((way) => ({ way, state: readinessOf({ ...facts, way }, now).state, isTheirs: theirs.includes(way) }))
    .filter(({ way, state, isTheirs }) => way === 'face-to-face' || isTheirs || (!hasOrder && state !== 'too-late'))
}

function known(ways: readonly string[]): Way[] {
  return ways.filter((way): way is Way => Object.hasOwn(wayNames, way))
}
