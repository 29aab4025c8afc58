import { formatDate, formatInstant, isDate } from '../lib/dates.ts'
import { formatPounds } from '../lib/money.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'

/**
 * What is kept beside an audit event, in lines for people: "Phone: was 07700 900001, now 07700 900002". A change is kept
 * as `{ old, new }`, each with the values that differ; whatever else is there is shown by its name. What is empty is
 * left out.
 */
export function detailLines(details: unknown): string[] {
  if (!isRecord(details)) return []
  const { old: before, new: after, ...rest } = details
  return [...changeLines(before, after), ...Object.entries(rest).flatMap(([key, value]) => valueLines(key, value))]
}

function changeLines(before: unknown, after: unknown): string[] {
  const old = isRecord(before) ? before : {}
  const now = isRecord(after) ? after : {}
  const keys = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...keys].flatMap((key) =>
    changeLine(key, asText(key, old[key]), asText(key, now[key]), Object.hasOwn(old, key)),
  )
}

function changeLine(key: string, before: string, after: string, isChange: boolean): string[] {
  if (before === after) return []
  const label = labelOf(key)
  if (!isChange) return [`${label}: ${after}`]
  if (before === '') return [`${label}: added, ${after}`]
  return [after === '' ? `${label}: taken out, was ${before}` : `${label}: was ${before}, now ${after}`]
}

function valueLines(key: string, value: unknown): string[] {
  if (isRecord(value)) return Object.entries(value).flatMap(([inner, entry]) => valueLines(`${key} ${inner}`, entry))
  const text = asText(key, value)
  return text === '' ? [] : [`${labelOf(key)}: ${text}`]
}

function asText(key: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return key.endsWith('_pence') ? formatPounds(value) : String(value)
  if (Array.isArray(value)) {
    const texts = value.map((entry) => asText(key, entry)).filter((text) => text !== '')
    return texts.join(', ')
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  if (isDate(value)) return formatDate(value)
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)$/.test(value))
    return formatInstant(value)
  return key === 'nhs_number' ? formatNhsNumber(value) : value
}

/** Short names that are written in capitals. */
const capitals = new Set(['nhs', 'imei', 'iccid', 'id', 'sim'])

/** `date_of_birth` and `dateOfBirth` alike: "Date of birth". */
function labelOf(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_pence$/, '')
    .toLowerCase()
    .split(/[_\s-]+/)
    .map((word) => (capitals.has(word) ? word.toUpperCase() : word))
  const label = words.join(' ')
  return label.charAt(0).toUpperCase() + label.slice(1)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
