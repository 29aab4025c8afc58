import { formatDate, formatInstant, formatShortDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DataTable,
  DateField,
  InputField,
  Page,
  PasswordField,
  RadiosField,
  SelectField,
  SummaryRow,
} from '../lib/view-model.ts'
import { categoryName } from '../models/rules.ts'
import type { FoundRestriction, RestrictionRow, RestrictionsOfPerson } from './queries.ts'
import { kindsInWords, permitLengths, restrictable, restrictionsUrl, restrictionUrl } from './rules.ts'

export type RestrictionsPage = Page & {
  name: string
  open: DataTable | null
  permits: DataTable | null
  past: DataTable | null
  form: { action: string; key: string; kinds: CheckboxesField; words: InputField; review: DateField }
  permit: {
    action: string
    key: string
    lead: string
    tag: InputField
    why: InputField
    length: RadiosField
    signer: SelectField
    pin: PasswordField
  } | null
  /** Why nobody can let something through now, where something is kept from them. */
  noPermit: string | null
}

export interface RestrictionsShown extends RestrictionsOfPerson {
  person: { id: number; name: string }
  today: string
  back: string
  maySign: boolean
  /** Which of the two forms was sent, and what was typed there. */
  written?: FormShown
  signed?: FormShown
  key: string
}

/** What is kept from somebody, the form for more, and the form that the nurse in charge signs. */
export function presentRestrictions(shown: RestrictionsShown): RestrictionsPage {
  const { person, today, written = {}, signed = {}, key, open } = shown
  const field = formFields(written)
  const isSigning = shown.maySign && open.length > 0
  return {
    title: 'Devices and the care plan',
    name: person.name,
    back: { href: shown.back, text: 'Back to the person' },
    errors: [...(written.errors ?? []), ...(signed.errors ?? [])],
    open: openTable(open, today),
    permits: permitsTable(shown.permits),
    past: pastTable(shown.past),
    form: {
      action: restrictionsUrl(person),
      key,
      kinds: {
        id: 'kind',
        name: 'kind',
        label: 'What does the care plan keep from them?',
        labelSize: 's',
        values: (written.values?.kind ?? '').split(' '),
        items: restrictable.map((value) => ({ value, text: categoryName(value) })),
        small: true,
        ...errorAt(written, 'kind'),
      },
      words: field.input('words', 'What do staff have to know?', {
        hint: 'For example, in the lounge with staff beside them. The reason stays in the care plan',
        autocomplete: 'off',
      }),
      review: field.date('review', 'When is it looked at again?', {
        hint: 'Within a year. It holds until somebody ends it',
      }),
    },
    permit: isSigning && shown.signers.length > 0 ? permitForm(shown, signed) : null,
    noPermit: isSigning && shown.signers.length === 0 ? whyNobodySigns(shown) : null,
  }
}

function permitForm({ person, wards, signers, key }: RestrictionsShown, signed: FormShown): RestrictionsPage['permit'] {
  const field = formFields(signed)
  return {
    action: `${restrictionsUrl(person)}/permits`,
    key,
    lead: `The nurse in charge of ${wards[0]?.name ?? 'the ward'} may let them have one thing all the same.`,
    tag: field.input('tag', 'Tag of the item', { autocomplete: 'off', spellcheck: 'false' }),
    why: field.input('why', 'Why may they have it?', { autocomplete: 'off' }),
    length: field.radios(
      'length',
      'For how long?',
      permitLengths.map(({ value, text }) => ({ value, text })),
    ),
    signer: field.select('signer', 'Who is in charge and signs?', [
      { value: '', text: 'Choose a member of staff' },
      ...signers.map(({ id, name }) => ({ value: id, text: name })),
    ]),
    pin: {
      id: 'pin',
      name: 'pin',
      label: 'Their PIN',
      hint: 'They type it themselves',
      inputmode: 'numeric',
      autocomplete: 'off',
      ...errorAt(signed, 'pin'),
    },
  }
}

function whyNobodySigns({ wards }: RestrictionsShown): string {
  const [ward] = wards
  if (!ward) return 'They are on no ward, so no nurse in charge can let something through. Change what is written here.'
  return `Nobody of ${ward.name} has a PIN yet. Whoever is to sign chooses one on the page of their account.`
}

function errorAt({ errors = [] }: FormShown, id: string): { error?: string } {
  const found = errors.find(({ field }) => field === id)
  return found ? { error: found.text } : {}
}

