import { categoryInSentence } from '../items/rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { formatDue, formatInstant, formatShortDate, formatShortInstant, londonDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { InputField, Link, Page, Pagination, RadiosField, StateTag } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { modelOf } from '../models/rules.ts'
import type { CheckItem, StockCheck, UnknownCode } from './queries.ts'
import {
  type CheckList,
  type Counts,
  checkLists,
  checkUrl,
  itemsCounted,
  listName,
  outcomes,
  placeInWords,
  type Standing,
} from './rules.ts'

/** What whoever looks may see and do. */
export interface Sight {
  loans: boolean
  names: boolean
  incidents: boolean
  scan: boolean
}

/** An item, or a code that is none of ours, as a line of a list. */
export interface CheckLine {
  text: string
  href: string | null
  what: string
  tag: StateTag | null
  more: string
  link: Link | null
  /** Where to send that it was no scan after all. */
  undo: string | null
}

export type CheckPage = Page & {
  caption: string
  state: StateTag
  lead: string
  progress: string
  scan: InputField | null
  action: string
  latest: CheckLine[]
  tabs: (Link & { current: boolean })[]
  heading: string
  lines: CheckLine[]
  /** Whether anything in the list is a scan that can be taken back. */
  canUndo: boolean
  none: string
  pagination: Pagination
  finish: Link | null
  print: Link
}

export interface CheckShown {
  check: StockCheck
  counts: Counts
  list: CheckList
  items: PageOf<CheckItem>
  unknown: PageOf<UnknownCode>
  latest: CheckItem[]
  today: string
  may: Sight
  code?: string
  errors?: FieldError[]
  /** What was just done is said above, and is read out with the box, which has the focus. */
  isAfterMessage?: boolean
}

/** A check under way, with the box for the next scan; or one that is finished, with what became of it. */
export function presentCheck(shown: CheckShown): CheckPage {
  const { check, counts, list, may, errors = [] } = shown
  const isOpen = check.finished_at === null
  const isUnknown = list === 'unknown'
  const lines = isUnknown ? shown.unknown.rows.map((code) => codeLine(code, shown)) : itemLines(shown)
  return {
    title: check.ward,
    caption: 'Stock check',
    back: { href: '/stock-checks', text: 'Stock checks' },
    errors,
    state: isOpen ? { text: 'Under way', colour: 'blue' } : { text: 'Finished', colour: 'grey' },
    lead: leadText(check),
    progress: progressText(counts, isOpen),
    scan: isOpen && may.scan ? scanBox(shown) : null,
    action: `${checkUrl(check.id)}/scans`,
    latest: isOpen ? shown.latest.map((item) => latestLine(item, shown)) : [],
    tabs: presentTabs(check, counts, list),
    heading: listName(list, isOpen),
    lines,
    canUndo: lines.some(({ undo }) => undo !== null),
    none: checkLists[list].none,
    pagination: presentPages(check.id, list, isUnknown ? shown.unknown : shown.items),
    finish: isOpen && may.scan ? { href: `${checkUrl(check.id)}/finish`, text: 'Finish the check' } : null,
    print: { href: `${checkUrl(check.id)}/print`, text: 'Print the result' },
  }
}

function leadText({ started_at, starter, finished_at, finisher }: StockCheck): string {
  const begun = `Begun on ${formatInstant(started_at)} by ${starter}.`
  return finished_at === null ? begun : `${begun} Finished on ${formatInstant(finished_at)} by ${finisher}.`
}

export function progressText({ found, missing, unexpected, unknown }: Counts, isOpen: boolean): string {
  const parts = [
    `${itemsCounted(found)} found`,
    `${missing} ${isOpen ? 'still to find' : 'missing'}`,
    unexpected > 0 && `${unexpected} that should be elsewhere`,
    unknown > 0 && `${unknown} not ours`,
  ]
  return `${parts.filter((part) => part !== false).join(', ')}.`
}

function scanBox({ code, errors, isAfterMessage = false }: CheckShown): InputField {
  return {
    id: 'code',
    name: 'code',
    label: 'Scan what you find',
    labelSize: 'm',
    hint: 'Or type its asset tag, serial number, IMEI or SIM number.',
    value: code,
    error: errors?.find(({ field }) => field === 'code')?.text,
    width: 20,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    autofocus: true,
    ...(isAfterMessage && { describedBy: 'done-text' }),
  }
}

function presentTabs(check: StockCheck, counts: Counts, list: CheckList): CheckPage['tabs'] {
  return (Object.keys(checkLists) as CheckList[]).map((name) => ({
    href: `${listUrl(checkUrl(check.id), { list: name })}#list`,
    text: `${listName(name, check.finished_at === null)} (${counts[name]})`,
    current: name === list,
  }))
}

function presentPages(checkId: number, list: CheckList, { previous, next }: PageOf<unknown>): Pagination {
  const pageUrl = (cursor: { after?: string; before?: string }) =>
    `${listUrl(checkUrl(checkId), { list, ...cursor })}#list`
  return {
    label: checkLists[list].text,
    ...(previous && { previous: pageUrl({ before: previous }) }),
    ...(next && { next: pageUrl({ after: next }) }),
  }
}

function itemLines(shown: CheckShown): CheckLine[] {
  return shown.items.rows.map((item) => itemLine(item, shown))
}

