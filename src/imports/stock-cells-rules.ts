import type { Unit } from '../data-allowances/megabytes-rules.ts'
import { type Kind, kindNames, kinds, type Period } from '../data-allowances/words-rules.ts'
import { parseSpreadsheetDate } from '../lib/dates.ts'
import { parseIccid } from '../lib/iccid.ts'
import { parsePounds } from '../lib/money.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { type AmountWritten, readAmountWritten, readUnit } from './data-cells-rules.ts'
import type { CellReader } from './rows-rules.ts'
import { readSealedCell, type SealedCode } from './sealed-cells-rules.ts'
import { type StockField, stockFields } from './stock-fields-rules.ts'
import { failedFormula, isFailedFormula, saysNothing, wordKey } from './words-rules.ts'

/** What a row of stock says, read. */
export interface StockValues {
  what: Kind
  simNumber: string
  code: SealedCode
  provider: string
  network: string
  amount: AmountWritten | 'unlimited'
  unit: Unit
  period: Period
  useBy: string
  funder: string
  cost: number
}

export const stockCells: CellReader<StockValues> = {
  fields: stockFields,
  repeating: ['what', 'provider', 'network', 'amount', 'unit', 'period', 'useBy', 'funder', 'cost'],
  isEmpty: (cell) => saysNothing(cell),
  read(field, cell) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string) => Reading<never>)(cell)
  },
}

const readers: { [F in StockField]: (text: string) => Reading<StockValues[F]> } = {
  what: readWhat,
  simNumber: (text) => {
    const read = parseIccid(text)
    return read.error ? refuse(read.error.reason, read.error.text) : accept(read.value)
  },
  code: readSealedCell,
  provider: readLine,
  network: readLine,
  amount: (text) => (wordKey(text) === 'unlimited' ? accept('unlimited') : readAmountWritten(text)),
  unit: readUnit,
  period: readPeriod,
  useBy: (text) => parseSpreadsheetDate(text),
  funder: readLine,
  cost: (text) => {
    const read = parsePounds(text, 'Cost')
    return read.error ? refuse(read.error.reason, read.error.text) : accept(read.value)
  },
}

function readWhat(text: string): Reading<Kind> {
  const key = wordKey(text)
  const found = kinds.find(({ value }) => wordKey(value) === key || wordKey(kindNames[value]) === key)
  return found ? accept(found.value) : refuse('unknown', 'Write SIM, eSIM, Voucher or Hotspot')
}

const periodWords: Readonly<Record<string, Period>> = {
  ...{ once: 'once', 'one off': 'once', day: 'day', daily: 'day', 'each day': 'day', week: 'week', weekly: 'week' },
  ...{ 'each week': 'week', month: 'month', monthly: 'month', 'each month': 'month', 'per month': 'month' },
}

function readPeriod(text: string): Reading<Period> {
  const period = periodWords[wordKey(text)]
  return period === undefined ? refuse('unknown', 'Write Once, Day, Week or Month') : accept(period)
}

function readLine(text: string): Reading<string> {
  const line = cleanLine(text)
  return isLongerThan(line, 100) ? refuse('too-long', 'This must be 100 characters or less') : accept(line)
}
