/**
 * The Luhn check (ISO/IEC 7812-1, annex B) that ends every IMEI and ICCID. It catches any one wrong digit and nearly
 * all swapped neighbours. True only for digits, at least two of them, whose last one is the right check digit.
 */
export function isLuhn(digits: string): boolean {
  if (!/^[0-9]{2,}$/.test(digits)) return false
  return luhnSum(digits, false) % 10 === 0
}

/** The check digit to put after `digits`. */
export function luhnCheckDigit(digits: string): string {
  if (!/^[0-9]+$/.test(digits)) throw new RangeError('A Luhn check digit needs digits before it')
  return String((10 - (luhnSum(digits, true) % 10)) % 10)
}

function luhnSum(digits: string, doubleTheLast: boolean): number {
  let sum = 0
  let double = doubleTheLast
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits.charCodeAt(at) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
    double = !double
  }
  return sum
}
