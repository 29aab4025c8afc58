import { factorNamed } from '../conversations/factor-rules.ts'
import { accepted, type FieldError, fieldTexts, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { kinds } from './rules.ts'

export interface SignpostDetails {
  kind: string
  name: string
  about: string
  phone: string
  website: string
  address: string
  area: string
  helps: string[]
  checked_on: string
}

const limits = { name: 200, about: 1000, phone: 100, website: 500, address: 500, area: 100 } as const
type TextField = keyof typeof limits

export function parseSignpost(body: unknown, today: string): Parsed<SignpostDetails> {
  const helps = fieldTexts(body, 'helps').filter((factor) => factorNamed(factor))
  const names = ['kind', ...Object.keys(limits), ...dateFieldNames('checked-on')]
  const values = { ...typedValues(body, names), helps: helps.join(' ') }
  const errors: FieldError[] = []
  const read = Object.fromEntries(
    Object.keys(limits).map((field) => {
      const clean = field === 'about' || field === 'address' ? cleanText : cleanLine
      return [field, clean(typedValues(body, [field])[field])]
    }),
  ) as Record<TextField, string>
  for (const [field, most] of Object.entries(limits) as [TextField, number][]) {
    if (isLongerThan(read[field], most)) {
      errors.push({ field, text: `This must be ${most.toLocaleString('en-GB')} characters or less` })
    }
  }
  const { kind = '' } = typedValues(body, ['kind'])
  if (!Object.hasOwn(kinds, kind)) errors.push({ field: 'kind', text: 'Choose what it is' })
  if (read.name === '') errors.push({ field: 'name', text: 'Enter a name' })
  if (read.website !== '' && !isWebsite(read.website)) {
    errors.push({ field: 'website', text: 'Enter a web address that begins with https:// or http://' })
  }
  const { date, error } = readOptionalDate(values, 'checked-on', 'The day')
  if (error) errors.push(error)
  if (date !== null && date > today) errors.push({ field: 'checked-on', text: 'The day must be today or in the past' })
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ ...read, kind, helps, checked_on: date ?? today }, values)
}

function isWebsite(text: string): boolean {
  return /^https?:\/\/[^\s.]+\.\S+$/i.test(text) && URL.canParse(text)
}
