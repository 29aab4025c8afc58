import type { FieldTable } from './fields-rules.ts'

/** What a spreadsheet may say about a person. Each row is one person. */
export const personFields = {
  name: { label: 'Full name', write: 'Every row needs one', example: 'Alex Example' },
  dateOfBirth: {
    label: 'Date of birth',
    write: 'Day first, and all 4 numbers of the year. Every row needs one',
    example: '29/2/1984',
  },
  nhsNumber: { label: 'NHS number', write: '10 digits. Empty if you do not know', example: '999 000 0018' },
  phone: { label: 'Phone', write: 'Of the person themselves', example: '07700 900321' },
  email: { label: 'Email', write: 'Of the person themselves', example: 'alex@post.example' },
} as const satisfies FieldTable

export type PersonField = keyof typeof personFields

export const personTemplate = Object.keys(personFields) as PersonField[]
