import { appointmentUrl } from '../appointments/links-rules.ts'
import { wayNames } from '../appointments/words-rules.ts'
import type { Mend } from '../data-allowances/mend-rules.ts'
import { formatDate, formatLongDate, formatShortInstant, londonDate } from '../lib/dates.ts'
import type { DataTable, Link, StateTag, TableRow } from '../lib/view-model.ts'
import { type ChainFacts, chainInWords } from './chain-rules.ts'
import type { ReadinessFacts } from './facts-rules.ts'
import type { Fix, Requirement } from './requirement-rules.ts'
import { otherWays, type Readiness, type RequirementLine, readinessOf } from './rules.ts'
import { fixerNames, openInWords, readinessTag, statusTags } from './words-rules.ts'

export interface ReadinessPanel {
  state: StateTag
  lead: string
  toDo: DataTable | null
  done: string[]
  /** Where something cannot be done in time: other ways, each a click, and nobody is asked why. */
  others: {
    heading: string
    action: string
    version: number
    ways: { way: string; text: string; state: string }[]
  } | null
}

/** What an appointment still needs. Whoever may not do it sees what it is and who does it, and no link. */
export function presentReadiness(facts: ReadinessFacts, now: Date, isChampion: boolean): ReadinessPanel {
  const readiness = readinessOf(facts, now)
  const shown = readiness.lines.filter(({ isOpen }) => isOpen)
  return {
    state: readinessTag(readiness),
    lead: leadOf(readiness),
    toDo: shown.length === 0 ? null : toDoTable(shown, facts, { today: londonDate(now), isChampion }),
    done: readiness.lines.filter(({ isOpen }) => !isOpen).map((line) => doneInWords(line, facts)),
    others: readiness.late.length + readiness.unsure.length > 0 ? presentOthers(facts, now) : null,
  }
}

function leadOf({ state, open, late, unsure, fixedOn }: Readiness): string {
  if (state === 'ready' || fixedOn === null) return 'Everything that this appointment needs is there.'
  if (state === 'in-time') {
    const what = open.length === 1 ? '1 thing is still to do. It' : `${open.length} things are still to do. They`
    return `${what} can be done in time, by ${formatLongDate(fixedOn)}.`
  }
  if (state === 'ask-first') {
    const asked = unsure.filter(({ status }) => status === 'not-known')
    return `Ask now: ${namesOf(asked)}. Nobody has, and what is missing may take longer than there is. The appointment stands.`
  }
  const names = namesOf(late)
  return `Not everything can be done before then: ${names}. The appointment stands. Offer another way to meet.`
}

function namesOf(lines: RequirementLine[]): string {
  return lines.map(({ requirement }) => requirement.name.toLowerCase()).join('; ')
}

const noted = 'Worth knowing. The appointment is no less ready for it.'

interface ForWhom {
  today: string
  isChampion: boolean
}

function toDoTable(lines: RequirementLine[], facts: ReadinessFacts, { today, isChampion }: ForWhom): DataTable {
  return {
    caption: 'Still to do',
    captionSize: 's',
    columns: [{ text: 'What it takes' }, { text: 'State' }, { text: 'What to do' }, { text: 'Who, and by when' }],
    rows: lines.map((line) => toDoRow(line, facts, { today, isChampion })),
  }
}

/** What is on its way already. */
function arranged({ comes }: Requirement, facts: ReadinessFacts): string | undefined {
  const day = comes?.(facts)
  return day === undefined ? undefined : `Arranged for ${formatDate(day)}`
}

function toDoRow(
  { requirement, status, by }: RequirementLine,
  facts: ReadinessFacts,
  { today, isChampion }: ForWhom,
): TableRow {
  const { text, href, why } = whatToDo(requirement, status, facts)
  const mayFix = isChampion || requirement.by === 'either'
  return {
    cells: [
      { text: requirement.name, hint: requirement.isNote ? noted : why },
      { tag: statusTags[status] },
      { text, hint: arranged(requirement, facts), ...(mayFix && { href }) },
      { text: fixerNames[requirement.by], hint: by <= today ? 'today' : `by ${formatDate(by)}` },
    ],
  }
}

function whatToDo(requirement: Requirement, status: string, facts: ReadinessFacts): Mend {
  const mend = requirement.mend?.(facts)
  if (mend) return mend
  const { text, href }: Fix = status === 'not-known' ? (requirement.ask ?? requirement.fix) : requirement.fix
  return { text, href: href(facts) }
}

function doneInWords({ requirement, status }: RequirementLine, facts: ReadinessFacts): string {
  if (status === 'not-needed') return `${requirement.name}: not needed`
  const more = requirement.more?.(facts)
  return more ? `${requirement.name}. ${more}` : requirement.name
}

const otherStates = {
  ready: 'everything for it is there',
  'in-time': 'can be ready in time',
  'ask-first': 'ask first what is there',
  'too-late': 'not everything can be done in time',
} as const

function presentOthers(facts: ReadinessFacts, now: Date): ReadinessPanel['others'] {
  const others = otherWays(facts, now)
  if (others.length === 0) return null
  return {
    heading: 'Other ways to meet, in their own order',
    action: appointmentUrl(facts.id, 'way'),
    version: facts.version,
    ways: others.map(({ way, state }) => ({ way, text: wayNames[way], state: otherStates[state] })),
  }
}

export interface ComingAppointment extends Link {
  state: StateTag
  hint: string
  /** Where a trial-run call or training before it is found a time for. */
  times: Link | null
}

/** Appointments that are to come, each with a few words on what it still needs. */
export function presentComing(rows: readonly ReadinessFacts[], now: Date, mayPlan = false): ComingAppointment[] {
  return rows.map((facts) => {
    const readiness = readinessOf(facts, now)
    return {
      href: appointmentUrl(facts.id),
      text: `${formatShortInstant(facts.starts_at)}, ${wayNames[facts.way as keyof typeof wayNames].toLowerCase()}`,
      state: readinessTag(readiness),
      hint: readiness.state === 'ready' ? '' : openInWords(readiness),
      times: mayPlan ? { href: appointmentUrl(facts.id, 'times'), text: 'Find a time for a call' } : null,
    }
  })
}

export interface WayFacts {
  coming: readonly ReadinessFacts[]
  chain: readonly ChainFacts[]
}

/** How far somebody has come, in one line; nothing before the first step. */
export function presentChain({ coming, chain }: WayFacts, now: Date): string | null {
  const [facts] = chain
  const [next] = coming
  if (facts === undefined || Object.values(facts).every((day) => day === null)) return null
  return chainInWords(facts, next !== undefined && readinessOf(next, now).state === 'ready')
}
