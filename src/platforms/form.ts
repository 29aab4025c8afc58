import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { approvals } from './rules.ts'

export interface PlatformDetails {
  name: string
  approval: string
  decided_by_words: string
  decided_on: string | null
  settings: string
  guidance: string
  mb_per_minute: number | null
  /** Where that figure is from. */
  mb_source: string
}

const limits = { name: 100, 'decided-by': 200, 'data-source': 200, settings: 2000, guidance: 2000 } as const

export function parsePlatform(body: unknown, today: string): Parsed<PlatformDetails> {
  const values = typedValues(body, [
    'name',
    'approval',
    'decided-by',
    'settings',
    'guidance',
    'data',
    'data-source',
    ...dateFieldNames('decided-on'),
  ])
  const errors: FieldError[] = []
  const read = {
    name: cleanLine(values.name),
    'decided-by': cleanLine(values['decided-by']),
    'data-source': cleanLine(values['data-source']),
    settings: cleanText(values.settings),
    guidance: cleanText(values.guidance),
  }
  for (const [field, most] of Object.entries(limits) as [keyof typeof limits, number][]) {
    if (isLongerThan(read[field], most)) {
      errors.push({ field, text: `This must be ${most.toLocaleString('en-GB')} characters or less` })
    }
  }
  if (read.name === '') errors.push({ field: 'name', text: 'Enter the name of the platform' })
  const { approval = '', data = '' } = values
  if (!Object.hasOwn(approvals, approval)) errors.push({ field: 'approval', text: 'Choose what was decided' })
  const { date, error } = readOptionalDate(values, 'decided-on', 'The day')
  if (error) errors.push(error)
  else if (date === null && approval !== 'not-approved')
    errors.push({ field: 'decided-on', text: 'Enter the day it was approved' })
  if (date !== null && date > today) errors.push({ field: 'decided-on', text: 'The day must be today or in the past' })
  if (data !== '' && !(/^\d{1,3}$/.test(data) && Number(data) <= 100)) {
    errors.push({ field: 'data', text: 'Enter megabytes a minute as a whole number from 0 to 100' })
  }
  if (errors.length > 0) return rejected(errors, values)
  const { name, settings, guidance } = read
  const mb_per_minute = data === '' ? null : Number(data)
  return accepted(
    {
      name,
      approval,
      decided_by_words: read['decided-by'],
      decided_on: date,
      settings,
      guidance,
      mb_per_minute,
      mb_source: read['data-source'],
    },
    values,
  )
}

export function parseRisk(body: unknown): Parsed<string> {
  const values = typedValues(body, ['risk'])
  const risk = cleanText(values.risk)
  if (risk === '') return rejected([{ field: 'risk', text: 'Enter the risk, and why it is right to take it' }], values)
  if (isLongerThan(risk, 1000))
    return rejected([{ field: 'risk', text: 'The risk must be 1,000 characters or less' }], values)
  return accepted(risk, values)
}
