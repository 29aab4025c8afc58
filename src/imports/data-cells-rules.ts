import { parseMegabytes, type Unit } from '../data-allowances/megabytes-rules.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { wordKey } from './words-rules.ts'

/** An amount of data as a cell has it: its unit may stand in a column of its own. */
export interface AmountWritten {
  number: string
  unit: Unit | null
}

export function readAmountWritten(text: string): Reading<AmountWritten> {
  if (/\d\s*(tb|terabytes?)$/i.test(text.trim())) return refuse('too-large', 'Write it in GB. The most is 1,000 GB')
  const [, number, unit] = /^([-−]?[\d.,]+)\s*(mb|gb|megabytes?|gigabytes?)?$/i.exec(text.trim()) ?? []
  if (number === undefined) return refuse('no-amount', 'Write an amount with its unit, such as 20 GB or 850 MB')
  return accept({ number, unit: unit === undefined ? null : unitOf(unit) })
}

export function readUnit(text: string): Reading<Unit> {
  const key = wordKey(text)
  if (['mb', 'megabyte', 'megabytes', 'gb', 'gigabyte', 'gigabytes'].includes(key)) return accept(unitOf(key))
  return refuse('no-unit', 'Write MB or GB')
}

const unitOf = (word: string): Unit => (word.toLowerCase().startsWith('g') ? 'gb' : 'mb')

/** The amount in megabytes, of the unit that its own row says: none is guessed from the rows around it. */
export function megabytesOf({ number, unit }: AmountWritten, column: Unit | undefined, least: 0 | 1): Reading<number> {
  if (unit !== null && column !== undefined && unit !== column) {
    return refuse('two-units', 'The amount says one unit and the column Unit another. Write the right one')
  }
  const said = unit ?? column
  if (said === undefined) return refuse('no-unit', 'Write MB or GB behind the amount. Which one it is, is not guessed')
  const read = parseMegabytes(number, said, least)
  return read.error ? refuse(read.error.reason, read.error.text) : accept(read.value)
}
