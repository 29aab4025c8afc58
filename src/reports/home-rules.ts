import type { Content } from './content-rules.ts'
import { type ReportName, reportUrl } from './definition-rules.ts'
import type { Published } from './disclosure-rules.ts'
import type { SetName } from './line-rules.ts'
import { PEOPLE } from './people-rules.ts'
import { inDigits } from './words-rules.ts'

/** A figure on the home page, with the report that it is from. */
export interface Headline {
  figure: string
  text: string
  before: string
  href: string
}

interface Asked {
  line: string
  set: SetName
  text: string
  report: ReportName
}

/** What most is asked about, in the order of what it is for. */
const lines: readonly Asked[] = [
  { line: PEOPLE, set: 'people', text: 'People helped', report: 'reach' },
  {
    line: 'first-people',
    set: 'first-appointments',
    text: 'People who met at a first appointment by phone, video or text',
    report: 'first-appointments',
  },
  { line: 'referral-got', set: 'referrals', text: 'Got a device after a referral', report: 'referral-to-device' },
  { line: 'items', set: 'lending', text: 'Items handed over', report: 'reach' },
  { line: 'gifts', set: 'lending', text: 'Items given to keep', report: 'reach' },
  { line: 'trained', set: 'training', text: 'People who came to training', report: 'training' },
]

/** What came out is read at once. Who sees true numbers has them counted for each page, so theirs are of two counts alone. */
export function headlineSets(areTrue: boolean): SetName[] {
  const sets = new Set(lines.map(({ set }) => set))
  return areTrue ? ['people', 'lending'] : [...sets]
}

/** The figures of the last quarter, each with where it goes. */
export function headlinesOf({ figures, period, compared }: Content): Headline[] {
  const [before = period] = compared
  const sets = headlineSets(figures.areTrue)
  const shown = lines.filter(({ set }) => sets.includes(set))
  return shown.map(({ line: id, text, report }) => {
    const [now, then] = [figures.of(id, period), figures.of(id, before)]
    return {
      figure: inDigits(now),
      text,
      before: `${directionOf(now, then)}${inDigits(then)} in ${before.name}`,
      href: reportUrl(report, period.key),
    }
  })
}

/** Where it goes, in words: an arrow alone says nothing to who does not see it. Nothing is said of what is hidden. */
function directionOf(now: Published, then: Published): string {
  if (now === '*' || then === '*') return ''
  if (now === then) return 'The same as before: '
  return now > then ? '▲ More than before: ' : '▼ Fewer than before: '
}
