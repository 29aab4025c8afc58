import { accept, type Reading, refuse } from '../lib/reading.ts'
import { MB_IN_GB } from './words-rules.ts'

export const units = [
  { value: 'mb', text: 'MB' },
  { value: 'gb', text: 'GB' },
] as const
export type Unit = (typeof units)[number]['value']

export type MegabytesReason = 'missing' | 'no-unit' | 'not-a-number' | 'negative' | 'too-large' | 'too-little'

/** A terabyte: no plan gives more. */
export const MOST_MEGABYTES = 1_000_000

/**
 * Reads an amount of data in its unit, as whole megabytes. The unit is never guessed: 20 may be a minute of video or a month of
 * everything. `least` is 0 for what is left, and 1 for what is given.
 */
export function parseMegabytes(text: string, unit: string, least: 0 | 1): Reading<number, MegabytesReason> {
  const given = withoutThousands(text.trim())
  if (given === '') return refuse('missing', 'Enter how much data, such as 20')
  if (/^[-−]/.test(given)) return refuse('negative', 'The amount of data must not be less than 0')
  if (!/^[0-9]{1,12}(?:\.[0-9]{1,6})?$/.test(given)) {
    return refuse('not-a-number', 'The amount of data must be a number, such as 20 or 1.5')
  }
  if (unit !== 'mb' && unit !== 'gb') return refuse('no-unit', 'Choose MB or GB')
  const megabytes = Math.floor(Number(given) * (unit === 'gb' ? MB_IN_GB : 1) + 1e-6)
  if (megabytes > MOST_MEGABYTES) return refuse('too-large', 'The amount of data must be 1,000 GB or less')
  return megabytes < least ? refuse('too-little', 'The amount of data must be 1 MB or more') : accept(megabytes)
}

/** 1,500 is written as 1500. In 1,5 the comma may mean a point, and is left for the number to be refused. */
function withoutThousands(text: string): string {
  return /^[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
}
