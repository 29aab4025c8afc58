import { formatDate, formatInstant, formatRelativeDate, londonDate, londonToday } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  DataTable,
  Downloads,
  InputField,
  Link,
  Page,
  Pagination,
  StateTag,
  TableCell,
} from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { modelName } from '../models/rules.ts'
import type { NextPlan, TurnaroundRow } from './queries.ts'
import { isPlanAtRisk, remaining, type Step, stepsFor, stepsInSentence } from './rules.ts'

export type TurnaroundsPage = Page & {
  scan: InputField
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint: string; link: Link }
}

export interface TurnaroundsShown {
  list: PageOf<TurnaroundRow>
  now: Date
  maySeeNames: boolean
  scan?: ScanShown
}

/** What waits on the bench, the longest back first. */
export function presentTurnarounds({ list, now, maySeeNames, scan = {} }: TurnaroundsShown): TurnaroundsPage {
  const { rows, previous, next } = list
  return {
    title: 'Turnaround',
    errors: scan.error === undefined ? [] : [{ field: 'code', text: scan.error }],
    scan: presentScanBox(scan),
    table: rows.length === 0 ? null : turnaroundsTable(rows, now, maySeeNames),
    pagination: {
      label: 'Items being made ready',
      ...(previous && { previous: listUrl('/turnaround', { before: previous }) }),
      ...(next && { next: listUrl('/turnaround', { after: next }) }),
    },
    downloads: rows.length === 0 ? null : downloadsOf('/turnaround'),
    empty: {
      text: 'Nothing is waiting to be made ready.',
      hint: 'What comes back from a loan appears here until it is ready for the next person.',
      link: { href: '/items?state=available', text: 'See what is ready to lend' },
    },
  }
}

export interface ScanShown {
  code?: string
  error?: string
  /** What was just done is said above: it is read out with the box, which has the focus. */
  isAfterMessage?: boolean
}

/** The box that leads from a scanned label to the item's sheet. It has the focus, since twenty may wait to be scanned. */
export function presentScanBox({ code, error, isAfterMessage = false }: ScanShown = {}): InputField {
  return {
    id: 'code',
    name: 'code',
    label: 'Scan an item to make it ready',
    hint: 'Or type its asset tag, serial number, IMEI or SIM number.',
    value: code,
    error,
    width: 20,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    autofocus: true,
    ...(isAfterMessage && { describedBy: 'done-text' }),
  }
}

/** Why a scanned code leads to no sheet. */
export function scanProblem(code: string, found: { items: { tag: string }[]; kits: { tag: string }[] }): string {
  const [kit] = found.kits
  if (kit) return `${kit.tag} is a kit. Scan the items in it one by one`
  if (found.items.length === 0) return `No item has the tag or number ${code}. Check it against the label`
  const tags = found.items.map(({ tag }) => tag).join(', ')
  return `More than one item has the number ${code}: ${tags}. Scan or type the asset tag`
}

function turnaroundsTable(rows: TurnaroundRow[], now: Date, maySeeNames: boolean): DataTable {
  return {
    caption: 'Being made ready, the longest back first',
    columns: [{ text: 'Item' }, { text: 'Came back' }, { text: 'Left to do' }, { text: 'Wanted by' }],
    rows: rows.map((row) => {
      const day = londonDate(row.taken_at)
      return {
        cells: [
          { text: row.tag, href: turnaroundUrl(row.id), hint: modelName({ maker: row.maker, name: row.model }) },
          { text: sentenceCase(formatRelativeDate(day, londonToday(now))), hint: formatDate(day) },
          { text: leftWords(row) },
          wantedCell(row, now, maySeeNames),
        ],
      }
    }),
  }
}

/** What is nearly ready is told apart at a glance, so only the last few steps are named. */
const MOST_NAMED = 3

function leftWords({ category, done, has_data }: TurnaroundRow): string {
  const steps = stepsFor(category, has_data)
  const left: Step[] = remaining(steps, done)
  if (left.length === 0) return 'Nothing. Say that it is ready'
  if (left.length <= MOST_NAMED) return sentenceCase(stepsInSentence(left))
  return left.length === steps.length ? `All ${steps.length} steps` : `${left.length} of ${steps.length} steps`
}

function wantedCell(row: NextPlan, now: Date, maySeeNames: boolean): TableCell {
  const plan = presentPlan(row, now, maySeeNames)
  return plan === null ? { text: 'Nobody yet' } : { text: plan.who, tag: plan.tag, hint: `from ${plan.from}` }
}

/** Who is to have the item next and from when, in words; null when nobody is. */
export function presentPlan(plan: NextPlan, now: Date, maySeeNames: boolean) {
  if (plan.wanted_at === null) return null
  const atRisk: StateTag = { text: 'At risk', colour: 'red' }
  return {
    who: borrowerName(plan, maySeeNames) || 'Somebody who booked it',
    from: formatInstant(plan.wanted_at),
    tag: isPlanAtRisk(plan.wanted_at, now) ? atRisk : undefined,
  }
}

export function turnaroundUrl(itemId: number): string {
  return `/turnaround/${itemId}`
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
