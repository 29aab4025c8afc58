import { type Category, categories } from '../items/rules.ts'
import { formatDate } from '../lib/dates.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { type Connector, categoryName, connectors, modelName } from '../models/rules.ts'
import type { ItemValues } from './item-cells-rules.ts'
import type { ItemField } from './item-fields-rules.ts'

/** What the import knows of a model, in the words of its table. */
export interface ModelDetails {
  operating_system: string
  support_ends_on: string | null
  connector: string | null
  cable_length_cm: number | null
}

export interface KnownModel extends ModelDetails {
  id: number
  category: string
  maker: string
  name: string
}

/** A model that items of this file are copies of: one we have, or one that comes with the file. */
export interface ModelInFile extends ModelDetails {
  id: number | null
  category: string
  maker: string
  name: string
  /** The line that brought it in. */
  line: number | null
  /** Which line each detail came from; those of a model we have already are not here. */
  filledBy: Map<keyof ModelDetails, number>
}

const detailFields = {
  operatingSystem: 'operating_system',
  supportEndsOn: 'support_ends_on',
  connector: 'connector',
  cableLength: 'cable_length_cm',
} as const satisfies Partial<Record<ItemField, keyof ModelDetails>>

type DetailField = keyof typeof detailFields

/** What two models have in common when they are the same: `models_name_key` compares likewise. */
export function modelKey({ category, maker, name }: { category: string; maker: string; name: string }): string {
  return JSON.stringify([category, maker.toLowerCase(), name.toLowerCase()])
}

function identityKey(maker: string, name: string): string {
  return JSON.stringify([maker.toLowerCase(), name.toLowerCase()])
}

export type MakerOfModel = { maker: string; model: string }

/** What of a row tells its model. */
export type ModelAsked = Pick<Partial<ItemValues>, 'category' | 'maker' | 'model'>

/** What is wrong, and with which cell. */
export type ModelProblem = { field: ItemField; text: string }

/**
 * The models of one organisation and one file, by maker and name. The same name means the same model, so one that is a
 * tablet here is a tablet in every row. The makers in the file are known from the start, so that the order of its rows
 * makes no difference to which maker a row without one means.
 */
export class Models {
  readonly #byIdentity = new Map<string, ModelInFile[]>()
  readonly #byId = new Map<number, ModelInFile>()
  readonly #makersByName = new Map<string, Map<string, string>>()

  constructor(known: readonly KnownModel[], inFile: readonly MakerOfModel[]) {
    for (const model of known) this.#add({ ...model, line: null, filledBy: new Map() })
    for (const { maker, model } of inFile) this.#noteMaker(maker, model)
  }

