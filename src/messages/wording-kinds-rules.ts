import { channelWords } from '../safe-contact/words-rules.ts'
import { type MessageRuleName, messageRules, ruleOf } from './occasion-rules.ts'
import { isWorded } from './ours-rules.ts'
import { messageKinds } from './rules.ts'
import type { WordingForm } from './wording-rules.ts'

/** The kinds that an organisation decides about: each line of the rules, and the question how it is going. */
export type SettledKind = MessageRuleName | 'check-in'

export const settledKinds = [...Object.keys(messageRules), 'check-in'] as SettledKind[]

export const isSettled = (word: string): word is SettledKind => settledKinds.includes(word as SettledKind)

/** One rule as staff read it. */
export interface RuleInWords {
  kind: SettledKind
  name: string
  who: string
  when: string
  how: string
  quiet: string
  stops: string[]
  otherwise: string
  /** Why it is always sent; null where it can be switched off. */
  alwaysOn: string | null
}

const QUIET = 'Only between 8am and 8pm, and only at the times they agreed'

export function ruleInWords(kind: SettledKind): RuleInWords {
  const name = messageKinds[kind] ?? kind
  if (kind === 'check-in') {
    return {
      ...{
        kind,
        name,
        who: 'Whoever borrows and said yes to being asked',
        when: '2 and 6 weeks into a loan',
        how: 'An email',
      },
      ...{ quiet: QUIET, stops: [...always, 'They are not at home', 'Everything is back'], otherwise: TASK },
      alwaysOn: 'Each person said yes or no to it. To stop it for one person, change that on their loan.',
    }
  }
  const { when, purpose, channels, otherwise, stops, alwaysOn = null, isByHand } = ruleOf(kind)
  const ways = channels.map((channel) => channelWords[channel].name.toLowerCase().replace(/s$/, ''))
  return {
    ...{ kind, name, when, alwaysOn },
    who: purpose === null ? 'Everybody on the ward who has an account' : 'The person themselves',
    how: isByHand ? 'Nothing is sent: it is a task for a person' : howInWords(ways),
    quiet: purpose === null ? 'At any hour: it goes to staff' : QUIET,
    stops: [...(purpose === null ? [] : always), ...(purpose === 'chase' ? ['They are on a ward'] : []), stops],
    otherwise: otherwise === 'task' ? TASK : 'Nothing more is done',
  }
}

const always = ['They died', 'They said no to it, or were not asked']
const TASK = 'It becomes a task that says what to do instead'

function howInWords([first = '', second]: string[]): string {
  const article = (way: string) => (/^[aeiou]/.test(way) ? `an ${way}` : `a ${way}`)
  const one = article(first)
  const sentence = second === undefined ? one : `${one}, or else ${article(second)}`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

export const canSwitch = (kind: SettledKind) => ruleInWords(kind).alwaysOn === null

/** How a kind may be worded. */
export function formsOf(kind: SettledKind): WordingForm[] {
  if (!isWorded(kind)) return []
  if (kind === 'check-in') return ['email']
  const { channels, purpose } = ruleOf(kind)
  return [...channels.toSorted(), ...(purpose === null ? [] : (['letter'] as const))]
}
