import type { FieldTable } from './fields-rules.ts'
import type { HeadingRules } from './headings-rules.ts'

/** What a provider's spreadsheet says of what is left on SIMs. Each row is one SIM. */
export const readingFields = {
  simNumber: { label: 'SIM number', write: '19 or 20 digits. Every row needs one', example: '8944110000000000007' },
  left: { label: 'Left', write: 'With its unit. Every row needs one', example: '1.5 GB' },
  unit: { label: 'Unit', write: 'MB or GB, where the column Left does not say it', example: 'GB' },
  readAt: { label: 'Read on', write: 'The day, and the time if it is known', example: '3/8/2026 09:30' },
} as const satisfies FieldTable

export type ReadingField = keyof typeof readingFields

export const readingTemplate = Object.keys(readingFields) as ReadingField[]

const known: Record<ReadingField, readonly string[]> = {
  simNumber: ['sim number', 'iccid', 'sim', 'sim card number', 'sim serial number', 'card number'],
  left: ['left', 'data left', 'balance', 'data balance', 'remaining', 'data remaining', 'remaining data'],
  unit: ['unit', 'units', 'data unit'],
  readAt: ['read on', 'read at', 'as of', 'as at', 'date', 'balance date', 'timestamp', 'last updated'],
}

export const readingHeadings: HeadingRules = {
  fields: Object.keys(readingFields),
  known,
  telling: { simNumber: /\b(?:iccid|sim)\b/, left: /\b(?:left|remaining|balance)\b/, readAt: /\bdate\b/ },
  onlyWhere: {},
  leftOut: [
    {
      heading: /^(?:data used|used|usage|consumed|data usage)$/,
      why: 'This is what was used, and not what is left',
      isWarning: true,
    },
  ],
}
