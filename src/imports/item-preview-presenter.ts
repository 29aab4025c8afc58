import { formatDate } from '../lib/dates.ts'
import { formatPounds } from '../lib/money.ts'
import type { DataTable } from '../lib/view-model.ts'
import { categoryName, modelName } from '../models/rules.ts'
import { inWords } from './counting-rules.ts'
import type { ChangedItem, ItemColumns, ItemPlan, NewItem } from './item-plan-rules.ts'
import { detailInWords, type ModelDetails, type ModelInFile } from './models-rules.ts'
import { count, firstRows, listOf, type PlanShown, SHOWN, shorten, unchangedTable } from './plan-presenter.ts'
import type { Place } from './words-rules.ts'

/** What a file of items would do, in words and tables. */
export function presentItemPlan(plan: ItemPlan, places: readonly Place[]): PlanShown {
  const { created, updated, unchanged, newModels, completedModels } = plan
  const changes = created.length + updated.length
  return {
    summary: [
      { key: 'New items', value: count(created.length) },
      { key: 'Items that will change', value: count(updated.length) },
      { key: 'Items that stay as they are', value: count(unchanged.length) },
    ],
    notes: notesOn(plan),
    table: modelsTable(newModels, completedModels),
    lists: [
      listOf('New items', created, newItemsTable),
      listOf('Items that will change', updated, (items) => changedItemsTable(items, places)),
      listOf('Items that stay as they are', unchanged, (items) => unchangedTable(items)),
    ],
    button: changes + completedModels.length === 0 ? null : buttonText(changes),
    nothingToDo: 'Every item is already as the spreadsheet has it. There is nothing to import.',
  }
}

function buttonText(changes: number): string {
  return changes === 0 ? 'Fill in the models' : `Import ${inWords(changes, 'item')}`
}

function notesOn({ updated, newModels }: ItemPlan): string[] {
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

function modelsTable(added: readonly ModelInFile[], completed: readonly ModelInFile[]): DataTable | null {
  const rows = [
    ...added.map((model) => ({ model, what: 'New' })),
    ...completed.map((model) => ({ model, what: `Gets ${filledDetails(model)}` })),
  ]
  if (rows.length === 0) return null
  return {
    caption: rows.length > SHOWN ? `Models: the first ${SHOWN} of ${rows.length}` : 'Models',
    columns: [{ text: 'Model' }, { text: 'Category' }, { text: 'What will happen' }],
    rows: firstRows(rows).map(({ model, what }) => ({
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

function newItemsTable(items: readonly NewItem[]): Pick<DataTable, 'columns' | 'rows'> {
  return {
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

function changedItemsTable(
  items: readonly ChangedItem[],
  places: readonly Place[],
): Pick<DataTable, 'columns' | 'rows'> {
  return {
    columns: [{ text: 'Asset tag' }, { text: 'What will change' }],
    rows: items.map((item) => ({ cells: [{ text: item.tag }, { text: changesInWords(item, places) }] })),
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
