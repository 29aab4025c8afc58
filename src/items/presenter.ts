import type { Actor } from '../lib/actor.ts'
import { formatDate, formatDue, londonDate } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import { formatPounds } from '../lib/money.ts'
import type { Page, StateTag, SummaryRow, TimelineEntry } from '../lib/view-model.ts'
import { connectorName, modelOf } from '../models/rules.ts'
import { borrowerName, type MaySee, presentHistory } from './history-presenter.ts'
import type { ItemEventRow, ItemHoldRow } from './history-queries.ts'
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

export function stateTag(item: Parameters<typeof itemState>[0], today: string): StateTag {
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
  maySee: MaySee
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

function reviewSentence(dueOn: string, today: string): string {
  const due = formatDue(dueOn, today)
  return dueOn < today ? `The review is ${due}.` : `The review is ${due}, on ${formatDate(dueOn)}.`
}

/** What stands where an item would be when nothing like it is free. */
export function nothingFree(category: string): string {
  return `No other ${categoryInSentence(category)} is free.`
}
