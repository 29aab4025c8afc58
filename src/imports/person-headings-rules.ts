import type { HeadingRules } from './headings-rules.ts'
import { type PersonField, personFields } from './person-fields-rules.ts'

/** Headings as people write them over a list of people, by field, the surest first. */
const known: Record<PersonField, readonly string[]> = {
  name: [
    'full name',
    'name of person',
    'service user',
    'service user name',
    'patient name',
    'client name',
    'person',
    'name',
  ],
  dateOfBirth: ['date of birth', 'dob', 'd o b', 'birth date', 'birthday', 'born on', 'born'],
  nhsNumber: ['nhs number', 'nhs no', 'nhs num', 'nhs'],
  phone: [
    'phone',
    'phone number',
    'phone no',
    'mobile',
    'mobile number',
    'telephone',
    'telephone number',
    'contact number',
  ],
  email: ['email', 'email address', 'e mail'],
}

export const personHeadings: HeadingRules = {
  fields: Object.keys(personFields),
  known,
  telling: { nhsNumber: /\bnhs\b/, dateOfBirth: /\b(?:dob|birth)\b/ },
  onlyWhere: {},
  leftOut: [
    {
      heading: /^(?:first name|forename|given name|last name|surname|family name)$/,
      why: 'A name comes whole, in one column. Put the two together',
      isWarning: true,
    },
  ],
}
