import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { plainCode } from './rules.ts'

const LONGEST_NAME = 60

export interface NewTablet {
  name: string
  wardId: number
}

export function parseTablet(body: unknown): Parsed<NewTablet> {
  const values = typedValues(body, ['name', 'ward'])
  const name = cleanLine(values.name)
  const errors: FieldError[] = []
  if (name === '') errors.push({ field: 'name', text: 'Enter a name for the tablet' })
  if (isLongerThan(name, LONGEST_NAME))
    errors.push({ field: 'name', text: `Name must be ${LONGEST_NAME} characters or less` })
  const isWard = /^[1-9]\d{0,14}$/.test(values.ward ?? '')
  if (!isWard) errors.push({ field: 'ward', text: 'Choose the ward where the tablet is used' })
  return errors.length > 0 ? rejected(errors, values) : accepted({ name, wardId: Number(values.ward) }, values)
}

/** Gives the code as it is compared. */
export function parseEnrolment(body: unknown): Parsed<{ code: string }> {
  const typed = fieldText(body, 'code').slice(0, 100)
  const code = plainCode(typed)
  if (code !== null) return accepted({ code }, { code: typed })
  const text = typed === '' ? 'Enter the code for this tablet' : 'The code has 12 letters and numbers. Check it'
  return rejected([{ field: 'code', text }], { code: typed })
}

/** Gives the PIN as it was typed: whether it is right is not for a form to say. */
export function parsePin(body: unknown): Parsed<{ pin: string }> {
  const pin = fieldText(body, 'pin').slice(0, 100)
  return pin === '' ? rejected([{ field: 'pin', text: 'Enter your PIN' }], {}) : accepted({ pin })
}
