import { accepted, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { type Every, isEvery } from './delivery-rules.ts'

/** Reads how often the reports are to be sent. */
export function parseDelivery(body: unknown): Parsed<Every> {
  const values = typedValues(body, ['every'])
  const { every = '' } = values
  return isEvery(every)
    ? accepted(every, values)
    : rejected([{ field: 'every', text: 'Choose how often you want them' }], values)
}
