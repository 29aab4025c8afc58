import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type {
  DataTable,
  DateField,
  InputField,
  Link,
  Page,
  PageError,
  SelectField,
  TextareaField,
} from '../lib/view-model.ts'
import { categoryName, modelName } from '../models/rules.ts'
import type { Holder, ItemToEdit } from './edit-queries.ts'
import { type NumberField, numbersOf } from './edit-rules.ts'
import { leftAs } from './rules.ts'
import { itemUrl } from './tag-rules.ts'

export type ItemFormPage = Page & {
  action: string
  key?: string
  version?: number
  /** Of an item that is changed: found by this when somebody gave it another tag meanwhile. */
  itemId?: number
  model: { id: number; name: string; category: string; change: Link } | null
  chooseModel: Link
  taken: { text: string; link: Link }[]
  differences: DataTable | null
  fields: { tag: InputField; usualNumbers: InputField[]; keptAt: SelectField; notes: TextareaField }
  other: { summary: string; isOpen: boolean; numbers: InputField[] } | null
  bought: { isOpen: boolean; on: DateField; cost: InputField; orderNumber: InputField }
  button: string
  another: string | null
  cancel: Link
}

export interface ModelOfItem {
  id: number
  category: string
  maker: string
  name: string
}

export interface ItemFormShown extends FormShown {
  /** None where a form came without one. */
  model: ModelOfItem | undefined
  wards: { id: number; name: string }[]
  holders?: Holder[]
}

export interface NewItemShown extends ItemFormShown {
  key: string
  /** Another like one that was just added: the next label may be scanned at once. */
  isNextOfMany?: boolean
}

export function presentNewItem(shown: NewItemShown): ItemFormPage {
  const { model, key, values = {}, isNextOfMany = false } = shown
  const { tag, imei, iccid } = values
  const chooseModel = {
    href: listUrl('/items/new', { tag, imei, iccid }),
    text: model ? 'Choose another model' : 'Choose a model',
  }
  const page = formPage(shown, chooseModel)
  const focus = isNextOfMany ? { autofocus: true, describedBy: 'done-text' } : {}
  return {
    ...page,
    fields: { ...page.fields, tag: { ...page.fields.tag, ...focus } },
    title: 'Add an item',
    back: { href: '/items', text: 'Items' },
    action: '/items',
    key,
    button: 'Add this item',
    another: 'Add it and another like it',
    cancel: { href: '/items', text: 'Cancel' },
  }
}

export interface ItemEditShown extends ItemFormShown {
  item: ItemToEdit
  isOvertaken?: boolean
}

/** An item to change, as it is or as it was typed. */
export function presentItemEdit({ item, isOvertaken = false, ...form }: ItemEditShown): ItemFormPage {
  const saved = itemValues(item)
  const values = form.values ?? saved
  const url = itemUrl(item.tag)
  const page = formPage({ ...form, values }, { href: `${url}/model`, text: 'Choose another model' })
  return {
    ...page,
    title: `Change ${item.tag}`,
    errors: isOvertaken ? [overtaken] : page.errors,
    back: { href: url, text: item.tag },
    action: url,
    version: item.version,
    itemId: item.id,
    differences: isOvertaken ? differencesTable(questionsWith(item, form), saved, values) : null,
    fields: { ...page.fields, tag: { ...page.fields.tag, hint: 'A label with the old tag will not lead here.' } },
    button: 'Save changes',
    another: null,
    cancel: { href: url, text: 'Cancel' },
  }
}

const overtaken: PageError = {
  text: 'Someone changed this item after you opened it. Nothing you typed is saved yet. Check it, then save it again.',
}

type Unnamed = Omit<ItemFormPage, 'title' | 'action' | 'button' | 'another' | 'cancel'>

function formPage({ model, wards, holders = [], ...form }: ItemFormShown, chooseModel: Link): Unnamed {
  const errors = [...(form.errors ?? []), ...holders.flatMap(holderErrors).sort(byPlaceOnForm)]
  const shown = { values: form.values, errors }
  const field = formFields(shown)
  const numbers = numbersOf(model?.category ?? '')
  const numberField = (name: NumberField) => field.input(name, `${numberLabels[name]} (optional)`, numberMore[name])
  return {
    errors: errors.map(linkedWhereThereIsAField),
    model: model
      ? { id: model.id, name: modelName(model), category: categoryName(model.category), change: chooseModel }
      : null,
    chooseModel,
    taken: [...holders].sort((a, b) => Number(b.has_tag) - Number(a.has_tag)).map(presentHolder),
    differences: null,
    fields: {
      tag: field.input('tag', 'Asset tag', { ...code, hint: 'Scan its label, or type what is on it.', width: 20 }),
      usualNumbers: numbers.usual.map(numberField),
      keptAt: field.select('kept-at', 'Where is it kept? (optional)', wardOptions(wards)),
      notes: field.textarea('notes', 'Notes (optional)', { rows: 3 }),
    },
    other:
      numbers.other.length === 0
        ? null
        : {
            summary: `Other numbers: ${numbers.other.map((name) => inSentence[name]).join(', ')}`,
            isOpen: numbers.other.some((name) => isTouched(name, shown)),
            numbers: numbers.other.map(numberField),
          },
    bought: {
      isOpen: ['bought-on', 'cost', 'order-number'].some((name) => isTouched(name, shown)),
      on: field.date('bought-on', 'When was it bought? (optional)', { hint: 'For example, 27 3 2025' }),
      cost: field.input('cost', 'What did it cost? (optional)', { prefix: '£', inputmode: 'decimal', width: 5 }),
      orderNumber: field.input('order-number', 'Order number (optional)', { ...code, width: 20 }),
    },
  }
}

