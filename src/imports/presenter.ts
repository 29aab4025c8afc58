import { categories } from '../items/rules.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import type { Option, Page, SelectField } from '../lib/view-model.ts'
import { inWords } from './counting-rules.ts'
import { columnField, importPath, meaningField, mostWords, type WordKind, wordField } from './field-names.ts'
import { fieldOptions } from './fields-rules.ts'
import { type Column, warningsOn, whyLeftOut } from './headings-rules.ts'
import type { FileKind } from './kinds-rules.ts'
import { HIDDEN, isSealedCell } from './sealed-cells-rules.ts'
import type { StrangeWord, StrangeWords } from './strange-words-rules.ts'
import type { WordMeanings } from './words-rules.ts'
import { type Place, suggestCategory, suggestPlace } from './words-rules.ts'

export type ColumnsPage = Page & {
  caption: string
  rows: string
  warnings: string[]
  action: string
  discard: string
  recognised: ColumnsTable | null
  leftOut: { summary: string; isOpen: boolean; table: ColumnsTable } | null
}

export interface ColumnsTable {
  caption: string
  fields: SelectField[]
}

export interface ColumnsShown {
  kind: FileKind
  id: number
  fileName: string
  rowCount: number
  columns: Column[]
  guess: ReadonlyMap<string, string>
  chosen: ReadonlyMap<string, string>
  values?: Typed
  errors?: FieldError[]
}

/** The columns by what our guess made of them, so that none jumps to another part of the page when it is changed. */
export function presentColumns(shown: ColumnsShown): ColumnsPage {
  const { kind, id, fileName, rowCount, columns, guess, chosen, values, errors = [] } = shown
  const choices: Option[] = [{ value: '', text: 'Leave this column out' }, ...fieldOptions(kind.fields)]
  const all = columns.map((column, at) => {
    const name = columnField(at)
    const value = values ? (values[name] ?? '') : (chosen.get(column.heading) ?? '')
    const error = errors.find(({ field }) => field === name)?.text
    return {
      column,
      select: { id: name, name, label: column.heading, hint: hintFor(column, kind), value, error, items: choices },
    }
  })
  const isMain = ({ column, select }: (typeof all)[number]) =>
    guess.has(column.heading) || chosen.has(column.heading) || select.error !== undefined
  const rest = columnsTable(
    'Columns we will leave out',
    all.filter((one) => !isMain(one)),
  )
  return {
    title: 'Match the columns',
    errors,
    back: { href: kind.path, text: 'Choose another file' },
    caption: fileName,
    rows: inWords(rowCount, 'row'),
    warnings: warningsOn(
      all.filter(({ select }) => select.value === '').map(({ column }) => column.heading),
      kind.headings,
    ),
    action: importPath(kind, id),
    discard: importPath(kind, id, '/discard'),
    recognised: columnsTable('Columns we know', all.filter(isMain)),
    leftOut: rest && {
      summary: `${inWords(rest.fields.length, 'column')} we will leave out`,
      isOpen: rest.fields.length === all.length,
      table: rest,
    },
  }
}

function columnsTable(caption: string, columns: { select: SelectField }[]): ColumnsTable | null {
  return columns.length === 0 ? null : { caption, fields: columns.map(({ select }) => select) }
}

const LONGEST_SAMPLE = 40

function hintFor({ heading, samples }: Column, { headings }: FileKind): string {
  if (samples.length === 0) return 'Nothing'
  if (samples.some(isSealedCell)) return HIDDEN
  const examples = samples.map((sample) =>
    sample.length > LONGEST_SAMPLE ? `${sample.slice(0, LONGEST_SAMPLE)}…` : sample,
  )
  const why = whyLeftOut(heading, headings)
  return `${examples.join(' · ')}${why === undefined ? '' : ` (${why})`}`
}

export type WordsPage = Page & {
  caption: string
  action: string
  groups: {
    id: string
    legend: string
    hint: string
    words: (SelectField & { word: { name: string; value: string } })[]
    more: string | null
  }[]
}

export interface WordsShown {
  kind: FileKind
  id: number
  fileName: string
  words: StrangeWords
  meanings: WordMeanings
  places: readonly Place[]
}

export function presentWords({ kind, id, fileName, words, meanings, places }: WordsShown): WordsPage {
  const categoryChoices = [{ value: '', text: 'Choose a category' }, ...optionsOf(categories)]
  const placeChoices = [
    { value: '', text: 'Choose a place' },
    ...places.map(({ code, name }) => ({ value: code, text: `${name} (${code})` })),
  ]
  const wordsFor = (about: WordKind, list: StrangeWord[], items: Option[], meaningOf: (word: StrangeWord) => string) =>
    list.slice(0, mostWords).map((word, at) => {
      const name = meaningField(about, at)
      return {
        id: name,
        name,
        label: word.word,
        hint: inWords(word.rows, 'row'),
        items,
        value: meaningOf(word),
        word: { name: wordField(about, at), value: word.word },
      }
    })
  const groups = [
    {
      id: 'categories',
      legend: 'Categories in your file',
      hint: 'Which of our categories is each one?',
      words: wordsFor(
        'category',
        words.categories,
        categoryChoices,
        ({ key, word }) => meanings.categories.get(key) ?? suggestCategory(word) ?? '',
      ),
      more: moreWords(words.categories),
    },
    {
      id: 'places',
      legend: 'Places in your file',
      hint: 'Which of our wards, teams or hubs is each one?',
      words: wordsFor(
        'place',
        words.places,
        placeChoices,
        ({ key, word }) => meanings.places.get(key) ?? suggestPlace(word, places) ?? '',
      ),
      more: moreWords(words.places),
    },
  ]
  return {
    title: 'Match the words',
    back: { href: importPath(kind, id), text: 'Match the columns' },
    caption: fileName,
    action: importPath(kind, id, '/words'),
    groups: groups.filter((group) => group.words.length > 0),
  }
}

function moreWords(list: StrangeWord[]): string | null {
  if (list.length <= mostWords) return null
  return `There are ${list.length - mostWords} more. Check that the right column was matched, or change the words in the file.`
}

function optionsOf(table: Record<string, string>): Option[] {
  return Object.entries(table).map(([value, text]) => ({ value, text }))
}