function openTable(open: RestrictionRow[], today: string): DataTable | null {
  if (open.length === 0) return null
  return {
    caption: 'Kept from them now',
    columns: [{ text: 'What' }, { text: 'What staff have to know' }, { text: 'Looked at again' }],
    rows: open.map((one) => ({
      cells: [
        { text: `No ${kindsInWords(one.categories)}`, href: restrictionUrl(one) },
        { text: one.words, hint: `Written down by ${one.writer} on ${formatInstant(one.written_at)}` },
        {
          text: formatShortDate(one.review_on),
          ...(one.review_on <= today && { tag: { text: 'Look at it now', colour: 'red' as const } }),
        },
      ],
    })),
  }
}

function permitsTable(permits: RestrictionsOfPerson['permits']): DataTable | null {
  if (permits.length === 0) return null
  return {
    caption: 'Signed for by the nurse in charge',
    columns: [{ text: 'Item' }, { text: 'Why' }, { text: 'Signed by' }, { text: 'Until' }],
    rows: permits.map((permit) => ({
      cells: [
        { text: permit.tag },
        { text: permit.because },
        { text: permit.signer, ...(permit.asker !== permit.signer && { hint: `at the screen of ${permit.asker}` }) },
        { text: formatInstant(permit.until) },
      ],
    })),
  }
}

function pastTable(past: RestrictionRow[]): DataTable | null {
  if (past.length === 0) return null
  return {
    caption: 'Kept from them before',
    columns: [{ text: 'What' }, { text: 'Ended' }, { text: 'Why it ended' }],
    rows: past.map((one) => ({
      cells: [
        { text: `No ${kindsInWords(one.categories)}`, hint: one.words },
        { text: one.ended_at === null ? '' : formatInstant(one.ended_at), hint: `by ${one.ender ?? 'somebody'}` },
        { text: one.ended_because },
      ],
    })),
  }
}

export type RestrictionPage = Page & {
  name: string
  about: SummaryRow[]
  /** null: it has ended, and nothing is left to do. */
  review: { action: string; version: number; next: DateField } | null
  ending: { action: string; version: number; because: InputField } | null
}

export interface RestrictionShown {
  restriction: FoundRestriction
  version: number
  /** What was in the way of what was sent. */
  problem?: string
  reviewed?: { values: Typed; errors: NonNullable<FormShown['errors']> }
  ended?: { values: Typed; errors: NonNullable<FormShown['errors']> }
}

/** One restriction: whether it still holds. */
export function presentRestriction({
  restriction,
  version,
  problem,
  reviewed,
  ended,
}: RestrictionShown): RestrictionPage {
  const url = restrictionUrl(restriction)
  const isOpen = restriction.ended_at === null
  return {
    title: 'Does this still hold?',
    name: restriction.name,
    back: { href: restrictionsUrl({ id: restriction.service_user_id }), text: 'Devices and the care plan' },
    errors: [...(problem ? [{ text: problem }] : []), ...(reviewed?.errors ?? []), ...(ended?.errors ?? [])],
    about: aboutRows(restriction),
    review: isOpen
      ? {
          action: `${url}/review`,
          version,
          next: formFields(reviewed ?? {}).date('next', 'When is it looked at next?', { hint: 'Within a year' }),
        }
      : null,
    ending: isOpen
      ? {
          action: `${url}/end`,
          version,
          because: formFields(ended ?? {}).input('because', 'What has changed in the care plan?', {
            hint: 'For example, the team agreed on Monday that they may have their phone again',
            autocomplete: 'off',
          }),
        }
      : null,
  }
}

function aboutRows(restriction: FoundRestriction): SummaryRow[] {
  const { categories, words, writer, written_at, review_on, reviewer, reviewed_at, ender, ended_at } = restriction
  return [
    { key: 'Kept from them', value: `No ${kindsInWords(categories)}` },
    { key: 'What staff have to know', value: words },
    { key: 'Written down', value: `${formatInstant(written_at)}, by ${writer}` },
    ...(reviewed_at === null
      ? []
      : [{ key: 'Last looked at', value: `${formatInstant(reviewed_at)}, by ${reviewer ?? 'somebody'}` }]),
    { key: 'Looked at again', value: formatDate(review_on) },
    ...(ended_at === null
      ? []
      : [
          { key: 'Ended', lines: [`${formatInstant(ended_at)}, by ${ender ?? 'somebody'}`, restriction.ended_because] },
        ]),
  ]
}