const code = { code: true, spellcheck: 'false', autocapitalize: 'none', autocomplete: 'off' } as const

const numberLabels: Record<NumberField, string> = {
  serial: 'Serial number',
  imei: 'IMEI',
  iccid: 'SIM number (ICCID)',
  'phone-number': 'Phone number',
}

const inSentence: Record<NumberField, string> = {
  ...numberLabels,
  serial: 'serial number',
  'phone-number': 'phone number',
}

const numberMore: Record<NumberField, Partial<InputField>> = {
  serial: { ...code, width: 20 },
  imei: { ...code, width: 20, inputmode: 'numeric', hint: '15 digits. Key in *#06# on the device to see it.' },
  iccid: { ...code, width: 20, inputmode: 'numeric', hint: '19 or 20 digits, printed on the SIM card.' },
  'phone-number': { width: 20, type: 'tel', autocomplete: 'off' },
}

/** What holds something typed or wrong must not be folded away. */
function isTouched(name: string, { values = {}, errors = [] }: FormShown): boolean {
  const isPart = (field: string) => field === name || field.startsWith(`${name}-`)
  return (
    Object.entries(values).some(([field, value]) => isPart(field) && value !== '') ||
    errors.some((error) => isPart(error.field))
  )
}

/** The model is no field of the page, so its error leads nowhere. */
function linkedWhereThereIsAField({ field, text }: FieldError): PageError {
  return field === 'model' ? { text } : { field, text }
}

function wardOptions(wards: ItemFormShown['wards']) {
  return [{ value: '', text: 'Nowhere in particular' }, ...wards.map(({ id, name }) => ({ value: id, text: name }))]
}

function holderErrors(holder: Holder): FieldError[] {
  const errors: FieldError[] = []
  if (holder.kit_id !== null) return [{ field: 'tag', text: 'A kit has this tag. Give the item another' }]
  if (holder.has_tag) errors.push({ field: 'tag', text: 'Another item has this asset tag' })
  if (holder.has_imei) errors.push({ field: 'imei', text: 'Another item has this IMEI' })
  if (holder.has_iccid) errors.push({ field: 'iccid', text: 'Another item has this SIM number' })
  return errors
}

/** Errors stand in the order of their fields; the tag comes before every number. */
function byPlaceOnForm(a: FieldError, b: FieldError): number {
  return Number(b.field === 'tag') - Number(a.field === 'tag')
}

function presentHolder({ tag, kit_id, left_as, ...has }: Holder): { text: string; link: Link } {
  if (kit_id !== null) return { text: 'The kit with this tag:', link: { href: `/kits/${kit_id}`, text: tag } }
  const what = [has.has_tag && 'asset tag', has.has_imei && 'IMEI', has.has_iccid && 'SIM number'].filter(Boolean)
  const gone = left_as === null ? '' : `, which is no longer in stock (${(leftAs[left_as] ?? left_as).toLowerCase()})`
  return { text: `The item with this ${what.join(' and ')}${gone}:`, link: { href: itemUrl(tag), text: tag } }
}

function questionsWith(item: ItemToEdit, { model, wards }: Pick<ItemFormShown, 'model' | 'wards'>): Question[] {
  const names = new Map([[String(item.model_id), modelName({ maker: item.maker, name: item.model })]])
  if (model) names.set(String(model.id), modelName(model))
  const named = (label: string, field: string): Question => ({ label, answer: (values) => values[field] ?? '' })
  return [
    named('Asset tag', 'tag'),
    { label: 'Model', answer: (values) => names.get(values.model ?? '') ?? '' },
    ...Object.entries(numberLabels).map(([field, label]) => named(label, field)),
    { label: 'Kept at', answer: (values) => wards.find(({ id }) => String(id) === values['kept-at'])?.name ?? '' },
    { label: 'Bought on', answer: dateAnswer('bought-on') },
    named('Cost in pounds', 'cost'),
    named('Order number', 'order-number'),
    named('Notes', 'notes'),
  ]
}

/** An item as its form shows it. */
export function itemValues(item: ItemToEdit): Typed {
  return {
    model: String(item.model_id),
    tag: item.tag,
    serial: item.serial ?? '',
    imei: item.imei ?? '',
    iccid: item.iccid ?? '',
    'phone-number': item.phone_number ?? '',
    'kept-at': item.kept_at_ward_id === null ? '' : String(item.kept_at_ward_id),
    ...purchaseValues(item),
    notes: item.notes,
  }
}

/** What another item like this one begins with: bought together, kept together. */
export function valuesLike(item: ItemToEdit): Typed {
  return { 'kept-at': item.kept_at_ward_id === null ? '' : String(item.kept_at_ward_id), ...purchaseValues(item) }
}

function purchaseValues(item: ItemToEdit): Typed {
  return {
    ...dateFieldValues('bought-on', item.bought_on),
    cost: item.cost_pence === null ? '' : (item.cost_pence / 100).toFixed(2).replace(/\.00$/, ''),
    'order-number': item.order_number,
  }
}
