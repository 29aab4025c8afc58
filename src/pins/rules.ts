import { plainTypedCode } from '../lib/typed-codes.ts'

export const MOST_TRIES = 5
const SHORTEST = 4
const LONGEST = 8
/** 100 bits: nobody tries them out, so a plain hash of it is enough. */
export const BADGE_LETTERS = 20

/**
 * Why a PIN cannot be taken, or null. Five tries are few, so it need not be long; but it must be none of those that people
 * choose most and that whoever knows them would try: one digit again and again, digits in a row, a pattern, a date, a year.
 */
export function pinProblem(pin: string): string | null {
  if (pin === '') return 'Enter a PIN'
  if (!/^\d+$/.test(pin)) return 'PIN must be digits only'
  if (pin.length < SHORTEST || pin.length > LONGEST) return `PIN must be ${SHORTEST} to ${LONGEST} digits`
  if (isRow(pin) || isRepeated(pin) || keypadPatterns.has(pin))
    return 'This PIN is too easy to guess. Do not use digits in a row, or the same ones again and again'
  return isDateLike(pin) ? 'This PIN looks like a date or a year, which people try first. Choose another' : null
}

/** 1234, 8765, 7890. */
function isRow(pin: string): boolean {
  const rows = '01234567890'
  const backwards = [...rows].reverse().join('')
  return rows.includes(pin) || backwards.includes(pin)
}

/** 0000, 1212, 123123, and pairs such as 1122. */
function isRepeated(pin: string): boolean {
  return /^(\d+?)\1+$/.test(pin) || /^(?:(\d)\1)+$/.test(pin)
}

/** Straight lines and corners on the keys of a phone. */
const keypadPatterns = new Set(['2580', '0852', '1470', '0741', '3690', '0963', '1379', '9731', '147258', '159753'])

/** A birthday as people write one: day and month either way round, alone or with a year of two or four digits; or a year. */
function isDateLike(pin: string): boolean {
  const two = (at: number) => Number(pin.slice(at, at + 2))
  const isYear = (text: string) => /^(?:19|20)\d\d$/.test(text)
  if (pin.length === 4) return isYear(pin) || isDayAndMonth(two(0), two(2))
  if (pin.length === 6) return isDayAndMonth(two(0), two(2)) || isDayAndMonth(two(2), two(4))
  if (pin.length !== 8) return false
  return (
    (isYear(pin.slice(4)) && isDayAndMonth(two(0), two(2))) ||
    (isYear(pin.slice(0, 4)) && isDayAndMonth(two(4), two(6)))
  )
}

function isDayAndMonth(one: number, other: number): boolean {
  const isDay = (day: number) => day >= 1 && day <= 31
  const isMonth = (month: number) => month >= 1 && month <= 12
  return (isDay(one) && isMonth(other)) || (isMonth(one) && isDay(other))
}

/** What a scanner read off a badge, as it is compared; null: no badge of ours. */
export function plainBadgeCode(scanned: string): string | null {
  return plainTypedCode(scanned, BADGE_LETTERS)
}
