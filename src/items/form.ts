import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
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

/** Reads the form of an item, new or changed. Only its tag and its model must be there. */
export function parseItem(body: unknown, today: string): Parsed<ItemDetails> {
  const values = typedValues(body, fields)
  const errors: FieldError[] = []
  const note = (field: string, text: string | undefined) => void (text && errors.push({ field, text }))
  const optional = <T>(field: string, read: (text: string) => Reading<T>): T | null => {
    const typed = values[field] ?? ''
    const { value, error } = typed === '' ? {} : read(typed)
    note(field, error?.text)
    return value ?? null
  }

  const model = readId(values.model)
  note('model', model === null ? 'Choose a model' : undefined)
  const tag = cleanCode(values.tag)
  note('tag', tagError(tag))
  const serial = cleanCode(values.serial)
  note('serial', tooLong(serial, 'Serial number'))
  const imei = optional('imei', parseImei)
  const iccid = optional('iccid', parseIccid)
  const phone = optional('phone-number', cleanPhone)
  const ward = values['kept-at'] === '' ? null : readId(values['kept-at'])
  note('kept-at', ward === null && values['kept-at'] !== '' ? 'Choose where it is kept' : undefined)
  const bought = readOptionalDate(values, 'bought-on', 'Date it was bought')
  if (bought.error) errors.push(bought.error)
  note('bought-on', (bought.date ?? '') > today ? 'Date it was bought must be today or in the past' : undefined)
  const cost = optional('cost', (text) => parsePounds(text, 'Cost'))
  const orderNumber = cleanLine(values['order-number'])
  note('order-number', tooLong(orderNumber, 'Order number'))
  const notes = cleanText(fieldText(body, 'notes'))
  note('notes', tooLong(notes, 'Notes', mostNotes))

  if (errors.length > 0 || model === null) return rejected(errors, values)
  const details: ItemDetails = {
    tag,
    model_id: model,
    serial: serial || null,
    imei,
    iccid,
    phone_number: phone?.typed ?? null,
    kept_at_ward_id: ward,
    bought_on: bought.date,
    cost_pence: cost,
    order_number: orderNumber,
    notes,
  }
  return accepted(details, values)
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
