import { type Factor, factors } from '../conversations/factor-rules.ts'
import type { ReportPlan } from './content-rules.ts'
import type { Line, LineSet } from './line-rules.ts'

const talked: Line = { id: 'talked', text: 'People who told us of themselves', counts: 'people' }
const lineOf = ({ id, name }: Factor): Line => ({
  id: `barrier:${id}`,
  text: name,
  counts: 'people',
  within: talked.id,
})

export const barrierSet: LineSet = { lines: [talked, ...factors.map(lineOf)], trueOnly: [] }

/** Which answers to a question show a barrier or a risk; `known` where every answer that is not among these does. */
export interface TellingAnswers {
  factor: string
  question: string
  telling: string[]
  known: string[] | null
}

export const tellingAnswers: readonly TellingAnswers[] = factors.flatMap((factor) =>
  factor.asks.map((question) => ({
    factor: factor.id,
    question,
    telling: Object.keys(factor.when).filter((value) => factor.when[value]?.level !== 'fine'),
    known: factor.otherwise && factor.otherwise.level !== 'fine' ? Object.keys(factor.when) : null,
  })),
)

/** Who can change it, and what is called so. */
const fixers: readonly [Factor['who'], string][] = [
  ['champion', 'What digital champions can change'],
  ['care team', 'What care teams can change'],
  ['ward', 'What wards can change'],
  ['trust', 'What the trust can change'],
  ['commissioner', 'What commissioners can change'],
]

export const barriers: ReportPlan = {
  name: 'barriers',
  question: 'What shuts people out?',
  sets: ['barriers'],
  measures: [
    {
      name: talked.text,
      counts:
        'People who answered at least one question in a conversation about how they can meet, on a day of the period. Somebody with whom we talked twice is one person.',
      leavesOut: 'Questions that nobody asked, and those to which they would rather not say.',
      unit: 'People',
      why: 'Only who was asked can tell what is in the way.',
    },
    {
      name: 'What is in the way',
      counts:
        'Of these, people of whom an answer in the period shows a barrier or a risk, by what it is about. Somebody may have several, so they do not add up.',
      outOf:
        'People who told us of themselves. Not everybody was asked everything, so each share is the least it can be.',
      leavesOut:
        'What was answered before the period, and not again in it. What follows from an answer is on the page about the evidence.',
      unit: 'People',
      why: 'It says what to buy, teach or change first, and who can.',
    },
  ],
  answer: ({ period, words, figures }) => {
    const [most] = factors
      .map((factor) => ({ factor, n: figures.of(`barrier:${factor.id}`, period) }))
      .filter((one): one is { factor: Factor; n: number } => one.n !== '*' && one.n > 0)
      .sort((one, other) => other.n - one.n)
    return [
      `${period.name}: ${words(talked.id)} told us of themselves.`,
      most
        ? `What most often shuts people out: ${most.factor.name.toLowerCase()}, ${words(`barrier:${most.factor.id}`)}.`
        : 'We cannot say what most often shuts people out.',
    ]
  },
  tables: [
    {
      caption: 'What shuts people out',
      lines: [talked.id, ...factors.map(({ id }) => `barrier:${id}`)],
      shareOf: talked.id,
    },
    ...fixers.map(([who, caption]) => ({
      caption,
      lines: factors.filter((factor) => factor.who === who).map(({ id }) => `barrier:${id}`),
      shareOf: talked.id,
    })),
  ],
}
