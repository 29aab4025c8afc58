import { explainScientific, isScientific, joinDigits } from './long-numbers.ts'
import { accept, type Reading, refuse } from './reading.ts'

export type NhsNumberReason = 'missing' | 'scientific' | 'not-digits' | 'wrong-length' | 'wrong-check-digit'

/**
 * Reads an NHS number: 10 digits, the last found from the other nine by modulus 11 (NHS Data Dictionary, "NHS
 * NUMBER"). Spaces and dashes come out, so the value is the 10 digits alone.
 */
export function parseNhsNumber(text: string): Reading<string, NhsNumberReason> {
  if (text.trim() === '') return refuse('missing', 'Enter the NHS number')
  if (isScientific(text)) return refuse('scientific', explainScientific('NHS number', text))
  const digits = joinDigits(text)
  if (!/^[0-9]+$/.test(digits)) return refuse('not-digits', 'NHS number must be 10 digits, like 999 000 0018')
  if (digits.length !== 10) return refuse('wrong-length', `NHS number must be 10 digits. This one has ${digits.length}`)
  if (!isNhsNumber(digits)) return refuse('wrong-check-digit', 'NHS number has a wrong digit. Check it and try again')
  return accept(digits)
}

/** True for 10 digits with the right check digit. All zeros pass the sum, but no one has that number. */
export function isNhsNumber(digits: string): boolean {
  if (!/^[0-9]{10}$/.test(digits) || digits === '0000000000') return false
  return nhsCheckDigit(digits.slice(0, 9)) === digits[9]
}

/** The check digit for the first nine digits, or undefined where there is none: those numbers are never given out. */
export function nhsCheckDigit(nine: string): string | undefined {
  if (!/^[0-9]{9}$/.test(nine)) throw new RangeError('The check digit of an NHS number needs the nine digits before it')
  const sum = [...nine].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0)
  const check = (11 - (sum % 11)) % 11
  return check === 10 ? undefined : String(check)
}

/** 9990000018 as it is read aloud and printed: 999 000 0018. */
export function formatNhsNumber(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`
}
