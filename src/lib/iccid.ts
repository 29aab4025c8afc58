import { explainScientific, isScientific, joinDigits } from './long-numbers.ts'
import { isLuhn } from './luhn.ts'
import { accept, type Reading, refuse } from './reading.ts'

export type IccidReason =
  | 'missing'
  | 'scientific'
  | 'digits-lost'
  | 'not-digits'
  | 'not-a-sim'
  | 'wrong-length'
  | 'wrong-check-digit'

/**
 * Reads the number of a SIM (ITU-T E.118): it begins with 89 for telecoms, and the last digit is a Luhn check digit.
 * The standard says 19 digits; many networks fill the ten bytes of the card and print 20, check digit included. A card
 * with 19 is padded to ten bytes with an F, which some readers show: it comes off. Spaces and dashes come out.
 */
export function parseIccid(text: string): Reading<string, IccidReason> {
  if (text.trim() === '') return refuse('missing', 'Enter the SIM number (ICCID)')
  if (isScientific(text)) return refuse('scientific', explainScientific('SIM number (ICCID)', text))
  const digits = joinDigits(text).replace(/^([0-9]{19})f$/i, '$1')
  if (!/^[0-9]+$/.test(digits))
    return refuse('not-digits', 'SIM number (ICCID) must be 19 or 20 digits, with no letters')
  if (!digits.startsWith('89'))
    return refuse('not-a-sim', 'SIM number (ICCID) must begin with 89. It is printed on the SIM card')
  if (digits.length !== 19 && digits.length !== 20) {
    return refuse('wrong-length', `SIM number (ICCID) must be 19 or 20 digits. This one has ${digits.length}`)
  }
  if (!isLuhn(digits)) return refuseWrongDigit(digits)
  return accept(digits)
}

/** A spreadsheet that takes a SIM number for an amount keeps 15 digits and makes the rest 0. */
function refuseWrongDigit(digits: string) {
  if (/^[0-9]{15}0+$/.test(digits)) {
    return refuse(
      'digits-lost',
      'SIM number (ICCID) has lost its last digits, as happens in a spreadsheet. ' +
        'Change the format of the whole column to Text, type the full number again, then save the file',
    )
  }
  return refuse('wrong-check-digit', 'SIM number (ICCID) has a wrong digit. Check it against the SIM card')
}
