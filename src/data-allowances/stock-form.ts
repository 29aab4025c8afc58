import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames } from '../lib/form-fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'
import {
  type Eligibility,
  eligibilityNames,
  type ForWhom,
  idOf,
  readDays,
  readEligibility,
  readForWhom,
  type When,
} from './form.ts'

/** Something of our stock for somebody. */
export interface StockOrder extends Eligibility, When, ForWhom {
  /** One of the sort that is wanted. */
  stockId: number
}

/** Reads what of our stock is given, and from when to when. */
export function parseStockOrder(body: unknown, today: string, isHeld: boolean): Parsed<StockOrder> {
  const dates = [...dateFieldNames('starts-on'), ...dateFieldNames('ends-on')]
  const values = typedValues(body, ['stock', 'ward', 'staff', ...eligibilityNames, ...dates])
  const errors: FieldError[] = []
  const stockId = idOf(values.stock)
  if (stockId === null) errors.push({ field: 'stock', text: 'Choose what to give' })
  const days = readDays(values, today, errors)
  const whom = readForWhom(values, isHeld, errors)
  if (errors.length > 0 || stockId === null) return rejected(errors, values)
  return accepted({ stockId, ...days, ...whom, ...readEligibility(values) }, values)
}

const MOST_OF_A_REASON = 500

/** Why a code is needed again. Empty: it was not seen yet. */
export function parseReason(body: unknown): Parsed<string> {
  const values = typedValues(body, ['reason'])
  const reason = cleanText(values.reason)
  if (isLongerThan(reason, MOST_OF_A_REASON)) {
    return rejected([{ field: 'reason', text: 'The reason must be 500 characters or less' }], values)
  }
  return accepted(reason, values)
}
