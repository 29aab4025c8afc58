import { type Category, categories, isCategory } from '../items/rules.ts'
import { inNormalForm } from '../lib/normal-form.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'

/**
 * The words a file uses for categories and places, and what they are here. A word that is ours, whatever its capitals,
 * plural or punctuation, needs no telling; any other is matched once, on screen or in the map file, and never guessed.
 */
export interface Place {
  id: number
  code: string
  name: string
  /** Nothing new is put there. */
  is_closed?: boolean
}

/** Those that something may be put to. */
export function placesToChoose(places: readonly Place[]): Place[] {
  return places.filter(({ is_closed }) => !is_closed)
}

/** What the words of this file mean here, by `wordKey`. Places stand as the code of the ward. */
export interface WordMeanings {
  categories: Map<string, Category>
  places: Map<string, string>
}

/** Words as they are compared: case, spaces and punctuation say nothing. */
export function wordKey(word: string): string {
  return inNormalForm(word, 'NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** How people and programs write that there is nothing: a dash, "n/a", "none". */
const nothing = /^(?:[-\u2013\u2014]+|n\/?a|none|null|nil)$/i

export function saysNothing(text: string): boolean {
  return text === '' || nothing.test(text)
}

const ourCategories = new Map<string, Category>(
  Object.entries(categories).flatMap(([code, name]) => {
    const keys = [wordKey(code), wordKey(name), `${wordKey(name)}s`]
    return isCategory(code) ? keys.map((key): [string, Category] => [key, code]) : []
  }),
)
ourCategories.set('accessories', 'accessory').set('sim card', 'sim').set('sim cards', 'sim')

export function findCategory(word: string, meanings: WordMeanings): Category | undefined {
  const key = wordKey(word)
  return ourCategories.get(key) ?? meanings.categories.get(key)
}

/** Every place is found by its code; by its name too where only one of those in use has it. What names a closed one may mean another. */
export class Places {
  readonly list: readonly Place[]
  readonly #byWord = new Map<string, Place | 'several'>()
  readonly #byCode = new Map<string, Place>()

  constructor(list: readonly Place[]) {
    this.list = list
    for (const place of placesToChoose(list)) {
      const key = wordKey(place.name)
      this.#byWord.set(key, this.#byWord.has(key) ? 'several' : place)
    }
    for (const place of list) {
      const key = wordKey(place.name)
      if (place.is_closed && !this.#byWord.has(key)) this.#byWord.set(key, place)
    }
    for (const place of list) {
      this.#byCode.set(place.code, place)
      this.#byWord.set(wordKey(place.code), place)
    }
  }

  find(word: string, meanings: WordMeanings): Place | 'several' | undefined {
    const key = wordKey(word)
    const own = this.#byCode.get(word.trim().toLowerCase()) ?? this.#byWord.get(key)
    if (own !== undefined && own !== 'several' && !own.is_closed) return own
    return this.#byCode.get(meanings.places.get(key) ?? '') ?? own
  }

  /** How a file writes a place so that it is found again: its name, or its code where the name may be taken for another. */
  written(id: number | null): string {
    const place = this.list.find((one) => one.id === id)
    if (!place) return ''
    const isPlain = !saysNothing(place.name.trim()) && this.find(place.name, noMeanings) === place
    return isPlain ? place.name : place.code
  }
}

const noMeanings: WordMeanings = { categories: new Map(), places: new Map() }

/** What it takes to read a cell: what the words of the file mean here, and what day it is. */
export interface Vocabulary {
  places: Places
  meanings: WordMeanings
  today: string
}

/** Reads the name or the code of a ward, team or hub. Gives its id. */
export function readPlace(text: string, { places, meanings }: Vocabulary): Reading<number> {
  const place = places.find(text, meanings)
  if (place === 'several')
    return refuse('several', 'More than one place has this name. Write its code in place of the name')
  if (place?.is_closed) return refuse('closed', 'This place is closed. Write another one, or empty the cell')
  if (place) return accept(place.id)
  return refuse(
    'unknown',
    'This is not one of our places. Match it to one, or write the name or code of a ward, team or hub',
  )
}

/** What a formula that failed leaves in the cell: #N/A, #REF!, #DIV/0! */
const failures = /^#(?:n\/a|null!|name\?|num!|ref!|value!|div\/0!|spill!|getting_data|####*)$/i

export function isFailedFormula(text: string): boolean {
  return failures.test(text)
}

export function failedFormula() {
  return refuse('failed-formula', 'A formula in the spreadsheet failed. Put in the right value, or empty the cell')
}

/** In this order: a "phone charger" is a charger, and an "iPad case" is no iPad. */
const likelyCategories: readonly [RegExp, Category][] = [
  [/\b(?:case|cover|stand|keyboard|mouse|bag|stylus|dock|accessor\w*|screen protector)s?\b/, 'accessory'],
  [/\b(?:charg\w+|power|adapters?|adaptors?|plugs?|cables?|leads?)\b/, 'charger'],
  [/\b(?:headsets?|headphones?|earphones?|earbuds?)\b/, 'headset'],
  [/\b(?:hotspots?|hot spots?|mifi|mi fi|wifi|dongles?|routers?)\b/, 'hotspot'],
  [/\b(?:laptops?|notebooks?|chromebooks?|macbooks?)\b/, 'laptop'],
  [/\b(?:tablets?|ipads?|galaxy tabs?|kindles?)\b/, 'tablet'],
  [/\b(?:smart ?phones?|mobiles?|phones?|iphones?|handsets?)\b/, 'smartphone'],
  [/\b(?:sims?|esims?)\b/, 'sim'],
  [/\blockers?\b/, 'locker-bay'],
  [/\brooms?\b/, 'private-room'],
]

/** What a category's word probably means: chosen beforehand on the page, where somebody confirms it. */
export function suggestCategory(word: string): Category | undefined {
  const key = wordKey(word)
  return likelyCategories.find(([pattern]) => pattern.test(key))?.[1]
}

/** The one place whose name begins with, or begins, the word: "Ash" for Ash Ward. None where two might be meant. */
export function suggestPlace(word: string, places: readonly Place[]): string | undefined {
  const key = wordKey(word)
  if (key === '') return undefined
  const likely = places.filter(({ name }) => {
    const ours = wordKey(name)
    return `${ours} `.startsWith(`${key} `) || `${key} `.startsWith(`${ours} `)
  })
  return likely.length === 1 ? likely[0]?.code : undefined
}
