import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import type { DataSettings } from './settings-rules.ts'

export interface DataSettingsTyped {
  settings: DataSettings
  /** The digest of those that the form was shown with. */
  shown: string
}

/** The least and the most that each may be, as the table has it too. */
export const settingFields = {
  video: { column: 'data_mb_video', least: 1, most: 100 },
  phone: { column: 'data_mb_phone', least: 0, most: 100 },
  text: { column: 'data_mb_text', least: 0, most: 100 },
  day: { column: 'data_mb_day', least: 0, most: 10_000 },
} as const

const MOST_OF_A_SOURCE = 200

/** Reads what a call takes of data, and where those figures are from. */
export function parseDataSettings(body: unknown): Parsed<DataSettingsTyped> {
  const values = typedValues(body, [...Object.keys(settingFields), 'source', 'suspend-after'])
  const errors: FieldError[] = []
  const source = cleanLine(values.source)
  const settings: DataSettings = {
    ...{ data_mb_video: 0, data_mb_phone: 0, data_mb_text: 0, data_mb_day: 0, data_mb_source: source },
    data_suspend_after_days: readSuspendAfter(values['suspend-after'] ?? '', errors),
  }
  for (const [field, { column, least, most }] of Object.entries(settingFields)) {
    const typed = values[field] ?? ''
    if (/^\d{1,5}$/.test(typed) && Number(typed) >= least && Number(typed) <= most) settings[column] = Number(typed)
    else
      errors.push({ field, text: `Enter a whole number of megabytes from ${least} to ${most.toLocaleString('en-GB')}` })
  }
  if (isLongerThan(source, MOST_OF_A_SOURCE))
    errors.push({ field: 'source', text: 'This must be 200 characters or less' })
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ settings, shown: fieldText(body, 'shown') }, values)
}

/** Days; empty: it is turned off. */
function readSuspendAfter(typed: string, errors: FieldError[]): number | null {
  if (typed === '') return null
  if (/^\d{1,3}$/.test(typed) && Number(typed) >= 7 && Number(typed) <= 365) return Number(typed)
  errors.push({ field: 'suspend-after', text: 'Enter how many days, from 7 to 365, or leave this empty' })
  return null
}
