import { modelName } from '../items/names-rules.ts'
import { categoryInSentence } from '../items/rules.ts'
import { formatDate, formatDue, formatInstant, londonDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateFieldValues, formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Link,
  Page,
  RadiosField,
  SelectField,
  TextareaField,
} from '../lib/view-model.ts'
import { paragraphsOf } from './agreement-presenter.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { BorrowerAsked } from './lend-form.ts'
import type { LendableRow, TakenRow } from './lend-queries.ts'
import { agreementWays, needsCharger, unsupportedBy } from './rules.ts'

export type WhoPage = Page & {
  items: { name: string; value: number }[]
  search: InputField
  people: { heading: string; links: (Link & { hint: string })[]; none: string | null } | null
  ward: SelectField | null
  staff: SelectField | null
}

export interface WhoShown {
  itemIds: number[]
  wards: { id: number; name: string }[]
  staff: { id: number; name: string }[]
  search?: string
  people?: { id: number; name: string; hint: string }[]
  errors?: FieldError[]
}

export function presentWho({ itemIds, wards, staff, search = '', people, errors = [] }: WhoShown): WhoPage {
  const fields = formFields({ values: { search }, errors })
  const choose = (text: string) => ({ value: '', text })
  const asOptions = (rows: { id: number; name: string }[]) => rows.map(({ id, name }) => ({ value: id, text: name }))
  return {
    title: 'Who is it for?',
    errors,
    back: { href: '/loans', text: 'Loans' },
    items: itemIds.map((value) => ({ name: 'item', value })),
    search: fields.input('search', 'Name, NHS number or phone', {
      width: 20,
      spellcheck: 'false',
      autocomplete: 'off',
    }),
    people: people ? presentPeople(people, itemIds) : null,
    ward:
      wards.length === 0
        ? null
        : fields.select('ward', 'Ward, team or hub', [choose('Choose a ward'), ...asOptions(wards)]),
    staff:
      staff.length === 0
        ? null
        : fields.select('staff', 'Member of staff', [choose('Choose a person'), ...asOptions(staff)]),
  }
}

/** Enough to tell two people of one name apart. */
export function presentPerson(person: {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}) {
  const born = person.date_of_birth ? `Born ${formatDate(person.date_of_birth)}` : 'Date of birth not known'
  const number = person.nhs_number ? `, NHS number ${formatNhsNumber(person.nhs_number)}` : ''
  return { id: person.id, name: person.name, hint: `${born}${number}` }
}

function presentPeople(people: { id: number; name: string; hint: string }[], itemIds: number[]): WhoPage['people'] {
  return {
    heading: people.length === 1 ? '1 person found' : `${people.length} people found`,
    links: people.map(({ id, name, hint }) => ({
      href: lendUrl({ kind: 'service-user', id }, itemIds),
      text: name,
      hint,
    })),
    none: people.length > 0 ? null : 'Nobody was found. Check the spelling, or add them as a new person.',
  }
}

export function lendUrl(borrower: BorrowerAsked, itemIds: number[]): string {
  const items = itemIds.map((id) => `&item=${id}`).join('')
  return `/loans/new?${borrower.kind}=${borrower.id}${items}`
}

export type LendPage = Page & {
  key: string
  borrower: { name: string; value: number }
  /** The review date the page came with, which tells a typed one from one nobody touched. */
  dueOffered: string
  chosen: { id: number; tag: string; what: string; removeUrl: string }[]
  scan: InputField
  keep: RadiosField | null
  due: DateField | null
  agreement: RadiosField | null
  agreementText: { heading: string | null; text: string }[]
  withoutCharger: CheckboxesField | null
  unsupportedReason: TextareaField | null
  notes: TextareaField
  notice: string | null
  taken: { tag: string; why: string; loan: Link | null; alike: string[] }[]
}

export interface LendShown {
  key: string
  borrower: BorrowerAsked & { name: string }
  items: LendableRow[]
  values: Typed
  defaultDueOn: string
  agreement: { number: number; body: string } | undefined
  errors?: FieldError[]
  notice?: string
  taken?: LendPage['taken']
}

export function presentLend(shown: LendShown): LendPage {
  const { borrower, items, errors = [], taken = [] } = shown
  const values = withDueDate(shown.values, shown.defaultDueOn)
  const fields = formFields({ values, errors })
  const isForWard = borrower.kind === 'ward'
  const due = fields.date('due', 'Review date', {
    hint: 'The day you talk about what happens next. A weekend or bank holiday moves to the next working day.',
  })
  return {
    title: `Lend to ${borrower.name}`,
    errors: [...errors, ...taken.map(({ tag }) => ({ text: `${tag} cannot be lent now` }))],
    back: { href: '/loans', text: 'Loans' },
    key: shown.key,
    borrower: { name: borrower.kind, value: borrower.id },
    dueOffered: shown.defaultDueOn,
    chosen: items.map((item) => ({
      id: item.id,
      tag: item.tag,
      what: `${modelName(item)}, ${categoryInSentence(item.category)}`,
      removeUrl: `/loans/new/items?remove=${item.id}`,
    })),
    scan: fields.input('scan', items.length === 0 ? 'Scan or type an item or a kit' : 'Add another item or kit', {
      hint: 'Asset tag, serial number, IMEI or SIM number',
      code: true,
      width: 20,
      autocomplete: 'off',
      spellcheck: 'false',
    }),
    keep: isForWard ? null : keepField(fields, due),
    due: isForWard ? due : null,
    agreement: isForWard ? null : agreementField(fields, shown.agreement),
    agreementText: isForWard ? [] : paragraphsOf(shown.agreement?.body ?? ''),
    withoutCharger: chargerField(items, values, errors),
    unsupportedReason: supportField(fields, items, shown.defaultDueOn, errors),
    notes: fields.textarea('notes', 'Notes (optional)', { rows: 2, hint: 'Do not write about their health' }),
    notice: shown.notice ?? null,
    taken,
  }
}

