import { formatDate, formatInstant, formatShortDate, formatShortInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  DataTable,
  DateField,
  Link,
  Page,
  Pagination,
  RadiosField,
  StateTag,
  SummaryRow,
  TextareaField,
} from '../lib/view-model.ts'
import type { FoundQuotation, QuotationRow, ShownWords } from './queries.ts'
import {
  agreements,
  type Listed,
  listed,
  MOST_WORDS,
  personsQuotationsUrl,
  quotationState,
  quotationStates,
  quotationsUrl,
  quotationUrl,
  quotedLines,
  speakers,
  wordsUrl,
} from './rules.ts'

export type PersonsQuotationsPage = Page & {
  name: string
  table: DataTable | null
  /** Null where nobody is left to ask. */
  form: {
    action: string
    key: string
    words: TextareaField
    speaker: RadiosField
    agreed: DateField
    how: RadiosField
  } | null
}

export interface PersonsQuotationsShown extends FormShown {
  person: { id: number; name: string; state: string }
  quotations: QuotationRow[]
  key: string
}

/** What somebody said and agreed to have shown, and the form for more. */
export function presentPersonsQuotations(shown: PersonsQuotationsShown): PersonsQuotationsPage {
  const { person, quotations, key, values, errors } = shown
  const field = formFields({ values, errors })
  return {
    title: 'Words that may be shown',
    name: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the person' },
    errors,
    table: quotations.length === 0 ? null : quotationsTable('What was said', quotations),
    form:
      person.state === 'died'
        ? null
        : {
            action: personsQuotationsUrl(person),
            key,
            words: field.textarea('words', 'The words, as they were said', {
              ...{ rows: 4, maxlength: MOST_WORDS, spellcheck: 'false' },
              hint: 'Leave out names, places and anything else that tells who spoke',
            }),
            speaker: field.radios(
              'speaker',
              'Whose words are they?',
              optionsOf(speakers, ({ asked }) => asked),
            ),
            agreed: field.date('agreed', 'On which day did they agree that the words are shown?'),
            how: field.radios(
              'how',
              'How did they agree?',
              optionsOf(agreements, (text) => text),
            ),
          },
  }
}

function optionsOf<Words>(words: Record<string, Words>, textOf: (words: Words) => string) {
  return Object.entries(words).map(([value, one]) => ({ value, text: textOf(one) }))
}

function quotationsTable(caption: string, quotations: QuotationRow[]): DataTable {
  return {
    caption,
    captionHidden: true,
    columns: ['What to open', 'Words', 'Agreed', 'Written down', 'State'].map((text) => ({ text })),
    rows: quotations.map((one) => ({
      cells: [
        { text: `Words ${one.id}`, href: quotationUrl(one) },
        { text: one.words === '' ? 'Gone' : quotedLines(one.words).join(' '), hint: speakers[one.speaker].shown },
        { text: formatShortDate(one.agreed_on), hint: agreements[one.agreed_how] },
        { text: formatShortInstant(one.written_at), hint: one.writer },
        { tag: quotationStates[quotationState(one)] },
      ],
    })),
  }
}

export type QuotationsPage = Page & {
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint: string }
}

const tabWords: Record<Listed, { tab: string; none: string }> = {
  waiting: { tab: 'To read', none: 'Nothing waits to be read.' },
  approved: { tab: 'Approved', none: 'Nothing is approved.' },
  refused: { tab: 'Refused', none: 'Nothing is refused.' },
}

/** What information governance reads before anybody outside does. */
export function presentQuotations({ list, show }: { list: PageOf<QuotationRow>; show: Listed }): QuotationsPage {
  const urlOf = (one: Listed, cursor: { after?: string; before?: string } = {}) =>
    listUrl(quotationsUrl, { ...(one !== 'waiting' && { show: one }), ...cursor })
  return {
    title: 'People’s words',
    tabs: listed.map((one) => ({ href: urlOf(one), text: tabWords[one].tab, current: one === show })),
    table: list.rows.length === 0 ? null : quotationsTable('People’s words', list.rows),
    pagination: {
      label: 'People’s words',
      ...(list.previous && { previous: urlOf(show, { before: list.previous }) }),
      ...(list.next && { next: urlOf(show, { after: list.next }) }),
    },
    empty: { text: tabWords[show].none, hint: 'A champion writes words down on the page of whoever said them.' },
  }
}

