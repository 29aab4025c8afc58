import { addDays } from '../lib/dates.ts'
import type { Channel } from '../safe-contact/kinds-rules.ts'

/** How a referral came: typed by whoever asks, or by a champion from something else. */
export const sources = {
  'care-team': 'Care team',
  'ward-staff': 'Ward',
  letter: 'Letter',
  call: 'Call',
  email: 'Email',
  'in-person': 'In person',
} as const
export type Source = keyof typeof sources

/** How it came to a champion, who then types it. */
export const typedSources: readonly Source[] = ['letter', 'call', 'email', 'in-person']

/**
 * What may be in the way, in the words of who is shut out when care moves to video (Evidence 1.1, 1.2b, 1.3b, 2.4, 2.5,
 * 3.1). Ticking one tells us what to do. None of them is a reason not to refer somebody (Evidence H1).
 */
export const barriers = {
  'no-device': 'No phone, tablet or computer of their own',
  'old-device': 'One that is too old, broken or shared',
  'no-data': 'No data or Wi-Fi, or not enough',
  cost: 'The cost',
  skills: 'Not used to devices or video calls',
  confidence: 'Worried about using one',
  'no-private-place': 'No private place to talk',
  language: 'Language',
  access: 'Seeing, hearing, reading, moving or thinking',
  'no-power': 'Nowhere to charge it',
} as const
export type Barrier = keyof typeof barriers

/**
 * What is asked for. A loan meets what its items are (`meets`; the same in SQL, `categories_that_meet`); the rest is met
 * when somebody says so.
 */
export const asks = {
  device: { text: 'A tablet, phone or laptop', meets: ['tablet', 'smartphone', 'laptop'] },
  data: { text: 'Data or Wi-Fi', meets: ['hotspot', 'sim'] },
  charger: { text: 'A charger', meets: ['charger'] },
  headset: { text: 'A headset', meets: ['headset'] },
  skills: { text: 'Help to learn to use it', meets: [] },
  'trial-call': { text: 'A trial call before the first appointment', meets: [] },
  'private-place': { text: 'A private place to talk from', meets: [] },
  talk: { text: 'Not sure: please talk with them', meets: [] },
} as const satisfies Record<string, { text: string; meets: readonly string[] }>
export type Ask = keyof typeof asks

/** The kinds of items that would meet what is still open, to look for kits that have them. */
export function categoriesWanted(open: readonly Ask[]): string[] {
  return open.flatMap((ask) => [...asks[ask].meets])
}

export const endings = ['declined', 'withdrawn'] as const
export type Ending = (typeof endings)[number]

/**
 * Why a referral ends without being met, as those who made it read it. It is about what we can lend and teach, and says of
 * nobody that they may not, cannot or should not: seeing somebody face to face is never ours to refuse.
 */
export const endingReasons: Readonly<Record<Ending, Readonly<Record<string, string>>>> = {
  declined: {
    'nothing-suitable': 'We have nothing that suits them just now',
    'has-own': 'They have what they need already',
    'other-service': 'Another service helps with this better',
    elsewhere: 'Another organisation looks after them now',
    other: 'Something else',
  },
  withdrawn: {
    'not-wanted': 'They do not want it',
    'has-own': 'They have what they need by now',
    moved: 'They moved away',
    died: 'They died',
    mistake: 'It was made by mistake',
    other: 'Something else',
  },
}

export type ReferralState = 'waiting' | 'partly-met' | 'met' | Ending

export interface ReferralFacts {
  ended_as: string | null
  asks: readonly { is_met: boolean }[]
}

/** Where a referral stands, worked out from what was asked for and what became of each part of it. */
export function referralState({ ended_as, asks: asked }: ReferralFacts): ReferralState {
  if (ended_as === 'declined' || ended_as === 'withdrawn') return ended_as
  const met = asked.filter(({ is_met }) => is_met).length
  if (met === asked.length) return 'met'
  return met === 0 ? 'waiting' : 'partly-met'
}

export const referralStates = {
  waiting: { text: 'Waiting', colour: 'blue' },
  'partly-met': { text: 'Partly met', colour: 'yellow' },
  met: { text: 'Met', colour: 'green' },
  declined: { text: 'Declined', colour: 'grey' },
  withdrawn: { text: 'Withdrawn', colour: 'grey' },
} as const satisfies Record<ReferralState, { text: string; colour: string }>

export const moves = ['lend', 'say-met', 'say-not-met', 'decline', 'withdraw', 'reopen', 'change'] as const
export type Move = (typeof moves)[number]

/** From which states each thing can be done. A state that stands nowhere here leads nowhere by that move. */
const movesFrom: Readonly<Record<Move, readonly ReferralState[]>> = {
  lend: ['waiting', 'partly-met', 'met'],
  'say-met': ['waiting', 'partly-met'],
  'say-not-met': ['partly-met', 'met'],
  decline: ['waiting', 'partly-met'],
  withdraw: ['waiting', 'partly-met'],
  reopen: ['declined', 'withdrawn'],
  change: ['waiting', 'partly-met'],
}

export function canMove(move: Move, state: ReferralState): boolean {
  return movesFrom[move].includes(state)
}

/** What to say where that cannot be done any more. */
export function whyNot(state: ReferralState): string {
  return `This referral is ${referralStates[state].text.toLowerCase()} by now.`
}

/**
 * How long before a first appointment its referral is a matter of today: a loan, a lesson and, at least two working days
 * before it, a trial call have to fit in (design: training and trial-run calls).
 */
const NEAR_DAYS = 14

/** The last day of a first appointment that is near. */
export function nearUntil(today: string): string {
  return addDays(today, NEAR_DAYS)
}

/** What the person said about ways of reaching them, as whoever refers them was told. A way that is left out: not asked. */
export type ContactSaid = Partial<Record<Channel, Answer>>

type Answer = 'allowed' | 'not-allowed'

/** As the referral keeps it: a word for each answer. */
export function saidAsWords(said: ContactSaid): string[] {
  return Object.entries(said).map(([channel, answer]) => `${channel}-${answer}`)
}

export function saidFromWords(words: readonly string[]): ContactSaid {
  const answers = words.map((word): [string, Answer] => {
    const at = word.indexOf('-')
    return [word.slice(0, at), word.slice(at + 1) as Answer]
  })
  return Object.fromEntries(answers)
}

/**
 * What of it is written into the record at once. A no always is. A yes is only where nobody wrote down a no before, and
 * where nobody else is here who may be the same person: a referral never opens what somebody closed. The rest waits on the
 * referral for a champion to ask again.
 */
export function answersToRecord(said: ContactSaid, known: ContactSaid, mayBeHereAlready: boolean): ContactSaid {
  const entries = Object.entries(said) as [Channel, Answer][]
  return Object.fromEntries(
    entries.filter(([channel, answer]) => {
      if (known[channel] === answer) return false
      return answer === 'not-allowed' || (known[channel] === undefined && !mayBeHereAlready)
    }),
  )
}
