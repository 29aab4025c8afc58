import { digestOf } from '../lib/digest.ts'
import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine, cleanText } from '../lib/text.ts'
import type { Warning } from '../lib/warnings.ts'
import { tellingIn } from '../safe-contact/telling-rules.ts'
import { oursFor, type WordedKind } from './ours-rules.ts'
import { isOneLine, problemOf, quoted } from './wording-check-rules.ts'
import {
  alwaysQuiet,
  inOneSpelling,
  type OwnWording,
  type WordingForm,
  type WordingPart,
  wordingForms,
} from './wording-rules.ts'

export interface Worded {
  /** What was typed, tidied. */
  words: Partial<Record<WordingPart, string>>
  /** What of it is kept: null where it is what we say anyway. */
  own: Partial<OwnWording>
  warnings: Warning[]
}

/** Reads an organisation's own words for one kind of message. `quiet`: the names of the service, its wards and teams. */
export function parseWording(
  body: unknown,
  { kind, form, quiet }: { kind: WordedKind; form: WordingForm; quiet: readonly string[] },
): Parsed<Worded> {
  const parts: readonly WordingPart[] = wordingForms[form]
  const values = typedValues(body, parts)
  const ours = oursFor(kind)
  const errors: FieldError[] = []
  const worded: Worded = { words: {}, own: {}, warnings: [] }
  for (const part of parts) {
    const typed = fieldText(body, part)
    const words = inOneSpelling(part === 'subject' ? cleanLine(typed) : cleanText(typed))
    const isBroken = part === 'subject' && !isOneLine(typed)
    const problem = isBroken ? 'The subject must be one line' : problemOf(part, words, kind, quiet)
    if (problem) errors.push({ field: part, text: problem })
    worded.words[part] = words
    worded.own[part] = words === ours[part] ? null : words
    const telling = alwaysQuiet.has(part) ? [] : tellingIn(words, quiet)
    if (telling.length > 0) worded.warnings.push(warningOf(telling))
  }
  return errors.length > 0 ? rejected(errors, values) : accepted(worded, values)
}

function warningOf(telling: readonly string[]): Warning {
  const text = `${quoted(telling)} may tell somebody else what they are helped with. Only people who agreed that you say who you are get these words. Everybody else gets ours.`
  return { code: digestOf(telling.join('\n')), text }
}
