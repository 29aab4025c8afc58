import { luhnCheckDigit } from '../src/lib/luhn.ts'
import { nhsCheckDigit } from '../src/lib/nhs-number.ts'

/**
 * Numbers that look right, pass their check digits and belong to nobody. The same number in gives the same out, and two
 * different numbers never give the same, up to the bounds each one names.
 */

/** The nth NHS number for tests, n from 0 to 99,999. Numbers that begin 999 are kept back for tests and never given out. */
export function makeTestNhsNumber(n: number): string {
  const eight = `999${numberBelow(n, 100_000, 5)}`
  // Some nine digits have no check digit. Adding 1 to the ninth adds 2 to the sum, so the next one then has.
  const nine = nhsCheckDigit(`${eight}0`) === undefined ? `${eight}1` : `${eight}0`
  return `${nine}${nhsCheckDigit(nine)}`
}

/** The nth IMEI, n from 0 to 999,999. Type codes that begin 00 are for test equipment (GSMA TS.06, "Test IMEI"). */
export function makeImei(n: number): string {
  const body = `00440010${numberBelow(n, 1_000_000, 6)}`
  return `${body}${luhnCheckDigit(body)}`
}

/** The nth SIM number, n from 0 to 999,999: 89 for telecoms, 44 for the United Kingdom, then an issuer there is not. */
export function makeIccid(n: number): string {
  const body = `894499${numberBelow(n, 1_000_000, 12)}`
  return `${body}${luhnCheckDigit(body)}`
}

/** The nth mobile number, n from 0 to 999: 07700 900000 to 900999 are Ofcom's for drama, and ring nowhere. */
export function makeMobileNumber(n: number): string {
  return `07700 900${numberBelow(n, 1_000, 3)}`
}

/** The nth London number, n from 0 to 999: 020 7946 0000 to 0999 are Ofcom's for drama. */
export function makeLandlineNumber(n: number): string {
  return `020 7946 0${numberBelow(n, 1_000, 3)}`
}

function numberBelow(n: number, bound: number, width: number): string {
  if (!Number.isInteger(n) || n < 0 || n >= bound) throw new RangeError(`Must be a whole number from 0 to ${bound - 1}`)
  return String(n).padStart(width, '0')
}
