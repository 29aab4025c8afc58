import { joinDigits } from '../lib/long-numbers.ts'
import { cleanCode } from '../lib/text.ts'

/**
 * What a scanner read or somebody typed, as a tag or number to look for. A QR label holds the web address of its item,
 * which may be another name of this service than the one in use: only its end counts.
 */
export function codeIn(scanned: string): string {
  const tag = /^https?:\/\/.*\/items\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(scanned.trim())?.[1]
  return cleanCode(tag === undefined ? scanned : decoded(tag))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The digits of an IMEI or ICCID however they are grouped; a card's 19 digits may be padded with an F. */
export function digitsIn(code: string): string {
  return joinDigits(code).replace(/^([0-9]{19})f$/i, '$1')
}
