import type { Kind, Period } from './words-rules.ts'

/** One SIM or voucher that comes into our stock. A voucher has a code and no number; all else has a number and no code. */
export interface NewStock {
  kind: Kind
  provider: string
  network: string
  megabytes: number | null
  period: Period
  useBy: string | null
  funder: string
  costPence: number | null
  simNumber: string | null
  /** A keyed hash as hexadecimal digits, which tells whether two codes are the same. */
  codeHash: string | null
  /** The code, encrypted, in base64. */
  codeSealed: string | null
}

const FEWEST = 4
const MOST = 60

/** Why this cannot be the code of a voucher; null where it may be. */
export function whyNoCode(code: string): string | null {
  if (code.length < FEWEST || code.length > MOST) return `A voucher code has ${FEWEST} to ${MOST} characters`
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(code) ? null : 'A voucher code has letters and digits alone'
}

/** A code as it is compared: somebody may leave out its dashes. */
export function codeKey(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase()
}

/** Whose code it is: beside another's hash it cannot be opened. */
export function aboutCode(organisationId: number, hash: string): string {
  return `voucher code of organisation ${organisationId}: ${hash}`
}
