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
import { dateFieldNames } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { parseTypedDate } from '../lib/typed-dates.ts'
import { type AgreementWay, dueDateProblem, isAgreementWay, needsCharger, unsupportedBy } from './rules.ts'

export type BorrowerKind = 'service-user' | 'ward' | 'staff'

export interface BorrowerAsked {
  kind: BorrowerKind
  id: number
}

const borrowerKinds: BorrowerKind[] = ['service-user', 'ward', 'staff']
const MOST_ITEMS = 40

/** Who the loan is to, from a form or from the address; null when nobody was chosen. */
export function borrowerAsked(source: unknown): BorrowerAsked | null {
  for (const kind of borrowerKinds) {
    const id = idOf(fieldText(source, kind))
    if (id !== null) return { kind, id }
  }
  return null
}

/** The items chosen so far, each once. */
export function itemIdsOf(source: unknown): number[] {
  const ids = fieldTexts(source, 'item').map(idOf)
  return [...new Set(ids.filter((id) => id !== null))].slice(0, MOST_ITEMS)
}

function idOf(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

const fields = [
  'scan',
  'keep',
  ...dateFieldNames('due'),
  'due-offered',
  'agreement',
  'witness',
  'without-charger',
  'unsupported-reason',
  'notes',
]

export function lendValues(body: unknown): Typed {
  return typedValues(body, fields)
}

export interface LendForm {
  isGift: boolean
  dueOn: string | null
  agreement: { way: AgreementWay; witness: string | null } | null
  withoutCharger: boolean
  unsupportedReason: string | null
  notes: string
}

interface ChosenItem {
  tag: string
  category: string
  support_ends_on: string | null
}

/**
 * Reads the lend form against the items it is for. A ward needs no agreement and is given nothing to keep; for anyone
 * else the way the agreement was accepted is asked. Gives every mistake at once, each at its field.
 */
export function parseLend(body: unknown, kind: BorrowerKind, items: ChosenItem[], today: string): Parsed<LendForm> {
  const values = lendValues(body)
  const isGift = kind !== 'ward' && values.keep === 'gift'
  const due = isGift ? { date: null } : readDue(values, today)
  const errors: FieldError[] = [
    ...(items.length === 0 ? [{ field: 'scan', text: 'Scan or type at least one item' }] : []),
    ...(due.error ? [due.error] : []),
    ...(kind === 'ward' ? [] : agreementErrors(values)),
    ...deviceErrors(values, items, due.date),
    ...(isLongerThan(values.notes ?? '', 2000)
      ? [{ field: 'notes', text: 'Notes must be 2,000 characters or less' }]
      : []),
  ]
  if (errors.length > 0) return rejected(errors, values)
  return accepted(
    {
      isGift,
      dueOn: due.date,
      agreement: kind === 'ward' ? null : agreementOf(values),
      withoutCharger: values['without-charger'] === 'yes',
      unsupportedReason: cleanLine(values['unsupported-reason'] ?? '') || null,
      notes: cleanText(values.notes ?? ''),
    },
    values,
  )
}

function readDue(values: Typed, today: string): { date: string | null; error?: FieldError } {
  const parts = { day: values['due-day'], month: values['due-month'], year: values['due-year'] }
  const read = parseTypedDate(parts, 'Review date')
  if (read.error) {
    const part = read.error.parts[0] ?? 'day'
    return { date: null, error: { field: part === 'day' ? 'due' : `due-${part}`, text: read.error.text } }
  }
  const problem = dueDateProblem(read.value, today)
  return problem ? { date: null, error: { field: 'due', text: problem } } : { date: read.value }
}

function agreementErrors(values: Typed): FieldError[] {
  if (!isAgreementWay(values.agreement ?? ''))
    return [{ field: 'agreement', text: 'Choose how they accepted the agreement' }]
  if (values.agreement !== 'spoken') return []
  if ((values.witness ?? '') === '') return [{ field: 'witness', text: 'Enter the name of the witness' }]
  return isLongerThan(values.witness ?? '', 200)
    ? [{ field: 'witness', text: 'Name of the witness must be 200 characters or less' }]
    : []
}

function agreementOf(values: Typed): LendForm['agreement'] {
  const way = values.agreement as AgreementWay
  return { way, witness: way === 'spoken' ? cleanLine(values.witness ?? '') : null }
}

function deviceErrors(values: Typed, items: ChosenItem[], dueOn: string | null): FieldError[] {
  const errors: FieldError[] = []
  if (needsCharger(items) && values['without-charger'] !== 'yes') {
    errors.push({ field: 'without-charger', text: 'Add a charger, or confirm that they have one' })
  }
  const old = dueOn === null ? [] : unsupportedBy(items, dueOn)
  const reason = values['unsupported-reason'] ?? ''
  if (old.length > 0 && reason === '') {
    errors.push({
      field: 'unsupported-reason',
      text: `Say why you lend ${old.map((item) => item.tag).join(' and ')} although its security updates end`,
    })
  }
  if (isLongerThan(reason, 500))
    errors.push({ field: 'unsupported-reason', text: 'The reason must be 500 characters or less' })
  return errors
}
