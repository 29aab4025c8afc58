import { explainScientific, isScientific, joinDigits } from './long-numbers.ts'
import { isLuhn } from './luhn.ts'
import { accept, type Reading, refuse } from './reading.ts'

export type ImeiReason =
  | 'missing'
  | 'scientific'
  | 'not-digits'
  | 'software-version'
  | 'wrong-length'
  | 'wrong-check-digit'

/**
 * Reads the IMEI of a phone, tablet or hotspot: 15 digits, the last a Luhn check digit (3GPP TS 23.003, section 6.2).
 * Spaces, dashes and slashes come out. Refused with reasons of their own: the 16-digit IMEISV, whose last two digits
 * are a software version in place of the check digit, so that it changes with an update and cannot be checked; and a
 * number that a spreadsheet has shortened, whose missing digits nobody can guess.
 */
export function parseImei(text: string): Reading<string, ImeiReason> {
  if (text.trim() === '') return refuse('missing', 'Enter the IMEI')
  if (isScientific(text)) return refuse('scientific', explainScientific('IMEI', text))
  const digits = joinDigits(text)
  if (!/^[0-9]+$/.test(digits)) return refuse('not-digits', 'IMEI must be 15 digits, with no letters')
  if (digits.length === 16) {
    return refuse('software-version', 'This is a 16-digit IMEISV. Enter the 15-digit IMEI: key in *#06# on the device')
  }
  if (digits.length !== 15) {
    return refuse('wrong-length', `IMEI must be 15 digits. This one has ${digits.length}`)
  }
  // All zeros would pass the sum. It is what some tools write for "none".
  if (!isLuhn(digits) || /^0+$/.test(digits)) {
    return refuse('wrong-check-digit', 'IMEI has a wrong digit. Check it against the device: key in *#06#')
  }
  return accept(digits)
}
