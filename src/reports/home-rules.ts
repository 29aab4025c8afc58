import type { StateTag } from '../lib/view-model.ts'
import { type Target, type TargetMet, targetMet, targetWords } from '../targets/rules.ts'
import type { Content } from './content-rules.ts'
import { reportUrl } from './definition-rules.ts'
import type { Profile, Published } from './disclosure-rules.ts'
import { headlineFigures } from './headline-rules.ts'
import type { SetName } from './line-rules.ts'
import { inDigits } from './words-rules.ts'

/** A figure on the home page, with the report that it is from. */
export interface Headline {
  figure: string
  text: string
  before: string
  /** What it should come to, and whether it does as far as that can be told; null: nobody set a target. */
  target: { text: string; state: StateTag } | null
  href: string
}

/** The figures of the home page, and what they come to in a few words. */
export interface Headlines {
  figures: Headline[]
  /** What went up, down, or is not told. */
  changes: string[]
}

/** What came out is read at once. Who sees true numbers has them counted for each page, so theirs are of two counts alone. */
export function headlineSets(areTrue: boolean): SetName[] {
  const sets = new Set(headlineFigures.map(({ set }) => set))
  return areTrue ? ['people', 'lending'] : [...sets]
}

export interface HeadlineContent extends Content {
  /** How the figures were published; null where they are true. */
  profile: Profile | null
  targets: ReadonlyMap<string, Target>
}

/** The figures of the last quarter, each with where it goes and where it should be. */
export function headlinesOf({ figures, period, compared, profile, targets }: HeadlineContent): Headlines {
  const [before = period] = compared
  const sets = headlineSets(figures.areTrue)
  const shown = headlineFigures
    .filter(({ set }) => sets.includes(set))
    .map((about) => {
      const [now, then] = [figures.of(about.line, period), figures.of(about.line, before)]
      const target = targets.get(about.line)
      const met = target && targetMet(target, now, profile)
      return { ...about, now, then, target, met, change: changeOf(now, then) }
    })
  const named = (wanted: (one: (typeof shown)[number]) => boolean) =>
    shown.filter(wanted).map(({ text }) => text.charAt(0).toLowerCase() + text.slice(1))
  return {
    figures: shown.map(({ line: _, set: __, report, text, now, then, target, met, change }) => ({
      figure: inDigits(now),
      text,
      before: `${change ? directions[change] : ''}${inDigits(then)} in ${before.name}`,
      target: target && met ? { text: `Target: ${targetWords(target)}`, state: metTags[met] } : null,
      href: reportUrl(report, period.key),
    })),
    changes: [
      ...sentence(
        `More than in ${before.name}`,
        named(({ change }) => change === 'more'),
      ),
      ...sentence(
        `Fewer than in ${before.name}`,
        named(({ change }) => change === 'fewer'),
      ),
      ...sentence(
        `The same as in ${before.name}`,
        named(({ change }) => change === 'same'),
      ),
      ...sentence(
        'Not told, because a number is hidden',
        named(({ change }) => change === null),
      ),
      ...sentence(
        'Target not met',
        named(({ met }) => met === 'not-met'),
      ),
    ],
  }
}

const metTags: Record<TargetMet, StateTag> = {
  met: { text: 'Met', colour: 'green' },
  'not-met': { text: 'Not met', colour: 'orange' },
  'not-told': { text: 'Cannot be told', colour: 'grey' },
}

function sentence(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join('; ')}.`]
}

type Change = 'more' | 'fewer' | 'same'

/** Where it goes, in words: an arrow alone says nothing to who does not see it. */
const directions: Record<Change, string> = {
  more: '▲ More than before: ',
  fewer: '▼ Fewer than before: ',
  same: 'The same as before: ',
}

/** Where it goes; nothing is said of what is hidden. */
function changeOf(now: Published, then: Published): Change | null {
  if (now === '*' || then === '*') return null
  if (now === then) return 'same'
  return now > then ? 'more' : 'fewer'
}
