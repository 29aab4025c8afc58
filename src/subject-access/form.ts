import { accepted, type FieldError, fieldText, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { isLongerThan } from '../lib/text.ts'
import { askers, type Decision, type Ending, endings, identityChecks, isDecision, type NewRequest } from './rules.ts'

const LONGEST = 1_000

const isOf = <Words extends object>(words: Words, text = ''): text is keyof Words & string => Object.hasOwn(words, text)

/** Reads who asked for a copy, how we know who they are, and when it came. */
export function parseNewRequest(body: unknown, today: string): Parsed<NewRequest> {
  const names = ['asked-by', 'asked-by-note', 'identity-check', 'identity-note', ...dateFieldNames('received-on')]
  const values = typedValues(body, names)
  const { 'asked-by': askedBy, 'identity-check': identityCheck } = values
  const [askedByNote = '', identityNote = ''] = [values['asked-by-note'], values['identity-note']]
  const received = readOptionalDate(values, 'received-on', 'The day it was received')
  const errors: (FieldError | null | undefined)[] = [
    isOf(askers, askedBy) ? null : { field: 'asked-by', text: 'Choose who asked' },
    askedBy === 'on-their-behalf' && askedByNote === ''
      ? { field: 'asked-by-note', text: 'Say who asked on their behalf, and by what right' }
      : tooLong('asked-by-note', askedByNote),
    isOf(identityChecks, identityCheck) ? null : { field: 'identity-check', text: 'Choose how you know who asked' },
    identityNote === ''
      ? { field: 'identity-note', text: 'Write down what you saw, or who said so' }
      : tooLong('identity-note', identityNote),
    received.error,
    !received.error && received.date === null ? { field: 'received-on', text: 'Enter the day it was received' } : null,
    received.date !== null && received.date > today
      ? { field: 'received-on', text: 'The day it was received must be today or in the past' }
      : null,
  ]
  const found = errors.filter((error) => error !== null && error !== undefined)
  if (found.length > 0 || !isOf(askers, askedBy) || !isOf(identityChecks, identityCheck) || received.date === null)
    return rejected(found, values)
  return accepted({ askedBy, askedByNote, identityCheck, identityNote, receivedOn: received.date }, values)
}

function tooLong(field: string, text: string): FieldError | null {
  return isLongerThan(text, LONGEST) ? { field, text: 'It must be 1,000 characters or less' } : null
}

export interface Answer {
  id: string
  print: string
  decision: Decision
  note: string
}

const MOST_ANSWERS = 10

/** Reads what was decided about the things of one page; what nobody chose anything for is left for later. */
export function parseReview(body: unknown): Parsed<Answer[]> {
  const places = Array.from({ length: MOST_ANSWERS }, (_, at) => at + 1)
  const values = typedValues(
    body,
    places.flatMap((at) => [`item-${at}`, `print-${at}`, `decision-${at}`, `note-${at}`]),
  )
  const chosen = places.filter((at) => values[`decision-${at}`] !== '')
  const errors = chosen.flatMap((at) => answerErrors(values, at))
  if (chosen.length === 0) errors.push({ field: 'decision-1', text: 'Decide about at least one of them' })
  if (errors.length > 0) return rejected(errors, values)
  const answers = chosen.map((at) => ({
    id: values[`item-${at}`] ?? '',
    print: values[`print-${at}`] ?? '',
    decision: values[`decision-${at}`] as Decision,
    note: values[`note-${at}`] ?? '',
  }))
  return accepted(answers, values)
}

function answerErrors(values: Typed, at: number): FieldError[] {
  const [decision = '', note = ''] = [values[`decision-${at}`], values[`note-${at}`]]
  if (!isDecision(decision)) return [{ field: `decision-${at}`, text: 'Choose whether it is given' }]
  if (isLongerThan(note, LONGEST)) return [{ field: `note-${at}`, text: 'It must be 1,000 characters or less' }]
  return decision === 'give' || /\p{L}{2}/u.test(note) ? [] : [{ field: `note-${at}`, text: 'Say why it is left out' }]
}

/** Reads why it takes longer than a month. */
export function parseExtension(body: unknown): Parsed<string> {
  const reason = fieldText(body, 'reason')
  if (/\p{L}{2}/u.test(reason) && !isLongerThan(reason, LONGEST)) return accepted(reason, { reason })
  const text = reason === '' ? 'Say why it takes longer' : 'The reason must be words, 1,000 characters or less'
  return rejected([{ field: 'reason', text }], { reason })
}

/** Reads what became of a request. */
export function parseEnding(body: unknown): Parsed<{ as: Ending; note: string }> {
  const values = typedValues(body, ['as', 'note'])
  const { as, note = '' } = values
  if (!isOf(endings, as)) return rejected([{ field: 'as', text: 'Choose what became of it' }], values)
  if (isLongerThan(note, LONGEST))
    return rejected([{ field: 'note', text: 'It must be 1,000 characters or less' }], values)
  if (!/\p{L}{2}/u.test(note)) {
    const text = as === 'given' ? 'Say how it was given' : 'Say why'
    return rejected([{ field: 'note', text }], values)
  }
  return accepted({ as, note }, values)
}