export type QuotationPage = Page & {
  state: StateTag
  lines: string[]
  about: SummaryRow[]
  /** Why whoever asks does not decide, where somebody has to. */
  notYours: string | null
  approve: { action: string; key: string } | null
  refuse: { action: string; key: string; because: TextareaField } | null
  takeBack: { action: string; key: string } | null
}

export interface QuotationShown extends FormShown {
  quotation: FoundQuotation
  mayDecide: boolean
  staffId: number
  key: string
  problem?: string
}

/** Somebody's words, and what can be decided about them. The name stands in the page and not in its title, which browsers keep. */
export function presentQuotation(shown: QuotationShown): QuotationPage {
  const { quotation, mayDecide, staffId, key, values, errors = [], problem } = shown
  const url = quotationUrl(quotation)
  const state = quotationState(quotation)
  const isOwn = quotation.written_by === staffId
  const decides = state === 'waiting' && mayDecide && !isOwn
  const back = mayDecide
    ? { href: quotationsUrl, text: 'People’s words' }
    : { href: personsQuotationsUrl({ id: quotation.service_user_id }), text: 'What this person said' }
  return {
    title: `Words ${quotation.id}`,
    back,
    errors: problem === undefined ? errors : [{ field: 'state', text: problem }, ...errors],
    state: quotationStates[state],
    lines: state === 'taken-back' ? ['The words were taken back, and are gone.'] : quotedLines(quotation.words),
    about: aboutRows(quotation),
    notYours:
      state === 'waiting' && mayDecide && isOwn ? 'You wrote these words down, so somebody else reads them.' : null,
    approve: decides && !quotation.has_died ? { action: `${url}/approval`, key } : null,
    refuse: decides
      ? {
          action: `${url}/refusal`,
          key,
          because: formFields({ values, errors }).textarea('because', 'Why are they not shown?', {
            ...{ rows: 3, maxlength: MOST_WORDS },
            hint: 'Whoever wrote them down reads this',
          }),
        }
      : null,
    takeBack: state === 'taken-back' ? null : { action: `${url}/taking-back`, key },
  }
}

function aboutRows(quotation: FoundQuotation): SummaryRow[] {
  const { service_user, service_user_id, decided_at, decider, taken_back_at, refused_because } = quotation
  const decided = quotation.decision === 'approved' ? 'Approved' : 'Refused'
  const rows: (SummaryRow | null)[] = [
    service_user === null
      ? { key: 'About', value: `Service user ${service_user_id}` }
      : { key: 'About', value: service_user, href: `/service-users/${service_user_id}` },
    { key: 'Whose words', value: speakers[quotation.speaker].shown },
    { key: 'Agreed', value: `${formatDate(quotation.agreed_on)}. ${agreements[quotation.agreed_how]}` },
    { key: 'Written down', value: `${formatInstant(quotation.written_at)} by ${quotation.writer}` },
    decided_at === null ? null : { key: decided, value: `${formatInstant(decided_at)} by ${decider ?? ''}` },
    refused_because === '' ? null : { key: 'Why they are not shown', lines: refused_because.split('\n') },
    taken_back_at === null ? null : { key: 'Taken back', value: formatInstant(taken_back_at) },
    quotation.has_died ? { key: 'Shown', value: 'To nobody: the person has died and cannot be asked' } : null,
  ]
  return rows.filter((row) => row !== null)
}

export type ShownWordsPage = Page & {
  quotations: { lines: string[]; speaker: string }[]
  pagination: Pagination
}

/** What people said, for those who pay for the service: the words, and nothing by which whoever spoke could be known. */
export function presentShownWords(list: PageOf<ShownWords>): ShownWordsPage {
  return {
    title: 'What people say',
    back: { href: '/reports', text: 'Reports' },
    quotations: list.rows.map(({ words, speaker }) => ({
      lines: quotedLines(words),
      speaker: speakers[speaker].shown,
    })),
    pagination: {
      label: 'What people say',
      ...(list.previous && { previous: listUrl(wordsUrl, { before: list.previous }) }),
      ...(list.next && { next: listUrl(wordsUrl, { after: list.next }) }),
    },
  }
}
