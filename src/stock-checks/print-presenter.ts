import { formatInstant, formatShortInstant } from '../lib/dates.ts'
import type { DataTable, Page } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { progressText, type Sight, standingTag, whereabouts } from './presenter.ts'
import type { CheckItem, StockCheck, UnknownCode } from './queries.ts'
import { type Counts, checkLists, checkUrl, listName, outcomes, type Standing } from './rules.ts'

export type PrintPage = Page & {
  organisation: string
  lines: string[]
  tables: DataTable[]
  cut: string | null
}

export interface PrintShown {
  check: StockCheck
  counts: Counts
  items: Record<Standing, CheckItem[]>
  unknown: UnknownCode[]
  organisation: string
  today: string
  now: Date
  may: Pick<Sight, 'names'>
  /** As many of each as are printed. */
  limit: number
}

/** The result on paper, for whoever signs it off: what is missing first. */
export function presentPrint(shown: PrintShown): PrintPage {
  const { check, counts, unknown, limit } = shown
  const order: Standing[] = ['missing', 'unexpected', 'found', 'went-out']
  const tables = order.filter((standing) => counts[standing] > 0).map((standing) => itemsTable(standing, shown))
  const isCut = Object.values(counts).some((count) => count > limit)
  return {
    title: `Stock check of ${check.ward}`,
    back: { href: checkUrl(check.id), text: check.ward },
    organisation: shown.organisation,
    lines: linesOf(shown),
    tables: unknown.length === 0 ? tables : [...tables, codesTable(unknown, counts)],
    cut: isCut ? `Only the first ${limit.toLocaleString('en-GB')} of each list are printed.` : null,
  }
}

function linesOf({ check, counts, now }: PrintShown): string[] {
  const isOpen = check.finished_at === null
  return [
    `Begun on ${formatInstant(check.started_at)} by ${check.starter}.`,
    isOpen
      ? `Not finished yet. As it stood on ${formatInstant(now)}.`
      : `Finished on ${formatInstant(check.finished_at ?? '')} by ${check.finisher}.`,
    progressText(counts, isOpen),
  ]
}

function itemsTable(standing: Standing, { counts, items, check, today, may }: PrintShown): DataTable {
  const isOpen = check.finished_at === null
  const whereText = (item: CheckItem) => {
    if (standing === 'found' || standing === 'missing') return item.note
    return isOpen ? whereabouts(item, today, may) : item.note
  }
  return {
    caption: `${listName(standing, isOpen)} (${counts[standing]})`,
    columns: [{ text: 'Asset tag' }, { text: 'What it is' }, { text: 'Result' }, { text: 'Scanned' }],
    rows: items[standing].map((item) => ({
      cells: [
        { text: item.tag },
        { text: modelOf(item) },
        { text: resultOf(item), hint: whereText(item) },
        scanCell(item),
      ],
    })),
  }
}

function resultOf({ outcome, standing, incident_id }: CheckItem): string {
  const { text } = outcome === null ? standingTag(standing) : outcomes[outcome].tag
  return incident_id === null ? text : `${text} (incident ${incident_id})`
}

function scanCell({ scanned_at, scanner }: { scanned_at: string | null; scanner: string | null }) {
  return scanned_at === null ? { text: 'No' } : { text: formatShortInstant(scanned_at), hint: `by ${scanner}` }
}

function codesTable(unknown: UnknownCode[], counts: Counts): DataTable {
  return {
    caption: `${checkLists.unknown.text} (${counts.unknown})`,
    columns: [{ text: 'As it was typed' }, { text: 'Scanned' }],
    rows: unknown.map((code) => ({ cells: [{ text: code.code }, scanCell(code)] })),
  }
}
