import { type AppointmentField, appointmentFields } from './appointment-fields-rules.ts'
import type { HeadingRules } from './headings-rules.ts'

/** Headings as people write them over a list of appointments, by field, the surest first. */
const known: Record<AppointmentField, readonly string[]> = {
  name: ['full name', 'name of person', 'service user', 'service user name', 'patient name', 'client name', 'name'],
  dateOfBirth: ['date of birth', 'dob', 'd o b', 'birth date', 'birthday', 'born on', 'born'],
  nhsNumber: ['nhs number', 'nhs no', 'nhs num', 'nhs'],
  day: ['day', 'date', 'appointment date', 'date of appointment', 'appointment day'],
  time: ['time', 'start time', 'appointment time', 'time of appointment', 'starts at', 'start'],
  minutes: ['minutes', 'length', 'duration', 'length in minutes', 'duration minutes', 'how long'],
  way: ['way of meeting', 'way', 'how', 'mode', 'method', 'contact method', 'consultation medium', 'medium'],
  first: ['first appointment', 'first', 'is it the first', 'new'],
  purpose: ['what for', 'purpose', 'appointment type', 'type'],
  clinician: ['clinician email', 'clinician', 'email of clinician', 'with', 'seen by'],
  team: ['team', 'team name', 'service', 'clinic'],
  joinLink: ['link to join', 'join link', 'link', 'video link', 'meeting link', 'url'],
}

export const appointmentHeadings: HeadingRules = {
  fields: Object.keys(appointmentFields),
  known,
  telling: { nhsNumber: /\bnhs\b/, dateOfBirth: /\b(?:dob|birth)\b/ },
  onlyWhere: {},
  leftOut: [
    {
      heading: /^(?:reason|why|why face to face|reason for face to face)$/,
      why: 'Nobody has to say why they meet in one way and not another. It is left out',
    },
  ],
}
