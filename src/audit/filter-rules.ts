import { londonMidnight, londonMidnightAfter } from '../lib/dates.ts'
import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseNhsNumber } from '../lib/nhs-number.ts'
import { type AuditFilter, isAuditKind } from './rules.ts'

/**
 * Reads the filters of the audit from an address. Days are days in London, the last one to its end. A member of staff
 * or a person that is no id becomes 0, which nobody has; a kind there is not counts as not asked.
 */
export function parseAuditFilter(query: unknown): Parsed<AuditFilter> {
  const values = typedValues(query, ['staff', 'person', 'kind', ...dateFieldNames('from'), ...dateFieldNames('to')])
  const from = readOptionalDate(values, 'from', 'First day')
  const to = readOptionalDate(values, 'to', 'Last day')
  const errors: FieldError[] = [from.error, to.error].filter((error) => error !== undefined)
  if (from.date !== null && to.date !== null && from.date > to.date) {
    errors.push({ field: 'to', text: 'Last day must be the same as the first day or after it' })
  }
  if (errors.length > 0) return rejected(errors, values)

  const { staff = '', person = '', kind = '' } = values
  const filter: AuditFilter = {
    ...(staff !== '' && { staffId: idOr0(staff) }),
    ...(person !== '' && { serviceUserId: idOr0(person) }),
    ...(isAuditKind(kind) && { kind }),
    ...(from.date !== null && { from: londonMidnight(from.date) }),
    ...(to.date !== null && { until: londonMidnightAfter(to.date) }),
  }
  return accepted(filter, values)
}

function idOr0(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}

/**
 * Reads an NHS number that somebody wants the audit of. It comes in a form of its own, since it may not stand in an
 * address; the filters that were set come along and go into the address again.
 */
export function parsePersonAsked(body: unknown): Parsed<{ nhsNumber: string }> {
  const values = typedValues(body, ['nhs-number', 'staff', 'kind', ...dateFieldNames('from'), ...dateFieldNames('to')])
  const typed = values['nhs-number'] ?? ''
  if (typed === '') return rejected([{ field: 'nhs-number', text: 'Enter an NHS number' }], values)
  const number = parseNhsNumber(typed)
  if (number.error) return rejected([{ field: 'nhs-number', text: number.error.text }], values)
  return accepted({ nhsNumber: number.value }, values)
}
