import { describe, expect, it } from '@jest/globals'
import { parseColumns, parseMeanings, parseUpload } from '../../src/imports/form.ts'
import { fileKinds } from '../../src/imports/kinds-rules.ts'
import {
  applyMapFile,
  checkColumns,
  emptyMeanings,
  mappingFrom,
  parseMapFile,
  storedMapping,
} from '../../src/imports/mapping-rules.ts'
import { Places, suggestCategory, suggestPlace } from '../../src/imports/words-rules.ts'

const places = new Places([
  { id: 1, code: 'ash', name: 'Ash Ward' },
  { id: 2, code: 'birch', name: 'Birch Ward' },
])
const kind = fileKinds.items
const headings = ['Asset Tag', 'Kind', 'Status', '__proto__']
const parse = (map: unknown) =>
  parseMapFile(typeof map === 'string' ? map : JSON.stringify(map), { headings, places, kind })

describe('a map file', () => {
  it('says what columns, categories and places mean, by our names or our headings', () => {
    const { value } = parse({
      columns: { 'Asset Tag': 'tag', Kind: 'Category', Status: null },
      categories: { 'iPads (loan)': 'Tablet', Phones: 'smartphone' },
      places: { 'Main store': 'Ash Ward', Annexe: 'birch' },
    })
    expect([...(value?.columns ?? [])]).toEqual([
      ['Asset Tag', 'tag'],
      ['Kind', 'category'],
      ['Status', null],
    ])
    expect([...(value?.meanings.categories ?? [])]).toEqual([
      ['ipads loan', 'tablet'],
      ['phones', 'smartphone'],
    ])
    expect([...(value?.meanings.places ?? [])]).toEqual([
      ['main store', 'ash'],
      ['annexe', 'birch'],
    ])
  })

  it('may leave any part out', () => {
    expect(parse({}).value).toEqual({ columns: new Map(), meanings: emptyMeanings() })
  })

  it.each([
    ['not json', /it must be JSON/],
    ['[]', /it must be JSON/],
    [{ colums: {} }, /"colums" is not a part of a map file/],
    [{ columns: { Tag: 'tag' } }, /the spreadsheet has no heading "Tag"/],
    [{ columns: { Kind: 'sort' } }, /"sort" is not a field/],
    [{ columns: { Kind: 7 } }, /"7" is not a field/],
    [{ categories: { Phones: 'phone' } }, /"phone" is not one of our categories/],
    [{ places: { Store: 'Cedar Ward' } }, /"Cedar Ward" is not one place of this organisation/],
  ])('is refused when it is %j', (map, text) => {
    expect(parse(map).error?.text).toMatch(text)
  })

  it('stands in place of the guess, where it says something', () => {
    const guess = new Map<string, string>([
      ['Asset Tag', 'tag'],
      ['Status', 'notes'],
      ['Old', 'category'],
    ])
    const map = parse({ columns: { Kind: 'category', Status: null } }).value
    if (!map) throw new Error('no map')
    expect([...applyMapFile(guess, map).columns]).toEqual([
      ['Asset Tag', 'tag'],
      ['Kind', 'category'],
    ])
  })
})

describe('the choice of columns', () => {
  it('must name the asset tag', () => {
    expect(checkColumns([['Kind', 'category']], kind)).toEqual([
      { heading: null, text: 'Choose which column holds the asset tag' },
    ])
  })

  it('gives each field to one column', () => {
    expect(
      checkColumns(
        [
          ['A', 'tag'],
          ['B', 'serial'],
          ['C', 'serial'],
        ],
        kind,
      ),
    ).toEqual([{ heading: 'C', text: 'You chose Serial number for “B” and for “C”. Choose it for one of them' }])
  })

  it('is read from the form by the place of the column, whatever its heading', () => {
    const form = parseColumns(
      { 'column-0': 'tag', 'column-1': 'category', 'column-2': '', 'column-3': 'notes' },
      headings,
      kind,
    )
    expect([...(form.value ?? [])]).toEqual([
      ['Asset Tag', 'tag'],
      ['Kind', 'category'],
      ['__proto__', 'notes'],
    ])
  })

  it('leads to the first column when the tag is missing, and takes no field that is none', () => {
    const form = parseColumns({ 'column-0': 'constructor', 'column-1': ['tag', 'tag'] }, headings, kind)
    expect(form.errors).toEqual([{ field: 'column-0', text: 'Choose which column holds the asset tag' }])
  })

  it('comes back from the database as it was', () => {
    const mapping = {
      columns: new Map<string, string>([['__proto__', 'tag']]),
      meanings: { categories: new Map([['ipads', 'tablet' as const]]), places: new Map([['store', 'ash']]) },
    }
    expect(mappingFrom(JSON.parse(JSON.stringify(storedMapping(mapping))), kind)).toEqual(mapping)
  })
})

describe('the meaning of words', () => {
  it('is read from the form, and only what is ours is taken', () => {
    const body = {
      'category-0-word': 'iPads',
      'category-0': 'tablet',
      'category-1-word': 'Phones',
      'category-1': 'phone',
      'category-2-word': 'Bags',
      'category-2': '',
      'place-0-word': 'Main Store',
      'place-0': 'ash',
      'place-1-word': 'Elsewhere',
      'place-1': 'foreign-ward',
    }
    expect(parseMeanings(body, places.list)).toEqual({
      categories: new Map([['ipads', 'tablet']]),
      places: new Map([['main store', 'ash']]),
    })
  })

  it.each([
    ['Mobile Phones', 'smartphone'],
    ['iPad', 'tablet'],
    ['Chromebook', 'laptop'],
    ['MiFi', 'hotspot'],
    ['Phone charger', 'charger'],
    ['iPad case', 'accessory'],
    ['Headphones', 'headset'],
    ['Furniture', undefined],
  ])('%s is probably a %s', (word, category) => {
    expect(suggestCategory(word)).toBe(category)
  })

  it('suggests a place only where one can be meant', () => {
    expect(suggestPlace('Ash', places.list)).toBe('ash')
    expect(suggestPlace('Ash Ward, shelf 2', places.list)).toBe('ash')
    expect(suggestPlace('Ward', places.list)).toBeUndefined()
    expect(suggestPlace('As', places.list)).toBeUndefined()
  })
})

describe('the file that was sent', () => {
  it('must be there and whole', () => {
    expect(parseUpload({}).error?.text).toBe('Choose a CSV or Excel file')
    expect(parseUpload({ uploadProblem: 'too large' }).error?.text).toBe(
      'The file is larger than 10 MB. Split it into parts',
    )
    expect(parseUpload({ uploadProblem: 'not readable' }).error?.text).toBe(
      'The file did not arrive whole. Choose it again',
    )
  })

  it('keeps a name that fits on a line', () => {
    const file = { originalname: 'a\r\nb\0.csv', buffer: Buffer.from('x') }
    expect(parseUpload({ file }).value?.name).toBe('a b.csv')
  })
})
