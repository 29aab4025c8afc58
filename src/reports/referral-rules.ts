import { endingReasons } from '../referrals/rules.ts'
import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, partsOf } from './line-rules.ts'
import { readOff } from './percentile-rules.ts'

const got: Line = { id: 'referral-got', text: 'Got a device', counts: 'events' }
const declined: Line = { id: 'referral-declined', text: 'Declined', counts: 'events' }
const MEDIAN = 'referral-median'
const NINETY = 'referral-ninety'

/** How long somebody waited, in bands that everybody reads alike. `days` is the last day of each. */
export const waitBands = [
  { word: 'week', text: 'Within a week', days: 7 },
  { word: 'fortnight', text: '8 to 14 days', days: 14 },
  { word: 'month', text: '15 to 28 days', days: 28 },
  { word: 'two-months', text: '29 to 56 days', days: 56 },
  { word: 'longer', text: 'Longer than 8 weeks', days: null },
] as const

export const waitWords = Object.fromEntries(waitBands.map(({ word, text }) => [word, text]))

export const referralSet: LineSet = {
  lines: [
    { id: 'referrals', text: 'Referrals that asked for a device', counts: 'events' },
    got,
    ...partsOf(got, 'referral-wait', waitWords),
    declined,
    ...partsOf(declined, 'referral-why', endingReasons.declined),
    { id: 'referral-withdrawn', text: 'Withdrawn', counts: 'events' },
  ],
  trueOnly: [
    { id: 'referral-waiting', text: 'Waiting at the end' },
    { id: MEDIAN, text: 'Days until half had one (median)' },
    { id: NINETY, text: 'Days until 9 of 10 had one' },
  ],
}

const ids = (by: string) => referralSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const referralToDevice: ReportPlan = {
  name: 'referral-to-device',
  question: 'How long do people wait from referral to device?',
  sets: ['referrals'],
  measures: [
    {
      name: 'Got a device',
      counts:
        'Referrals that asked for a device of which the person was handed the first tablet, smartphone or laptop since then, in the period.',
      leavesOut: 'Referrals that had ended before. What was handed over without a referral.',
      unit: 'Referrals, by the days from the day of the referral',
      why: 'Whoever waits has no way to their appointment meanwhile.',
    },
    {
      name: 'Half, and 9 of 10',
      counts:
        'The days until half of those who got a device in the period had it, and until 9 of 10 had it. What is published is read off the published bands and is one of their ends, so it tells nothing that they do not tell.',
      leavesOut:
        'It is not published of fewer than 20 people, or where a hidden band could change it. Those who still wait are not among them.',
      unit: 'Days',
      why: 'The mean hides those who wait longest.',
    },
    {
      name: 'Referrals, declined, withdrawn, waiting',
      counts:
        'Referrals that asked for a device and were made in the period; were declined in it, by the reason; were withdrawn in it. Waiting are those that had neither a device nor an end when the period was over.',
      leavesOut:
        'How many wait is not published: together with what came and went it would tell small numbers that are hidden.',
      unit: 'Referrals',
      why: 'Who is declined is shut out by us.',
    },
  ],
  answer: ({ period, words, figures }) => [
    `${period.name}: ${words(got.id, ['person', 'people'])} got a device after a referral.`,
    ...waited(figures.areTrue, {
      median: figures.of(MEDIAN, period),
      ninety: figures.of(NINETY, period),
      total: figures.of(got.id, period),
      bands: waitBands.map(({ word, days }) => ({ until: days, n: figures.of(`referral-wait:${word}`, period) })),
    }),
  ],
  tables: [
    { caption: 'From referral to device', lines: ids('referral-wait'), shareOf: got.id },
    {
      caption: 'Referrals that asked for a device',
      lines: ['referrals', got.id, declined.id, 'referral-withdrawn', 'referral-waiting', MEDIAN, NINETY],
    },
    { caption: 'Why referrals were declined', lines: ids('referral-why'), shareOf: declined.id },
  ],
}

type Waited = Parameters<typeof readOff>[0] & { median: number | '*'; ninety: number | '*' }

function waited(areTrue: boolean, { median, ninety, ...bands }: Waited): string[] {
  if (areTrue) {
    return bands.total === 0 ? [] : [`Half had it within ${days(median)}, and 9 of 10 within ${days(ninety)}.`]
  }
  const [half, most] = [readOff(bands, 0.5), readOff(bands, 0.9)]
  if (half === null)
    return ['How long half of them waited is not published: they are too few, or too much of it is hidden.']
  return [`Half had it within ${half}${most === null ? '' : `, and 9 of 10 within ${most}`}.`]
}

function days(n: number | '*'): string {
  return n === 1 ? '1 day' : `${n} days`
}