  get added(): ModelInFile[] {
    return [...this.#byIdentity.values()].flat().filter(({ id }) => id === null)
  }

  /** Models we have that lacked a detail which the file has. */
  get completed(): ModelInFile[] {
    return [...this.#byId.values()].filter(({ filledBy }) => filledBy.size > 0)
  }

  withId(id: number): ModelInFile | undefined {
    return this.#byId.get(id)
  }

  /** Whether this model of ours has just this, as it is written out. */
  saysSo(id: number, field: keyof ItemValues, text: string): boolean {
    const model = this.#byId.get(id)
    if (!model) return false
    if (field === 'maker') return model.maker === text
    if (field === 'model') return model.name === text
    return field in detailFields && String(model[detailFields[field as DetailField]] ?? '') === text
  }

  /** The model a row means. `currentId` is the model that its item, if we have it, is a copy of today. */
  find(asked: ModelAsked, line: number, currentId: number | null): Reading<ModelInFile> & { field?: ItemField } {
    const current = currentId === null ? undefined : this.#byId.get(currentId)
    if (asked.model === undefined) return keepCurrent(asked, current)
    const maker = asked.maker ?? this.#makerOf(asked.model, current)
    if (maker === undefined) {
      return refuseAt('maker', `More than one maker has a model called ${asked.model}. Write the maker`)
    }
    const alike = this.#byIdentity.get(identityKey(maker, asked.model)) ?? []
    if (asked.category === undefined) return this.#withoutCategory(alike, current, { maker, name: asked.model, line })
    const same = alike.find(({ category }) => category === asked.category)
    if (same) return accept(same)
    const other = alike[0]
    if (other) return refuseAt('category', contradiction(other, asked.category))
    return accept(this.#addFromFile(asked.category, maker, asked.model, line))
  }

  /** Gives a model the details it lacked. One that says otherwise already is not overruled by a spreadsheet. */
  complete(model: ModelInFile, values: Partial<ItemValues>, line: number): ModelProblem[] {
    return (Object.keys(detailFields) as DetailField[]).flatMap((field) => {
      const given = values[field]
      if (given === undefined) return []
      const detail = detailFields[field]
      const has = model[detail]
      if (has === null || has === '') {
        Object.assign(model, { [detail]: given })
        model.filledBy.set(detail, line)
        return []
      }
      if (String(has).toLowerCase() === String(given).toLowerCase()) return []
      return [{ field, text: otherwise(model, detail, String(has)) }]
    })
  }

  #withoutCategory(
    alike: readonly ModelInFile[],
    current: ModelInFile | undefined,
    { maker, name, line }: { maker: string; name: string; line: number },
  ): Reading<ModelInFile> & { field?: ItemField } {
    const [only, ...others] = alike
    if (current && alike.includes(current)) return accept(current)
    if (only && others.length === 0) return accept(only)
    if (only) return refuseAt('category', `More than one category has a model called ${name}. Write the category`)
    if (current) return accept(this.#addFromFile(current.category as Category, maker, name, line))
    return refuseAt('category', `Enter the category. ${name} is a model we do not have yet`)
  }

  /** Whose model it is where the row does not say: nobody's if there is one such, else the only maker's there is. */
  #makerOf(name: string, current: ModelInFile | undefined): string | undefined {
    if (current && current.name.toLowerCase() === name.toLowerCase()) return current.maker
    if (this.#byIdentity.get(identityKey('', name))?.some(({ id }) => id !== null)) return ''
    const makers = [...(this.#makersByName.get(name.toLowerCase())?.values() ?? [])]
    return makers.length > 1 ? undefined : (makers[0] ?? '')
  }

  #addFromFile(category: Category, maker: string, name: string, line: number): ModelInFile {
    const nothing = { operating_system: '', support_ends_on: null, connector: null, cable_length_cm: null }
    const model = { ...nothing, id: null, category, maker, name, line, filledBy: new Map() }
    this.#add(model)
    return model
  }

  #add(model: ModelInFile): void {
    const key = identityKey(model.maker, model.name)
    this.#byIdentity.set(key, [...(this.#byIdentity.get(key) ?? []), model])
    if (model.id !== null) this.#byId.set(model.id, model)
    if (model.maker !== '') this.#noteMaker(model.maker, model.name)
  }

  #noteMaker(maker: string, name: string): void {
    const key = name.toLowerCase()
    const makers = this.#makersByName.get(key) ?? new Map<string, string>()
    if (!makers.has(maker.toLowerCase())) makers.set(maker.toLowerCase(), maker)
    this.#makersByName.set(key, makers)
  }
}

function keepCurrent(
  { category, maker }: ModelAsked,
  current: ModelInFile | undefined,
): Reading<ModelInFile> & { field?: ItemField } {
  if (!current) return refuseAt('model', 'Enter the model. A new item needs one')
  if (category !== undefined && category !== current.category) {
    return refuseAt('category', contradiction(current, category))
  }
  if (maker !== undefined && maker.toLowerCase() !== current.maker.toLowerCase()) {
    return refuseAt('model', 'Enter the model too: the maker is not the one we have')
  }
  return accept(current)
}

function contradiction(model: ModelInFile, said: Category): string {
  const what = `${modelName(model)} is in the category ${categoryName(model.category)}`
  const where = model.line === null ? 'on our list of models' : `on line ${model.line}`
  return `${what} ${where}, and here it is in ${categories[said]}. Make them the same, or write another model`
}

function otherwise(model: ModelInFile, detail: keyof ModelDetails, has: string): string {
  const line = model.filledBy.get(detail)
  const words = detailInWords(detail, has)
  if (line !== undefined) return `Line ${line} says ${words} for the same model. Make them the same`
  return `${modelName(model)} has ${words} on our list of models. Change it there, or empty the cell`
}

/** A detail of a model as people read it. */
export function detailInWords(detail: keyof ModelDetails, value: string | number | null): string {
  if (value === null || value === '') return 'nothing'
  if (detail === 'support_ends_on') return formatDate(String(value))
  if (detail === 'connector') return connectors[value as Connector] ?? String(value)
  return detail === 'cable_length_cm' ? `${value} cm` : String(value)
}

function refuseAt(field: ItemField, text: string) {
  return { ...refuse('model', text), field }
}
