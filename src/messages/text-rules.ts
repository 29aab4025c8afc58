import { cleanPhone } from '../lib/text.ts'
import type { Recipient } from '../safe-contact/kinds-rules.ts'

/** The letters that a text holds 160 of; with any other it holds 70. Those of the second row count twice. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const TWICE = new Set('^{}\\[~]|€\f')

/** A longer one costs more and arrives in pieces. */
export const MOST_PARTS = 3

/**
 * How many parts a text is sent in, as the networks count: in GSM-7 where its letters allow, in UCS-2 else. A letter that
 * takes two places is never cut in two: it begins the next part.
 */
export function partsOf(text: string): number {
  const letters = [...text]
  if (letters.every((letter) => BASIC.has(letter) || TWICE.has(letter))) {
    const places = letters.map((letter) => (TWICE.has(letter) ? 2 : 1))
    return countParts(places, { alone: 160, ofMany: 153 })
  }
  const places = letters.map((letter) => letter.length)
  return countParts(places, { alone: 70, ofMany: 67 })
}

function countParts(places: number[], { alone, ofMany }: { alone: number; ofMany: number }): number {
  if (places.reduce((sum, one) => sum + one, 0) <= alone) return 1
  let parts = 1
  let filled = 0
  for (const one of places) {
    if (filled + one > ofMany) {
      parts += 1
      filled = 0
    }
    filled += one
  }
  return parts
}

/** Whether a text reaches this number: a mobile of the United Kingdom. 070 is no mobile, and 076 but for 07624 is a pager. */
export function isMobile(number: string): boolean {
  const normalised =
    cleanPhone(number)
      .value?.normalised.replaceAll(/\D/g, '')
      .replace(/^(?:00)?44/, '0') ?? ''
  return /^07(?:[1-57-9]\d{8}|624\d{6})$/.test(normalised)
}

/** The same recipient with only those numbers that a text can reach. */
export function reachedByText<One extends Recipient>(recipient: One): One {
  const addresses = recipient.addresses.filter(({ kind, address }) => kind !== 'phone' || isMobile(address))
  return { ...recipient, addresses }
}
