import { correctionInWords, reasonLines } from '../corrections/told-rules.ts'
import type { Actor } from '../lib/actor.ts'
import { formatDate, formatDue, formatInstant, formatShortDate, londonDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { formatPounds } from '../lib/money.ts'
import type {
  DataTable,
  Downloads,
  Link,
  Page,
  Pagination,
  StateTag,
  SummaryRow,
  TimelineEntry,
} from '../lib/view-model.ts'
import { connectorName, modelOf } from '../models/rules.ts'
import { type FilterFields, filterFields, filterParameters, type ItemFilter, isFiltered } from './filter-rules.ts'
import type { ItemEventRow, ItemHoldRow } from './history-queries.ts'
import type { ItemRow } from './list-queries.ts'
import type { ItemDetail } from './queries.ts'
import {
  canBeLent,
  categories,
  categoryInSentence,
  isCategory,
  itemState,
  itemStates,
  leftAs,
  support,
} from './rules.ts'
import { itemUrl } from './tag-rules.ts'

export type ItemsPage = Page & {
  filters: FilterFields
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link } | null
  actions: Link[]
  clear: string | null
}

export interface ItemsShown {
  list: PageOf<ItemRow>
  filter: ItemFilter
  wards: { id: number; name: string }[]
  today: string
  mayChange: boolean
  mayCheck: boolean
}

