import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, InputField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import type { ModelRow } from './queries.ts'
import {
  categoryName,
  categoryOptions,
  connectorName,
  connectors,
  countInWords,
  MOST_COUNTED,
  modelName,
  noConnector,
} from './rules.ts'

export type ModelFormPage = Page & {
  action: string
  key?: string
  version?: number
  taken: Link | null
  differences: DataTable | null
  fields: {
    category: SelectField
    maker: InputField
    name: InputField
    operatingSystem: InputField
    supportEndsOn: DateField
    connector: RadiosField
    cableLength: InputField
    video: RadiosField
  }
  button: string
  cancel: Link
}

export interface ModelFormShown extends FormShown {
  key?: string
  /** The model that has the name already. */
  taken?: { id: number; maker: string; name: string }
}

export function presentNewModel({ key, taken, ...form }: ModelFormShown): ModelFormPage {
  return {
    ...formPage(form, taken),
    title: 'Add a model',
    back: { href: '/models', text: 'Models' },
    action: '/models',
    key,
    button: 'Add this model',
    cancel: { href: '/models', text: 'Cancel' },
  }
}

/** A model to change, as it is or as it was typed. `overtaken`: somebody saved another version meanwhile. */
export function presentModelEdit(
  model: ModelRow,
  { taken, isOvertaken = false, ...form }: ModelFormShown & { isOvertaken?: boolean } = {},
): ModelFormPage {
  const saved = modelValues(model)
  const values = form.values ?? saved
  const page = formPage({ ...form, values }, taken)
  return {
    ...page,
    title: `Change ${modelName(model)}`,
    errors: isOvertaken ? [overtaken] : page.errors,
    back: { href: `/models/${model.id}`, text: modelName(model) },
    action: `/models/${model.id}`,
    version: model.version,
    differences: isOvertaken ? differencesTable(questions, saved, values) : null,
    fields: { ...page.fields, category: { ...page.fields.category, hint: itemsFollow(model.item_count) } },
    button: 'Save changes',
    cancel: { href: `/models/${model.id}`, text: 'Cancel' },
  }
}

const overtaken = {
  text: 'Someone changed this model after you opened it. Nothing you typed is saved yet. Check it, then save it again.',
}

function itemsFollow(count: number): string | undefined {
  if (count === 0) return undefined
  if (count > MOST_COUNTED) return `If you change it, all items of this model change with it, ${countInWords(count)}.`
  return count === 1
    ? 'If you change it, the item of this model changes with it.'
    : `If you change it, all ${count} items of this model change with it.`
}

function formPage(
  form: FormShown,
  taken: ModelFormShown['taken'],
): Omit<ModelFormPage, 'title' | 'action' | 'button' | 'cancel'> {
  const errors = taken ? [nameTaken] : (form.errors ?? [])
  return {
    errors,
    taken: taken ? { href: `/models/${taken.id}`, text: `Open ${modelName(taken)}` } : null,
    differences: null,
    fields: modelFields({ values: form.values, errors }),
  }
}

const nameTaken: FieldError = { field: 'name', text: 'Another model in this category has this maker and name' }

function modelFields(form: FormShown): ModelFormPage['fields'] {
  const field = formFields(form)
  return {
    category: field.select('category', 'Category', [{ value: '', text: 'Choose a category' }, ...categoryOptions]),
    maker: field.input('maker', 'Maker (optional)', { hint: 'For example, Apple', width: 20 }),
    name: field.input('name', 'Name of the model', { hint: 'For example, iPad 10th generation' }),
    operatingSystem: field.input('operating-system', 'Operating system (optional)', {
      hint: 'For example, iPadOS 18',
      width: 20,
    }),
    supportEndsOn: field.date('support-ends-on', 'When do security updates end? (optional)', {
      hint: 'The last day the maker promises updates for. For example, 31 10 2028',
    }),
    connector: field.radios(
      'connector',
      'Connector (optional)',
      [...connectorOptions, { value: '', text: noConnector }],
      { small: true },
    ),
    cableLength: field.input('cable-length', 'Length of its cable (optional)', {
      hint: 'Wards may only use cables up to a length. A cable that comes off is an item of its own.',
      suffix: 'cm',
      inputmode: 'numeric',
      width: 4,
    }),
    video: field.radios(
      'video',
      'Is it good for video calls? (optional)',
      [
        { value: 'yes', text: 'Yes' },
        { value: 'no', text: 'No' },
        { value: '', text: 'Not known' },
      ],
      { small: true },
    ),
  }
}

const questions: Question[] = [
  { label: 'Category', answer: (values) => categoryName(values.category ?? '') },
  { label: 'Maker', answer: (values) => values.maker ?? '' },
  { label: 'Name', answer: (values) => values.name ?? '' },
  { label: 'Operating system', answer: (values) => values['operating-system'] ?? '' },
  { label: 'Security updates end', answer: dateAnswer('support-ends-on') },
  { label: 'Connector', answer: (values) => connectorName(values.connector ?? null) || noConnector },
  { label: 'Length of cable in cm', answer: (values) => values['cable-length'] ?? '' },
  { label: 'Good for video calls', answer: (values) => ({ yes: 'Yes', no: 'No' })[values.video ?? ''] ?? 'Not known' },
]

/** A model as its form shows it. */
function modelValues(model: ModelRow): Typed {
  return {
    category: model.category,
    maker: model.maker,
    name: model.name,
    'operating-system': model.operating_system,
    ...dateFieldValues('support-ends-on', model.support_ends_on),
    connector: model.connector ?? '',
    'cable-length': model.cable_length_cm === null ? '' : String(model.cable_length_cm),
    video: model.is_suitable_for_video === null ? '' : model.is_suitable_for_video ? 'yes' : 'no',
  }
}

const connectorOptions = Object.entries(connectors).map(([value, text]) => ({ value, text }))
