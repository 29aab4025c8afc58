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
import { dateFieldNames, dateFieldValues } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { parseTypedDate } from '../lib/typed-dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import type { Visit } from '../visits/rules.ts'
import { readVisit, visitFields } from '../visits/visit-rules.ts'
import { type AgreementWay, dueDateProblem, isAgreementWay, MOST_ITEMS, needsCharger, unsupportedBy } from './rules.ts'

export type BorrowerKind = 'service-user' | 'ward' | 'staff'

export interface BorrowerAsked {
  kind: BorrowerKind
  id: number
}

const borrowerKinds: BorrowerKind[] = ['service-user', 'ward', 'staff']

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
  return [...new Set(ids.filter((id) => id !== null))]
}

/** The incident whose lost items this loan replaces; null for any other loan. */
export function replacesAsked(source: unknown): number | null {
  return idOf(fieldText(source, 'incident'))
}

/** The referral that this loan is made for; null for any other loan. */
export function referralAsked(source: unknown): number | null {
  return idOf(fieldText(source, 'referral'))
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
  'incident',
  'referral',
  ...visitFields,
]

export function lendValues(body: unknown): Typed {
  return typedValues(body, fields)
}

/** A review date nobody touched follows the items chosen; one that was typed stays as typed. */
export function withDueOffered(values: Typed, offered: string): Typed {
  const before = dateFieldValues('due', values['due-offered'] || null)
  const isTouched = Object.entries(before).some(([name, value]) => (values[name] ?? '') !== value)
  return isTouched ? values : { keep: 'loan', ...values, ...dateFieldValues('due', offered) }
}

/**
 * The working day the review lands on as the form stands, finished or not: null for a gift, the offered day where none
 * can be read.
 */
export function dueAsked(values: Typed, kind: BorrowerKind, offered: string): string | null {
  return isGift(values, kind) ? null : nextWorkingDay(parseTypedDate(datePartsOf(values)).value ?? offered)
}

function isGift(values: Typed, kind: BorrowerKind): boolean {
  return kind !== 'ward' && values.keep === 'gift'
}

function datePartsOf(values: Typed) {
  return { day: values['due-day'], month: values['due-month'], year: values['due-year'] }
}

export interface LendForm {
  /** null: a gift. */
  dueOn: string | null
  agreement: { way: AgreementWay; witness: string | null } | null
  withoutCharger: boolean
  unsupportedReason: string | null
  notes: string
}

/** A loan that is handed over later. */
export type PlanForm = LendForm & { visit: Visit }

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
  const due = isGift(values, kind) ? { date: null } : readDue(values, today)
  const errors: FieldError[] = [
    ...countErrors(items.length),
    ...deviceErrors(values, items, due.date === null ? today : nextWorkingDay(due.date)),
    ...(due.error ? [due.error] : []),
    ...(kind === 'ward' ? [] : agreementErrors(values)),
    ...(isLongerThan(values.notes ?? '', 2000)
      ? [{ field: 'notes', text: 'Notes must be 2,000 characters or less' }]
      : []),
  ]
  if (errors.length > 0) return rejected(errors, values)
  return accepted(
    {
      dueOn: due.date,
      agreement: kind === 'ward' ? null : agreementOf(values),
      withoutCharger: values['without-charger'] === 'yes',
      unsupportedReason: cleanLine(values['unsupported-reason']) || null,
      notes: cleanText(values.notes),
    },
    values,
  )
}

/**
 * Reads a loan that is handed over at a visit to come. How they accept the agreement is asked when they get it, and what is
 * given to keep, or goes to a ward, is handed over at once.
 */
export function parsePlan(body: unknown, kind: BorrowerKind, items: ChosenItem[], today: string): Parsed<PlanForm> {
  const values = lendValues(body)
  const errors: FieldError[] = []
  const visit = readVisit(values, today, errors)
  if (kind === 'ward') errors.push({ field: 'visit', text: 'What goes to a ward is lent when it gets there' })
  if (isGift(values, kind))
    errors.push({ field: 'keep', text: 'Only a loan can be handed over later. Give it once they have it' })
  const form = parseLend({ ...toRecord(body), keep: 'loan', agreement: 'paper' }, kind, items, visit?.day ?? today)
  const found = (form.errors ?? []).map((error) => (error.field === 'due' && visit ? afterVisit(error) : error))
  if (!visit || !form.value || errors.length > 0) return rejected([...errors, ...found], values)
  return accepted({ ...form.value, agreement: null, visit }, values)
}

function afterVisit(error: FieldError): FieldError {
  return { ...error, text: error.text.replace('after today', 'after the day of the visit') }
}

function toRecord(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

function countErrors(count: number): FieldError[] {
  if (count === 0) return [{ field: 'scan', text: 'Scan or type at least one item' }]
  if (count <= MOST_ITEMS) return []
  return [{ field: 'scan', text: `There are ${count} items. Lend ${MOST_ITEMS} at most, and the rest in another loan` }]
}

function readDue(values: Typed, today: string): { date: string | null; error?: FieldError } {
  const read = parseTypedDate(datePartsOf(values), 'Review date')
  if (read.error) {
    const part = read.error.parts[0] ?? 'day'
    return { date: null, error: { field: part === 'day' ? 'due' : `due-${part}`, text: read.error.text } }
  }
  const problem = dueDateProblem(read.value, today)
  return problem ? { date: null, error: { field: 'due', text: problem } } : { date: read.value }
}

/** What is wrong with how the agreement was accepted. */
export function agreementErrors(values: Typed): FieldError[] {
  if (!isAgreementWay(values.agreement ?? ''))
    return [{ field: 'agreement', text: 'Choose how they accepted the agreement' }]
  if (values.agreement !== 'spoken') return []
  const witness = cleanLine(values.witness)
  if (witness === '') return [{ field: 'witness', text: 'Enter the name of the witness' }]
  return isLongerThan(witness, 200)
    ? [{ field: 'witness', text: 'Name of the witness must be 200 characters or less' }]
    : []
}

export function agreementOf(values: Typed): LendForm['agreement'] {
  const way = values.agreement as AgreementWay
  return { way, witness: way === 'spoken' ? cleanLine(values.witness) : null }
}

/** `supportedUntil`: the review, or for a gift today. */
function deviceErrors(values: Typed, items: ChosenItem[], supportedUntil: string): FieldError[] {
  const errors: FieldError[] = []
  if (needsCharger(items) && values['without-charger'] !== 'yes') {
    errors.push({ field: 'without-charger', text: 'Add a charger, or confirm that they have one' })
  }
  const old = unsupportedBy(items, supportedUntil)
  const reason = cleanLine(values['unsupported-reason'])
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
