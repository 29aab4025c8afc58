import type { CsvRow } from '../lib/csv.ts'
import type { FileKind } from './kinds-rules.ts'
import { emptyMeanings, type Mapping } from './mapping-rules.ts'
import { findCategory, type Places, saysNothing, wordKey } from './words-rules.ts'

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

/** Collects, row by row, the words for categories and places that mean nothing here, or what is closed, until somebody says what. */
export class StrangeWordFinder {
  readonly #categories: WordsUnder
  readonly #places: WordsUnder

  constructor(headings: readonly string[], { columns }: Mapping, kind: FileKind, places: Places) {
    const nothing = emptyMeanings()
    const under = (field: string | undefined, isOurs: (word: string) => boolean) =>
      new WordsUnder(field === undefined ? -1 : headings.findIndex((one) => columns.get(one) === field), isOurs)
    this.#categories = under(kind.words.category, (word) => findCategory(word, nothing) !== undefined)
    this.#places = under(kind.words.place, (word) => {
      const place = places.find(word, nothing)
      return typeof place === 'object' && !place.is_closed
    })
  }

  add(row: CsvRow): void {
    this.#categories.add(row)
    this.#places.add(row)
  }

  get found(): StrangeWords {
    return { categories: this.#categories.found, places: this.#places.found }
  }
}

class WordsUnder {
  readonly #at: number
  readonly #isOurs: (word: string) => boolean
  readonly #found = new Map<string, StrangeWord>()

  constructor(at: number, isOurs: (word: string) => boolean) {
    this.#at = at
    this.#isOurs = isOurs
  }

  add({ cells }: CsvRow): void {
    const word = (cells[this.#at] ?? '').trim()
    if (saysNothing(word)) return
    const key = wordKey(word)
    const known = this.#found.get(key)
    if (known) known.rows += 1
    else if (key !== '' && !this.#isOurs(word)) this.#found.set(key, { key, word, rows: 1 })
  }

  /** The most frequent first. */
  get found(): StrangeWord[] {
    return [...this.#found.values()].sort((a, b) => b.rows - a.rows)
  }
}
