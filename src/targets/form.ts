import { accepted, type FieldError, type Parsed, rejected, typedValues, versionOf } from '../lib/fields.ts'
import { type Good, goodWays, type Target } from './rules.ts'

export interface TargetTyped {
  /** null: there is to be none. */
  target: Target | null
  /** The one that the form was shown with; 0: there was none. */
  version: number
}

const isGood = (text: string): text is Good => Object.hasOwn(goodWays, text)

/** Reads what a figure should come to in each quarter, and which way is good; or that there is to be no target. */
export function parseTarget(body: unknown): Parsed<TargetTyped> {
  const values = typedValues(body, ['good', 'quarterly'])
  const { good = '', quarterly = '' } = values
  const version = versionOf(body)
  if (good === 'none') return accepted({ target: null, version }, values)
  const errors: FieldError[] = []
  if (!isGood(good)) errors.push({ field: 'good', text: 'Choose what the target is' })
  const digits = quarterly.replaceAll(',', '')
  if (!/^\d{1,7}$/.test(digits) || Number(digits) > 1_000_000)
    errors.push({ field: 'quarterly', text: 'Enter a whole number from 0 to 1,000,000, such as 120' })
  if (!isGood(good) || errors.length > 0) return rejected(errors, values)
  return accepted({ target: { good, quarterly: Number(digits) }, version }, values)
}
