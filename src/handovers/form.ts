import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import type { Handover } from './rules.ts'

/** An id from a form or an address; null where there is none. */
export function idAsked(source: unknown, name: string): number | null {
  const text = fieldText(source, name)
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

/** Reads whose loans go to whom. Gives every mistake at once. */
export function parseHandover(body: unknown): Parsed<Handover> {
  const values = typedValues(body, ['from', 'to'])
  const from = idAsked(body, 'from')
  const to = idAsked(body, 'to')
  const errors: FieldError[] = []
  if (from === null) errors.push({ field: 'from', text: 'Choose whose loans they are' })
  if (to === null) errors.push({ field: 'to', text: 'Choose who looks after them from now on' })
  if (to !== null && to === from)
    errors.push({ field: 'to', text: 'Choose somebody else: they look after them already' })
  if (errors.length > 0 || from === null || to === null) return rejected(errors, values)
  return accepted({ loanId: idAsked(body, 'loan'), from, to }, values)
}
