import { isCategory } from '../items/rules.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { fieldCalled, isFieldOf } from './fields-rules.ts'
import type { FileKind } from './kinds-rules.ts'
import { findCategory, type Places, type WordMeanings, wordKey } from './words-rules.ts'

/** How one file is to be read: which heading holds which field of its kind, and what its words mean here. */
export interface Mapping {
  columns: Map<string, string>
  meanings: WordMeanings
}

/** As it is kept in the database: pairs, since a heading may be any word, also one that objects reserve. */
export interface StoredMapping {
  columns: [string, string][]
  categories: [string, string][]
  places: [string, string][]
}

export function emptyMeanings(): WordMeanings {
  return { categories: new Map(), places: new Map() }
}

export function storedMapping({ columns, meanings }: Mapping): StoredMapping {
  return { columns: [...columns], categories: [...meanings.categories], places: [...meanings.places] }
}

export function mappingFrom(stored: StoredMapping, { fields }: FileKind): Mapping {
  const categories = stored.categories.flatMap(([word, code]) => (isCategory(code) ? [[word, code] as const] : []))
  return {
    columns: new Map(stored.columns.filter(([, field]) => isFieldOf(fields, field))),
    meanings: { categories: new Map(categories), places: new Map(stored.places) },
  }
}

/** What is wrong with a choice of columns: the heading it is about, or none, and what to say. */
export interface ColumnsProblem {
  heading: string | null
  text: string
}

/** A field that stands twice says two things, and a file says nothing without the columns that its kind needs. */
export function checkColumns(columns: readonly (readonly [string, string])[], kind: FileKind): ColumnsProblem[] {
  const first = new Map<string, string>()
  const problems: ColumnsProblem[] = []
  for (const [heading, field] of columns) {
    const other = first.get(field)
    if (other === undefined) first.set(field, heading)
    else {
      const label = kind.fields[field]?.label ?? field
      const text = `You chose ${label} for “${other}” and for “${heading}”. Choose it for one of them`
      problems.push({ heading, text })
    }
  }
  return [...problems, ...kind.missing(new Set(first.keys())).map((text) => ({ heading: null, text }))]
}

export interface MapFile {
  /** By heading; null where the column is left out whatever it seems to be. */
  columns: Map<string, string | null>
  meanings: WordMeanings
}

const parts = ['columns', 'categories', 'places']

/**
 * Reads a map file: JSON with three lists, each of which may be missing. Every heading must be one of the file's, every
 * field, category and place one of ours: a slip of the pen is told, not passed over.
 */
export function parseMapFile(
  text: string,
  { headings, places, kind: { fields } }: { headings: readonly string[]; places: Places; kind: FileKind },
): Reading<MapFile, 'map-file'> {
  const whole = parseObject(text)
  if (whole === undefined) return wrong('it must be JSON: an object with "columns", "categories" and "places"')
  const strange = [...whole.keys()].find((part) => !parts.includes(part))
  if (strange !== undefined) return wrong(`"${strange}" is not a part of a map file. Those are ${parts.join(', ')}`)
  const map: MapFile = { columns: new Map(), meanings: emptyMeanings() }

  for (const [heading, name] of entriesOf(whole, 'columns')) {
    if (!headings.includes(heading)) return wrong(`the spreadsheet has no heading "${heading}"`)
    const field = typeof name === 'string' && name !== '' ? fieldCalled(fields, name) : null
    if (field === undefined || (field === null && name !== null && name !== '')) {
      return wrong(`"${name}" is not a field. They are ${Object.keys(fields).join(', ')}`)
    }
    map.columns.set(heading, field)
  }
  for (const [word, name] of entriesOf(whole, 'categories')) {
    const category = typeof name === 'string' ? findCategory(name, emptyMeanings()) : undefined
    if (category === undefined) return wrong(`"${name}" is not one of our categories`)
    map.meanings.categories.set(wordKey(word), category)
  }
  for (const [word, name] of entriesOf(whole, 'places')) {
    const place = typeof name === 'string' ? places.find(name, emptyMeanings()) : undefined
    if (place === undefined || place === 'several') return wrong(`"${name}" is not one place of this organisation`)
    map.meanings.places.set(wordKey(word), place.code)
  }
  return accept(map)
}

function wrong(text: string) {
  return refuse('map-file', `The map file cannot be used: ${text}`)
}

function entriesOf(whole: Map<string, unknown>, part: string): [string, unknown][] {
  const value = whole.get(part)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

function parseObject(text: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return new Map(Object.entries(value))
  } catch {
    return undefined
  }
}

/** The guess, with what the map file says in its place; a field that the map gives to one column leaves the others. */
export function applyMapFile(guess: ReadonlyMap<string, string>, map: MapFile): Mapping {
  const given = new Set([...map.columns.values()].filter((field) => field !== null))
  const columns = new Map([...guess].filter(([heading, field]) => !map.columns.has(heading) && !given.has(field)))
  for (const [heading, field] of map.columns) if (field !== null) columns.set(heading, field)
  return { columns, meanings: map.meanings }
}
