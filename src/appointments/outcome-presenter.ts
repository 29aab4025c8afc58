import type { Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { Page, RadiosField, TextareaField } from '../lib/view-model.ts'
import { appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail } from './queries.ts'
import { isRemote } from './rules.ts'
import { disruptions, outcomes, ways } from './words-rules.ts'

export type OutcomePage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  outcome: RadiosField
  metBy: RadiosField
  disruption: RadiosField
  texts: TextareaField[]
  cancel: string
}

export function presentOutcomeForm(appointment: AppointmentDetail, form: FormShown = {}): OutcomePage {
  const url = appointmentUrl(appointment.id)
  const field = formFields({ ...form, values: form.values ?? savedOutcome(appointment) })
  return {
    title: 'How did it go?',
    caption: appointment.service_user,
    lead: 'Somebody who tried and could not get through did not stay away. It counts as something for us to put right.',
    errors: form.errors,
    back: { href: url, text: 'Back to the appointment' },
    action: `${url}/outcome`,
    version: appointment.version,
    outcome: field.radios('outcome', 'What happened?', [...outcomes], { labelSize: 'm' }),
    metBy: field.radios('met-by', 'How did they meet in the end?', [...ways], { hint: 'If they met.' }),
    disruption: field.radios('disruption', 'What went wrong?', [...disruptions], { hint: 'If they met.' }),
    texts: [
      field.textarea('persons-words', 'What did they say about it? (optional)', {
        rows: 2,
        hint: 'About how they met, in their own words.',
      }),
      field.textarea('outcome-note', 'What else should we know? (optional)', {
        rows: 2,
        hint: 'About the connection, the device or the help they had. Nothing about their health.',
      }),
    ],
    cancel: url,
  }
}

function savedOutcome(appointment: AppointmentDetail): Typed {
  const isCall = isRemote(appointment.way)
  return {
    outcome: appointment.outcome ?? '',
    'met-by': appointment.met_by ?? (appointment.outcome === null ? appointment.way : ''),
    disruption: appointment.disruption ?? (appointment.outcome === null && !isCall ? 'none' : ''),
    'persons-words': appointment.persons_words,
    'outcome-note': appointment.outcome_note,
  }
}
