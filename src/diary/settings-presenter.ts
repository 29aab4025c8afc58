import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { InputField, Page } from '../lib/view-model.ts'
import { type CallSettings, settingsShown } from './settings-rules.ts'

export type CallSettingsPage = Page & {
  shown: string
  breakMinutes: InputField
  trialDays: InputField
  interpreterDays: InputField
}

/** What the organisation decides about calls: three numbers, each with what it does. */
export function presentCallSettings(saved: CallSettings, { values, errors }: FormShown = {}): CallSettingsPage {
  const asSaved = {
    'break-minutes': String(saved.break_minutes),
    'trial-call-days': String(saved.trial_call_days),
    'interpreter-days': String(saved.interpreter_days),
  }
  const field = formFields({ values: values ?? asSaved, errors })
  const number = { width: 3, inputmode: 'numeric', autocomplete: 'off' } as const
  return {
    title: 'Calls and the diary',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    shown: settingsShown(saved),
    breakMinutes: field.input('break-minutes', 'Break between two calls, in minutes', {
      ...number,
      hint: 'Times are offered with this break on either side. 15 is usual.',
    }),
    trialDays: field.input('trial-call-days', 'Trial-run call, in working days before the appointment', {
      ...number,
      hint: 'So that there is time to put right what did not work. 2 is usual; 0 is on the day itself.',
    }),
    interpreterDays: field.input('interpreter-days', 'Notice for an interpreter, in working days', {
      ...number,
      hint: 'How long it takes to book one. No call with an interpreter is offered sooner.',
    }),
  }
}
