import { isScientific } from './long-numbers.ts'
import { inNormalForm } from './normal-form.ts'
import { accept, type Reading, refuse } from './reading.ts'

/**
 * Cleans what people type before anything else looks at it. Anything but text, such as the list that a repeated
 * parameter becomes, counts as left empty. What looks the same is made the same (Unicode NFC), half a character is
 * replaced, and NUL and other control characters, which PostgreSQL or a log line cannot hold, come out.
 */

const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
/** Joiners, marks and overrides of direction, soft hyphens, variation selectors and tags: what one cannot see. */
const UNSEEN = /[\p{Cf}\p{Variation_Selector}]/gu

/** Text of several lines, such as a note: line ends become \n, runs of spaces one, runs of empty lines one. */
export function cleanText(value: unknown): string {
  return withoutControls(value)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Text of one line, such as a name: line ends are spaces. Joiners stay, since Persian or Hindi names need them. */
export function cleanLine(value: unknown): string {
  return withoutControls(value).replace(/\s+/g, ' ').trim()
}

/**
 * A code that people compare, scan and put in a URL, such as an asset tag: a line without anything unseen, so that two
 * codes that look the same are the same. It keeps its capitals; compare with `codeKey`.
 */
export function cleanCode(value: unknown): string {
  return inNormalForm(cleanLine(cleanLine(value).replace(UNSEEN, '')))
}

/** What two codes have in common when they are the same: the database compares `lower(trim())` likewise. */
export function codeKey(code: string): string {
  return cleanCode(code).toLowerCase()
}

/** True when there are more than `most` characters, as people and PostgreSQL count them: an emoji is one, not two. */
export function isLongerThan(text: string, most: number): boolean {
  if (text.length <= most) return false
  let count = 0
  for (const _ of text) if (++count > most) return true
  return false
}

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})$/

/**
 * True for one plain email address (RFC 5321 without its quoted parts, comments, address literals and lists): nothing
 * that passes can add a recipient or a header. Lengths are those of RFC 5321, section 4.5.3.1.
 */
export function isEmail(text: string): boolean {
  if (text.length > 254) return false
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  return local.length <= 64 && LOCAL_PART.test(local) && DOMAIN.test(text.slice(at + 1))
}

/** A phone number as it was typed, to show, and as +447700900123 (ITU-T E.164), to compare, dial and send to. */
export type Phone = { typed: string; normalised: string }
export type PhoneReason = 'missing' | 'scientific' | 'lost-zero' | 'not-a-phone-number'

const PHONE_EXAMPLE = 'like 01632 960 001 or 07700 900 982'

/**
 * Reads a UK number, with 0, +44 or 0044 in front, or another country's number with its + or 00. What
 * Britain uses: Ofcom, National Telephone Numbering Plan (10 digits after the 0, or 9 in some 01 and 0800 numbers; none
 * begins with 4 or 6). Spaces, dots, dashes and brackets may stand anywhere; extensions and notes may not.
 */
export function cleanPhone(value: unknown): Reading<Phone, PhoneReason> {
  const typed = cleanLine(value)
  if (typed === '') return refuse('missing', 'Enter a phone number')
  if (isScientific(typed)) {
    return refuse('scientific', `The spreadsheet shortened the phone number ${typed}. Change the column to Text`)
  }
  const dialled = typed
    .replace(/^(\+44|0044)\s*\(0\)/, '$1')
    .replace(/[\s.()\p{Pd}]|\p{Cf}/gu, '')
    .replace(/^00(?=[1-9])/, '+')
  if (/^[1-9][0-9]{9}$/.test(dialled) && isBritish(dialled)) {
    return refuse('lost-zero', `Phone number must begin with 0 or +44. Did the first 0 of ${typed} get lost?`)
  }
  const normalised = normalise(dialled)
  if (normalised === undefined) return refuse('not-a-phone-number', `Enter a phone number, ${PHONE_EXAMPLE}`)
  return accept({ typed, normalised })
}

function normalise(dialled: string): string | undefined {
  const british = /^(?:0|\+440?)([1-9][0-9]*)$/.exec(dialled)?.[1]
  if (british !== undefined) return isBritish(british) ? `+44${british}` : undefined
  return /^\+(?!44)[1-9][0-9]{7,14}$/.test(dialled) ? dialled : undefined
}

function isBritish(afterZero: string): boolean {
  return /^(?:[1235789][0-9]{9}|1[0-9]{8}|800[0-9]{6})$/.test(afterZero)
}

function withoutControls(value: unknown): string {
  if (typeof value !== 'string') return ''
  return inNormalForm(value.toWellFormed().replace(LINE_ENDS, '\n').replace(CONTROLS, ''))
}
