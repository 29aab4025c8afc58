import { formatDate } from '../lib/dates.ts'
import { formatPounds } from '../lib/money.ts'
import type { DataTable, Page, SummaryRow } from '../lib/view-model.ts'
import { categoryName, modelName } from '../models/rules.ts'
import { importPath, uploadPath } from './field-names.ts'
import { detailInWords, type ModelDetails, type ModelInFile } from './models-rules.ts'
import { type ChangedItem, countsInWords, countsOf, type ItemColumns, type NewItem, type Plan } from './plan-rules.ts'
import { inWords } from './presenter.ts'
import type { ImportResult } from './queries.ts'
import type { RowProblem } from './rows-rules.ts'
import type { Place } from './words-rules.ts'

const SHOWN = 20

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
  models: DataTable | null
  lists: { summary: string; table: DataTable }[]
  discard: string
}

export interface PreviewShown {
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
  const { id, fileName, plan, print, places, hasWords, changedMeanwhile = false } = shown
  const { created, updated, unchanged, problems, newModels, completedModels } = plan
  const changes = created.length + updated.length
  const canApply = problems.length === 0 && changes + completedModels.length > 0
  return {
    title: 'Check before you import',
    errors: changedMeanwhile
      ? [{ text: 'Something changed after you looked. Nothing was imported. Check what would happen now' }]
      : [],
    back: { href: importPath(id, hasWords ? '/words' : ''), text: hasWords ? 'Match the words' : 'Match the columns' },
    caption: fileName,
    counts: countsInWords(countsOf(plan)),
    summary: summaryOf(plan),
    problems:
      problems.length === 0
        ? null
        : {
            lead: `${inWords(problems.length, 'error')} in ${inWords(plan.rowsWithProblems, 'row')}. Nothing can be imported until all are put right.`,
            table: problemsTable(problems),
            download: importPath(id, '/errors.csv'),
            columns: importPath(id),
            words: hasWords ? importPath(id, '/words') : null,
            again: uploadPath,
          },
    apply: canApply ? { action: importPath(id, '/apply'), seen: print, button: buttonText(changes) } : null,
    nothingToDo:
      problems.length === 0 && !canApply
        ? 'Every item is already as the spreadsheet has it. There is nothing to import.'
        : null,
    // while there are errors, nothing stands in the way of seeing them
    notes: problems.length > 0 ? [] : notesOn(plan),
    models: problems.length > 0 ? null : modelsTable(newModels, completedModels),
    lists: [
      list('New items', created, newItemsTable),
      list('Items that will change', updated, (items) => changedItemsTable(items, places)),
      list('Items that stay as they are', unchanged, (items) => unchangedTable(items)),
    ].filter((one) => one !== null),
    discard: importPath(id, '/discard'),
  }
}

function buttonText(changes: number): string {
  return changes === 0 ? 'Fill in the models' : `Import ${inWords(changes, 'item')}`
}

function summaryOf({ created, updated, unchanged, problems }: Plan): SummaryRow[] {
  const number = (count: number) => count.toLocaleString('en-GB')
  return [
    { key: 'New items', value: number(created.length) },
    { key: 'Items that will change', value: number(updated.length) },
    { key: 'Items that stay as they are', value: number(unchanged.length) },
    { key: 'Errors', value: number(problems.length) },
  ]
}

function notesOn({ updated, newModels }: Plan): string[] {
  const notes: string[] = []
  if (updated.length > 0)
    notes.push('An item changes only where the spreadsheet says something. An empty cell changes nothing.')
  if (newModels.length > 0) {
    notes.push(
      `${inWords(newModels.length, 'model')} will be added. Check the names: one that is spelt in two ways becomes two models.`,
    )
  }
  return notes
}

function list<T>(name: string, all: readonly T[], table: (rows: readonly T[]) => DataTable) {
  if (all.length === 0) return null
  const count = all.length.toLocaleString('en-GB')
  const summary = all.length > SHOWN ? `${name}: the first ${SHOWN} of ${count}` : `${name}: ${count}`
  return { summary, table: { ...table(all.slice(0, SHOWN)), caption: summary, captionHidden: true } }
}

function problemsTable(problems: readonly RowProblem[]): DataTable {
  return {
    caption: problems.length > SHOWN ? `The first ${SHOWN} errors` : 'Errors',
    captionHidden: problems.length <= SHOWN,
    captionSize: 's',
    columns: [{ text: 'Line' }, { text: 'Column' }, { text: 'What it says' }, { text: 'What to do' }],
    rows: problems.slice(0, SHOWN).map(({ line, column, value, text }) => ({
      cells: [
        { text: String(line) },
        { text: column || 'The whole row' },
        { text: shorten(value) || 'Nothing' },
        { text },
      ],
    })),
  }
}

