import type { FieldTable } from './fields-rules.ts'

/** What a spreadsheet may say of an appointment. Each row is one appointment of one person. */
export const appointmentFields = {
  name: { label: 'Full name', write: 'Of somebody we have', example: 'Alex Example' },
  dateOfBirth: { label: 'Date of birth', write: 'With the name it is enough to find them', example: '29/2/1984' },
  nhsNumber: { label: 'NHS number', write: '10 digits. It is enough by itself', example: '999 000 0018' },
  day: { label: 'Day', write: 'Day first, and all 4 numbers of the year. Every row needs one', example: '31/3/2027' },
  time: { label: 'Time', write: 'As the clocks in London show it. Every row needs one', example: '14:30' },
  minutes: { label: 'Minutes', write: '15, 20, 30, 45, 50, 60, 90 or 120. Empty: 50', example: '50' },
  way: {
    label: 'Way of meeting',
    write: 'Face to face, Home visit, Phone, Video or Text. Every row needs one',
    example: 'Face to face',
  },
  first: { label: 'First appointment', write: 'Yes or No. Every row needs one', example: 'Yes' },
  purpose: {
    label: 'What for',
    write: 'Assessment, Therapy, Review, Medication, Group or Crisis. Empty: something else',
    example: 'Assessment',
  },
  clinician: {
    label: 'Clinician email',
    write: 'The work email of a member of staff. Empty if nobody is named yet',
    example: 'ana@trust.example',
  },
  team: { label: 'Team', write: 'Its name or code. Empty if none is named', example: 'North Team' },
  joinLink: {
    label: 'Link to join',
    write: 'It begins with https://. Empty if there is none yet',
    example: 'https://meet.example/room-4',
  },
} as const satisfies FieldTable

export type AppointmentField = keyof typeof appointmentFields

export const appointmentTemplate = Object.keys(appointmentFields) as AppointmentField[]
