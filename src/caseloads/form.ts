import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
} from '../lib/fields.ts'
import type { CaseloadHandover } from './rules.ts'

const NOBODY = 'nobody'

/** Reads whose caseload it is from an address: an id, or `nobody`; undefined where it is neither. */
export function caseloadAsked(text: unknown): number | null | undefined {
  if (text === NOBODY) return null
  return typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

/** Reads who goes to whose caseload. Those ticked, or everybody, as it was chosen. */
export function parseCaseloadHandover(body: unknown, from: number | null): Parsed<CaseloadHandover> {
  const ticked = fieldTexts(body, 'person').filter((text) => /^[1-9]\d{0,14}$/.test(text))
  const values: Typed = { ...typedValues(body, ['to', 'who']), person: ticked.join(' ') }
  const to = caseloadAsked(fieldText(body, 'to'))
  const isAll = values.who === 'all'
  const errors: FieldError[] = []
  if (!isAll && ticked.length === 0) errors.push({ field: 'person', text: 'Tick the people to hand over' })
  if (to === undefined) errors.push({ field: 'to', text: 'Choose who looks after them from now on' })
  else if (to === from) errors.push({ field: 'to', text: 'Choose somebody else: they are there already' })
  if (errors.length > 0 || to === undefined) return rejected(errors, values)
  return accepted({ from, to, personIds: isAll ? null : [...new Set(ticked.map(Number))] }, values)
}

/** Reads who looks after one person from now on. `from`: whoever did when the form was shown. */
export function parseCarer(body: unknown, personId: number): Parsed<CaseloadHandover> {
  const values = typedValues(body, ['to', 'from'])
  const from = caseloadAsked(values.from) ?? null
  const to = caseloadAsked(values.to)
  if (to === undefined) return rejected([{ field: 'to', text: 'Choose who looks after them from now on' }], values)
  if (to === from) return rejected([{ field: 'to', text: 'Choose somebody else: it is so already' }], values)
  return accepted({ from, to, personIds: [personId] }, values)
}
