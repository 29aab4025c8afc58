import { inNormalForm } from '../lib/normal-form.ts'

/** What somebody looks for, read from one box: the digits of an NHS or phone number, or the parts of a name. */
export type SearchText = { kind: 'number'; digits: string } | { kind: 'name'; words: string[] } | { kind: 'too-short' }

/** Fewer digits begin the phone numbers of half the country. */
export const fewestDigits = 5
const MOST_WORDS = 5
const MOST_CHARACTERS = 200

/**
 * Reads what was typed, however it was: "943 476 5919", "+44 (0)7700 900001", "o'neill sean", "Smith-Jones". A name is
 * its letters and digits; what stands between them differs from one person who types it to the next.
 */
export function readSearchText(typed: string): SearchText {
  const text = typed.slice(0, MOST_CHARACTERS)
  if (/^[\s\d()+./\p{Pd}]+$/u.test(text) && /\d/.test(text)) {
    const digits = text.replace(/\D/g, '')
    return digits.length < fewestDigits ? { kind: 'too-short' } : { kind: 'number', digits }
  }
  const words = inNormalForm(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
  return words.length === 0 ? { kind: 'too-short' } : { kind: 'name', words: words.slice(0, MOST_WORDS) }
}
