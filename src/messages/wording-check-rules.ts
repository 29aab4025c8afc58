import { isLongerThan } from '../lib/text.ts'
import { nhsNumbersIn, tellingIn } from '../safe-contact/telling-rules.ts'
import { valuesOf } from './occasion-words-rules.ts'
import { fieldsOf, type WordedKind } from './ours-rules.ts'
import { MOST_PARTS, partsOf } from './text-rules.ts'
import {
  alwaysQuiet,
  asText,
  type Field,
  filled,
  hasLooseBrace,
  inSubject,
  isField,
  namedIn,
  spelled,
  type Values,
  type WordingPart,
} from './wording-rules.ts'

const most: Readonly<Record<WordingPart, number>> = { subject: 100, body: 3000, text: 500, letter: 3000 }

/** What each part is called in a sentence. */
export const partNames: Readonly<Record<WordingPart, string>> = {
  subject: 'subject',
  body: 'words of the email',
  text: 'words of the text',
  letter: 'words of the letter',
}

/** What a message of this kind may name in this part. */
export function fieldsFor(kind: WordedKind, part: WordingPart): Field[] {
  const { knows } = fieldsOf(kind)
  if (part === 'subject') return knows.filter((field) => inSubject.includes(field))
  // nobody taps a link on paper
  return part === 'letter' ? knows.filter((field) => field !== 'guide' && field !== 'link') : knows
}

/** What is wrong with the words of one part, as a sentence for beside its box; null where nothing is. `quiet`: names that may not be said. */
export function problemOf(part: WordingPart, words: string, kind: WordedKind, quiet: readonly string[]): string | null {
  if (words === '') return `Enter the ${partNames[part]}`
  if (isLongerThan(words, most[part])) return `The ${partNames[part]} must be ${most[part]} characters or less`
  return (
    problemWithFields(part, words, kind) ??
    problemWithTelling(part, words, quiet) ??
    problemWithLength(part, words, kind)
  )
}

function problemWithFields(part: WordingPart, words: string, kind: WordedKind): string | null {
  if (hasLooseBrace(words))
    return 'Write a field with two braces on each side, such as {{name}}, and use braces for nothing else'
  const allowed = fieldsFor(kind, part)
  const known = allowed.length === 0 ? 'Nothing can be filled in here' : `You can use ${listed(allowed)}`
  for (const typed of namedIn(words)) {
    const name = spelled(typed)
    if (allowed.some((field) => field === name)) continue
    if (!isField(name)) return `There is no field {{${typed}}}. ${known}`
    const isOfSubject = part === 'subject' && fieldsOf(kind).knows.includes(name)
    const why = isOfSubject ? 'a subject is read by whoever is near' : 'this message does not know it'
    return `{{${name}}} cannot stand here: ${why}. ${known}`
  }
  const missing =
    part === 'subject' ? [] : fieldsOf(kind).needs.filter((field) => !namedIn(words).map(spelled).includes(field))
  return missing.length === 0 ? null : `Put in ${listed(missing)}: without it the message is of no use`
}

const listed = (fields: readonly Field[]) => inWords(fields.map((field) => `{{${field}}}`))

function inWords(all: readonly string[]): string {
  const last = all.at(-1) ?? ''
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`
}

function problemWithTelling(part: WordingPart, words: string, quiet: readonly string[]): string | null {
  if (nhsNumbersIn(words).length > 0) return 'Take out the NHS number: these words go to everybody'
  if (!alwaysQuiet.has(part)) return null
  const found = tellingIn(words, quiet)
  if (found.length === 0) return null
  return `Take out ${quoted(found)}: a ${part} is seen by whoever is near the screen`
}

export const quoted = (found: readonly string[]) => inWords(found.map((word) => `“${word}”`))

/** Long names and days: whatever fits with these fits for nearly everybody. */
const longest: Values = {
  ...valuesOf({
    about_at: '2026-09-30T11:30:00.000Z',
    about_on: '2026-09-30',
    sender: 'Oluwaseun Fitzgerald',
    detail: 'home-visit',
  }),
  name: 'Bartholomew Alexander',
  guide: 'https://loans.example.org/read/00000000-0000-4000-8000-000000000000',
  signed: 'Oluwaseun Fitzgerald, Example Partnership Trust',
}

function problemWithLength(part: WordingPart, words: string, kind: WordedKind): string | null {
  if (part !== 'text') return null
  const { knows } = fieldsOf(kind)
  const values = Object.fromEntries(knows.map((field) => [field, longest[field] ?? '']))
  const parts = partsOf(asText(filled(words, values)))
  return parts <= MOST_PARTS
    ? null
    : `It would take ${parts} texts with long names. Shorten it to ${MOST_PARTS} or fewer`
}

/** A subject is one line: what is typed over several is refused and not joined, so that nobody can begin another header. */
export function isOneLine(typed: string): boolean {
  return !/[\r\n\u0085\u2028\u2029]/.test(typed)
}
