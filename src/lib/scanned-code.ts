import { joinDigits } from './long-numbers.ts'
import { cleanCode } from './text.ts'

/** A tag or number to look for: as it stands, and its digits alone. */
export interface ScannedCode {
  text: string
  /** An IMEI or ICCID, however its digits were grouped. */
  digits: string
}

/**
 * Reads what a scanner sent or somebody typed. A QR label holds a web address that ends in /items/ and a tag; only that
 * end counts, since a label may outlive the name of the service. A SIM card with 19 digits may show an F after them.
 */
export function readScannedCode(scanned: string): ScannedCode {
  const tag = /^https?:\/\/[^?#]*\/items\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(scanned.trim())?.[1]
  const text = cleanCode(tag === undefined ? scanned : decoded(tag))
  return { text, digits: joinDigits(text).replace(/^([0-9]{19})f$/i, '$1') }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
