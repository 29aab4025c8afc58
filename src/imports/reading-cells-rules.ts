import type { Unit } from '../data-allowances/megabytes-rules.ts'
import { londonInstant, parseSpreadsheetDate } from '../lib/dates.ts'
import { parseIccid } from '../lib/iccid.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { type AmountWritten, readAmountWritten, readUnit } from './data-cells-rules.ts'
import { type ReadingField, readingFields } from './reading-fields-rules.ts'
import type { CellReader } from './rows-rules.ts'
import { failedFormula, isFailedFormula, saysNothing } from './words-rules.ts'

/** When something was read: a day, and the moment where the file says it. */
export interface ReadWhen {
  day: string
  at: Date | null
}

export interface ReadingValues {
  simNumber: string
  left: AmountWritten
  unit: Unit
  readAt: ReadWhen
}

export const readingCells: CellReader<ReadingValues> = {
  fields: readingFields,
  repeating: ['unit', 'readAt'],
  isEmpty: (cell) => saysNothing(cell),
  read(field, cell) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string) => Reading<never>)(cell)
  },
}

const readers: { [F in ReadingField]: (text: string) => Reading<ReadingValues[F]> } = {
  simNumber: (text) => {
    const read = parseIccid(text)
    return read.error ? refuse(read.error.reason, read.error.text) : accept(read.value)
  },
  left: readAmountWritten,
  unit: readUnit,
  readAt: readWhen,
}

/** 3/8/2026, or with the time on London's clocks behind it. */
function readWhen(text: string): Reading<ReadWhen> {
  const [, date = text, time] = /^(.+?)[ T]+([01]?\d:[0-5]\d|2[0-3]:[0-5]\d)(?::[0-5]\d)?$/.exec(text) ?? []
  const day = parseSpreadsheetDate(date)
  if (day.error) return refuse(day.error.reason, day.error.text)
  if (time === undefined) return accept({ day: day.value, at: null })
  const at = londonInstant(day.value, time.padStart(5, '0'))
  return at.error ? refuse(at.error.reason, at.error.text) : accept({ day: day.value, at: at.value })
}
