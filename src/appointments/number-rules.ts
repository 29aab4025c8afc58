import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { numberRefusal } from '../safe-contact/number-rules.ts'

/** A number that was agreed for one appointment, as it may be used today: what was said about it since counts, and never why. */
export function agreedNumber(number: string, facts: ContactFacts): string {
  if (number === '') return ''
  const refusal = numberRefusal(number, facts)
  if (refusal === 'not-safe') return 'Do not use the number that was agreed. Ask them for a safe one'
  return refusal === 'paused' ? `${number} (not confirmed as safe: ask them before you use it)` : number
}
