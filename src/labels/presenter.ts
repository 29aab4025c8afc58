import {
  type FilterFields,
  filterFields,
  filterParameters,
  type ItemFilter,
  isFiltered,
} from '../items/filter-rules.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { CodePicture } from '../lib/qr-code.ts'
import type { InputField, Link, Page, RadiosField, TextareaField } from '../lib/view-model.ts'
import { modelName, modelOf } from '../models/rules.ts'
import type { CodeMeant, LabelItem, Part } from './queries.ts'
import { fitTag, type LabelSheet, labelSheets, MOST_LABELS, onSheets, type SheetName, sheetOf } from './rules.ts'

export type LabelsPage = Page & {
  filters: FilterFields
  /** A model that a link asked for. */
  model: { id: number; text: string } | null
  clear: string | null
  count: string
  hidden: { name: string; value: string | number }[]
  fields: { from: InputField; to: InputField; codes: TextareaField; sheet: RadiosField; first: InputField }
  parts: { links: (Link & { more: string })[]; more: string | null } | null
}

export interface LabelsShown {
  filter: ItemFilter
  wards: { id: number; name: string }[]
  model: { maker: string; name: string } | undefined
  /** How many items fit the filters, counted to one more than can be printed. */
  count: number
  values: Typed
  errors?: FieldError[]
  parts?: Part[]
}

export function presentLabels(shown: LabelsShown): LabelsPage {
  const { filter, wards, model, count, errors = [], parts } = shown
  const parameters = Object.entries(filterParameters(filter))
  return {
    title: 'Print labels',
    back: { href: listUrl('/items', filterParameters(filter)), text: 'Items' },
    errors,
    filters: filterFields(filter, wards),
    model: filter.modelId !== undefined && model ? { id: filter.modelId, text: modelName(model) } : null,
    clear: isFiltered(filter) ? '/items/labels' : null,
    count: countText(count, filter),
    hidden: parameters.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    fields: presentFields(shown),
    parts: parts === undefined ? null : presentParts(parts, filter),
  }
}

function countText(count: number, filter: ItemFilter): string {
  const which = isFiltered(filter) ? 'these filters' : 'all of the stock'
  const leftOut = filter.state === undefined ? ' What is no longer ours is left out.' : ''
  if (count > MOST_LABELS) {
    return `More than ${MOST_LABELS} items for ${which}. Choose fewer, or print them in parts.${leftOut}`
  }
  const items = count === 0 ? 'No items' : count === 1 ? '1 item' : `${count} items`
  return `${items} for ${which}.${leftOut}`
}

function presentFields({ values, errors = [] }: LabelsShown): LabelsPage['fields'] {
  const field = formFields({ values, errors })
  const code = { width: 20, spellcheck: 'false', autocomplete: 'off' } as const
  const sheets = Object.entries(labelSheets).map(([value, { name, about }]) => ({ value, text: name, hint: about }))
  return {
    from: field.input('from', 'From this tag on (optional)', code),
    to: field.input('to', 'Up to this tag (optional)', code),
    codes: field.textarea('codes', 'Or scan or type tags (optional)', {
      hint: 'One on each line. Serial numbers, IMEIs and SIM numbers count too. When this is filled in, the filters count for nothing.',
      rows: 4,
    }),
    sheet: field.radios('sheet', 'Which labels do you have?', sheets, { labelSize: 'm' }),
    first: field.input('first', 'First label to use', {
      hint: 'On a sheet that is part used. Count row by row, from left to right. On a new sheet it is 1.',
      width: 3,
      inputmode: 'numeric',
    }),
  }
}

const MOST_PARTS = 20

/** Each part opens this page with its two ends filled in. */
function presentParts(parts: Part[], filter: ItemFilter): NonNullable<LabelsPage['parts']> {
  const links = parts.slice(0, MOST_PARTS).map(({ from, to, count }) => ({
    href: `${listUrl('/items/labels', { ...filterParameters(filter), from, to })}#which-labels`,
    text: from === to ? from : `${from} to ${to}`,
    more: count === 1 ? '(1 label)' : `(${count} labels)`,
  }))
  const left = parts.length - links.length
  return { links, more: left > 0 ? `There are ${left} more parts. Choose fewer items with the filters first.` : null }
}