export function presentItems({ list, filter, wards, today, mayChange, mayCheck }: ItemsShown): ItemsPage {
  const pageUrl = (cursor: { after?: string; before?: string }) =>
    listUrl('/items', { ...filterParameters(filter), ...cursor })
  return {
    title: 'Items',
    filters: filterFields(filter, wards),
    table: list.rows.length === 0 ? null : itemsTable(list.rows, today),
    pagination: {
      label: 'Items',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/items', filterParameters(filter)),
    empty: list.rows.length > 0 ? null : presentEmpty(isFiltered(filter), mayChange),
    actions: [
      ...(mayChange ? changeLinks(filter) : []),
      ...(mayCheck ? [{ href: '/stock-checks', text: 'Check the stock' }] : []),
    ],
    clear: isFiltered(filter) ? '/items' : null,
  }
}

function changeLinks(filter: ItemFilter): Link[] {
  return [
    { href: '/items/new', text: 'Add an item' },
    { href: '/items/import', text: 'Bring in a spreadsheet' },
    { href: listUrl('/items/labels', filterParameters(filter)), text: 'Print labels' },
    { href: '/models', text: 'See the models' },
  ]
}

function presentEmpty(hasFilter: boolean, mayChange: boolean) {
  if (hasFilter) return { text: 'No items fit these filters.', link: { href: '/items', text: 'See all items' } }
  if (!mayChange) return { text: 'There are no items on your wards yet.' }
  return {
    text: 'There are no items yet.',
    hint: 'Bring in the spreadsheet you keep today, or add the first item by hand.',
    link: { href: '/items/import', text: 'Bring in a spreadsheet' },
  }
}

function itemsTable(rows: ItemRow[], today: string): DataTable {
  return {
    caption: 'Items',
    captionHidden: true,
    columns: [{ text: 'Asset tag' }, { text: 'What it is' }, { text: 'State' }, { text: 'Place' }],
    rows: rows.map((item) => ({
      cells: [
        { text: item.tag, href: itemUrl(item.tag) },
        { text: modelOf(item), hint: isCategory(item.category) ? categories[item.category] : item.category },
        { tag: stateTag(item, today), hint: dueHint(item, today) },
        { text: item.placed_with ?? item.kept_at ?? '' },
      ],
    })),
  }
}

function dueHint(item: ItemRow, today: string): string | undefined {
  const state = itemState(item, today)
  const isOut = state === 'overdue' || state === 'on-loan' || state === 'on-ward'
  return isOut && item.due_on !== null ? formatDue(item.due_on, today) : undefined
}

function stateTag(item: Parameters<typeof itemState>[0], today: string): StateTag {
  const { text, colour } = itemStates[itemState(item, today)]
  return { text: item.left_as === null ? text : (leftAs[item.left_as] ?? text), colour }
}

export type ItemPage = Page & {
  caption: string
  state: StateTag
  stateSentence: string
  warnings: string[]
  actions: { text: string; href: string; isMain: boolean }[]
  about: SummaryRow[]
  history: TimelineEntry[]
  historyIsCut: boolean
}

export interface ItemShown {
  item: ItemDetail
  holds: ItemHoldRow[]
  events: ItemEventRow[]
  actor: Actor
  today: string
  maySee: { names: boolean; loans: boolean; incidents: boolean }
  may: { change: boolean; lend: boolean; makeReady: boolean; report: boolean }
  historyLimit: number
}

export function presentItem(shown: ItemShown): ItemPage {
  const { item, holds, events, today, maySee, historyLimit } = shown
  return {
    title: item.tag,
    caption: modelOf(item),
    back: { href: '/items', text: 'Items' },
    state: stateTag(item, today),
    stateSentence: stateSentence(item, today, maySee.names),
    warnings: warningsFor(item, today),
    actions: actionsFor(shown),
    about: aboutRows(item, today),
    history: presentHistory(item.tag, holds, events, maySee),
    historyIsCut: holds.length >= historyLimit || events.length >= historyLimit,
  }
}

/** Who has it, since when and until when, in one sentence. Who may not see names sees what kind of borrower. */
export function stateSentence(item: ItemDetail, today: string, maySeeNames: boolean): string {
  const since = item.taken_at ? ` since ${formatDate(londonDate(item.taken_at))}` : ''
  const due = item.due_on ? ` ${reviewSentence(item.due_on, today)}` : ''
  switch (itemState(item, today)) {
    case 'gone':
      return `${leftAs[item.left_as ?? ''] ?? 'No longer ours'} on ${formatDate(londonDate(item.left_at ?? ''))}.`
    case 'on-loan':
    case 'overdue':
    case 'on-ward':
      return `With ${borrowerName(item, maySeeNames)}${since}.${due}`
    case 'in-use':
      return `In use${since}.`
    case 'turnaround':
      return `It came back and is being made ready${since}.`
    case 'repair':
      return `In repair${since}.`
    case 'available':
      return item.kept_at ? `Ready to lend, kept at ${item.kept_at}.` : 'Ready to lend.'
  }
}

interface Borrower {
  service_user_id: number | null
  service_user: string | null
  staff_member: string | null
  placed_with?: string | null
  ward?: string | null
}

export function borrowerName(borrower: Borrower, maySeeNames: boolean): string {
  if (borrower.service_user_id !== null) {
    return maySeeNames ? (borrower.service_user ?? 'a service user whose name is not shown') : 'a service user'
  }
  return borrower.staff_member ?? borrower.placed_with ?? borrower.ward ?? 'nobody we know'
}

function warningsFor(item: ItemDetail, today: string): string[] {
  if (item.left_as !== null) return []
  const ends = item.support_ends_on
  const state = support(ends, today)
  if (ends === null || state === 'supported' || state === 'not known') return []
  return [
    state === 'ended'
      ? `Its software has had no security updates since ${formatDate(ends)}. Lend something newer if you can.`
      : `Its software gets no more security updates after ${formatDate(ends)}.`,
  ]
}

function actionsFor(shown: ItemShown): ItemPage['actions'] {
  const { item, today, may } = shown
  const state = itemState(item, today)
  const actions: ItemPage['actions'] = []
  const isReady = state === 'available' || state === 'on-ward'
  if (may.lend && isReady && canBeLent(item.category)) {
    actions.push({ text: 'Lend this', href: `/loans/new?item=${item.id}`, isMain: true })
  }
  if (may.lend && item.loan_id !== null && item.left_as === null) {
    actions.push({ text: 'Open the loan', href: `/loans/${item.loan_id}`, isMain: state !== 'on-ward' })
  }
  if (may.makeReady && state === 'turnaround') {
    actions.push({ text: 'Make it ready', href: `/turnaround/${item.id}`, isMain: true })
  }
  if (may.makeReady && state === 'repair') {
    actions.push({ text: 'Open the repair', href: `/repairs/${item.hold_id}`, isMain: true })
  }
  if (may.change) {
    actions.push({ text: 'Change details', href: `${itemUrl(item.tag)}/edit`, isMain: false })
    actions.push({ text: 'Print its label', href: listUrl('/items/labels', { item: item.tag }), isMain: false })
  }
  return [...actions, ...partingActions(shown), ...incidentActions(shown)]
}

/** What nobody has can be sent to repair and, where no ward has it either, taken out of the stock. */
function partingActions({ item, may }: ItemShown): ItemPage['actions'] {
  const retire = `${itemUrl(item.tag)}/retire`
  if (may.change && item.left_as === 'retired') return [{ text: 'See how it left', href: retire, isMain: false }]
  if (item.left_as !== null) return []
  const isOnHand = item.hold_kind === null || item.hold_kind === 'turnaround'
  const actions: ItemPage['actions'] = []
  if (may.makeReady && isOnHand) {
    actions.push({ text: 'Send to repair', href: `/repairs/new?item=${item.id}`, isMain: false })
  }
  if (may.change && item.placed_with === null && (isOnHand || item.hold_kind === 'repair')) {
    actions.push({ text: 'Retire', href: retire, isMain: false })
  }
  return actions
}

/** What is ours can be reported, and what is lost can be found. */
function incidentActions({ item, may, maySee }: ItemShown): ItemPage['actions'] {
  const isLost = item.left_as === 'lost' || item.left_as === 'stolen'
  if (item.lost_in !== null && maySee.incidents) {
    return [
      { text: 'Open the incident', href: `/incidents/${item.lost_in}`, isMain: true },
      { text: 'It is found', href: `/incidents/${item.lost_in}/found`, isMain: false },
    ]
  }
  if (!may.report || item.lost_in !== null || (item.left_as !== null && !isLost)) return []
  const text = isLost ? 'It is found' : 'Report lost, stolen or damaged'
  return [{ text, href: `/incidents/new?item=${item.id}`, isMain: false }]
}

function aboutRows(item: ItemDetail, today: string): SummaryRow[] {
  const rows: (SummaryRow | null)[] = [
    { key: 'Category', value: isCategory(item.category) ? categories[item.category] : item.category },
    { key: 'Model', value: modelOf(item), href: `/models/${item.model_id}` },
    item.kit_id === null ? null : { key: 'Kit', value: `${item.kit} (${item.kit_tag})`, href: `/kits/${item.kit_id}` },
    row('Serial number', item.serial),
    row('IMEI', item.imei),
    row('SIM number (ICCID)', item.iccid),
    row('Phone number', item.phone_number),
    row('Kept at', item.kept_at),
    row('Operating system', item.operating_system),
    row(
      'Security updates until',
      item.support_ends_on && `${formatDate(item.support_ends_on)}${supportHint(item, today)}`,
    ),
    row('Connector', connectorName(item.connector)),
    row('Cable length', item.cable_length_cm === null ? null : `${item.cable_length_cm} cm`),
    row('Good for video calls', item.is_suitable_for_video === null ? null : item.is_suitable_for_video ? 'Yes' : 'No'),
    row('Bought on', item.bought_on && formatDate(item.bought_on)),
    row('Cost', item.cost_pence === null ? null : formatPounds(item.cost_pence)),
    row('Order number', item.order_number),
    row('Notes', item.notes),
  ]
  return rows.filter((entry) => entry !== null)
}

function row(key: string, value: string | null): SummaryRow | null {
  return value === null || value === '' ? null : { key, value }
}

function supportHint(item: ItemDetail, today: string): string {
  return support(item.support_ends_on, today) === 'ended' ? ' (ended)' : ''
}

/** One story of the item, newest first: who had it, how it came back, and what was changed about it. */
function presentHistory(
  tag: string,
  holds: ItemHoldRow[],
  events: ItemEventRow[],
  maySee: ItemShown['maySee'],
): TimelineEntry[] {
  const dated = [
    ...holds.flatMap((hold) => holdEntries(hold, maySee)),
    // that it is ready is said where its turnaround ends, and that it was in repair where that begins and ends
    ...events
      .filter(({ verb }) => !['turnaround:done', 'repair:sent', 'repair:back'].includes(verb))
      .map((event) => ({
        when: event.at,
        text: eventSentence(event, tag, maySee),
        ...(event.correction && maySee.names && { lines: reasonLines(event.correction) }),
        link: eventLink(event, maySee),
      })),
  ]
  dated.sort((a, b) => Date.parse(b.when) - Date.parse(a.when))
  return dated.map(({ when, ...entry }) => ({
    ...entry,
    at: formatInstant(when),
    datetime: new Date(when).toISOString(),
  }))
}

type Dated = Omit<TimelineEntry, 'at' | 'datetime'> & { when: string }

function holdEntries(hold: ItemHoldRow, maySee: ItemShown['maySee']): Dated[] {
  const link =
    maySee.loans && hold.loan_id !== null ? { href: `/loans/${hold.loan_id}`, text: `Loan ${hold.loan_id}` } : undefined
  const who = hold.kind === 'booking' ? (hold.ward ?? 'a booking') : borrowerName(hold, maySee.names)
  if (hold.cancelled_at !== null) return [{ when: hold.cancelled_at, text: `The plan for ${who} was cancelled.`, link }]
  if (hold.taken_at === null) return [{ when: hold.from_at ?? '', text: plannedSentence(hold, who), link }]
  // its coming back is told by the loan that ended; only what was made ready afterwards is news
  const entries: Dated[] =
    hold.kind === 'turnaround' ? [] : [{ when: hold.taken_at, text: takenSentence(hold, who), link }]
  // where it went from the bench is told there
  const isTold = hold.kind === 'turnaround' && hold.ended_as !== 'ready'
  if (hold.ended_at !== null && !isTold) entries.unshift({ when: hold.ended_at, text: endedSentence(hold, who), link })
  return entries
}

function plannedSentence(hold: ItemHoldRow, who: string): string {
  const until = hold.until_at ? ` until ${formatInstant(hold.until_at)}` : ''
  return `Planned for ${who}${until}.`
}

function takenSentence(hold: ItemHoldRow, who: string): string {
  if (hold.kind === 'repair') return 'Went to repair.'
  const due = hold.due_on ? `, review on ${formatShortDate(hold.due_on)}` : ''
  const instead = hold.in_place_of ? ` in place of ${hold.in_place_of}` : ''
  return hold.kind === 'loan' ? `Lent to ${who}${instead}${due}.` : `Handed out to ${who}.`
}

function returnedSentence({ swapped_for, moved_to }: ItemHoldRow, who: string): string {
  if (moved_to !== null) return `Went on from ${who}, to loan ${moved_to}.`
  return swapped_for === null ? `Came back from ${who}.` : `Came back from ${who}, swapped for ${swapped_for}.`
}

function endedSentence(hold: ItemHoldRow, who: string): string {
  if (hold.kind === 'turnaround') return 'Made ready for the next person.'
  if (hold.kind === 'repair') return repairEndings[hold.ended_as ?? ''] ?? 'Came back from repair.'
  const sentences: Record<string, string> = {
    returned: returnedSentence(hold, who),
    given: `Given to ${who} to keep.`,
    lost: `Lost while with ${who}.`,
    stolen: `Stolen while with ${who}.`,
    damaged: `Damaged beyond use while with ${who}.`,
  }
  return sentences[hold.ended_as ?? ''] ?? `Came back from ${who}.`
}

const repairEndings: Record<string, string> = {
  'beyond-repair': 'It was beyond repair.',
  lost: 'Lost while in repair.',
  stolen: 'Stolen while in repair.',
  damaged: 'Damaged beyond use while in repair.',
}

function eventSentence(event: ItemEventRow, tag: string, maySee: ItemShown['maySee']): string {
  const who = event.staff_member ?? 'An import'
  if (event.correction) return `${who} ${correctionInWords(event.correction, maySee.names, tag)}.`
  const sentences: Record<string, string> = {
    'item:created': `${who} added this item.`,
    'item:updated': `${who} changed its details.`,
    'item:moved': `${who} noted another place for it.`,
    'item:added-to-kit': `${who} put it into a kit.`,
    'item:removed-from-kit': `${who} took it out of its kit.`,
    'item:imported': `${who} brought it in from a spreadsheet.`,
    'item:retired': `${who} took it out of the stock for good.`,
    'item:brought-back': `${who} took it into the stock again.`,
    'item:loan-corrected': `${who} corrected a loan of it.`,
    'repair:changed': `${who} changed what is said about its repair.`,
    'turnaround:photos-saved': `${who} said that what they wanted to keep of it is saved.`,
    'turnaround:photos-not-wanted': `${who} said that they do not want to keep what is on it any more.`,
    'turnaround:step-done': `${who} ticked: ${stepsTold(event)}.`,
    'turnaround:step-undone': `${who} took back: ${stepsTold(event)}.`,
    'incident:reported': `${who} reported it: ${kindTold(event)}.`,
    'incident:found': `${who} marked ${tagsTold(event)} as found.`,
  }
  return sentences[event.verb] ?? `${who}: ${event.verb.replace(/[:-]/g, ' ')}.`
}

function eventLink({ incident_id, correction }: ItemEventRow, maySee: ItemShown['maySee']) {
  if (correction?.is_in_reach && maySee.loans && maySee.names) {
    return { href: `/loans/${correction.loan_id}`, text: `Loan ${correction.loan_id}` }
  }
  if (incident_id === null || !maySee.incidents) return undefined
  return { href: `/incidents/${incident_id}`, text: `Incident ${incident_id}` }
}

/** "stolen", as it was chosen from the list when it was reported. */
function kindTold({ details }: ItemEventRow): string {
  const kind = typeof details === 'object' && details !== null && 'kind' in details ? details.kind : ''
  return String(kind).toLowerCase()
}

function tagsTold({ details }: ItemEventRow): string {
  const items = typeof details === 'object' && details !== null && 'items' in details ? details.items : []
  return Array.isArray(items) ? items.join(', ') : ''
}

function stepsTold({ details }: ItemEventRow): string {
  const steps = typeof details === 'object' && details !== null && 'steps' in details ? details.steps : []
  return Array.isArray(steps) ? steps.join(', ') : ''
}

function reviewSentence(dueOn: string, today: string): string {
  const due = formatDue(dueOn, today)
  return dueOn < today ? `The review is ${due}.` : `The review is ${due}, on ${formatDate(dueOn)}.`
}

/** What stands where an item would be when nothing like it is free. */
export function nothingFree(category: string): string {
  return `No other ${categoryInSentence(category)} is free.`
}
