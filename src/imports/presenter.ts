import { categories } from '../items/rules.ts'
import { formatInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import type { DataTable, FileField, Option, Page, SelectField } from '../lib/view-model.ts'
import {
  columnField,
  importPath,
  meaningField,
  mostWords,
  uploadPath,
  type WordKind,
  wordField,
} from './field-names.ts'
import { type Field, fields, templateFields } from './fields-rules.ts'
import { type Column, fieldOptions, warningsOn, whyLeftOut } from './headings-rules.ts'
import { countsInWords } from './plan-rules.ts'
import type { ImportResult, RecentImport } from './queries.ts'
import type { StrangeWord, StrangeWords } from './strange-words-rules.ts'
import type { WordMeanings } from './words-rules.ts'
import { type Place, suggestCategory, suggestPlace } from './words-rules.ts'

export type UploadPage = Page & {
  key: string
  action: string
  file: FileField
  template: string
  contents: DataTable
  recent: DataTable | null
}

export interface UploadShown {
  key: string
  error?: string
  recent: RecentImport[]
}

export function presentUpload({ key, error, recent }: UploadShown): UploadPage {
  return {
    title: 'Bring in items from a spreadsheet',
    errors: error === undefined ? [] : [{ field: 'file', text: error }],
    back: { href: '/items', text: 'Items' },
    key,
    action: uploadPath,
    file: {
      id: 'file',
      name: 'file',
      label: 'Choose a CSV file',
      labelSize: 'm',
      hint: 'Up to 10 MB and 50,000 rows. In Excel, choose Save as, then CSV UTF-8.',
      accept: '.csv,.txt,text/csv',
      error,
    },
    template: `${uploadPath}/template.csv`,
    contents: contentsTable(),
    recent: recent.length === 0 ? null : recentTable(recent),
  }
}

function contentsTable(): DataTable {
  return {
    caption: 'What the file can hold',
    columns: [{ text: 'Heading' }, { text: 'What to put under it' }, { text: 'Example' }],
    rows: templateFields.map((field) => {
      const { label, write, example } = fields[field]
      return { cells: [{ text: label }, { text: write }, { text: example }] }
    }),
  }
}

function recentTable(recent: RecentImport[]): DataTable {
  return {
    caption: 'Imports so far',
    columns: [{ text: 'File' }, { text: 'When' }, { text: 'Who' }, { text: 'What came of it' }],
    rows: recent.map((entry) => ({
      cells: [
        { text: entry.file_name, href: importPath(entry.id, entry.applied_at === null ? '' : '/result') },
        { text: formatInstant(entry.applied_at ?? entry.created_at) },
        { text: entry.staff_member ?? 'A command' },
        { text: entry.result === null ? 'Not finished' : countsInWords(entry.result as unknown as ImportResult) },
      ],
    })),
  }
}

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
  id: number
  fileName: string
  rowCount: number
  columns: Column[]
  guess: ReadonlyMap<string, Field>
  chosen: ReadonlyMap<string, Field>
  values?: Typed
  errors?: FieldError[]
}

/** The columns by what our guess made of them, so that none jumps to another part of the page when it is changed. */
export function presentColumns(shown: ColumnsShown): ColumnsPage {
  const { id, fileName, rowCount, columns, guess, chosen, values, errors = [] } = shown
  const all = columns.map((column, at) => {
    const name = columnField(at)
    const value = values ? (values[name] ?? '') : (chosen.get(column.heading) ?? '')
    const error = errors.find(({ field }) => field === name)?.text
    return {
      column,
      select: { id: name, name, label: column.heading, hint: hintFor(column), value, error, items: choices },
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
    back: { href: uploadPath, text: 'Choose another file' },
    caption: fileName,
    rows: inWords(rowCount, 'row'),
    warnings: warningsOn(all.filter(({ select }) => select.value === '').map(({ column }) => column.heading)),
    action: importPath(id),
    discard: importPath(id, '/discard'),
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

const choices: Option[] = [{ value: '', text: 'Leave this column out' }, ...fieldOptions()]
const LONGEST_SAMPLE = 40

function hintFor({ heading, samples }: Column): string {
  if (samples.length === 0) return 'Nothing'
  const examples = samples.map((sample) =>
    sample.length > LONGEST_SAMPLE ? `${sample.slice(0, LONGEST_SAMPLE)}…` : sample,
  )
  const why = whyLeftOut(heading)
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
  id: number
  fileName: string
  words: StrangeWords
  meanings: WordMeanings
  places: readonly Place[]
}

export function presentWords({ id, fileName, words, meanings, places }: WordsShown): WordsPage {
  const categoryChoices = [{ value: '', text: 'Choose a category' }, ...optionsOf(categories)]
  const placeChoices = [
    { value: '', text: 'Choose a place' },
    ...places.map(({ code, name }) => ({ value: code, text: `${name} (${code})` })),
  ]
  const wordsFor = (kind: WordKind, list: StrangeWord[], items: Option[], meaningOf: (word: StrangeWord) => string) =>
    list.slice(0, mostWords).map((word, at) => {
      const name = meaningField(kind, at)
      return {
        id: name,
        name,
        label: word.word,
        hint: inWords(word.rows, 'row'),
        items,
        value: meaningOf(word),
        word: { name: wordField(kind, at), value: word.word },
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
    back: { href: importPath(id), text: 'Match the columns' },
    caption: fileName,
    action: importPath(id, '/words'),
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

/** 1 row, 2 rows, 1,200 rows. */
export function inWords(count: number, thing: string): string {
  return `${count.toLocaleString('en-GB')} ${thing}${count === 1 ? '' : 's'}`
}
