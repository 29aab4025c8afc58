import type { FieldTable } from './fields-rules.ts'

/** What a spreadsheet may say of a caseload. Each row is one number. */
export const countFields = {
  countedOn: {
    label: 'Counted on',
    write: 'Day first, and all 4 numbers of the year. Every row needs one',
    example: '1/11/2026',
  },
  place: {
    label: 'Ward, team or hub',
    write: 'Its name or code. Empty: the whole organisation',
    example: 'Ash Ward',
  },
  breakdown: {
    label: 'Breakdown',
    write:
      'Everybody, Age, Gender, Ethnic group, Disability, Interpreter needed, Housing, Asylum, Inpatient or Deprivation. Every row needs one',
    example: 'Age',
  },
  group: {
    label: 'Group',
    write: 'A group of the breakdown, or Not known. Empty for Everybody',
    example: '18 to 24',
  },
  people: { label: 'People', write: 'How many are on the caseload. Every row needs one', example: '340' },
} as const satisfies FieldTable

export type CountField = keyof typeof countFields

export const countTemplate = Object.keys(countFields) as CountField[]
