import { leftAs } from '../items/rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, Link, Page, RadiosField, TextareaField } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import type { HeldItem } from '../loans/held-queries.ts'
import { modelOf } from '../models/rules.ts'
import { incidentUrl } from './list-presenter.ts'
import type { Incident } from './queries.ts'
import type { ReportedLine } from './report-queries.ts'
import { incidentKinds, isLoss, kindness, kindsFor } from './rules.ts'

export type ReportPage = Page & {
  caption: string
  holder: string
  kindness: string
  key: string
  itemId: number
  lineId: number | null
  seen: number
  kind: RadiosField
  also: CheckboxesField | null
  happened: DateField
  story: TextareaField
  cancel: string
}

export interface ReportShown {
  item: HeldItem
  /** The line it was in when the form was first shown. */
  lineId: number | null
  /** What else is in the same loan. */
  others: { id: number; tag: string; maker: string; model: string }[]
  /** What was ticked of that. */
  also?: number[]
  /** The newest incident of these items. */
  seen: number
  key: string
  maySeeNames: boolean
  values?: Typed
  errors?: FieldError[]
}

export function presentReport(shown: ReportShown): ReportPage {
  const { item, others, also = [], errors = [] } = shown
  const kinds = kindsFor(item)
  const [only] = kinds
  const values = { ...(kinds.length === 1 && only && { kind: only }), ...shown.values }
  const fields = formFields({ values, errors })
  const reference = fields.input('crime-reference', 'Crime reference (optional)', {
    width: 20,
    autocomplete: 'off',
    hint: 'If you have it already. You can add it later.',
  })
  return {
    title: `Report ${item.tag}`,
    caption: modelOf(item),
    back: { href: itemUrl(item.tag), text: item.tag },
    errors,
    holder: holderWords(item, shown.maySeeNames),
    kindness,
    key: shown.key,
    itemId: item.id,
    lineId: shown.lineId,
    seen: shown.seen,
    kind: fields.radios(
      'kind',
      'What happened?',
      kinds.map((kind) => ({
        value: kind,
        text: incidentKinds[kind].text,
        hint: incidentKinds[kind].hint,
        ...(kind === 'stolen' && { conditional: { input: reference } }),
      })),
      { labelSize: 'm' },
    ),
    also: alsoField(others, also, errors),
    happened: fields.date('happened', 'Day it happened (optional)', {
      hint: 'Or the day it was last seen.',
      labelSize: 'm',
    }),
    story: fields.textarea('story', 'What else do you know?', {
      rows: 4,
      labelSize: 'm',
      hint: 'If it is damaged, say what is broken. Leave out names, and anything about health.',
    }),
    cancel: itemUrl(item.tag),
  }
}

function alsoField(others: ReportShown['others'], also: number[], errors: FieldError[]): CheckboxesField | null {
  if (others.length === 0) return null
  return {
    id: 'also',
    name: 'also',
    label: 'Did the same happen to anything else in this loan? (optional)',
    labelSize: 'm',
    hint: 'Such as the SIM that was in it.',
    error: errors.find(({ field }) => field === 'also')?.text,
    values: also,
    items: others.map(({ id, tag, ...of }) => ({ value: id, text: `${tag}, ${modelOf(of)}` })),
  }
}

function holderWords(item: HeldItem, maySeeNames: boolean): string {
  if (item.left_as !== null && item.left_at !== null) {
    return `${leftAs[item.left_as] ?? 'Gone'} since ${formatDate(londonDate(item.left_at))}.`
  }
  const who = borrowerName(item, maySeeNames)
  if (who !== '') return `${who} has it.`
  if (item.hold_kind === 'booking') return 'It is in use.'
  if (item.hold_kind === 'repair') return 'It is in repair.'
  return item.hold_kind === 'turnaround' ? 'It is being made ready.' : 'Nobody has it.'
}

export type NotNowPage = Page & {
  lead: string
  links: Link[]
  /** What somebody typed, so that they can still use it. */
  typed: string[]
}

interface NotNow {
  tag: string
  /** Whether this person may see the item as it is now: what is gone from a ward is that ward's no more. */
  mayOpen?: boolean
  title: string
  lead: string
  links: Link[]
  typed?: string
}

function notNow({ tag, mayOpen = true, title, lead, links, typed = '' }: NotNow): NotNowPage {
  return {
    title,
    back: mayOpen ? { href: itemUrl(tag), text: tag } : { href: '/items', text: 'Items' },
    lead,
    links: mayOpen ? [...links, { href: itemUrl(tag), text: `Open ${tag}` }] : links,
    typed: typed.split('\n').filter((line) => line !== ''),
  }
}

/** The line somebody wants to report is over: what became of it. */
export function presentLineOver(line: ReportedLine, may: { seeLoan: boolean; report: boolean }): NotNowPage {
  const loan = { href: `/loans/${line.loan_id}`, text: `Open loan ${line.loan_id}` }
  return notNow({
    tag: line.tag,
    title: `${line.tag} is not in this loan any more`,
    lead: lineEnd(line),
    links: [
      ...(may.report ? [{ href: `/incidents/new?item=${line.item_id}`, text: `Report ${line.tag} as it is now` }] : []),
      ...(may.seeLoan ? [loan] : []),
    ],
  })
}

function lineEnd({ ended_at, ended_as, cancelled_at, taken_at }: ReportedLine): string {
  if (cancelled_at !== null) return 'That loan was cancelled.'
  if (taken_at === null) return 'It was not handed over yet.'
  const on = ended_at === null ? '' : ` on ${formatDate(londonDate(ended_at))}`
  if (ended_as === 'returned') return `It came back${on}.`
  return `${leftAs[ended_as ?? ''] ?? 'It ended'}${on}.`
}

/** The item was reported before, by this incident, and nothing more can be reported until it is found. */
export function presentReportedBefore(
  tag: string,
  incident: Incident,
  may: { see: boolean; find: boolean; openItem: boolean },
  typed?: string,
): NotNowPage {
  const what = incidentKinds[incident.kind].text.toLowerCase()
  return notNow({
    tag,
    mayOpen: may.openItem,
    title: `${tag} was reported before`,
    lead: `${incident.reporter} reported it on ${formatInstant(incident.reported_at)}: ${what}. You need not report it again.`,
    links: [
      ...(may.see ? [{ href: incidentUrl(incident.id), text: `Open incident ${incident.id}` }] : []),
      ...(may.find && isLoss(incident.kind)
        ? [{ href: `${incidentUrl(incident.id)}/found`, text: 'It is found' }]
        : []),
    ],
    typed,
  })
}

/** The item is gone for another reason. */
export function presentGone(item: HeldItem): NotNowPage {
  const on = item.left_at === null ? '' : ` on ${formatDate(londonDate(item.left_at))}`
  return notNow({
    tag: item.tag,
    title: `${item.tag} is no longer ours`,
    lead: `${leftAs[item.left_as ?? ''] ?? 'It left the stock'}${on}. There is nothing to report any more.`,
    links: [],
  })
}

/** Something changed after the form was shown, and the report does not fit any more. */
export function presentNotReported(item: { id: number; tag: string }, why: string, typed: string): NotNowPage {
  return notNow({
    tag: item.tag,
    title: `${item.tag} is not reported`,
    lead: `${why} Nothing was saved.`,
    links: [{ href: `/incidents/new?item=${item.id}`, text: `Report ${item.tag} as it is now` }],
    typed,
  })
}
