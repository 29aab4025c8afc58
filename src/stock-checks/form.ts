import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import {
  type Asking,
  isMissingChoice,
  isUnexpectedChoice,
  type MissingChoice,
  MOST_WHERE_CHARACTERS,
  missingField,
  type UnexpectedChoice,
  unexpectedField,
  whereField,
} from './rules.ts'

/** Reads which place to check. */
export function parseStart(body: unknown): Parsed<{ wardId: number }> {
  const values = typedValues(body, ['ward'])
  const ward = values.ward ?? ''
  if (!/^[1-9]\d{0,14}$/.test(ward)) return rejected([{ field: 'ward', text: 'Choose a place' }], values)
  return accepted({ wardId: Number(ward) }, values)
}

/** What the page asks about: what is missing, and each unexpected item there is something to decide about. */
export interface Asked {
  how: Asking
  missing: { id: number; tag: string }[]
  unexpected: { id: number; tag: string; choices: UnexpectedChoice[] }[]
}

export interface FinishForm {
  missing: { itemId: number; choice: MissingChoice; where: string }[]
  unexpected: { itemId: number; choice: UnexpectedChoice }[]
  leavesAll: boolean
  /** They would rather be asked about each missing item. */
  wantsEach: boolean
}

/** Reads what is decided. What somebody scanned or took back since the page was shown is asked about anew. */
export function parseFinish(body: unknown, asked: Asked): Parsed<FinishForm> {
  const values = typedValues(body, [
    'all',
    ...asked.missing.flatMap(({ id }) => [missingField(id), whereField(id)]),
    ...asked.unexpected.map(({ id }) => unexpectedField(id)),
  ])
  const errors: FieldError[] = []
  const all = values.all ?? ''
  const missing =
    asked.how === 'each'
      ? asked.missing.flatMap((item) => readMissing(body, item, errors))
      : readAll(body, all, asked, errors)
  const unexpected = asked.unexpected.flatMap((item) => readUnexpected(body, item, errors))
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ missing, unexpected, leavesAll: all === 'leave', wantsEach: all === 'each' }, values)
}

/** One answer for everything that is missing, given by somebody who has seen the list of it. */
function readAll(body: unknown, all: string, { how, missing }: Asked, errors: FieldError[]) {
  const answers = how === 'leave' ? ['leave'] : ['report', 'leave', 'each']
  if (!answers.includes(all)) errors.push({ field: 'all', text: howAllIsMissing(how) })
  if (all !== 'report' || how === 'leave') return []
  const seen = new Set(fieldText(body, 'seen').split(' '))
  const unseen = missing.filter(({ id }) => !seen.has(String(id))).map(({ tag }) => tag)
  if (unseen.length > 0) {
    errors.push({ field: 'all', text: `${unseen.join(', ')} was not missing when you opened the page. Choose again` })
  }
  return missing.map(({ id }) => ({ itemId: id, choice: 'report' as const, where: '' }))
}

function howAllIsMissing(how: Asking): string {
  if (how === 'leave') return 'Tick that all of them are left as they are, or go on scanning'
  return 'Choose what to do about everything that is missing'
}

function readMissing(body: unknown, { id, tag }: Asked['missing'][number], errors: FieldError[]) {
  const choice = fieldText(body, missingField(id))
  if (!isMissingChoice(choice)) {
    errors.push({ field: missingField(id), text: `Choose what to do about ${tag}` })
    return []
  }
  const where = choice === 'elsewhere' ? cleanLine(fieldText(body, whereField(id))) : ''
  if (choice === 'elsewhere' && where === '') errors.push({ field: whereField(id), text: `Say where ${tag} is` })
  if (isLongerThan(where, MOST_WHERE_CHARACTERS)) {
    errors.push({ field: whereField(id), text: `Where ${tag} is must be ${MOST_WHERE_CHARACTERS} characters or less` })
  }
  return [{ itemId: id, choice, where }]
}

function readUnexpected(body: unknown, { id, tag, choices }: Asked['unexpected'][number], errors: FieldError[]) {
  const choice = fieldText(body, unexpectedField(id))
  if (isUnexpectedChoice(choice) && choices.includes(choice)) return [{ itemId: id, choice }]
  errors.push({ field: unexpectedField(id), text: `Choose what to do about ${tag}` })
  return []
}
