import { formatDate } from '../lib/dates.ts'
import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { type Answer, isConcern } from './flag-rules.ts'
import { becauseField, otherField, type Part, preferNotField, type Question } from './question-kinds-rules.ts'
import { howHeld, MOST_IN_WORDS, OTHER_LANGUAGE } from './question-rules.ts'

/** What was said to one question, as it is to be written down. */
export interface Given {
  question: string
  kind: 'answered' | 'prefer-not' | 'not-asked'
  chosen: string[]
  words: string
  clears: boolean
  clearedBecause: string
}

const MOST_IN_A_LANGUAGE = 100

/** What an answer is held against: those that count before it is saved, and which conversation it is part of. */
export interface KnownBefore {
  standing: ReadonlyMap<string, Answer>
  conversationId: number
}

/**
 * Reads one part of a conversation. Whatever is left open is "not asked". A concern is only cleared with how somebody knows; a
 * contradiction is no error.
 */
export function parsePart(part: Part, body: unknown, known: KnownBefore): Parsed<Given[]> {
  const values = typedPart(part, body)
  const errors: FieldError[] = []
  const given = part.questions.map((question) => {
    const read = readers[question.kind](question, values)
    const answer = { ...nothing(question), ...read.given }
    const error = read.error ?? clearingError(question, answer, values, known)
    if (error) errors.push(error)
    const because = cleanText(values[becauseField(question)])
    const clears = isCleared(question, answer, known) && because !== ''
    return { ...answer, clears, clearedBecause: clears ? because : '' }
  })
  return errors.length > 0 ? rejected(errors, values) : accepted(given, values)
}

function typedPart({ questions }: Part, body: unknown): Typed {
  const names = questions.flatMap((one) => [one.id, otherField(one), preferNotField(one), becauseField(one)])
  const several = questions.filter(({ kind }) => kind === 'several')
  return {
    ...typedValues(body, names),
    ...Object.fromEntries(several.map(({ id }) => [id, fieldTexts(body, id).join(' ')])),
  }
}

function nothing({ id }: Question): Given {
  return { question: id, kind: 'not-asked', chosen: [], words: '', clears: false, clearedBecause: '' }
}

type Read = { given?: Partial<Given>; error?: FieldError }

const readers: Record<Question['kind'], (question: Question, values: Typed) => Read> = {
  one: readOne,
  several: readSeveral,
  list: readList,
  words: readWords,
}

function isLeftOpen(value: string): boolean {
  return value === '' || value === 'not-asked'
}

function readOne({ id, options }: Question, values: Typed): Read {
  const value = values[id] ?? ''
  if (isLeftOpen(value)) return {}
  if (value === 'prefer-not') return { given: { kind: 'prefer-not' } }
  if (options.some((option) => option.value === value)) return { given: { kind: 'answered', chosen: [value] } }
  return { error: { field: id, text: 'Choose one of these' } }
}

function readSeveral({ id, options }: Question, values: Typed): Read {
  const ticked = new Set((values[id] ?? '').split(' '))
  const chosen = options.filter(({ value }) => ticked.has(value))
  const isAlone = ticked.has('prefer-not') || chosen.some((option) => option.isAlone)
  if (isAlone && chosen.length + Number(ticked.has('prefer-not')) > 1) {
    const alone = chosen.find((option) => option.isAlone)?.text ?? 'Prefers not to say'
    return { error: { field: id, text: `Choose “${alone}”, or the others` } }
  }
  if (ticked.has('prefer-not')) return { given: { kind: 'prefer-not' } }
  return chosen.length === 0 ? {} : { given: { kind: 'answered', chosen: chosen.map(({ value }) => value) } }
}

