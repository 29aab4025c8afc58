import { formatShortDate, formatShortInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { CheckboxesField, DataTable, Link, Page, Pagination, RadiosField, SelectField } from '../lib/view-model.ts'
import type { CaseloadPerson, EntryLeft } from './queries.ts'
import { type CaseloadChampion, overloaded, peopleInWords, sightOf } from './rules.ts'

export type CaseloadsPage = Page & { lead: string; table: DataTable; nobodys: Link }

/** Every champion with how many people they look after. */
export function presentCaseloads(champions: CaseloadChampion[]): CaseloadsPage {
  const tooMany = overloaded(champions)
  return {
    title: 'Caseloads',
    back: { href: '/service-users', text: 'Service users' },
    lead: 'Who looks after whom. A champion who is limited to a caseload sees these people and nobody else; an administrator sets that limit.',
    table: {
      caption: 'Champions by name',
      captionHidden: true,
      columns: [
        { text: 'Champion' },
        { text: 'Sees' },
        { text: 'On their caseload', numeric: true },
        { text: 'Planned in two weeks', numeric: true },
        { text: 'Load' },
      ],
      rows: champions.map((champion) => ({
        cells: [
          { text: champion.name, href: caseloadUrl(champion.id) },
          { text: sightOf(champion) },
          { text: String(champion.people), numeric: true },
          { text: String(champion.planned), numeric: true },
          tooMany.has(champion.id) ? { tag: { text: 'Many more than others', colour: 'orange' } } : { text: '' },
        ],
      })),
    },
    nobodys: { href: caseloadUrl(null), text: 'People on nobody’s caseload' },
  }
}

export type CaseloadPage = Page & {
  caption: string
  action: string
  key: string
  form: { people: CheckboxesField; who: RadiosField; to: SelectField } | null
  pagination: Pagination
  left: DataTable | null
  empty: { text: string; link: Link }
}

export interface CaseloadShown {
  /** null: the people on nobody's caseload. */
  champion: CaseloadChampion | null
  champions: CaseloadChampion[]
  list: PageOf<CaseloadPerson>
  left: EntryLeft[]
  key: string
  values?: Typed
  errors?: FieldError[]
}

/** One caseload: who is on it, and to whom they are handed over. */
export function presentCaseload(shown: CaseloadShown): CaseloadPage {
  const { champion, list, key, errors } = shown
  const url = caseloadUrl(champion?.id ?? null)
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl(url, cursor)
  return {
    title: champion ? `The caseload of ${champion.name}` : 'People on nobody’s caseload',
    caption: champion ? `${peopleInWords(champion.people)}. Sees: ${sightOf(champion).toLowerCase()}` : '',
    back: { href: '/caseloads', text: 'Caseloads' },
    errors,
    action: url,
    key,
    form: list.rows.length === 0 ? null : handoverFields(shown),
    pagination: {
      label: 'People',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    left: shown.left.length === 0 ? null : leftTable(shown.left),
    empty: {
      text: champion ? 'Nobody is on this caseload.' : 'Everybody is on somebody’s caseload.',
      link: { href: '/caseloads', text: 'All caseloads' },
    },
  }
}

function leftTable(entries: EntryLeft[]): DataTable {
  return {
    caption: 'Still in their diary with people of somebody else',
    captionSize: 'm',
    columns: [{ text: 'When' }, { text: 'With' }],
    rows: entries.map(({ id, starts_at, service_user }) => ({
      cells: [{ text: formatShortInstant(starts_at), href: `/diary/entries/${id}/move` }, { text: service_user }],
    })),
  }
}

function handoverFields({ champion, champions, list, values, errors }: CaseloadShown) {
  const fields = formFields({ values, errors })
  const people: CheckboxesField = {
    id: 'person',
    name: 'person',
    label: 'Who is handed over?',
    labelSize: 'm',
    values: (values?.person ?? '').split(' '),
    error: errors?.find(({ field }) => field === 'person')?.text,
    small: true,
    items: list.rows.map((person) => ({ value: person.id, text: person.name, hint: aboutPerson(person) })),
  }
  const all = champion ? `Everybody on this caseload (${champion.people})` : 'Everybody on nobody’s caseload'
  const who = fields.radios(
    'who',
    'How many of them?',
    [
      { value: 'ticked', text: 'Those ticked above' },
      { value: 'all', text: all, hint: 'Also those on other pages of this list' },
    ],
    { value: values?.who || 'ticked', small: true },
  )
  return { people, who, to: carerField(fields, champions, champion?.id ?? null) }
}

function aboutPerson({ date_of_birth: born, nhs_number: number }: CaseloadPerson): string {
  return [
    born === null ? 'Date of birth not known' : `Born ${formatShortDate(born)}`,
    number === null ? 'no NHS number' : `NHS number ${formatNhsNumber(number)}`,
  ].join(', ')
}

function carerField(fields: ReturnType<typeof formFields>, champions: CaseloadChampion[], now: number | null) {
  const others = champions.filter(({ id, is_gone }) => !is_gone && id !== now)
  return fields.select('to', 'Who looks after them from now on?', [
    { value: '', text: 'Choose a champion' },
    ...others.map((one) => ({ value: one.id, text: `${one.name}, ${peopleInWords(one.people)}` })),
    ...(now === null ? [] : [{ value: 'nobody', text: 'Nobody' }]),
  ])
}

export type CarerPage = Page & {
  caption: string
  lead: string
  action: string
  from: string
  key: string
  to: SelectField
  cancel: string
}

export interface CarerShown {
  person: { id: number; name: string }
  carer: { staff_id: number; name: string } | null
  champions: CaseloadChampion[]
  key: string
  values?: Typed
  errors?: FieldError[]
}

/** Who looks after one person from now on. */
export function presentCarer({ person, carer, champions, key, values, errors }: CarerShown): CarerPage {
  const url = `/service-users/${person.id}`
  return {
    title: 'Who looks after this person?',
    caption: person.name,
    lead: carer
      ? `${carer.name} does now. Their loans go along, as far as ${carer.name} looks after them.`
      : 'Nobody does now. Champions who see everybody see this person all the same.',
    back: { href: url, text: 'Back to the record' },
    errors,
    action: `${url}/champion`,
    from: carer === null ? 'nobody' : String(carer.staff_id),
    key,
    to: carerField(formFields({ values, errors }), champions, carer?.staff_id ?? null),
    cancel: url,
  }
}

export function caseloadUrl(staffId: number | null): string {
  return `/caseloads/${staffId ?? 'nobody'}`
}
