import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { definitions } from '../../src/reports/definition-rules.ts'
import { publishFigures } from '../../src/reports/publish-actions.ts'
import { downloadBytes, downloadXlsx } from '../exports/files.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { unzip } from '../support/unzip.ts'
import { generateScheme } from './generated.ts'

let app: TestApp
let commissioner: Visitor
let champion: Visitor

const names = Object.keys(definitions)
/** Where the number stands in a line of a file. */
const VALUE = 7
const PERIOD = 'period=quarter-2026-2'

beforeAll(async () => {
  app = await startApp()
  await generateScheme(app)
  const { organisationId } = app.people
  await app.db
    .updateTable('organisations')
    .set({ disclosure_profile: 'hes' })
    .where('id', '=', organisationId)
    .execute()
  expect(await publishFigures(app)).toBeGreaterThan(1000)
  ;[commissioner, champion] = await Promise.all([app.signedInAs('commissioner'), app.signedInAs('champion')])
})
afterAll(() => app.close())

/** Everybody whose name stands anywhere, and where this runs: none of it is in what a commissioner is given. */
async function whatTells(): Promise<string[]> {
  const { rows } = await app.pool.query<{ word: string }>(
    `select name as word from service_user_details union select name from staff union select email from staff`,
  )
  return [...rows.map(({ word }) => word), 'Canary', process.cwd(), process.env.USER ?? 'root@']
}

const numbersIn = (cells: unknown[]) =>
  cells.filter((cell) => /^-?[\d,]+(\.\d+)?%?$/.test(String(cell))).map((cell) => String(cell).replace(/[,%]/g, ''))
const csvOf = async (visitor: Visitor, name: string): Promise<string[][]> =>
  parse((await visitor.get(`/reports/${name}.csv?${PERIOD}`)).text, { bom: true, relax_column_count: true })

describe.each(names)('what a commissioner is given of the report on %s', (name) => {
  it('as a workbook is what stands in the CSV, and no part of it tells who made it or of anybody', async () => {
    const bytes = await downloadBytes(commissioner, `/reports/${name}.xlsx?${PERIOD}`)
    const parts = await unzip(bytes)
    const all = [...parts].map(([path, content]) => `${path} ${content}`).join('\n')
    for (const word of await whatTells()) expect(all).not.toContain(word)
    expect(all).not.toMatch(/<!--|state="(very)?hidden"|<definedName|<row[^>]* hidden="1"|<col[^>]* hidden="1"/i)
    expect([...parts.keys()].filter((path) => /comment|vba|custom|external|printer|thumbnail/i.test(path))).toEqual([])
    const made = parts.get('docProps/core.xml') ?? ''
    expect(made).not.toMatch(/<(dc:creator|cp:lastModifiedBy)>[^<]/)
    const rows = await downloadXlsx(commissioner, `/reports/${name}.xlsx?${PERIOD}`)
    const [headings = [], ...lines] = await csvOf(commissioner, name)
    const sameAs = (one: unknown) => (one === null || one === undefined ? '' : String(one))
    expect(rows.map((row) => headings.map((heading) => sameAs(row[heading])))).toEqual(
      lines.map((line) => headings.map((_, at) => line[at] ?? '')),
    )
  })

  it('as a picture draws only numbers that stand on the page, and has nothing in it that is not drawn', async () => {
    for (const width of ['wide', 'narrow']) {
      const { body, text } = await commissioner.get(`/reports/${name}.svg?${PERIOD}&width=${width}`)
      const picture = text || String(body)
      for (const word of await whatTells()) expect(picture).not.toContain(word)
      expect(picture).not.toMatch(/<!--|<metadata|<script|<foreignObject|\sdata-|\son\w+=|display:\s*none/i)
      const drawn = [...picture.matchAll(/>([^<>]+)</g)].map(([, words]) => words!.trim())
      const known = new Set(numbersIn((await csvOf(commissioner, name)).flat()))
      // a bar is as long as the number beside it, and not as what was rounded or hidden
      const bar = /<path d="M[\d.]+ [\d.]+l([\d.]+) 0[^>]*ecmeta_ssr_type="chart"/g
      const widths = [...picture.matchAll(bar)].map(([, width]) => Number(width))
      const shown = [0, ...numbersIn(drawn).map(Number)]
      const unit = Math.max(...widths, 0) / Math.max(...shown, 1)
      for (const width of widths.filter((one) => one > 0)) {
        const off = Math.min(...shown.map((number) => Math.abs(width - number * unit)))
        // a pixel of 800 is less than anybody reads off a picture
        expect(off).toBeLessThan(Math.max(unit / 2, 1))
      }
      const axis = new Set(['0', '20', '40', '60', '80', '100'])
      expect(numbersIn(drawn).filter((number) => !known.has(number) && !axis.has(number))).toEqual([])
    }
  })

  it('as a page and on paper has no number in its source that is not read on it', async () => {
    for (const url of [`/reports/${name}?${PERIOD}`, `/reports/${name}/print?${PERIOD}`]) {
      const { status, text } = await commissioner.get(url)
      expect(status).toBe(200)
      for (const word of (await whatTells()).filter((one) => one !== app.people.actors.commissioner.name)) {
        expect(text).not.toContain(word)
      }
      // the frame of each page has the times of the session
      const main = text.slice(text.indexOf('<main'))
      expect(main).not.toMatch(/<!--|type="application\/json"|\sdata-[\w-]+="\d/i)
      expect(text).not.toContain('Not for publication')
    }
  })

  it('hides what those see who look after people, cell by cell', async () => {
    const [published, truth] = [await csvOf(commissioner, name), await csvOf(champion, name)]
    const placeOf = (line: string[]) => line.slice(0, VALUE).join('|')
    const known = new Map(truth.map((line) => [placeOf(line), line[VALUE]]))
    const hidden = published.filter((line) => line[VALUE] === '*')
    // most of them hide a number that there is
    const told = hidden.map((line) => known.get(placeOf(line))).filter((value) => value !== undefined && value !== '*')
    if (hidden.length > 0) expect(told.length).toBeGreaterThan(0)
    expect(truth.flat().join(' ')).toContain('not for publication')
    expect(published.flat().join(' ')).not.toContain('not for publication')
  })
})

it('some numbers are hidden in these reports, or nothing was tried', async () => {
  const all = await Promise.all(names.map((name) => csvOf(commissioner, name)))
  expect(all.flat(2).filter((cell) => cell === '*').length).toBeGreaterThan(20)
})
