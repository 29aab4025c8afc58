import { categoryInSentence } from '../items/rules.ts'
import { formatDate, formatDue, formatInstant, formatLongDate, londonDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
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
import { modelOf } from '../models/rules.ts'
import { paragraphsOf } from './agreement-presenter.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { BorrowerAsked } from './lend-form.ts'
import type { FreeRow, LendableRow, TakenRow } from './lend-queries.ts'
import { presentReferralToMeet, type ReferralShown, type ReferralToMeet } from './referral-presenter.ts'
import { agreementWays, needsCharger, unsupportedBy } from './rules.ts'

export type WhoPage = Page & {
  /** Where who was chosen goes on. */
  url: string
  peopleUrl: string
  placeButton: string
  staffButton: string
  items: { name: string; value: number }[]
  search: InputField
  people: { heading: string; links: (Link & { hint: string })[]; more: string | null } | null
  ward: SelectField | null
  staff: SelectField | null
}

export interface PersonRow {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}

export interface WhoShown {
  itemIds: number[]
  /** Where who was chosen goes on, and what for, when it is not to lend. */
  purpose?: { url: string; verb: string; title: string; back: Link }
  wards: { id: number; name: string }[]
  staff: { id: number; name: string }[]
  search?: string
  /** Who was found; `areSimilar` when nobody has the name as it was typed, and these are close to it. */
  found?: { people: PersonRow[]; areSimilar: boolean; limit: number }
  errors?: FieldError[]
}

const lending = {
  url: '/loans/new',
  verb: 'Lend',
  title: 'Who is it for?',
  back: { href: '/loans', text: 'Loans' },
}

export function presentWho(shown: WhoShown): WhoPage {
  const { itemIds, wards, staff, search = '', found, errors = [], purpose = lending } = shown
  const fields = formFields({ values: { search }, errors })
  const choose = (text: string) => ({ value: '', text })
  const asOptions = (rows: { id: number; name: string }[]) => rows.map(({ id, name }) => ({ value: id, text: name }))
  return {
    title: purpose.title,
    errors,
    back: purpose.back,
    url: purpose.url,
    peopleUrl: `${purpose.url}/people`,
    placeButton: `${purpose.verb} to this place`,
    staffButton: `${purpose.verb} to this person`,
    items: itemIds.map((value) => ({ name: 'item', value })),
    search: fields.input('search', 'Name, NHS number or phone', {
      width: 20,
      spellcheck: 'false',
      autocomplete: 'off',
    }),
    people: found ? presentPeople(search, found, (id) => personUrl(purpose.url, id, itemIds)) : null,
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

function presentPeople(
  search: string,
  { people, areSimilar, limit }: NonNullable<WhoShown['found']>,
  urlOf: (id: number) => string,
): WhoPage['people'] {
  const isCut = people.length >= limit
  return {
    heading: foundWords(search, people.length, areSimilar),
    links: people.map((person) => ({
      href: urlOf(person.id),
      text: person.name,
      hint: whoTheyAre(person),
    })),
    more: isCut ? `Only the first ${limit} are shown. Type more of the name.` : null,
  }
}

function foundWords(search: string, count: number, areSimilar: boolean): string {
  if (count === 0) return `Nobody fits “${search}”. Check the spelling, or add them.`
  if (areSimilar) return `Nobody fits “${search}”. ${count === 1 ? 'This name is' : 'These names are'} close to it.`
  return count === 1 ? '1 person found' : `${count} people found`
}

/** Enough to tell two people of one name apart. */
export function whoTheyAre(person: Pick<PersonRow, 'date_of_birth' | 'nhs_number'>): string {
  const born = person.date_of_birth ? `Born ${formatDate(person.date_of_birth)}` : 'Date of birth not known'
  const number = person.nhs_number ? `, NHS number ${formatNhsNumber(person.nhs_number)}` : ''
  return `${born}${number}`
}

/** Who a loan with these items is for: the page to go back to. */
export function whoUrl(itemIds: number[], path = '/loans/new'): string {
  return itemIds.length === 0 ? path : `${path}?${itemIds.map((id) => `item=${id}`).join('&')}`
}

function personUrl(url: string, id: number, itemIds: number[]): string {
  return `${url}?service-user=${id}${itemIds.map((item) => `&item=${item}`).join('')}`
}

/** What stands in the way of one chosen item, and what could be lent in its place. */
export interface TakenNote {
  why: string
  loan: Link | null
  instead: { text: string; url: string }[]
  none: string | null
}

export type LendPage = Page & {
  heading: string
  who: string | null
  warning: string | null
  key: string
  borrower: { name: string; value: number }
  /** The incident that this loan makes good. */
  replaces: { incidentId: number; link: Link } | null
  /** The referral that this loan meets, with kits that suit it first. */
  referral: ReferralShown | null
  /** The review date the page came with, which tells a typed one from one nobody touched. */
  dueOffered: string
  chosen: { id: number; tag: string; what: string; removeUrl: string; taken: TakenNote | null }[]
  scan: InputField
  keep: RadiosField | null
  due: DateField | null
  agreement: RadiosField | null
  agreementText: { heading: string | null; text: string }[]
  withoutCharger: CheckboxesField | null
  unsupportedReason: TextareaField | null
  notes: TextareaField
  /** Not now: at a visit. Only for a person or a colleague. */
  visit: { day: DateField; time: InputField; place: InputField; isOpen: boolean } | null
  notice: string | null
}

export interface LendShown {
  key: string
  /** The incident that this loan makes good. */
  replaces: number | null
  referral: ReferralToMeet | null
  /** `who` tells a person from another of the same name; `warning` is what to know before lending to them. */
  borrower: BorrowerAsked & { name: string; who: string | null; warning: string | null }
  items: LendableRow[]
  values: Typed
  offered: string
  /** The day until which a device must get security updates. */
  supportedUntil: string
  agreement: { number: number; body: string } | undefined
  taken: TakenRow[]
  free: FreeRow[]
  today: string
  maySeeNames: boolean
  errors?: FieldError[]
  notice?: string
  /** One item after the other is being chosen, so that the next code may be scanned at once. */
  isChoosing?: boolean
  isPlanning?: boolean
}

export function presentLend(shown: LendShown): LendPage {
  const { borrower, items, values, errors = [] } = shown
  const fields = formFields({ values, errors })
  const isForWard = borrower.kind === 'ward'
  const due = fields.date('due', 'Review date', {
    hint: 'The day you talk about what happens next. A weekend or bank holiday moves to the next working day.',
  })
  return {
    title: 'Lend',
    heading: `Lend to ${borrower.name}`,
    who: borrower.who,
    warning: borrower.warning,
    errors,
    back: shown.referral
      ? { href: `/referrals/${shown.referral.id}`, text: 'Back to the referral' }
      : { href: whoUrl(items.map((item) => item.id)), text: 'Choose someone else' },
    key: shown.key,
    borrower: { name: borrower.kind, value: borrower.id },
    replaces: presentReplaces(shown.replaces),
    referral: presentReferralToMeet(shown.referral, borrower.id, items.length > 0),
    dueOffered: shown.offered,
    chosen: items.map((item) => presentChosen(item, shown)),
    scan: fields.input('scan', items.length === 0 ? 'Scan or type an item or a kit' : 'Add another item or kit', {
      hint: 'Asset tag, serial number, IMEI or SIM number',
      code: true,
      width: 20,
      autocomplete: 'off',
      spellcheck: 'false',
      autofocus: shown.isChoosing,
      ...(shown.notice && { describedBy: 'scan-notice' }),
    }),
    keep: isForWard ? null : keepField(fields, due),
    due: isForWard ? due : null,
    agreement: isForWard ? null : agreementField(fields, shown.agreement),
    agreementText: isForWard ? [] : paragraphsOf(shown.agreement?.body ?? ''),
    withoutCharger: chargerField(items, values, errors),
    unsupportedReason: supportField(fields, items, shown.supportedUntil),
    notes: fields.textarea('notes', 'Notes (optional)', { rows: 2, hint: 'Do not write about their health' }),
    visit: isForWard ? null : { ...visitFields(fields), isOpen: shown.isPlanning ?? false },
    notice: shown.notice ?? null,
  }
}

function visitFields(fields: Fields) {
  return {
    day: fields.date('visit', 'Day of the visit', {
      labelSize: 's',
      hint: 'The items are held for them from that day on.',
    }),
    time: fields.input('visit-time', 'Time (optional)', { width: 5, hint: 'Like 14:30', autocomplete: 'off' }),
    place: fields.input('visit-place', 'Where? (optional)', {
      hint: 'As it is printed on the packing list. Nothing about their health.',
      autocomplete: 'off',
    }),
  }
}

function presentReplaces(incidentId: number | null): LendPage['replaces'] {
  if (incidentId === null) return null
  return { incidentId, link: { href: `/incidents/${incidentId}`, text: `incident ${incidentId}` } }
}

function presentChosen(item: LendableRow, shown: LendShown): LendPage['chosen'][number] {
  const taken = shown.taken.find((row) => row.item_id === item.id)
  return {
    id: item.id,
    tag: item.tag,
    what: `${modelOf(item)}, ${categoryInSentence(item.category)}`,
    removeUrl: `/loans/new/items?remove=${item.id}`,
    taken: taken ? presentTaken(taken, shown) : null,
  }
}

type Fields = ReturnType<typeof formFields>

function keepField(fields: Fields, due: DateField): RadiosField {
  return fields.radios('keep', 'Do they bring it back?', [
    { value: 'loan', text: 'Yes, it is a loan', conditional: { dateInput: due } },
    { value: 'gift', text: 'No, it is theirs to keep', hint: 'It leaves the stock today' },
  ])
}

export function agreementField(fields: Fields, agreement: LendShown['agreement']): RadiosField {
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

export function chargerField(
  items: { category: string }[],
  values: Typed,
  errors: FieldError[],
): CheckboxesField | null {
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

function supportField(fields: Fields, items: LendableRow[], supportedUntil: string): TextareaField | null {
  const old = unsupportedBy(items, supportedUntil)
  if (old.length === 0) return null
  const which = old.map((item) => `${item.tag} gets security updates until ${formatDate(item.support_ends_on ?? '')}.`)
  return fields.textarea('unsupported-reason', 'Why lend a device whose security updates end?', {
    rows: 2,
    hint: which.join(' '),
  })
}

/** Why an item cannot be had: who has it, since when, until when; and what like it is free. */
function presentTaken(row: TakenRow, { free, today, maySeeNames }: LendShown): TakenNote {
  const alike = free.filter((item) => item.like_item_id === row.item_id)
  return {
    why: whyTaken(row, today, maySeeNames),
    loan:
      row.loan_id === null
        ? null
        : { href: `/loans/${row.loan_id}`, text: 'Open that loan', visuallyHiddenText: `of ${row.tag}` },
    instead: alike.map((item) => ({
      text: `Use ${item.tag} (${modelOf(item)}) instead`,
      url: `/loans/new/items?remove=${row.item_id}&add=${item.id}`,
    })),
    none: alike.length > 0 ? null : `No other ${categoryInSentence(row.category)} is free.`,
  }
}

export function whyTaken(row: TakenRow, today: string, maySeeNames: boolean): string {
  if (row.left_as !== null) return `${row.tag} is no longer ours.`
  const who = borrowerName(row, maySeeNames)
  if (!row.is_out) return `${row.tag} is planned for ${who || 'someone else'}${planWords(row)}.`
  const since = row.since ? ` since ${formatDate(londonDate(row.since))}` : ''
  if (row.kind === 'turnaround') return `${row.tag} came back and is being made ready${since}.`
  if (row.kind === 'repair') return `${row.tag} is in repair${since}.`
  return `${who || 'Someone'} has ${row.tag}${since}${untilWords(row, today)}.`
}

function planWords(row: TakenRow): string {
  const from = row.since ? ` from ${formatInstant(row.since)}` : ''
  if (row.due_on !== null) return `${from} until ${formatDate(row.due_on)}`
  return row.until ? `${from} until ${formatInstant(row.until)}` : from
}

/** A loan is due by a day, a booking by the minute. */
function untilWords(row: TakenRow, today: string): string {
  if (row.due_on === null) return row.until ? `, until ${formatInstant(row.until)}` : ''
  return row.due_on < today ? `, and is ${formatDue(row.due_on, today)}` : `, until ${formatDate(row.due_on)}`
}

/** When the review is, and why it is not on the day that was asked for. */
export function reviewSentence(asked: string, dueOn: string): string {
  if (asked === dueOn) return `The review is on ${formatLongDate(dueOn)}.`
  return `${formatLongDate(asked)} is not a working day, so the review is on ${formatLongDate(dueOn)}.`
}
