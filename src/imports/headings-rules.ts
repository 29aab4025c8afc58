import { inNormalForm } from '../lib/normal-form.ts'
import { type Field, fieldNames, fields } from './fields-rules.ts'

/**
 * Headings as people and programs write them, by field, the surest first: where a file has several of them, the first
 * in the list is taken. Compared in the form `headingKey` gives them. Beside what people write by hand they hold the
 * columns of Snipe-IT (asset list, custom asset report, import template, `_snipeit_` custom fields) and of Shelf (asset
 * index, import-ready export, content import, `cf:` custom fields).
 */
const knownHeadings: Record<Field, readonly string[]> = {
  tag: [
    'asset tag',
    'tag',
    'asset tag number',
    'asset number',
    'asset no',
    'asset id',
    'sequential id',
    'tag number',
    'tag no',
    'item tag',
    'device tag',
    'inventory number',
    'inventory no',
    'barcode',
    'barcode code128',
    'code128',
    'qr id',
    'item id',
    'device id',
    'label',
    'reference',
    'ref',
    'asset',
    'id',
  ],
  category: [
    'category',
    'asset category',
    'item category',
    'device type',
    'item type',
    'asset type',
    'equipment type',
    'kind',
    'type',
  ],
  maker: ['maker', 'manufacturer', 'make', 'brand', 'device make'],
  model: [
    'model',
    'model name',
    'asset model',
    'device model',
    'make and model',
    'make model',
    'product',
    'product name',
    'device',
    'device name',
    'model number',
    'model no',
    'asset name',
    'item name',
    'title',
    'name',
  ],
  operatingSystem: ['operating system', 'os', 'os version', 'model operating system', 'software version'],
  supportEndsOn: [
    'security updates until',
    'support ends',
    'support ends on',
    'support end',
    'support end date',
    'os support ends',
    'os support end date',
    'end of support',
    'supported until',
    'auto update expiration',
    'auto update expiration date',
    'aue date',
  ],
  connector: ['connector', 'connector type', 'charging connector', 'charging port', 'charger type', 'port'],
  cableLength: ['cable length cm', 'cable length', 'cable cm', 'lead length cm', 'lead length'],
  serial: ['serial number', 'serial', 'serial no', 'serial num', 'device serial number', 'device serial', 's n', 'sn'],
  imei: ['imei', 'imei number', 'imei no', 'imei 1', 'imei1', 'device imei'],
  iccid: [
    'sim number iccid',
    'iccid',
    'iccid number',
    'sim iccid',
    'sim number',
    'sim no',
    'sim card number',
    'sim serial number',
    'sim serial',
  ],
  phoneNumber: [
    'phone number',
    'sim phone number',
    'device phone number',
    'sim mobile number',
    'mobile number',
    'phone no',
    'mobile no',
    'telephone number',
    'msisdn',
  ],
  keptAt: [
    'kept at',
    'default location',
    'home location',
    'location',
    'kept',
    'ward',
    'ward name',
    'ward code',
    'base',
    'store',
    'storage',
    'storage location',
    'place',
    'team',
    'hub',
    'site',
  ],
  boughtOn: [
    'bought on',
    'purchase date',
    'date purchased',
    'date of purchase',
    'purchased on',
    'purchased',
    'date bought',
    'bought',
    'order date',
    'acquired on',
    'date acquired',
  ],
  cost: ['cost', 'purchase cost', 'purchase price', 'price', 'unit cost', 'unit price', 'value', 'valuation'],
  orderNumber: [
    'order number',
    'order no',
    'purchase order number',
    'purchase order',
    'po number',
    'po no',
    'po',
    'order reference',
    'order ref',
    'order',
  ],
  notes: ['notes', 'asset notes', 'item notes', 'note', 'comments', 'comment', 'remarks', 'description'],
  quantity: ['how many', 'quantity', 'qty'],
}

/** Where no heading is one of ours word for word, a word in it may still say enough: "Device IMEI (from box)". */
const tellingWords: Partial<Record<Field, RegExp>> = {
  imei: /\bimei\b(?! 2\b)/,
  iccid: /\biccid\b/,
  serial: /\bserial\b(?!.*\bsim\b)/,
}

/** Columns about a person: who has it now, or whose account it is. */
const aboutPeople =
  /^(?:checked out|assigned|custod|borrower|patient|client|service user|user ?name|full name|first name|last name|surname|e ?mail|employee|nhs (?:number|no)|date of birth|dob)|\busername\b/

