import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import type { CallSettings } from './settings-rules.ts'

export interface CallSettingsTyped {
  settings: CallSettings
  /** Those that the form was shown with. */
  shown: string
}

/** The most that each may be, as the table has it too. */
export const settingFields = {
  'break-minutes': { setting: 'break_minutes', most: 60, of: 'minutes' },
  'trial-call-days': { setting: 'trial_call_days', most: 10, of: 'working days' },
  'interpreter-days': { setting: 'interpreter_days', most: 20, of: 'working days' },
} as const

/** Reads the three numbers; each of them may be 0. */
export function parseCallSettings(body: unknown): Parsed<CallSettingsTyped> {
  const values = typedValues(body, Object.keys(settingFields))
  const errors: FieldError[] = []
  const settings: CallSettings = { break_minutes: 0, trial_call_days: 0, interpreter_days: 0 }
  for (const [field, { setting, most, of }] of Object.entries(settingFields)) {
    const typed = values[field] ?? ''
    if (/^\d{1,3}$/.test(typed) && Number(typed) <= most) settings[setting] = Number(typed)
    else errors.push({ field, text: `Enter how many ${of}, from 0 to ${most}` })
  }
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ settings, shown: fieldText(body, 'shown') }, values)
}
