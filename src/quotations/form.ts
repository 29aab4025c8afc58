import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'
import { type Agreement, agreements, MOST_WORDS, type QuotationForm, type Speaker, speakers } from './rules.ts'
import { whatTells } from './telling-rules.ts'

/** Reads somebody's words, and that they agreed; `names` are those that may not stand in them. */
export function parseQuotation(body: unknown, today: string, names: readonly string[]): Parsed<QuotationForm> {
  const values = typedValues(body, ['words', 'speaker', 'how', ...dateFieldNames('agreed')])
  const errors: FieldError[] = []
  const words = readWords(values.words, 'words', 'Write down the words', errors)
  const telling = whatTells(words, names)
  if (telling !== null) errors.push({ field: 'words', text: telling })
  const { speaker = '', how = '' } = values
  if (!isSpeaker(speaker)) errors.push({ field: 'speaker', text: 'Choose whose words they are' })
  const { date, error } = readOptionalDate(values, 'agreed', 'The day they agreed')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'agreed', text: 'Enter the day they agreed' })
  else if (date > today) errors.push({ field: 'agreed', text: 'The day they agreed must be today or in the past' })
  if (!isAgreement(how)) errors.push({ field: 'how', text: 'Choose how they agreed' })
  if (errors.length > 0 || date === null || !isSpeaker(speaker) || !isAgreement(how)) return rejected(errors, values)
  return accepted({ words, speaker, agreedOn: date, agreedHow: how }, values)
}

/** Reads why words are not shown. */
export function parseRefusal(body: unknown): Parsed<string> {
  const values = typedValues(body, ['because'])
  const errors: FieldError[] = []
  const because = readWords(values.because, 'because', 'Say why they are not shown', errors)
  return errors.length > 0 ? rejected(errors, values) : accepted(because, values)
}

function readWords(typed: string | undefined, field: string, missing: string, errors: FieldError[]): string {
  const text = cleanText(typed)
  if (text === '') errors.push({ field, text: missing })
  else if (isLongerThan(text, MOST_WORDS)) errors.push({ field, text: `Must be ${MOST_WORDS} characters or fewer` })
  return text
}

function isSpeaker(text: string): text is Speaker {
  return Object.hasOwn(speakers, text)
}

function isAgreement(text: string): text is Agreement {
  return Object.hasOwn(agreements, text)
}