export function itemLine(
  item: CheckItem,
  { check, today, may }: Pick<CheckShown, 'check' | 'today' | 'may'>,
): CheckLine {
  const isOpen = check.finished_at === null
  const where = isOpen ? whereabouts(item, today, may) : item.note
  const isSurprise = item.standing !== 'found' && item.standing !== 'missing'
  const scanned = item.scanned_at === null ? '' : `Scanned by ${item.scanner}, ${formatShortInstant(item.scanned_at)}.`
  return {
    text: item.tag,
    href: item.is_in_reach ? itemUrl(item.tag) : null,
    what: modelOf(item),
    // how it stands is said above its list; what became of it is not
    tag: item.outcome === null ? null : outcomes[item.outcome].tag,
    more: [isOpen && !isSurprise ? '' : sentence(where), scanned].filter((text) => text !== '').join(' '),
    link: linkOf(item, isOpen, may),
    undo: isOpen && may.scan && item.scanned_at !== null ? `${checkUrl(check.id)}/items/${item.id}/undo` : null,
  }
}

/** Of the latest scans, each says for itself what it was. */
function latestLine(item: CheckItem, shown: CheckShown): CheckLine {
  return { ...itemLine(item, shown), tag: standingTag(item.standing) }
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

const standingTags: Record<Standing, StateTag> = {
  missing: { text: 'Not scanned yet', colour: 'grey' },
  found: { text: 'Found', colour: 'green' },
  unexpected: { text: 'Unexpected', colour: 'orange' },
  'went-out': { text: 'Not expected any more', colour: 'grey' },
}

export function standingTag(standing: Standing): StateTag {
  return standingTags[standing]
}

/** Where an item is or belongs, and with whom: "On loan to Sam Example, review in 3 days". */
export function whereabouts(item: CheckItem, today: string, may: Pick<Sight, 'names'>): string {
  if (!item.is_in_reach) return 'It belongs to another place. Hand it to a digital champion'
  if (item.left_as !== null) return `${placeInWords(item)} since ${formatShortDate(londonDate(item.left_at ?? ''))}`
  if (item.hold_kind !== 'loan') return placeInWords(item)
  const due = item.due_on === null ? '' : `, review ${formatDue(item.due_on, today)}`
  return `On loan to ${borrowerName(item, may.names)}${due}`
}

function linkOf(item: CheckItem, isOpen: boolean, may: Sight): Link | null {
  if (item.incident_id !== null && may.incidents) {
    return { href: `/incidents/${item.incident_id}`, text: 'Open the incident' }
  }
  const isWithSomebody = item.hold_kind === 'loan' || item.placed_with !== null
  const isOfUse = isOpen && item.standing === 'unexpected' && isWithSomebody && item.loan_id !== null
  return isOfUse && may.loans ? { href: `/loans/${item.loan_id}`, text: 'Open its loan' } : null
}

function codeLine(code: UnknownCode, { check, may }: CheckShown): CheckLine {
  const isOpen = check.finished_at === null
  return {
    text: code.code,
    href: null,
    what: '',
    tag: null,
    more: `Scanned by ${code.scanner}, ${formatShortInstant(code.scanned_at)}.`,
    link: null,
    undo: isOpen && may.scan ? `${checkUrl(check.id)}/codes/${code.id}/undo` : null,
  }
}

/** What is said after a scan: what it was, and how far the check is. */
export function presentScanned(
  item: CheckItem,
  isFirst: boolean,
  counts: Counts,
  today: string,
  may: Pick<Sight, 'names'>,
): { text: string; isWarning: boolean } {
  if (!isFirst) {
    const when = formatShortInstant(item.scanned_at ?? '')
    return { text: `${item.tag} was scanned before, by ${item.scanner} on ${when}.`, isWarning: false }
  }
  if (item.standing === 'unexpected') {
    return { text: `${item.tag} should not be here. ${sentence(whereabouts(item, today, may))}`, isWarning: true }
  }
  const left = counts.missing === 0 ? 'Nothing more is to be found.' : `${itemsCounted(counts.missing)} still to find.`
  return { text: `${item.tag} is found. ${left}`, isWarning: false }
}

/** Several items have the number that was scanned: which is in your hand? */
export type ChooseScannedPage = Page & { action: string; code: string; items: RadiosField; cancel: Link }

interface FoundItem {
  id: number
  tag: string
  maker: string
  model: string
  category: string
}

export function presentChooseScanned(
  check: StockCheck,
  code: string,
  found: FoundItem[],
  wasAsked: boolean,
): ChooseScannedPage {
  const error = wasAsked ? 'Choose the one you have in your hand' : undefined
  return {
    title: `Which item is ${code}?`,
    back: { href: checkUrl(check.id), text: check.ward },
    errors: error === undefined ? [] : [{ field: 'item', text: error }],
    action: `${checkUrl(check.id)}/scans`,
    code,
    items: {
      id: 'item',
      name: 'item',
      label: `Which item is ${code}?`,
      labelIsHeading: true,
      labelSize: 'l',
      hint: `${found.length} items have this number. Look at the label for the asset tag.`,
      error,
      items: found.map((item) => ({
        value: item.id,
        text: item.tag,
        hint: `${modelOf(item)}, ${categoryInSentence(item.category)}`,
      })),
    },
    cancel: { href: checkUrl(check.id), text: 'Cancel' },
  }
}
