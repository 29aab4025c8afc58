import { accepted, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine } from '../lib/text.ts'

/** Reads the code of the organisation whose commissioners are to see the figures. */
export function parseFigureShare(body: unknown): Parsed<string> {
  const values = typedValues(body, ['code'])
  const code = cleanLine(values.code).toUpperCase()
  if (/^[A-Z0-9-]{2,20}$/.test(code)) return accepted(code, values)
  return rejected([{ field: 'code', text: 'Enter the code of an organisation, such as RX1' }], values)
}
