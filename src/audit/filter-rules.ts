import { londonMidnight, londonMidnightAfter } from '../lib/dates.ts'
import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { type AuditFilter, isAuditKind } from './rules.ts'

/**
 * Reads the filters of the audit from an address. Days are days in London, the last one to its end. A member of staff
 * that is no id becomes 0, which nobody has; a kind there is not counts as not asked.
 */
export function parseAuditFilter(query: unknown): Parsed<AuditFilter> {
  const values = typedValues(query, ['staff', 'kind', ...dateFieldNames('from'), ...dateFieldNames('to')])
  const from = readOptionalDate(values, 'from', 'First day')
  const to = readOptionalDate(values, 'to', 'Last day')
  const errors: FieldError[] = [from.error, to.error].filter((error) => error !== undefined)
  if (from.date !== null && to.date !== null && from.date > to.date) {
    errors.push({ field: 'to', text: 'Last day must be the same as the first day or after it' })
  }
  if (errors.length > 0) return rejected(errors, values)

  const { staff = '', kind = '' } = values
  const filter: AuditFilter = {
    ...(staff !== '' && { staffId: /^[1-9]\d{0,14}$/.test(staff) ? Number(staff) : 0 }),
    ...(isAuditKind(kind) && { kind }),
    ...(from.date !== null && { from: londonMidnight(from.date) }),
    ...(to.date !== null && { until: londonMidnightAfter(to.date) }),
  }
  return accepted(filter, values)
}