/** What to say when more items were chosen than can be printed at once. */
export function tooManyChosen(total: number, parts: number): string {
  return `You chose ${total.toLocaleString('en-GB')} items. Print at most ${MOST_LABELS} labels at a time: choose fewer with the filters or by their tags, or print the ${parts} parts below one by one`
}

const MOST_NAMED = 10

/** What is wrong with what was scanned or typed: each code that means nothing, or more than one thing. */
export function codeErrors(meant: CodeMeant[]): FieldError[] {
  const unknown = meant.filter(({ items }) => items.length === 0).map(({ code }) => code)
  const shared = meant.filter(({ items }) => items.length > 1)
  const errors: FieldError[] = []
  if (unknown.length > 0) {
    const more = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : ''
    errors.push({
      field: 'codes',
      text: `No item has the tag or number ${unknown.slice(0, MOST_NAMED).join(', ')}${more}`,
    })
  }
  for (const { code, items } of shared.slice(0, MOST_NAMED)) {
    const tags = items.map(({ tag }) => tag).join(', ')
    errors.push({ field: 'codes', text: `More than one item has the number ${code}. Enter its tag: ${tags}` })
  }
  return errors
}

export interface Label {
  tag: string
  size: number
  lines: number
  what: string
  code: CodePicture | null
}

export type SheetsPage = Page & {
  lead: string
  advice: string
  withoutCode: string | null
  /** Names the classes that lay it out. */
  sheet: SheetName
  organisation: string
  sheets: { labels: (Label | null)[] }[]
}

export interface SheetsShown {
  items: LabelItem[]
  /** The code of each item, in their order. */
  codes: (CodePicture | null)[]
  sheet: SheetName
  first: number
  organisation: string
  back: Link
}

/** The sheets as they come out of the printer. */
export function presentSheets({ items, codes, sheet: name, first, organisation, back }: SheetsShown): SheetsPage {
  const sheet = sheetOf(name)
  const labels = items.map((item, at): Label => {
    return { tag: item.tag, ...fitTag(item.tag, sheet), what: modelOf(item), code: codes[at] ?? null }
  })
  const sheets = onSheets(labels, sheet, first)
  const withoutCode = labels.filter(({ code }) => code === null).map(({ tag }) => tag)
  return {
    title: labels.length === 1 ? '1 label' : `${labels.length} labels`,
    back,
    lead: leadText(labels.length, sheets.length, sheet),
    advice: adviceText(sheet),
    withoutCode: withoutCode.length === 0 ? null : withoutCodeText(withoutCode),
    sheet: name,
    organisation,
    sheets: sheets.map((places) => ({ labels: places })),
  }
}

function leadText(labels: number, sheets: number, { name, rows }: LabelSheet): string {
  const count = labels === 1 ? '1 label' : `${labels} labels`
  if (rows === 1) return `${count} for a label printer: ${name}.`
  return `${count} on ${sheets === 1 ? '1 sheet' : `${sheets} sheets`}: ${name}.`
}

function adviceText({ page, rows }: LabelSheet): string {
  const paper = rows === 1 ? `a paper size of ${page.width} × ${page.height} mm` : 'A4'
  return `In the window for printing choose ${paper}, a scale of 100% (“actual size”, not “fit to page”) and no headers or footers. Try it on plain paper first and hold it against the labels.`
}

function withoutCodeText(tags: string[]): string {
  const named = tags.slice(0, MOST_NAMED).join(', ')
  const more = tags.length > MOST_NAMED ? ` and ${tags.length - MOST_NAMED} more` : ''
  return `The code for ${named}${more} would be too fine to read on labels this small. They are printed without it. Choose larger labels to have it.`
}