/** A language that is written in, and is in the list after all, is the one of the list. */
function readList(question: Question, values: Typed): Read {
  const field = otherField(question)
  const words = cleanLine(values[field])
  const value = values[question.id] ?? ''
  if (value !== OTHER_LANGUAGE && words === '') return readOne(question, values)
  if (value !== OTHER_LANGUAGE && !isLeftOpen(value)) {
    return { error: { field: question.id, text: 'Choose “Another language”, or leave the other box empty' } }
  }
  if (words === '') return { error: { field, text: 'Enter the language' } }
  if (isLongerThan(words, MOST_IN_A_LANGUAGE)) {
    return { error: { field, text: `The language must be ${MOST_IN_A_LANGUAGE} characters or less` } }
  }
  const known = question.options.find(({ text }) => text.toLowerCase() === words.toLowerCase())
  if (known) return { given: { kind: 'answered', chosen: [known.value] } }
  return { given: { kind: 'answered', chosen: [OTHER_LANGUAGE], words } }
}

function readWords(question: Question, values: Typed): Read {
  const { id } = question
  const words = cleanText(values[id])
  if (isLongerThan(words, MOST_IN_WORDS)) {
    const most = MOST_IN_WORDS.toLocaleString('en-GB')
    const count = [...words].length.toLocaleString('en-GB')
    return { error: { field: id, text: `What they said must be ${most} characters or less. It has ${count}` } }
  }
  const isKept = values[preferNotField(question)] === 'yes'
  if (isKept && words !== '')
    return { error: { field: id, text: 'Choose “Prefers not to say”, or write what they said' } }
  if (isKept) return { given: { kind: 'prefer-not' } }
  return words === '' ? {} : { given: { kind: 'answered', words } }
}

/** Whether this answer would clear a concern that stands. */
function isCleared(question: Question, given: Given, { standing }: KnownBefore): boolean {
  const before = standing.get(question.id)
  return before?.is_concern === true && given.kind === 'answered' && !isConcern(question, given.chosen)
}

function clearingError(question: Question, given: Given, values: Typed, known: KnownBefore): FieldError | undefined {
  const field = becauseField(question)
  const because = cleanText(values[field])
  if (isLongerThan(because, MOST_IN_WORDS)) return { field, text: 'How you know must be 1,000 characters or less' }
  const before = known.standing.get(question.id)
  if (given.kind !== 'answered' && before?.is_concern && before.conversation_id === known.conversationId) {
    return { field: question.id, text: 'They said something else in this conversation. Choose what they say now' }
  }
  if (!isCleared(question, given, known) || because !== '') return undefined
  const day = formatDate(before?.said_on ?? '')
  return {
    field,
    text: `They said something else on ${day}. Write how you know that it is safe now, or choose “Not asked”`,
  }
}

/** How and when a conversation is held. */
export function parseBeginning(body: unknown, today: string): Parsed<{ how: string; held_on: string }> {
  const values = typedValues(body, ['how', ...dateFieldNames('held-on')])
  const errors: FieldError[] = []
  const { how = '' } = values
  if (!howHeld.some(({ value }) => value === how)) errors.push({ field: 'how', text: 'Choose how you talk' })
  const { date, error } = readOptionalDate(values, 'held-on', 'The day')
  if (error) errors.push(error)
  if (date !== null && date > today) errors.push({ field: 'held-on', text: 'The day must be today or in the past' })
  if (date !== null && date < '2000-01-01') errors.push({ field: 'held-on-year', text: 'Check the year' })
  return errors.length > 0 ? rejected(errors, values) : accepted({ how, held_on: date ?? today }, values)
}

/** When to talk about it again. */
export function parseReview(body: unknown, { today, heldOn }: { today: string; heldOn: string }): Parsed<string> {
  const values = typedValues(body, dateFieldNames('review-on'))
  const { date, error } = readOptionalDate(values, 'review-on', 'The day to talk again')
  if (error) return rejected([error], values)
  if (date === null) return rejected([{ field: 'review-on', text: 'Enter the day to talk again' }], values)
  if (date <= today || date <= heldOn) {
    return rejected([{ field: 'review-on', text: 'The day to talk again must be in the future' }], values)
  }
  return accepted(date, values)
}
