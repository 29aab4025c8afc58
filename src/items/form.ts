import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseIccid } from '../lib/iccid.ts'
import { parseImei } from '../lib/imei.ts'
import { parsePounds } from '../lib/money.ts'
import type { Reading } from '../lib/reading.ts'
import { cleanCode, cleanLine, cleanPhone, cleanText, isLongerThan } from '../lib/text.ts'
import type { ItemDetails } from './edit-rules.ts'
import { isReservedTag, mostTagCharacters } from './tag-rules.ts'

const fields = [
  'model',
  'tag',
  'serial',
  'imei',
  'iccid',
  'phone-number',
  'kept-at',
  'cost',
  'order-number',
  'notes',
  ...dateFieldNames('bought-on'),
]
const mostCharacters = 100
const mostNotes = 2_000

/** Notes what is wrong with a field; nothing when there is no text. */
type Note = (field: string, text: string | undefined) => void

/** Reads the form of an item, new or changed. Only its tag and its model must be there. Errors come in the form's order. */
export function parseItem(body: unknown, today: string): Parsed<ItemDetails> {
  const values = typedValues(body, fields)
  const errors: FieldError[] = []
  const note: Note = (field, text) => void (text && errors.push({ field, text }))
  const model = readId(values.model)
  note('model', model === null ? 'Choose a model' : undefined)
  const tag = cleanCode(values.tag)
  note('tag', tagError(tag))
  const numbers = readNumbers(values, note)
  const place = readPlace(values, note)
  const notes = cleanText(values.notes)
  note('notes', tooLong(notes, 'Notes', mostNotes))
  const purchase = readPurchase(values, today, note)
  if (errors.length > 0 || model === null) return rejected(errors, values)
  return accepted({ tag, model_id: model, ...numbers, kept_at_ward_id: place, notes, ...purchase }, values)
}

function readNumbers(values: Typed, note: Note) {
  const serial = cleanCode(values.serial)
  note('serial', tooLong(serial, 'Serial number'))
  return {
    serial: serial || null,
    imei: readOptional('imei', values, parseImei, note),
    iccid: readOptional('iccid', values, parseIccid, note),
    phone_number: readOptional('phone-number', values, cleanPhone, note)?.typed ?? null,
  }
}

function readPlace(values: Typed, note: Note): number | null {
  const typed = values['kept-at'] ?? ''
  const ward = readId(typed)
  note('kept-at', ward === null && typed !== '' ? 'Choose where it is kept' : undefined)
  return ward
}

function readPurchase(values: Typed, today: string, note: Note) {
  const bought = readOptionalDate(values, 'bought-on', 'Date it was bought')
  if (bought.error) note(bought.error.field, bought.error.text)
  note('bought-on', (bought.date ?? '') > today ? 'Date it was bought must be today or in the past' : undefined)
  const cost = readOptional('cost', values, (text) => parsePounds(text, 'Cost'), note)
  const orderNumber = cleanLine(values['order-number'])
  note('order-number', tooLong(orderNumber, 'Order number'))
  return { bought_on: bought.date, cost_pence: cost, order_number: orderNumber }
}

/** Null for a field that was left empty, which is no mistake. */
function readOptional<T>(field: string, values: Typed, read: (text: string) => Reading<T>, note: Note): T | null {
  const typed = values[field] ?? ''
  if (typed === '') return null
  const { value, error } = read(typed)
  note(field, error?.text)
  return value ?? null
}

function tagError(tag: string): string | undefined {
  if (tag === '') return 'Enter the asset tag'
  if (isLongerThan(tag, mostTagCharacters)) return `Asset tag must be ${mostTagCharacters} characters or less`
  if (isReservedTag(tag)) return `Asset tag cannot be “${tag}”, because the service uses that word itself`
  return undefined
}

function tooLong(text: string, name: string, most = mostCharacters): string | undefined {
  return isLongerThan(text, most) ? `${name} must be ${most.toLocaleString('en-GB')} characters or less` : undefined
}

function readId(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
