import { formatInstant } from '../lib/dates.ts'
import { type ProfileId, type Published, profiles } from './disclosure-rules.ts'

/** 1,480, or `*`. */
export function inDigits(n: Published): string {
  return n === '*' ? '*' : n.toLocaleString('en-GB')
}

/** As a sentence has it: "about 35 people", "1 person", "a number of people too small to publish". */
export function inWords(
  n: Published,
  areTrue: boolean,
  [one, many]: readonly [string, string] = ['person', 'people'],
): string {
  if (n === '*') return `a number of ${many} that is not published`
  if (n === 0) return areTrue ? `no ${many}` : `no ${many} at all`
  return `${areTrue ? '' : 'about '}${inDigits(n)} ${n === 1 ? one : many}`
}

/** The job that publishes. */
export const PUBLISH = 'publish-figures'

/** Under every table: what the numbers are, and until when they know. */
export function howCounted(areTrue: boolean, profile: ProfileId | null, at: Date | string): string[] {
  const counted = `Counted at ${formatInstant(at)}, from what was written down by then.`
  if (areTrue) return ['These are the true numbers, for you who do the work. They are not for publication.', counted]
  const rule = profile === null ? '' : profiles[profile].words
  return [
    `Small numbers are hidden: ${rule} * also stands for any number, nought too, that is hidden so that a small one cannot be worked out. ` +
      'Each number is rounded for itself, so groups need not come to the total. How many loans are open and how many people wait at a moment is not published.',
    `Published at ${formatInstant(at)}, from what was written down by then. It stays as it is: what is written down or put right later changes no number that came out.`,
  ]
}
