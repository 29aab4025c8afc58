import type { FieldTable } from './fields-rules.ts'

/** What a spreadsheet may say about an open loan. Each row is one item that somebody has. */
export const loanFields = {
  tag: {
    label: 'Asset tag',
    write: 'What is on the label of the item. Every row needs one, and we must have the item',
    example: 'TAB-0101',
  },
  name: { label: 'Full name', write: 'Of the person who has it', example: 'Alex Example' },
  dateOfBirth: {
    label: 'Date of birth',
    write: 'Of the person. With the name it is enough to find them, or to add somebody we do not have yet',
    example: '29/2/1984',
  },
  nhsNumber: {
    label: 'NHS number',
    write: 'Of the person, 10 digits. It is enough by itself',
    example: '999 000 0018',
  },
  phone: { label: 'Phone', write: 'Of a person we do not have yet', example: '07700 900321' },
  ward: {
    label: 'Ward',
    write: 'In place of a person: the name or the code of the ward, team or hub that has it',
    example: 'Ash Ward',
  },
  staff: {
    label: 'Staff email',
    write: 'In place of a person: the work email of the member of staff who has it',
    example: 'sam@trust.example',
  },
  lentOn: { label: 'Lent on', write: 'Day first, and all 4 numbers of the year', example: '3/2/2026' },
  reviewOn: {
    label: 'Review date',
    write: 'When it is due back or to be looked at again. It may have gone by',
    example: '28/4/2026',
  },
  agreement: {
    label: 'Agreement',
    write: 'How they accepted it: On paper, On screen or Spoken. Empty if you do not know',
    example: 'On paper',
  },
  witness: { label: 'Witness', write: 'Who heard an agreement that was spoken', example: 'Sam Example' },
  unsupportedReason: {
    label: 'Why with old software',
    write: 'A device that gets no more security updates by the review date needs a reason',
    example: 'Only used for phone calls',
  },
  notes: { label: 'Loan notes', write: 'Anything else about the loan', example: 'Has her own charger' },
  lentBy: { label: 'Lent by', write: 'The work email of who lent it', example: 'chidi@trust.example' },
  endedOn: {
    label: 'Ended on',
    write: 'The day it came back. Only loans that are still open come in, so a row with a date here is left out',
    example: '',
  },
} as const satisfies FieldTable

export type LoanField = keyof typeof loanFields

export const loanTemplate = Object.keys(loanFields) as LoanField[]
