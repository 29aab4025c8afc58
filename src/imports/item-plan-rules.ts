import { changedValues } from '../lib/changed-values.ts'
import { cleanCode, cleanText, codeKey } from '../lib/text.ts'
import type { ItemValues } from './item-cells-rules.ts'
import type { ItemField } from './item-fields-rules.ts'
import { type KnownModel, type MakerOfModel, type ModelInFile, Models } from './models-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'

/** What of an item a spreadsheet may change, in the words of its table. */
export interface ItemColumns {
  serial: string | null
  imei: string | null
  iccid: string | null
  phone_number: string | null
  kept_at_ward_id: number | null
  bought_on: string | null
  cost_pence: number | null
  order_number: string
  notes: string
}

export interface KnownItem extends ItemColumns {
  id: number
  tag: string
  model_id: number
  version: number
}

/** What there is already that the file may touch. */
export interface KnownStock {
  models: readonly KnownModel[]
  /** The items that the file names, by `codeKey` of the tag as the file has it. */
  items: ReadonlyMap<string, KnownItem>
  /** Which item has a number that the file gives to one. */
  imeis: ReadonlyMap<string, { id: number; tag: string }>
  iccids: ReadonlyMap<string, { id: number; tag: string }>
  /** The tags of the file, by `codeKey`, that a kit has: a scanner could not tell the two apart. */
  kits: ReadonlySet<string>
}

export interface NewItem {
  line: number
  tag: string
  model: ModelInFile
  columns: Partial<ItemColumns>
}

export interface ChangedItem {
  line: number
  id: number
  tag: string
  /** Of the item as it was planned on. */
  version: number
  old: Partial<ItemColumns>
  new: Partial<ItemColumns>
  /** Only where the item becomes a copy of another model. */
  model: { old: ModelInFile; new: ModelInFile } | null
}

/** Everything a file of items would do. It is done only if `problems` is empty. */
export interface ItemPlan {
  kind: 'items'
  created: NewItem[]
  updated: ChangedItem[]
  unchanged: { line: number; tag: string }[]
  newModels: ModelInFile[]
  completedModels: ModelInFile[]
  problems: RowProblem[]
  rowsWithProblems: number
}

/** In the order in which a preview tells them. */
const itemColumns = {
  serial: 'serial',
  imei: 'imei',
  iccid: 'iccid',
  phoneNumber: 'phone_number',
  keptAt: 'kept_at_ward_id',
  boughtOn: 'bought_on',
  cost: 'cost_pence',
  orderNumber: 'order_number',
  notes: 'notes',
} as const satisfies Partial<Record<ItemField, keyof ItemColumns>>

function isItemColumn(field: ItemField): field is keyof typeof itemColumns {
  return Object.hasOwn(itemColumns, field)
}

/** What rows name that has to be looked up before any of them can be planned. */
export class Mentions {
  readonly tags: string[] = []
  readonly imeis: string[] = []
  readonly iccids: string[] = []
  readonly #makers = new Map<string, MakerOfModel>()

  add(row: Row<ItemValues>): void {
    const { imei, iccid, maker, model } = row.values
    const tag = writtenTag(row)
    if (tag !== '') this.tags.push(tag)
    if (imei !== undefined) this.imeis.push(imei)
    if (iccid !== undefined) this.iccids.push(iccid)
    if (maker !== undefined && model !== undefined) this.#makers.set(`${maker}\n${model}`, { maker, model })
  }

  /** Each maker of each model once. */
  get makers(): MakerOfModel[] {
    return [...this.#makers.values()]
  }
}

/** The columns it takes to know what rows mention. */
export const mentionedFields: readonly ItemField[] = ['tag', 'imei', 'iccid', 'maker', 'model']

/** The tag as it stands there: an item may have one that no new item would get, and is found by it all the same. */
function writtenTag(row: Row<ItemValues>): string {
  return cleanCode(row.cellOf('tag').value)
}

/**
 * Works out what a file would do, row by row. Who runs it gives it rows in any portions, lets others have a turn in
 * between, and need not keep a row that was planned.
 */
export class ItemPlanner {
  readonly #plan: ItemPlan = {
    kind: 'items',
    created: [],
    updated: [],
    unchanged: [],
    newModels: [],
    completedModels: [],
    problems: [],
    rowsWithProblems: 0,
  }
  readonly #known: KnownStock
  readonly #models: Models
  readonly #lineOfTag = new Map<string, number>()
  readonly #lineOfImei = new Map<string, number>()
  readonly #lineOfIccid = new Map<string, number>()

