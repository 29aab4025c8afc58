import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { safeUrl } from '../lib/safe-url.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { type Block, readBlocks } from './block-rules.ts'
import { languageOf } from './language-rules.ts'
import { type Form, isForm, isPurpose, type Purpose } from './rules.ts'

/** What a guide is of; it stays the same from version to version. */
export interface GuideSlot {
  purpose: Purpose
  platform_id: number | null
  form: Form
  language: string
}

export interface GuideWords {
  title: string
  blocks: Block[]
  link: string
}

const MOST_TYPED = 15_000

const isRecorded = (form: string) => form === 'audio' || form === 'bsl'

/** Reads a new guide: what it is for, and its words. */
export function parseNewGuide(body: unknown): Parsed<GuideSlot & GuideWords> {
  const slot = typedValues(body, ['purpose', 'platform', 'form', 'language'])
  const { purpose = '', platform = '', form = '', language = '' } = slot
  const errors: FieldError[] = []
  if (!isPurpose(purpose)) errors.push({ field: 'purpose', text: 'Choose what the guide is for' })
  if (platform !== '' && !/^\d{1,15}$/.test(platform)) errors.push({ field: 'platform', text: 'Choose a platform' })
  if (platform !== '' && purpose !== 'join-call') {
    errors.push({ field: 'platform', text: 'Only a guide to joining a call is for one platform' })
  }
  if (!isForm(form)) errors.push({ field: 'form', text: 'Choose how it is made' })
  if (languageOf(language) === undefined) errors.push({ field: 'language', text: 'Choose a language' })
  const words = parseWords(form, body)
  const values = { ...slot, ...words.values }
  errors.push(...(words.errors ?? []))
  if (errors.length > 0 || words.value === undefined || !isPurpose(purpose) || !isForm(form)) {
    return rejected(errors, values)
  }
  return accepted(
    { purpose, form, language, platform_id: platform === '' ? null : Number(platform), ...words.value },
    values,
  )
}

/** Reads the words of a guide, or where its recording is. */
export function parseWords(form: string, body: unknown): Parsed<GuideWords> {
  const values = typedValues(body, ['title', 'words', 'link'])
  const title = cleanLine(values.title)
  const link = cleanLine(values.link)
  const errors: FieldError[] = []
  if (title === '') errors.push({ field: 'title', text: 'Enter a title' })
  if (isLongerThan(title, 150)) errors.push({ field: 'title', text: 'The title must be 150 characters or less' })
  if (isRecorded(form)) {
    if (!link.startsWith('https://') || safeUrl(link) === undefined || isLongerThan(link, 500)) {
      errors.push({ field: 'link', text: 'Enter where the recording is, beginning with https://' })
    }
    return errors.length > 0 ? rejected(errors, values) : accepted({ title, blocks: [], link }, values)
  }
  const { blocks, wrong } = readBlocks(cleanText(values.words))
  if (blocks.length === 0) errors.push({ field: 'words', text: 'Write the guide' })
  if (isLongerThan(values.words ?? '', MOST_TYPED)) {
    errors.push({ field: 'words', text: 'The guide must be 15,000 characters or less. Make two of it' })
  }
  errors.push(...wrong.map((text) => ({ field: 'words', text })))
  return errors.length > 0 ? rejected(errors, values) : accepted({ title, blocks, link: '' }, values)
}

/** Reads until when an approval holds. */
export function parseApproval(body: unknown, today: string): Parsed<string> {
  const values = typedValues(body, dateFieldNames('review-on'))
  const { date, error } = readOptionalDate(values, 'review-on', 'The day it is read again')
  if (error) return rejected([error], values)
  if (date === null) return rejected([{ field: 'review-on', text: 'Enter the day it is to be read again' }], values)
  if (date <= today) return rejected([{ field: 'review-on', text: 'The day must be in the future' }], values)
  return accepted(date, values)
}
