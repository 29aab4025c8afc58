import type { Content, ReportPlan, ReportTable } from './content-rules.ts'
import { type Published, SMALLEST_DENOMINATOR } from './disclosure-rules.ts'
import type { LineSet } from './line-rules.ts'
import { inDigits } from './words-rules.ts'

const amounts = [
  { id: 'pounds-items', text: 'Pounds for items bought', part: 'Of it for items', of: 'paid-items' },
  { id: 'pounds-data', text: 'Pounds for data', part: 'Of it for data', of: 'paid-data' },
  { id: 'pounds-repairs', text: 'Pounds for repairs', part: 'Of it for repairs', of: 'paid-repairs' },
]

export const moneySet: LineSet = {
  lines: [
    { id: 'paid-items', text: 'Items bought', counts: 'events' },
    { id: 'paid-data', text: 'Data allowances paid for', counts: 'events' },
    { id: 'paid-repairs', text: 'Repairs paid for', counts: 'events' },
  ],
  trueOnly: [],
  amounts,
}

const REACHED = 'first-people'

/** What one person's share of some sums is, in whole pounds. `*` where any of them is hidden, or there are too few to divide by. */
export function costEach(parts: readonly Published[], people: Published, areTrue: boolean): Published {
  if (people === '*' || people === 0 || parts.includes('*')) return '*'
  // what is published is divided by no fewer than any other rate is
  if (!areTrue && people < SMALLEST_DENOMINATOR) return '*'
  return Math.round(parts.reduce<number>((sum, part) => sum + (part as number), 0) / people)
}

/** The cost of one person who reached a first appointment, and of which parts it is made. */
function costTable({ figures, period, compared }: Content): ReportTable {
  const periods = [period, ...compared]
  const each = (ids: readonly string[]) =>
    periods.map((one) => {
      const sums = ids.map((id) => figures.of(id, one))
      const cost = costEach(sums, figures.of(REACHED, one), figures.areTrue)
      return figures.areTrue && cost === '*' ? 'Nobody met' : cost
    })
  return {
    caption: 'Cost of one person who reached a first appointment, in pounds',
    columns: periods.map(({ name }) => name),
    rows: [
      { text: 'All of it', values: each(amounts.map(({ id }) => id)) },
      ...amounts.map(({ id, part }) => ({ text: part, values: each([id]) })),
    ],
  }
}

export const money: ReportPlan = {
  name: 'money',
  question: 'What does the money buy?',
  sets: ['money', 'first-appointments'],
  measures: [
    {
      name: 'Cost of one person who reached a first appointment',
      counts: 'All that was paid in the period for items, data and repairs; and each of these by itself.',
      outOf: 'People who met somebody at a first appointment by phone, video or text in the period.',
      leavesOut:
        'The pay of staff, also for training and trial calls, which has no price here; rooms and software. A device serves for years, and its whole price is in the period in which it was bought, so take a year. It is not published where a part of it is hidden, or where fewer than 20 people met. Each is rounded for itself, so the parts need not come to all of it.',
      unit: 'Pounds',
      why: 'It is the dearest way of counting, and cannot be bettered by lending to those who need it least.',
    },
    {
      name: 'What was paid',
      counts:
        'Prices as they are written down: of items by the day they were bought, of data allowances by the day they start, of repairs by the day they ended.',
      leavesOut: 'What has no price, or no such day. Data allowances that were called off.',
      unit: 'Pounds. What is published is the mean price, times the published number of things',
      why: 'It says what the money was spent on.',
    },
  ],
  answer: ({ period, words, figures }) => {
    const each = costEach(
      amounts.map(({ id }) => figures.of(id, period)),
      figures.of(REACHED, period),
      figures.areTrue,
    )
    return [
      `${period.name}: ${words(REACHED)} met somebody at a first appointment by phone, video or text.`,
      each === '*'
        ? `What one of them cost is not told: nobody met${figures.areTrue ? '' : ', fewer than 20 did, or a part of the cost is not published'}.`
        : `Items, data and repairs came to ${figures.areTrue ? '' : 'about '}£${inDigits(each)} for each of them.`,
    ]
  },
  workedOut: (content) => [costTable(content)],
  tables: [
    { caption: 'What was paid, in pounds', lines: amounts.map(({ id }) => id) },
    { caption: 'What it was paid for', lines: [...amounts.map(({ of }) => of), REACHED] },
  ],
}
