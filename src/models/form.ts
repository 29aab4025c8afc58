import { isCategory } from '../items/rules.ts'
import { accepted, type FieldError, fieldText, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { isConnector, longestCableCm, type ModelDetails } from './rules.ts'

const fields = ['category', 'maker', 'name', 'operating-system', 'connector', 'cable-length', 'video']
const mostCharacters = 100

/** Reads the form of a model, new or changed. Only its category and name must be there. */
export function parseModel(body: unknown): Parsed<ModelDetails> {
  const values = typedValues(body, [...fields, ...dateFieldNames('support-ends-on')])
  const errors: FieldError[] = []
  const category = fieldText(body, 'category')
  if (!isCategory(category)) errors.push({ field: 'category', text: 'Choose a category' })
  const maker = readLine(values, 'maker', 'Maker', errors)
  const name = readLine(values, 'name', 'Name', errors)
  if (name === '') errors.push({ field: 'name', text: 'Enter the name of the model' })
  const operatingSystem = readLine(values, 'operating-system', 'Operating system', errors)
  const supportEnds = readOptionalDate(values, 'support-ends-on', 'Date security updates end')
  if (supportEnds.error) errors.push(supportEnds.error)
  const cable = readCableLength(values['cable-length'] ?? '')
  if (cable.error) errors.push({ field: 'cable-length', text: cable.error })
  if (errors.length > 0 || !isCategory(category)) return rejected(errors, values)
  const connector = values.connector ?? ''
  const details: ModelDetails = {
    category,
    maker,
    name,
    operating_system: operatingSystem,
    support_ends_on: supportEnds.date,
    connector: isConnector(connector) ? connector : null,
    cable_length_cm: cable.centimetres,
    is_suitable_for_video: values.video === 'yes' ? true : values.video === 'no' ? false : null,
  }
  return accepted(details, values)
}

function readLine(values: Typed, field: string, label: string, errors: FieldError[]): string {
  const text = cleanLine(values[field])
  if (isLongerThan(text, mostCharacters)) {
    errors.push({ field, text: `${label} must be ${mostCharacters} characters or less` })
  }
  return text
}

/** Whole centimetres. Metres are not worked out: of "1.5" and "15" one is a slip, and a ward's limit hangs on it. */
function readCableLength(typed: string): { centimetres: number | null; error?: string } {
  if (typed === '') return { centimetres: null }
  const digits = /^(\d{1,9}) ?(?:cm)?$/i.exec(typed)?.[1]
  if (digits === undefined || Number(digits) > longestCableCm) {
    return {
      centimetres: null,
      error: `Cable length must be a whole number of centimetres from 0 to ${longestCableCm.toLocaleString('en-GB')}, like 100 for 1 metre`,
    }
  }
  return { centimetres: Number(digits) }
}
