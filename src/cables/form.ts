import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { MOST_REASON, type PermitForm, permitLengths } from './rules.ts'

/** Reads what the nurse in charge signs. The PIN is never kept with what was typed. */
export function parsePermit(body: unknown): Parsed<PermitForm> {
  const { pin = '', ...values } = typedValues(body, ['item', 'because', 'signer', 'length', 'pin'])
  const errors: FieldError[] = []
  const itemId = readId(values.item)
  if (itemId === null) errors.push({ field: 'item', text: 'Choose what it is for' })
  const because = cleanLine(values.because ?? '')
  if (because === '') errors.push({ field: 'because', text: 'Say why it may be used here' })
  if (isLongerThan(because, MOST_REASON)) {
    errors.push({ field: 'because', text: `Reason must be ${MOST_REASON} characters or less` })
  }
  const length = permitLengths.find(({ value }) => value === values.length)
  if (!length) errors.push({ field: 'length', text: 'Choose for how long' })
  const signerId = readId(values.signer)
  if (signerId === null) errors.push({ field: 'signer', text: 'Choose who signs' })
  if (!/^\d{4,8}$/.test(pin)) errors.push({ field: 'pin', text: 'Enter the PIN of whoever signs' })
  if (errors.length > 0 || itemId === null || signerId === null || !length) return rejected(errors, values)
  return accepted({ itemId, because, signerId, pin, length }, values)
}

function readId(text = ''): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
