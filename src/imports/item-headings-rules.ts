import type { HeadingRules } from './headings-rules.ts'
import { type ItemField, itemFields } from './item-fields-rules.ts'

/** What people and programs write over the asset tag. */
export const tagHeadings = [
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
] as const

/**
 * Headings as people and programs write them, by field, the surest first: where a file has several of them, the first
 * in the list is taken. Compared in the form `headingKey` gives them. Beside what people write by hand they hold the
 * columns of Snipe-IT (asset list, custom asset report, import template, `_snipeit_` custom fields) and of Shelf (asset
 * index, import-ready export, content import, `cf:` custom fields).
 */
const known: Record<ItemField, readonly string[]> = {
  tag: tagHeadings,
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

/** Columns about a person: who has it now, or whose account it is. */
const aboutPeople =
  /^(?:checked out|assigned|custod|borrower|patient|client|service user|user ?name|full name|first name|last name|surname|e ?mail|employee|nhs (?:number|no)|date of birth|dob)|\busername\b/

const hasNoPeople = (keys: readonly string[]) => !keys.some((key) => aboutPeople.test(key))

export const itemHeadings: HeadingRules = {
  fields: Object.keys(itemFields),
  known,
  telling: {
    imei: /\bimei\b(?! 2\b)/,
    iccid: /\biccid\b/,
    serial: /\bserial\b(?!.*\bsim\b)/,
  },
  neverTelling: aboutPeople,
  // A column "Name" names a person unless Shelf's other columns stand beside it; a phone number beside a person's name is
  // that person's.
  onlyWhere: {
    name: (keys) => keys.includes('qr id') || keys.includes('asset id') || keys.includes('available to book'),
    'phone number': hasNoPeople,
    'mobile number': hasNoPeople,
    'telephone number': hasNoPeople,
    'phone no': hasNoPeople,
    'mobile no': hasNoPeople,
  },
  leftOut: [
    {
      heading: aboutPeople,
      why: 'About a person. Who has an item comes from its loans, so lend it here once it is in',
    },
    {
      heading: /^(?:status|status label|asset status)$/,
      why: 'What an item is doing comes from its loans. Take out rows of things that are lost, broken or given away, or they come in as available',
      isWarning: true,
    },
    { heading: /^kit$/, why: 'Put kits together on the kits page once the items are in' },
    { heading: /^(?:tags|labels)$/, why: 'Labels for sorting. They are not the asset tag' },
    { heading: /\beol\b/, why: 'When the device is due to be replaced. It is not the end of security updates' },
  ],
}
