import { changedValues } from '../lib/changed-values.ts'
import { codeKey } from '../lib/text.ts'
import type { ItemValues } from './cells-rules.ts'
import type { Field } from './fields-rules.ts'
import { type KnownModel, type ModelInFile, Models } from './models-rules.ts'
import type { MakerOfModel, Row, RowProblem } from './rows-rules.ts'

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
export interface Known {
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

/** Everything one file would do. It is done only if `problems` is empty. */
export interface Plan {
  created: NewItem[]
  updated: ChangedItem[]
  unchanged: { line: number; tag: string }[]
  newModels: ModelInFile[]
  completedModels: ModelInFile[]
  problems: RowProblem[]
  rowsWithProblems: number
}

export interface Counts {
  created: number
  updated: number
  unchanged: number
  errors: number
}

export function countsOf(plan: Plan): Counts {
  const { created, updated, unchanged, problems } = plan
  return { created: created.length, updated: updated.length, unchanged: unchanged.length, errors: problems.length }
}

/** The line that ends every import, on screen and in a terminal. Scripts read it, so it never changes its form. */
export function countsInWords({ created, updated, unchanged, errors }: Counts): string {
  return `${created} created, ${updated} updated, ${unchanged} unchanged, ${errors} errors`
}

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
} as const satisfies Partial<Record<Field, keyof ItemColumns>>

/**
 * Works out what a file would do, row by row. Who runs it gives it rows in any portions, lets others have a turn in
 * between, and need not keep a row that was planned.
 */
export class Planner {
  readonly plan: Plan = {
    created: [],
    updated: [],
    unchanged: [],
    newModels: [],
    completedModels: [],
    problems: [],
    rowsWithProblems: 0,
  }
  readonly #known: Known
  readonly #models: Models
  readonly #lineOfTag = new Map<string, number>()
  readonly #lineOfImei = new Map<string, number>()
  readonly #lineOfIccid = new Map<string, number>()

  constructor(known: Known, makersInFile: readonly MakerOfModel[]) {
    this.#known = known
    this.#models = new Models(known.models, makersInFile)
  }

  add(row: Row): void {
    const problems = [...row.problems]
    const note = (field: Field, text: string) => problems.push({ line: row.line, ...row.cellOf(field), text })
    const key = codeKey(row.values.tag ?? '')
    const item = this.#known.items.get(key)
    this.#checkTag(row, key, note)
    this.#checkNumbers(row, item, note)
    const model = this.#findModel(row, item, note)
    if (problems.length > 0 || model === undefined) {
      this.plan.problems.push(...problems)
      this.plan.rowsWithProblems += 1
    } else if (item) this.#planKnown(row, item, model)
    else this.plan.created.push({ line: row.line, tag: row.values.tag ?? '', model, columns: columnsOf(row.values) })
  }

  finish(): Plan {
    return { ...this.plan, newModels: this.#models.added, completedModels: this.#models.completed }
  }

  #checkTag({ line, values, unread }: Row, key: string, note: Note): void {
    if (values.tag === undefined) {
      if (!unread.has('tag')) note('tag', 'Enter the asset tag')
      return
    }
    const first = this.#lineOfTag.get(key)
    if (first === undefined) this.#lineOfTag.set(key, line)
    else note('tag', `Lines ${first} and ${line} have the same asset tag. Each row needs its own`)
    if (this.#known.kits.has(key)) note('tag', 'A kit has this tag. Use another asset tag')
  }

  #checkNumbers({ line, values }: Row, item: KnownItem | undefined, note: Note): void {
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

  #findModel(row: Row, item: KnownItem | undefined, note: Note): ModelInFile | undefined {
    const { values, unread, line } = row
    if (unread.has('category') || unread.has('maker') || unread.has('model')) return undefined
    const found = this.#models.find(values, line, item?.model_id ?? null)
    if (found.error) {
      note(found.field ?? 'model', found.error.text)
      return undefined
    }
    for (const { field, text } of this.#models.complete(found.value, values, line)) note(field, text)
    return found.value
  }

  #planKnown({ line, values }: Row, item: KnownItem, model: ModelInFile): void {
    const changes = changedValues(item, columnsOf(values))
    const old = this.#models.withId(item.model_id)
    const isOtherModel = model !== old && old !== undefined
    if (Object.keys(changes.new).length === 0 && !isOtherModel) {
      this.plan.unchanged.push({ line, tag: item.tag })
      return
    }
    const { id, tag, version } = item
    this.plan.updated.push({ line, id, tag, version, ...changes, model: isOtherModel ? { old, new: model } : null })
  }
}

type Note = (field: Field, text: string) => void

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
