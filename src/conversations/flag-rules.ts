import { type Factor, factors, type Meaning } from './factor-rules.ts'
import type { Question } from './question-kinds-rules.ts'
import type { Step } from './step-rules.ts'

/** One answer that was given, in one conversation. What was not asked, or not said, is none. */
export interface Answer {
  id: number
  conversation_id: number
  question: string
  chosen: readonly string[]
  /** The day it was said. What was filled in on paper may be typed in after a later conversation. */
  said_on: string
  is_concern: boolean
  clears: boolean
}

export type Level = 'barrier' | 'risk' | 'fine' | 'not-known'

/** What is known about one thing that may shut somebody out, and why we think so. */
export interface Flag {
  factor: Factor
  level: Level
  says: readonly string[]
  /** The answers that it comes from; none where nothing is known. */
  from: readonly Answer[]
  steps: readonly Step[]
}

/** Which of two answers to one question is the later one. An id is given once and only grows. */
function isLater(one: Answer, other: Answer): boolean {
  return one.said_on === other.said_on ? one.id > other.id : one.said_on > other.said_on
}

/**
 * The answer to each question that counts: the newest. An answer that something is not safe goes on counting, whatever is
 * answered later, until somebody clears it by name. In which order the answers are given makes no difference, and an answer
 * that was not given is not among them.
 */
export function standingAnswers(answers: readonly Answer[]): Map<string, Answer> {
  const standing = new Map<string, Answer>()
  const inOrder = [...answers].sort((one, other) => (isLater(one, other) ? 1 : -1))
  for (const answer of inOrder) {
    const before = standing.get(answer.question)
    if (before?.is_concern && !answer.is_concern && !answer.clears) continue
    standing.set(answer.question, answer)
  }
  return standing
}

const urgency: readonly Level[] = ['barrier', 'risk', 'not-known', 'fine']

/**
 * What shuts somebody out, from what they said: one flag for each factor, the most urgent first. There is no total, and no
 * flag stands in the way of anything. What nobody answered is not known, and never a barrier.
 */
export function flagsOf(answers: readonly Answer[]): Flag[] {
  const standing = standingAnswers(answers)
  const flags = factors.map((factor) => flagOf(factor, standing))
  return flags.sort((one, other) => urgency.indexOf(one.level) - urgency.indexOf(other.level))
}

function flagOf(factor: Factor, standing: Map<string, Answer>): Flag {
  const found = factor.asks
    .map((question) => standing.get(question))
    .filter((answer) => answer !== undefined)
    .flatMap((answer) => meaningsOf(factor, answer).map((meaning) => ({ answer, meaning })))
  const level = urgency.find((one) => found.some(({ meaning }) => meaning.level === one))
  if (level === undefined) return { factor, level: 'not-known', says: [], from: [], steps: [] }
  const deciding = found.filter(({ meaning }) => meaning.level === level)
  return {
    factor,
    level,
    says: unique(deciding.map(({ meaning }) => meaning.says)),
    from: unique(deciding.map(({ answer }) => answer)),
    // what is less urgent is still worth doing
    steps: unique(found.toSorted(byUrgency).flatMap(({ meaning }) => meaning.steps)),
  }
}

function byUrgency(one: { meaning: Meaning }, other: { meaning: Meaning }): number {
  return urgency.indexOf(one.meaning.level) - urgency.indexOf(other.meaning.level)
}

function meaningsOf({ when, otherwise }: Factor, { chosen }: Answer): Meaning[] {
  return chosen.flatMap((value) => {
    const meaning = Object.hasOwn(when, value) ? when[value] : otherwise
    return meaning ? [meaning] : []
  })
}

function unique<Thing>(things: Thing[]): Thing[] {
  return [...new Set(things)]
}

/** Barriers and risks alone. */
export function whatShutsOut(flags: readonly Flag[]): Flag[] {
  return flags.filter(({ level }) => level === 'barrier' || level === 'risk')
}

/** The answers that a flag comes from, in one line: while it is the same, nothing has changed. */
export function becauseOf({ from }: Flag): string {
  const said = from.map(({ question, chosen }) => `${question}=${[...chosen].sort().join('+')}`)
  return said.sort().join(' ')
}

/** Two answers that seem not to fit. They are asked about, and both stand. */
export interface Contradiction {
  between: readonly [question: string, value: string][]
  ask: string
}

/** No way of meeting in person is ever among them: nobody is asked why. */
export const contradictions: readonly Contradiction[] = [
  {
    between: [
      ['way', 'video'],
      ['interest', 'no'],
    ],
    ask: 'They would most like to meet by video, and would rather not use video.',
  },
  {
    between: [
      ['way', 'text'],
      ['device', 'none'],
    ],
    ask: 'They would most like to meet by text messages or chat, and have no device.',
  },
  {
    between: [
      ['confidence', 'sure'],
      ['skill-join', 'not-yet'],
    ],
    ask: 'They can join a video call on their own, and cannot join a call yet.',
  },
  {
    between: [
      ['language', 'english'],
      ['interpreter', 'spoken'],
    ],
    ask: 'They are most at home in English, and need an interpreter for a spoken language.',
  },
]

export function contradictionsIn(answers: readonly Answer[]): Contradiction[] {
  const standing = standingAnswers(answers)
  return contradictions.filter(({ between }) =>
    between.every(([question, value]) => standing.get(question)?.chosen.includes(value)),
  )
}

/** Whether an answer to a question about safety says that something is not safe: it then shuts somebody out. */
export function isConcern({ id, isSafety }: Question, chosen: readonly string[]): boolean {
  if (!isSafety) return false
  const meanings = factors.filter(({ asks }) => asks.includes(id)).map(({ when }) => when)
  return chosen.some((value) => meanings.some((when) => Object.hasOwn(when, value) && when[value]?.level !== 'fine'))
}