  constructor(known: KnownStock, makersInFile: readonly MakerOfModel[]) {
    this.#known = known
    this.#models = new Models(known.models, makersInFile)
  }

  add(row: Row<ItemValues>): void {
    const key = codeKey(writtenTag(row))
    const item = this.#known.items.get(key)
    const unread = new Map([...row.unread].filter(([field]) => !this.#saysSo(item, field, row.cellOf(field).value)))
    const problems = [...row.problems, ...[...unread].map(([field, text]) => problemOf(row, field, text))]
    const note = (field: ItemField, text: string) => problems.push(problemOf(row, field, text))
    if (item || !unread.has('tag')) this.#checkTag(row, key, item, note)
    this.#checkNumbers(row, item, note)
    const model =
      unread.has('category') || unread.has('maker') || unread.has('model')
        ? undefined
        : this.#findModel(row, item, note)
    if (problems.length > 0 || model === undefined) {
      this.#plan.problems.push(...problems)
      this.#plan.rowsWithProblems += 1
    } else if (item) this.#planKnown(row, item, model)
    else this.#plan.created.push({ line: row.line, tag: row.values.tag ?? '', model, columns: columnsOf(row.values) })
  }

  finish(): ItemPlan {
    return { ...this.#plan, newModels: this.#models.added, completedModels: this.#models.completed }
  }

  /** A cell that we would not take, but which says what the item has already, is no problem: our own exports may have one. */
  #saysSo(item: KnownItem | undefined, field: keyof ItemValues, text: string): boolean {
    if (!item) return false
    if (field === 'tag') return true
    if (isItemColumn(field)) return item[itemColumns[field]] === cleanText(text)
    return this.#models.saysSo(item.model_id, field, text)
  }

  #checkTag({ line, values }: Row<ItemValues>, key: string, item: KnownItem | undefined, note: Note): void {
    if (values.tag === undefined && !item) return void note('tag', 'Enter the asset tag')
    const first = this.#lineOfTag.get(key)
    if (first === undefined) this.#lineOfTag.set(key, line)
    else note('tag', `Lines ${first} and ${line} have the same asset tag. Each row needs its own`)
    if (this.#known.kits.has(key)) note('tag', 'A kit has this tag. Use another asset tag')
  }

  #checkNumbers({ line, values }: Row<ItemValues>, item: KnownItem | undefined, note: Note): void {
    const numbers = [
      { field: 'imei', label: 'IMEI', lines: this.#lineOfImei, holders: this.#known.imeis },
      { field: 'iccid', label: 'SIM number (ICCID)', lines: this.#lineOfIccid, holders: this.#known.iccids },
    ] as const
    for (const { field, label, lines, holders } of numbers) {
      const number = values[field]
      if (number === undefined) continue
      const holder = holders.get(number)
      const first = lines.get(number)
      if (first === undefined) lines.set(number, line)
      else note(field, `Lines ${first} and ${line} have the same ${label}. Check both`)
      if (holder && holder.id !== item?.id) note(field, `The item ${holder.tag} has this ${label} already. Check both`)
    }
  }

  #findModel(row: Row<ItemValues>, item: KnownItem | undefined, note: Note): ModelInFile | undefined {
    const found = this.#models.find(row.values, row.line, item?.model_id ?? null)
    if (found.error) {
      note(found.field ?? 'model', found.error.text)
      return undefined
    }
    for (const { field, text } of this.#models.complete(found.value, row.values, row.line)) note(field, text)
    return found.value
  }

  #planKnown({ line, values }: Row<ItemValues>, item: KnownItem, model: ModelInFile): void {
    const changes = changedValues(item, columnsOf(values))
    const old = this.#models.withId(item.model_id)
    const isOtherModel = model !== old && old !== undefined
    if (Object.keys(changes.new).length === 0 && !isOtherModel) {
      this.#plan.unchanged.push({ line, tag: item.tag })
      return
    }
    const { id, tag, version } = item
    this.#plan.updated.push({ line, id, tag, version, ...changes, model: isOtherModel ? { old, new: model } : null })
  }
}

type Note = (field: ItemField, text: string) => void

const columnPairs = Object.entries(itemColumns) as [keyof typeof itemColumns, keyof ItemColumns][]

/** An empty cell is not here, and so changes nothing. */
function columnsOf(values: Partial<ItemValues>): Partial<ItemColumns> {
  const said: Partial<Record<keyof ItemColumns, string | number>> = {}
  for (const [field, column] of columnPairs) {
    const value = values[field]
    if (value !== undefined) said[column] = value
  }
  return said as Partial<ItemColumns>
}
