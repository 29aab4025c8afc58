import type { CsvTable } from '../lib/csv.ts'
import { isEmptyCell } from './cells-rules.ts'
import type { Field } from './fields-rules.ts'
import { emptyMeanings, type Mapping } from './mapping-rules.ts'
import { findCategory, type Places, wordKey } from './words-rules.ts'

/** A word of the file that is not ours, how it is written, and in how many rows. */
export interface StrangeWord {
  key: string
  word: string
  rows: number
}

export interface StrangeWords {
  categories: StrangeWord[]
  places: StrangeWord[]
}

/** The words in the columns of categories and places that mean nothing here until somebody says what. */
export function findStrangeWords(table: CsvTable, mapping: Mapping, places: Places): StrangeWords {
  const nothing = emptyMeanings()
  return {
    categories: strangeWordsUnder(table, mapping, 'category', (word) => findCategory(word, nothing) !== undefined),
    places: strangeWordsUnder(table, mapping, 'keptAt', (word) => typeof places.find(word, nothing) === 'object'),
  }
}

function strangeWordsUnder(
  table: CsvTable,
  { columns }: Mapping,
  field: Field,
  isOurs: (word: string) => boolean,
): StrangeWord[] {
  const at = table.headings.findIndex((heading) => columns.get(heading) === field)
  if (at < 0) return []
  const found = new Map<string, StrangeWord>()
  for (const { cells } of table.rows) {
    const word = (cells[at] ?? '').trim()
    if (isEmptyCell(word, field)) continue
    const key = wordKey(word)
    const known = found.get(key)
    if (known) known.rows += 1
    else if (key !== '' && !isOurs(word)) found.set(key, { key, word, rows: 1 })
  }
  return [...found.values()].sort((a, b) => b.rows - a.rows)
}