/**
 * A heading that means one of our fields only in certain company. A column "Name" names a person unless Shelf's other
 * columns stand beside it; a phone number beside a person's name is that person's.
 */
const onlyWhere: Partial<Record<string, (keys: readonly string[]) => boolean>> = {
  name: (keys) => keys.includes('qr id') || keys.includes('asset id') || keys.includes('available to book'),
  'phone number': (keys) => !keys.some(isAboutPeople),
  'mobile number': (keys) => !keys.some(isAboutPeople),
  'telephone number': (keys) => !keys.some(isAboutPeople),
  'phone no': (keys) => !keys.some(isAboutPeople),
  'mobile no': (keys) => !keys.some(isAboutPeople),
}

/** What to say about columns that are left out on purpose. */
const leftOut: readonly { heading: RegExp; why: string; isWarning?: true }[] = [
  { heading: aboutPeople, why: 'About a person. Who has an item comes from its loans, so lend it here once it is in' },
  {
    heading: /^(?:status|status label|asset status)$/,
    why: 'What an item is doing comes from its loans. Take out rows of things that are lost, broken or given away, or they come in as available',
    isWarning: true,
  },
  { heading: /^kit$/, why: 'Put kits together on the kits page once the items are in' },
  { heading: /^(?:tags|labels)$/, why: 'Labels for sorting. They are not the asset tag' },
  { heading: /\beol\b/, why: 'When the device is due to be replaced. It is not the end of security updates' },
]

/**
 * A heading as it is compared: Shelf's `cf:Serial, type:text`, Snipe-IT's `_snipeit_imei_1` and a program's `assetModel`
 * become what a person would have written, then lower case without punctuation.
 */
export function headingKey(heading: string): string {
  return inNormalForm(heading, 'NFKC')
    .replace(/^\s*cf:\s*(.*?)\s*(?:,\s*type:.*)?$/i, '$1')
    .replace(/^_snipeit_(.*?)(?:_\d+)?$/i, '$1')
    .replace(/(\p{Ll})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{Ll})(Id)\b/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export interface Column {
  heading: string
  /** Up to three different values that stand under it. */
  samples: string[]
}

/**
 * Which column holds which field, by its heading. A column with nothing under it is never chosen, so that a file whose
 * "Model" is empty falls back to its "Name".
 */
export function guessColumns(columns: readonly Column[]): Map<string, Field> {
  const keys = columns.map(({ heading }) => headingKey(heading))
  const free = new Map(
    columns.flatMap(({ samples }, at) => (samples.length > 0 ? [[at, keys[at] ?? '']] : [])) as [number, string][],
  )
  const found = new Map<string, Field>()
  const take = (field: Field, at: number | undefined) => {
    const heading = at === undefined ? undefined : columns[at]?.heading
    if (at === undefined || heading === undefined) return
    found.set(heading, field)
    free.delete(at)
  }
  for (const field of fieldNames) take(field, surestColumn(field, free, keys))
  const isFound = new Set(found.values())
  for (const field of fieldNames.filter((name) => !isFound.has(name))) take(field, tellingColumn(field, free))
  return found
}

function surestColumn(field: Field, free: Map<number, string>, keys: readonly string[]): number | undefined {
  for (const known of knownHeadings[field]) {
    for (const [at, key] of free) if (key === known && (onlyWhere[key]?.(keys) ?? true)) return at
  }
  return undefined
}

function tellingColumn(field: Field, free: Map<number, string>): number | undefined {
  for (const [at, key] of free) if (tellingWords[field]?.test(key) && !isAboutPeople(key)) return at
  return undefined
}

/** Why a column is left out, where there is more to say than that it is. */
export function whyLeftOut(heading: string): string | undefined {
  const key = headingKey(heading)
  return leftOut.find((kind) => kind.heading.test(key))?.why
}

/** What must be said of columns that are left out, wherever they are shown: rows may not mean what they seem to. */
export function warningsOn(headings: readonly string[]): string[] {
  return headings.flatMap((heading) => {
    const key = headingKey(heading)
    const kind = leftOut.find((one) => one.heading.test(key))
    return kind?.isWarning ? [`“${heading}” is left out. ${kind.why}.`] : []
  })
}

function isAboutPeople(key: string): boolean {
  return aboutPeople.test(key)
}

/** For the list of choices on the page. */
export function fieldOptions(): { value: string; text: string }[] {
  return fieldNames.map((field) => ({ value: field, text: fields[field].label }))
}