/** A review date nobody touched follows the items chosen; one that was typed stays as typed. */
function withDueDate(values: Typed, defaultDueOn: string): Typed {
  const offered = dateFieldValues('due', values['due-offered'] || null)
  const isTouched = Object.entries(offered).some(([name, value]) => (values[name] ?? '') !== value)
  return isTouched ? values : { keep: 'loan', ...values, ...dateFieldValues('due', defaultDueOn) }
}

type Fields = ReturnType<typeof formFields>

function keepField(fields: Fields, due: DateField): RadiosField {
  return fields.radios('keep', 'Do they bring it back?', [
    { value: 'loan', text: 'Yes, it is a loan', conditional: { dateInput: due } },
    { value: 'gift', text: 'No, it is theirs to keep', hint: 'It leaves the stock today' },
  ])
}

function agreementField(fields: Fields, agreement: LendShown['agreement']): RadiosField {
  const witness = fields.input('witness', 'Name of the witness', { width: 20, autocomplete: 'off' })
  return fields.radios(
    'agreement',
    'How did they accept the agreement?',
    [
      { value: 'paper', text: agreementWays.paper },
      { value: 'screen', text: agreementWays.screen },
      { value: 'spoken', text: agreementWays.spoken, conditional: { input: witness } },
    ],
    { hint: agreement ? `Version ${agreement.number}. You can read it below.` : undefined },
  )
}

function chargerField(items: LendableRow[], values: Typed, errors: FieldError[]): CheckboxesField | null {
  if (!needsCharger(items)) return null
  return {
    id: 'without-charger',
    name: 'without-charger',
    label: 'There is no charger with this device',
    hint: 'Add a charger above if you can. Without one it is soon no use.',
    error: errors.find((error) => error.field === 'without-charger')?.text,
    values: values['without-charger'] ? [values['without-charger']] : [],
    items: [{ value: 'yes', text: 'They have a charger that fits, or this is right for another reason' }],
  }
}

function supportField(fields: Fields, items: LendableRow[], dueOn: string, errors: FieldError[]): TextareaField | null {
  const old = unsupportedBy(items, dueOn)
  const isAsked = errors.some((error) => error.field === 'unsupported-reason')
  if (old.length === 0 && !isAsked) return null
  const which = old.map((item) => `${item.tag} gets security updates until ${formatDate(item.support_ends_on ?? '')}.`)
  return fields.textarea('unsupported-reason', 'Why lend a device whose security updates end?', {
    rows: 2,
    hint: which.join(' ') || undefined,
  })
}

/** Why each item cannot be had: who has it, since when, until when; and what like it is free. */
export function presentTaken(
  taken: TakenRow[],
  free: { tag: string; category: string; maker: string; model: string }[],
  today: string,
  maySeeNames: boolean,
): LendPage['taken'] {
  return taken.map((row) => ({
    tag: row.tag,
    why: whyTaken(row, today, maySeeNames),
    loan:
      row.loan_id === null
        ? null
        : { href: `/loans/${row.loan_id}`, text: 'Open that loan', visuallyHiddenText: `of ${row.tag}` },
    alike: free.filter((item) => item.category === row.category).map((item) => `${item.tag} (${modelName(item)})`),
  }))
}

export function whyTaken(row: TakenRow, today: string, maySeeNames: boolean): string {
  if (row.left_as !== null) return `${row.tag} is no longer ours.`
  const who = borrowerName(row, maySeeNames)
  const since = row.since ? ` since ${formatDate(londonDate(row.since))}` : ''
  if (!row.is_out) {
    const until = row.until ? ` until ${formatInstant(row.until)}` : ''
    return `${row.tag} is planned for ${who || 'someone else'} from ${formatInstant(row.since ?? '')}${until}.`
  }
  if (row.kind === 'turnaround') return `${row.tag} came back and is still being made ready.`
  if (row.kind === 'repair') return `${row.tag} is in repair${since}.`
  return `${who || 'Someone'} has ${row.tag}${since}${untilWords(row.due_on, today)}.`
}

function untilWords(dueOn: string | null, today: string): string {
  if (dueOn === null) return ''
  const isLate = dueOn < today
  return isLate ? `, and is ${formatDue(dueOn, today)}` : `, until ${formatDate(dueOn)}`
}
