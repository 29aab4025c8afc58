import { type Category, categories } from '../items/rules.ts'
import { isReservedTag, mostTagCharacters } from '../items/tag-rules.ts'
import { parseSpreadsheetDate } from '../lib/dates.ts'
import { parseIccid } from '../lib/iccid.ts'
import { parseImei } from '../lib/imei.ts'
import { explainScientific } from '../lib/long-numbers.ts'
import { parsePounds } from '../lib/money.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanCode, cleanLine, cleanPhone, cleanText, isLongerThan } from '../lib/text.ts'
import { type Connector, connectors, longestCableCm } from '../models/rules.ts'
import { type ItemField, itemFields } from './item-fields-rules.ts'
import type { CellReader } from './rows-rules.ts'
import {
  failedFormula,
  findCategory,
  isFailedFormula,
  readPlace,
  saysNothing,
  type Vocabulary,
  wordKey,
} from './words-rules.ts'

/** What a row says, read. What is not there was not said: its cell is empty or its column is left out. */
export interface ItemValues {
  tag: string
  category: Category
  maker: string
  model: string
  operatingSystem: string
  supportEndsOn: string
  connector: Connector
  cableLength: number
  serial: string
  imei: string
  iccid: string
  phoneNumber: string
  /** The id of a ward. */
  keptAt: number
  boughtOn: string
  /** In pence. */
  cost: number
  orderNumber: string
  notes: string
  quantity: 1
}

/** As on the forms of an item and of a model. */
const mostCharacters = {
  tag: mostTagCharacters,
  serial: 100,
  orderNumber: 100,
  maker: 100,
  model: 100,
  operatingSystem: 100,
  notes: 2_000,
}

/** A long number that the spreadsheet shortened: 1.2E+11. A code such as 1E5 is left alone. */
const shortened = /^[0-9](?:[.,][0-9]+e\+?|e\+)[0-9]{1,3}$/i

/**
 * Fields whose cells say the same in row after row: read once for each thing they say. It halves what a file of 10,000
 * rows leaves for the garbage collector.
 */
const repeating: readonly ItemField[] = [
  'category',
  'maker',
  'model',
  'operatingSystem',
  'supportEndsOn',
  'connector',
  'cableLength',
  'keptAt',
  'boughtOn',
  'cost',
  'orderNumber',
  'quantity',
]

/** How the cells of a spreadsheet of items are read. The error says what to do, and nothing in it is guessed at. */
export const itemCells: CellReader<ItemValues> = {
  fields: itemFields,
  repeating,
  isEmpty: (cell, field) => (field === 'notes' ? cell === '' : saysNothing(cell)),
  read(field, cell, vocabulary) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string, vocabulary: Vocabulary) => Reading<never>)(cell, vocabulary)
  },
}

type Readers = { [F in ItemField]: (text: string, vocabulary: Vocabulary) => Reading<ItemValues[F]> }

const readers: Readers = {
  tag: readTag,
  category: readCategory,
  maker: (text) => readLine(text, 'maker'),
  model: (text) => readLine(text, 'model'),
  operatingSystem: (text) => readLine(text, 'operatingSystem'),
  supportEndsOn: parseSpreadsheetDate,
  connector: readConnector,
  cableLength: readCableLength,
  serial: (text) => readLongNumber(text, 'serial'),
  imei: parseImei,
  iccid: parseIccid,
  phoneNumber: readPhoneNumber,
  keptAt: readPlace,
  boughtOn: readDateBought,
  cost: (text) => parsePounds(text, 'Cost'),
  orderNumber: (text) => readLongNumber(text, 'orderNumber'),
  notes: readNotes,
  quantity: readQuantity,
}

function readTag(text: string): Reading<string> {
  const tag = cleanCode(text)
  if (tag === '') return refuse('missing', 'Enter the asset tag')
  if (shortened.test(tag)) return refuse('scientific', explainScientific('Asset tag', tag))
  if (isReservedTag(tag)) {
    return refuse('reserved', `Asset tag cannot be “${tag}”, because the service uses that word itself`)
  }
  return withinLength(tag, 'tag')
}

function readCategory(text: string, { meanings }: Vocabulary): Reading<Category> {
  const category = findCategory(text, meanings)
  if (category) return accept(category)
  return refuse(
    'unknown',
    `This is not one of our categories. Match it to one, or write one of these: ${Object.values(categories).join(', ')}`,
  )
}

function readConnector(text: string): Reading<Connector> {
  const key = wordKey(text).replaceAll(' ', '')
  const known = Object.keys(connectors).find((code) => connectorWords[code as Connector].includes(key))
  if (known) return accept(known as Connector)
  return refuse('unknown', `Connector must be one of these: ${Object.values(connectors).join(', ')}. Or empty the cell`)
}

const connectorWords: Record<Connector, readonly string[]> = {
  'usb-c': ['usbc', 'usbtypec', 'typec', 'ctype'],
  lightning: ['lightning', 'applelightning'],
  'micro-usb': ['microusb', 'usbmicro', 'microusbb', 'usbmicrob'],
  wireless: ['wireless', 'qi', 'wirelessqi', 'qiwireless'],
}

/** Whole centimetres, as the model's own form has it: metres are not worked out, since a ward's limit hangs on it. */
function readCableLength(text: string): Reading<number> {
  const digits = /^(\d{1,9}) ?(?:cm)?$/i.exec(text)?.[1]
  if (digits !== undefined && Number(digits) <= longestCableCm) return accept(Number(digits))
  const most = longestCableCm.toLocaleString('en-GB')
  return refuse('not-centimetres', `Cable length must be whole centimetres from 0 to ${most}, like 100 for 1 metre`)
}

function readPhoneNumber(text: string): Reading<string> {
  const phone = cleanPhone(text)
  return phone.error ? phone : accept(phone.value.typed)
}

function readDateBought(text: string, { today }: Vocabulary): Reading<string> {
  const date = parseSpreadsheetDate(text)
  if (date.error || date.value <= today) return date
  return refuse('in-future', 'Date it was bought must be today or in the past')
}

function readQuantity(text: string): Reading<1> {
  if (/^1(?:[.,]0+)?$/.test(text)) return accept(1)
  return refuse('not-one', 'A row is one thing. Give each one a row and an asset tag of its own')
}

function readLongNumber(text: string, field: 'serial' | 'orderNumber'): Reading<string> {
  const code = cleanCode(text)
  if (shortened.test(code)) return refuse('scientific', explainScientific(itemFields[field].label, code))
  return withinLength(code, field)
}

function readLine(text: string, field: 'maker' | 'model' | 'operatingSystem'): Reading<string> {
  return withinLength(cleanLine(text), field)
}

function readNotes(text: string): Reading<string> {
  return withinLength(cleanText(text), 'notes')
}

function withinLength(text: string, field: keyof typeof mostCharacters): Reading<string> {
  const most = mostCharacters[field]
  if (!isLongerThan(text, most)) return accept(text)
  return refuse(
    'too-long',
    `${itemFields[field].label} must be ${most.toLocaleString('en-GB')} characters or less. This has ${text.length}`,
  )
}
