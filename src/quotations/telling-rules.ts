/**
 * What in somebody's words tells who spoke, as far as a program can judge it. Whoever reads them after that judges the rest: a place, a
 * job, a thing that happened.
 */

/** Names that are ordinary words as well: with a small letter they are taken for the word. */
const ordinary = new Set(
  `al an art bay bell best bill black bright brook brown buck care cook dale dawn day de dean drew eve fair faith field fish
  fox frank gene gold good grace grant gray green grey guy hall hand hill home hope hunt iris ivy jack joy king la long lord
  love major mark may mercy miles moon more noble olive page park pat penny pearl pope power price pride rich rob rock rose
  ruby sage short skip small speed star sterling stone storm strong sue summer van violet von wall ward way west white will
  wise wood young`.split(/\s+/),
)

const EMAIL = /[^\s@]+@[^\s@]+\.[^\s@]+/u
/** As many digits as a local number has, however they are spaced. It also finds an NHS number. */
const PHONE = /\p{Nd}(?:[\s().\p{Pd}]*\p{Nd}){6,}/u
const POSTCODE = /(?<![\p{L}\p{N}])[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}(?![\p{L}\p{N}])/iu
/** Scripts that put no space between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u

/** What has to be left out of somebody's words, as the error beside them says it; null where nothing was found. */
export function whatTells(words: string, names: readonly string[]): string | null {
  if (names.some((name) => partsOf(name).some((part) => isIn(words, part)))) return 'Leave out the name'
  const text = plain(words)
  if (EMAIL.test(text)) return 'Leave out the email address'
  if (PHONE.test(text)) return 'Leave out the phone number'
  if (POSTCODE.test(text)) return 'Leave out the postcode'
  return null
}

/** First, middle and last names; a single letter is none. */
function partsOf(name: string): string[] {
  return tokens(name.toLowerCase()).filter((part) => part.length > 1)
}

function isIn(words: string, part: string): boolean {
  if (UNSPACED.test(part)) return plain(words).toLowerCase().includes(part)
  return tokens(words).some((word) => word.toLowerCase() === part && !(ordinary.has(part) && word === part))
}

function tokens(text: string): string[] {
  return plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** Without accents, and without what one cannot see. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '')
}
