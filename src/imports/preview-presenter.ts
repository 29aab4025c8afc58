import type { DataTable, Page, SummaryRow } from '../lib/view-model.ts'
import { presentAppointmentPlan } from './appointment-preview-presenter.ts'
import { presentCountPlan } from './count-preview-presenter.ts'
import { inWords } from './counting-rules.ts'
import { importPath } from './field-names.ts'
import { presentItemPlan } from './item-preview-presenter.ts'
import type { FileKind, ImportKind } from './kinds-rules.ts'
import { presentLoanPlan } from './loan-preview-presenter.ts'
import { presentPersonPlan } from './person-preview-presenter.ts'
import { count, firstRows, type PlanList, type PlanShown, SHOWN, shorten } from './plan-presenter.ts'
import { countsInWords, countsOf, type Plan } from './plan-rules.ts'
import type { ImportResult } from './queries.ts'
import { presentReadingPlan } from './reading-preview-presenter.ts'
import type { RowProblem } from './rows-rules.ts'
import { presentStockPlan } from './stock-preview-presenter.ts'
import type { Place } from './words-rules.ts'

export type PreviewPage = Page & {
  caption: string
  counts: string
  summary: SummaryRow[]
  problems: {
    lead: string
    table: DataTable
    download: string
    columns: string
    words: string | null
    again: string
  } | null
  apply: { action: string; seen: string; button: string } | null
  nothingToDo: string | null
  notes: string[]
  table: DataTable | null
  lists: PlanList[]
  discard: string
}

export interface PreviewShown {
  kind: FileKind
  id: number
  fileName: string
  plan: Plan
  /** The print of the plan; see `printOf`. */
  print: string
  places: readonly Place[]
  hasWords: boolean
  /** Set where the plan is no longer the one that was agreed to. */
  changedMeanwhile?: boolean
}

export function presentPreview(shown: PreviewShown): PreviewPage {
  const { kind, id, fileName, plan, print, hasWords, changedMeanwhile = false } = shown
  const { summary, notes, table, lists, button, nothingToDo } = planShown(shown)
  const isWrong = plan.problems.length > 0
  return {
    title: 'Check before you import',
    errors: changedMeanwhile
      ? [{ text: 'Something changed after you looked. Nothing was imported. Check what would happen now' }]
      : [],
    back: {
      href: importPath(kind, id, hasWords ? '/words' : ''),
      text: hasWords ? 'Match the words' : 'Match the columns',
    },
    caption: fileName,
    counts: countsInWords(countsOf(plan)),
    summary: [...summary, { key: 'Errors', value: count(plan.problems.length) }],
    problems: isWrong ? presentProblems(shown) : null,
    apply: isWrong || button === null ? null : { action: importPath(kind, id, '/apply'), seen: print, button },
    nothingToDo: isWrong || button !== null ? null : nothingToDo,
    // while there are errors, nothing stands in the way of seeing them
    notes: isWrong ? [] : notes,
    table: isWrong ? null : table,
    lists: lists.filter((one) => one !== null),
    discard: importPath(kind, id, '/discard'),
  }
}

function planShown({ plan, places }: PreviewShown): PlanShown {
  if (plan.kind === 'items') return presentItemPlan(plan, places)
  if (plan.kind === 'counts') return presentCountPlan(plan, places)
  if (plan.kind === 'appointments') return presentAppointmentPlan(plan)
  if (plan.kind === 'data-stock') return presentStockPlan(plan)
  if (plan.kind === 'data-readings') return presentReadingPlan(plan)
  return plan.kind === 'loans' ? presentLoanPlan(plan) : presentPersonPlan(plan)
}

function presentProblems({ kind, id, plan, hasWords }: PreviewShown): PreviewPage['problems'] {
  const errors = inWords(plan.problems.length, 'error')
  return {
    lead: `${errors} in ${inWords(plan.rowsWithProblems, 'row')}. Nothing can be imported until all are put right.`,
    table: problemsTable(plan.problems),
    download: importPath(kind, id, '/errors.csv'),
    columns: importPath(kind, id),
    words: hasWords ? importPath(kind, id, '/words') : null,
    again: kind.path,
  }
}

export function problemsTable(problems: readonly RowProblem[]): DataTable {
  return {
    caption: problems.length > SHOWN ? `The first ${SHOWN} errors` : 'Errors',
    captionHidden: problems.length <= SHOWN,
    captionSize: 's',
    columns: [{ text: 'Line' }, { text: 'Column' }, { text: 'What it says' }, { text: 'What to do' }],
    rows: firstRows(problems).map(({ line, column, value, text }) => ({
      cells: [
        { text: String(line) },
        { text: column || 'The whole row' },
        { text: shorten(value) || 'Nothing' },
        { text },
      ],
    })),
  }
}

export type ResultPage = Page & {
  fileName: string
  counts: string
  more: string[]
  links: { href: string; text: string }[]
}

export function presentResult(kind: FileKind, fileName: string, result: ImportResult): ResultPage {
  return {
    title: 'Import finished',
    fileName,
    counts: countsInWords(result),
    more: [...moreOn(result)],
    links: [
      ...seeLinks[kind.kind],
      ...(result.newModels ? [{ href: '/models', text: 'See the models' }] : []),
      ...(result.newPeople ? [{ href: '/service-users', text: 'See the service users' }] : []),
      { href: kind.path, text: 'Bring in another spreadsheet' },
    ],
  }
}

const seeLinks: Record<ImportKind, { href: string; text: string }[]> = {
  items: [{ href: '/items', text: 'See the items' }],
  loans: [{ href: '/loans', text: 'See the loans' }],
  people: [],
  appointments: [{ href: '/appointments', text: 'See the appointments' }],
  counts: [{ href: '/caseload-counts', text: 'See the caseload counts' }],
  'data-stock': [{ href: '/data-allowances/stock', text: 'See the stock' }],
  'data-readings': [{ href: '/data-allowances', text: 'See the data allowances' }],
}

function* moreOn({ newModels = 0, completedModels = 0, newLoans = 0, newPeople = 0 }: ImportResult): Generator<string> {
  if (newModels > 0) {
    yield `${inWords(newModels, 'model')} added. Fill in until when each gets security updates, and what it charges with.`
  }
  if (completedModels > 0) yield `${inWords(completedModels, 'model')} got details that were missing.`
  if (newLoans > 0) yield `${inWords(newLoans, 'loan')} made.`
  if (newPeople > 0) yield `${inWords(newPeople, 'service user')} added.`
}
