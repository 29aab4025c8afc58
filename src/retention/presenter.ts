import { formatDate, formatInstant, formatShortDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { DataTable, InputField, Link, Page, SummaryRow, TextareaField } from '../lib/view-model.ts'
import { stateText } from '../service-users/words-rules.ts'
import type { Hold, LastRun, NamedPersonKept, PersonOfRecord } from './queries.ts'
import { becauseText, keptUntil, obstacleTexts, type Periods, periodKinds, printOfPeriods } from './rules.ts'

export type RetentionPage = Page & {
  lead: string
  lastRun: string
  tabs: (Link & { current: boolean })[]
  periods: SummaryRow[] | null
  table: DataTable | null
  isCut: boolean
  empty: { text: string; hint?: string }
}

const views = { coming: 'Coming up', held: 'Held', periods: 'How long' } as const
export type RetentionView = keyof typeof views

export function isRetentionView(text: string): text is RetentionView {
  return Object.hasOwn(views, text)
}

interface Shown {
  view: RetentionView
  periods: Periods
  people: NamedPersonKept[]
  holds: Hold[]
  lastRun: LastRun | undefined
  /** As far as it is looked ahead, and today. */
  until: string
  today: string
  most: number
}

/** What is kept no longer tonight and in the months to come, what is held, and how long is what. */
export function presentRetention({ view, periods, people, holds, lastRun, until, today, most }: Shown): RetentionPage {
  const coming = comingRows(people, periods, { until, today })
  return {
    title: 'Retention',
    lead: 'Each night everything personal is taken out of records that are kept no longer. What happened stays, so every count stays true.',
    lastRun: lastRunText(lastRun),
    tabs: (Object.keys(views) as RetentionView[]).map((name) => ({
      href: name === 'coming' ? '/retention' : `/retention?show=${name}`,
      text: views[name],
      current: name === view,
    })),
    periods: view === 'periods' ? periodRows(periods) : null,
    table: view === 'coming' ? comingTable(coming.slice(0, most)) : view === 'held' ? heldTable(holds) : null,
    isCut: view === 'coming' ? coming.length > most : view === 'held' && holds.length >= most,
    empty:
      view === 'held'
        ? { text: 'Nothing is held.', hint: 'A record is held from its own page: open it with a reason first.' }
        : { text: `No record is emptied before ${formatDate(until)}.` },
  }
}

function lastRunText(run: LastRun | undefined): string {
  if (!run) return 'This has not run yet. It runs at night, where the service was given the role that empties records.'
  const { people_count: people, message_count: messages, request_count: requests } = run
  const parts = [
    counted(people, 'record', 'records'),
    `the words of ${counted(messages, 'message', 'messages')}`,
    `who asked for ${counted(requests, 'copy', 'copies')}`,
  ]
  const isNothing = people + messages + requests === 0
  return `It last ran on ${formatInstant(run.at)} and emptied ${isNothing ? 'nothing' : parts.join(', ')}.`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

interface Coming {
  person: NamedPersonKept
  on: string
  why: string
  isDue: boolean
}

function comingRows(people: NamedPersonKept[], periods: Periods, { until, today }: { until: string; today: string }) {
  return people
    .map((person): Coming => {
      const { on, because } = keptUntil(person, periods)
      return { person, on, why: becauseText(because, periods), isDue: on <= today }
    })
    .filter(({ on }) => on <= until)
    .toSorted((one, other) => one.on.localeCompare(other.on) || one.person.id - other.person.id)
}

function comingTable(rows: Coming[]): DataTable | null {
  if (rows.length === 0) return null
  return {
    caption: 'Records to be emptied, the first to go first',
    columns: [{ text: 'Record' }, { text: 'Last contact' }, { text: 'Emptied' }, { text: 'Legal hold' }],
    rows: rows.map(({ person, on, why, isDue }) => {
      const obstacles = obstacleTexts(person)
      const when = isDue ? 'Tonight' : formatShortDate(on)
      return {
        cells: [
          { text: person.name, hint: `Service user ${person.id}, ${stateText(person.state).toLowerCase()}` },
          { text: formatShortDate(person.last_contact_on) },
          obstacles.length > 0
            ? { text: 'Not while this stands in the way', hint: obstacles.join('. ') }
            : { text: when, hint: why },
          {
            text: person.is_held ? 'See the hold' : 'Hold it',
            href: holdsUrl(person.id),
            visuallyHiddenText: `(record of ${person.name})`,
          },
        ],
      }
    }),
  }
}

function heldTable(holds: Hold[]): DataTable | null {
  if (holds.length === 0) return null
  return {
    caption: 'Held records, the longest held first',
    columns: [{ text: 'Record' }, { text: 'Since' }, { text: 'Why' }],
    rows: holds.map((hold) => ({
      cells: [
        { text: hold.name, href: holdsUrl(hold.service_user_id), hint: `Service user ${hold.service_user_id}` },
        { text: formatInstant(hold.placed_at), hint: `By ${hold.placed_by}` },
        { text: hold.reason },
      ],
    })),
  }
}

function periodRows(periods: Periods): SummaryRow[] {
  return periodKinds.map(({ kind, label, after, source }) => ({
    key: label,
    lines: [`${counted(periods[kind], 'year', 'years')} ${after}`, source],
  }))
}

export type PeriodsPage = Page & { shown: string; fields: InputField[] }

export function presentPeriods(periods: Periods, values?: Typed, errors?: FieldError[]): PeriodsPage {
  const saved = Object.fromEntries(periodKinds.map(({ kind }) => [kind, String(periods[kind])]))
  const field = formFields({ values: values ?? saved, errors })
  return {
    title: 'How long is what kept?',
    back: { href: '/retention?show=periods', text: 'Retention' },
    errors,
    shown: printOfPeriods(periods),
    fields: periodKinds.map(({ kind, label, after, source }) =>
      field.input(kind, label, { hint: `Years ${after}. ${source}`, inputmode: 'numeric', width: 3 }),
    ),
  }
}

export type HoldsPage = Page & {
  name: string
  about: SummaryRow[]
  holds: { heading: string; rows: SummaryRow[]; lift: { action: string; reason: TextareaField } | null }[]
  place: { action: string; key: string; reason: TextareaField } | null
}

export interface HoldsShown extends FormShown {
  person: PersonOfRecord
  holds: Hold[]
  key: string
  /** The hold whose form was sent; none where the form was to place one. */
  asked?: number
}

/** The holds of one record, and the form to place one. */
export function presentHolds({ person, holds, key, asked, ...form }: HoldsShown): HoldsPage {
  const formOf = (id?: number) => (asked === id ? form : {})
  return {
    title: 'Legal hold',
    name: person.name,
    back: { href: '/retention', text: 'Retention' },
    errors: form.errors?.map((error) => (asked === undefined ? error : { ...error, field: `lift-${asked}` })),
    about: [
      { key: 'Record', value: `Service user ${person.id}` },
      { key: 'Date of birth', value: person.date_of_birth === null ? 'Not known' : formatDate(person.date_of_birth) },
      { key: 'NHS number', value: person.nhs_number === null ? 'Not known' : formatNhsNumber(person.nhs_number) },
    ],
    holds: holds.map((hold) => ({
      heading: hold.lifted_at === null ? 'Held now' : 'Held before',
      rows: holdRows(hold),
      lift:
        hold.lifted_at === null
          ? { action: `/legal-holds/${hold.id}/lift`, reason: liftField(hold.id, formOf(hold.id)) }
          : null,
    })),
    place:
      person.anonymised_at === null
        ? {
            action: holdsUrl(person.id),
            key,
            reason: formFields(formOf()).textarea('reason', 'Why must this record be kept?', {
              hint: 'For example, a court, an inquiry or a complaint needs it. Nothing of it is emptied until the hold is lifted.',
              rows: 4,
            }),
          }
        : null,
  }
}

function liftField(id: number, form: FormShown): TextareaField {
  return {
    ...formFields(form).textarea('reason', 'Why is it no longer needed?', { rows: 3 }),
    id: `lift-${id}`,
  }
}

function holdRows(hold: Hold): SummaryRow[] {
  return [
    { key: 'Why', lines: hold.reason.split('\n') },
    { key: 'Since', value: `${formatInstant(hold.placed_at)}, by ${hold.placed_by}` },
    ...(hold.lifted_at === null
      ? []
      : [
          { key: 'Lifted', value: `${formatInstant(hold.lifted_at)}, by ${hold.lifted_by}` },
          { key: 'Why no longer', lines: hold.lifted_reason.split('\n') },
        ]),
  ]
}

export function holdsUrl(serviceUserId: number): string {
  return `/service-users/${serviceUserId}/legal-holds`
}
