import { accept, type Reading, refuse } from './reading.ts'

export type PoundsReason =
  | 'missing'
  | 'not-money'
  | 'other-currency'
  | 'negative'
  | 'comma-decimal'
  | 'too-many-decimals'
  | 'too-large'

/** One million pounds, in pence: more than any one device costs, and less than an integer column holds. */
export const MOST_PENCE = 100_000_000

const AMOUNT = /^(?<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.(?<pence>[0-9]+))?$/

/**
 * Reads an amount in pounds, like "£1,234.50", "£ 1,234" or "1234.5", as whole pence. A comma is only taken between
 * thousands: "1.234,50" and "12,5" are how others write decimals, and a wrong guess would be a hundred times too much.
 * `name` begins the sentence of an error: "Cost must be ...".
 */
export function parsePounds(text: string, name = 'Amount'): Reading<number, PoundsReason> {
  const given = text.trim()
  if (given === '') return refuse('missing', `Enter the ${name.toLowerCase()}`)
  if (/^[-\u2212]|^£\s*[-\u2212]|-$|^\(.*\)$/.test(given)) return refuse('negative', `${name} must not be less than £0`)
  if (/[$€¥]|\b(?:USD|EUR)\b/i.test(given)) return refuse('other-currency', `${name} must be in pounds, like £249.99`)
  const number = given.replace(/^(?:£|GBP)\s*/i, '').replace(/\s*GBP$/i, '')
  const { pounds, pence = '' } = AMOUNT.exec(number)?.groups ?? {}
  if (pounds === undefined && pence === '') return refuseUnread(number, name)
  if (pence.length > 2) return refuse('too-many-decimals', `${name} must have no more than 2 numbers after the point`)

  const whole = (pounds ?? '0').replaceAll(',', '').replace(/^0+(?=[0-9])/, '')
  const inPence = whole.length > 9 ? Number.POSITIVE_INFINITY : Number(whole) * 100 + Number(pence.padEnd(2, '0'))
  if (inPence > MOST_PENCE) return refuse('too-large', `${name} must be ${formatPounds(MOST_PENCE)} or less`)
  return accept(inPence)
}

/** £1,234.50, and £1,234 where there are no pence, as GOV.UK and NHS write it. */
export function formatPounds(pence: number): string {
  const whole = Math.abs(Math.trunc(pence))
  const pounds = String(Math.floor(whole / 100)).replace(/\B(?=(?:[0-9]{3})+$)/g, ',')
  const rest = whole % 100
  return `${pence < 0 ? '-' : ''}£${pounds}${rest === 0 ? '' : `.${String(rest).padStart(2, '0')}`}`
}

function refuseUnread(number: string, name: string): Reading<number, PoundsReason> {
  if (/^[0-9][0-9.\s]*,[0-9]+$/.test(number) || /^[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?$/.test(number)) {
    return refuse('comma-decimal', `${name} must use a point before the pence, like £1,234.50`)
  }
  return refuse('not-money', `${name} must be an amount of money, like £249.99`)
}
