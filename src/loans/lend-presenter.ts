import { categoryInSentence } from '../items/rules.ts'
import { formatDate, formatLongDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Link,
  Page,
  RadiosField,
  TextareaField,
} from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { paragraphsOf } from './agreement-presenter.ts'
import type { BorrowerAsked } from './lend-form.ts'
import type { FreeRow, LendableRow, TakenRow } from './lend-queries.ts'
import { presentReferralToMeet, type ReferralShown, type ReferralToMeet } from './referral-presenter.ts'
import { agreementWays, needsCharger, unsupportedBy } from './rules.ts'
import { presentTaken, type TakenNote } from './taken-presenter.ts'
import { whoUrl } from './who-presenter.ts'

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

/** When the review is, and why it is not on the day that was asked for. */
export function reviewSentence(asked: string, dueOn: string): string {
  if (asked === dueOn) return `The review is on ${formatLongDate(dueOn)}.`
  return `${formatLongDate(asked)} is not a working day, so the review is on ${formatLongDate(dueOn)}.`
}