const LONGEST_VALUE = 80

function shorten(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
}

function modelsTable(added: readonly ModelInFile[], completed: readonly ModelInFile[]): DataTable | null {
  const rows = [
    ...added.map((model) => ({ model, what: 'New' })),
    ...completed.map((model) => ({ model, what: `Gets ${filledDetails(model)}` })),
  ]
  if (rows.length === 0) return null
  return {
    caption: rows.length > SHOWN ? `Models: the first ${SHOWN} of ${rows.length}` : 'Models',
    columns: [{ text: 'Model' }, { text: 'Category' }, { text: 'What will happen' }],
    rows: rows.slice(0, SHOWN).map(({ model, what }) => ({
      cells: [{ text: modelName(model) }, { text: categoryName(model.category) }, { text: what }],
    })),
  }
}

const detailNames: Record<keyof ModelDetails, string> = {
  operating_system: 'operating system',
  support_ends_on: 'security updates until',
  connector: 'connector',
  cable_length_cm: 'cable length',
}

function filledDetails(model: ModelInFile): string {
  const details = [...model.filledBy.keys()]
  return details.map((detail) => `${detailNames[detail]} ${detailInWords(detail, model[detail])}`).join(', ')
}

function newItemsTable(items: readonly NewItem[]): DataTable {
  return {
    caption: '',
    columns: [{ text: 'Asset tag' }, { text: 'Model' }, { text: 'Category' }, { text: 'Serial number' }],
    rows: items.map(({ tag, model, columns }) => ({
      cells: [
        { text: tag },
        { text: modelName(model) },
        { text: categoryName(model.category) },
        { text: columns.serial ?? '' },
      ],
    })),
  }
}

function changedItemsTable(items: readonly ChangedItem[], places: readonly Place[]): DataTable {
  return {
    caption: '',
    columns: [{ text: 'Asset tag' }, { text: 'What will change' }],
    rows: items.map((item) => ({ cells: [{ text: item.tag }, { text: changesInWords(item, places) }] })),
  }
}

function unchangedTable(items: readonly { line: number; tag: string }[]): DataTable {
  return {
    caption: '',
    columns: [{ text: 'Asset tag' }, { text: 'Line' }],
    rows: items.map(({ line, tag }) => ({ cells: [{ text: tag }, { text: String(line) }] })),
  }
}

const columnNames: Record<keyof ItemColumns, string> = {
  serial: 'Serial number',
  imei: 'IMEI',
  iccid: 'SIM number (ICCID)',
  phone_number: 'Phone number',
  kept_at_ward_id: 'Kept at',
  bought_on: 'Bought on',
  cost_pence: 'Cost',
  order_number: 'Order number',
  notes: 'Notes',
}

function changesInWords(item: ChangedItem, places: readonly Place[]): string {
  const columns = (Object.keys(item.new) as (keyof ItemColumns)[]).map((column) => {
    const [before, after] = [item.old[column], item.new[column]].map((value) =>
      valueInWords(column, value ?? null, places),
    )
    return before === '' ? `${columnNames[column]}: ${after}` : `${columnNames[column]}: from ${before} to ${after}`
  })
  const model = item.model ? [`Model: from ${modelName(item.model.old)} to ${modelName(item.model.new)}`] : []
  return [...model, ...columns].join('. ')
}

function valueInWords(column: keyof ItemColumns, value: string | number | null, places: readonly Place[]): string {
  if (value === null || value === '') return ''
  if (column === 'kept_at_ward_id') return places.find(({ id }) => id === value)?.name ?? 'another place'
  if (column === 'bought_on') return formatDate(String(value))
  if (column === 'cost_pence') return formatPounds(Number(value))
  return shorten(String(value))
}

export type ResultPage = Page & {
  fileName: string
  counts: string
  more: string[]
  links: { href: string; text: string }[]
}

export function presentResult(fileName: string, result: ImportResult): ResultPage {
  const { newModels, completedModels } = result
  const more: string[] = []
  if (newModels > 0)
    more.push(
      `${inWords(newModels, 'model')} added. Fill in until when each gets security updates, and what it charges with.`,
    )
  if (completedModels > 0) more.push(`${inWords(completedModels, 'model')} got details that were missing.`)
  return {
    title: 'Import finished',
    fileName,
    counts: countsInWords(result),
    more,
    links: [
      { href: '/items', text: 'See the items' },
      ...(newModels > 0 ? [{ href: '/models', text: 'See the models' }] : []),
      { href: uploadPath, text: 'Bring in another spreadsheet' },
    ],
  }
}
