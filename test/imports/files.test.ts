import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { itemFields as fields } from '../../src/imports/item-fields-rules.ts'
import { writeCsv } from '../../src/lib/csv.ts'
import { cleanText } from '../../src/lib/text.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { countOf, fieldsOf, items, textOf, toPreview, upload } from './journey.ts'

const naughty = createRequire(import.meta.url)('big-list-of-naughty-strings/blns.json') as string[]

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const lines = ['Asset tag,Category,Model,Notes', 'F-1,Tablet,Tab A9,"Café, £20"', 'F-2,Tablet,Tab A9,"two', 'lines"']
const semicolons = lines.join('\n').replaceAll(/,(?! )/g, ';')
const tabs = semicolons.replaceAll(';', '\t')
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

describe('a file as it comes out of programs', () => {
  it.each([
    ['line feeds', Buffer.from(lines.join('\n'))],
    ['carriage returns', Buffer.from(lines.join('\r'))],
    ['both', Buffer.from(lines.join('\r\n'))],
    ['a mixture of line ends', Buffer.from(`${lines[0]}\r\n${lines[1]}\r${lines[2]}\n${lines[3]}\n\n`)],
    ['a byte order mark', Buffer.from(`\ufeff${lines.join('\r\n')}`)],
    ['Windows-1252', Buffer.from(lines.join('\r\n'), 'latin1')],
    ['UTF-16', utf16(lines.join('\r\n'))],
    ['semicolons', Buffer.from(semicolons)],
    ['tabs', Buffer.from(tabs)],
    ['blank rows and empty columns', Buffer.from(`\n,,,,\n${lines.join(',\n').replace('"two,\n', '"two\n')},\n,,,,\n`)],
  ])('with %s is read as it is meant', async (_, bytes) => {
    const { html, text } = await toPreview(champion, bytes)
    expect(text).toContain('New items 2')
    expect(text).toContain('Errors 0')
    expect(html).toContain('F-2')
  })

  it('keeps its accents and its line ends inside cells', async () => {
    const { path, seen } = await toPreview(champion, Buffer.from(lines.join('\r\n'), 'latin1'))
    await champion.post(`${path}/apply`, { seen })
    const now = await items(app)
    expect(now.get('F-1')?.notes).toBe('Café, £20')
    expect(now.get('F-2')?.notes).toBe('two\nlines')
  })

  it('may have headings twice, or none over a column', async () => {
    const path = await upload(champion, Buffer.from('Asset tag,Notes,,Notes\nF-1,first,second,third\n'))
    const columns = await champion.get(path)
    expect(columns.text).toContain('<label class="app-table__value" for="column-2">Column 3</label>')
    expect(columns.text).toContain('<label class="app-table__value" for="column-3">Notes (2)</label>')
    expect(fieldsOf(columns.text)).toMatchObject({ 'column-1': 'notes', 'column-2': '', 'column-3': '' })
    await champion.post(path, { 'column-0': 'tag', 'column-3': 'notes' })
    expect(textOf((await champion.get(`${path}/preview`)).text)).toContain('Notes: from Café, £20 to third')
  })
})

describe('a file that is not what it should be', () => {
  const manyRows = Buffer.from(`Asset tag\n${'x\n'.repeat(50_001)}`)

  it.each<[string, string, Buffer | null, string]>([
    ['no file', '', null, 'Choose a CSV or Excel file'],
    ['an empty file', 'a.csv', Buffer.alloc(0), 'The file is empty'],
    ['blank lines', 'a.csv', Buffer.from('\n\n\r\n'), 'The file is empty'],
    ['only headings', 'a.csv', Buffer.from('Asset tag,Model\n'), 'The file has headings but no rows under them'],
    ['a workbook cut short', 'a.csv', Buffer.from('PK\u0003\u0004 whatever'), 'This workbook is damaged'],
    [
      'an old workbook',
      'a.xls',
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      'This is an old Excel workbook (.xls). Open it in Excel, choose Save as',
    ],
    ['a PDF', 'a.pdf', Buffer.from('%PDF-1.7 whatever'), 'This is a PDF, not a CSV file'],
    ['a web page', 'a.csv', Buffer.from('<!DOCTYPE html><html></html>'), 'This is a web page, not a CSV file'],
    ['a picture', 'a.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'This is not a text file'],
    ['more than 10 MB', 'a.csv', Buffer.alloc(10_000_001, 'x'), 'The file is larger than 10 MB'],
    ['more than 50,000 rows', 'a.csv', manyRows, 'The file has more than 50,000 rows'],
    [
      'quotes that do not match',
      'a.csv',
      Buffer.from('Asset tag,Notes\nA,"x"y\nB,z\n'),
      'The quotation marks in the row that begins on line 2 do not match',
    ],
    [
      'quotes that never end',
      'a.csv',
      Buffer.from('Asset tag,Notes\nA,x\nB,"y\nC,z\n'),
      'The quotation marks in the row that begins on line 3 do not match',
    ],
  ])('%s: said at the field, and nothing is kept', async (_, name, bytes, message) => {
    const before = await countOf(app, 'imports')
    const sent = bytes
      ? await champion.postFile('/items/import', 'file', bytes, name)
      : await champion.agent.post('/items/import').field('_csrf', champion.csrfToken)
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('<title>Error: ')
    expect(sent.text).toContain('<a href="#file">')
    expect(textOf(sent.text)).toContain(`Error: ${message}`)
    expect(await countOf(app, 'imports')).toBe(before)
  })

  it('with a million rows is refused with under 2 seconds of work', async () => {
    const million = Buffer.from(`Asset tag\n${'1234567\n'.repeat(1_000_000)}`)
    const start = process.threadCpuUsage()
    const sent = await champion.postFile('/items/import', 'file', million, 'a.csv')
    expect(textOf(sent.text)).toContain('The file has more than 50,000 rows')
    const { user, system } = process.threadCpuUsage(start)
    expect(user + system).toBeLessThan(2_000_000)
  })

  it('sent under another name, or with another file beside it, is a field error and no fault', async () => {
    const other = await champion.postFile('/items/import', 'other', Buffer.from('Asset tag\nA\n'), 'a.csv')
    expect([other.status, textOf(other.text).includes('The file did not arrive whole')]).toEqual([422, true])
  })
})

/** The names of all elements in the main part of a page, each once. */
function tagsOf(html: string): string[] {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return [...new Set([...main.matchAll(/<([a-z0-9]+)/gi)].map(([, name = '']) => name.toLowerCase()))].sort()
}

describe('the naughtiest texts there are', () => {
  const headings = Object.values(fields).map(({ label }) => label)

  it('come in as notes and are there as they were typed', async () => {
    const rows = naughty.map((text, at) => [`N-${at}`, 'Tablet', 'Tab N', text])
    const { path, text, seen } = await toPreview(
      champion,
      Buffer.from(writeCsv(['Asset tag', 'Category', 'Model', 'Notes'], rows)),
    )
    const wrong = rows.filter(([, , , note = '']) => /^#(?:N\/A|REF!|VALUE!)$/.test(note))
    expect(text).toContain(`New items ${rows.length - wrong.length}`)
    const applied = await champion.post(`${path}/apply`, { seen })
    expect(applied.status).toBe(303)
    const now = await items(app)
    for (const [tag = '', , , note] of rows) expect([tag, now.get(tag)?.notes]).toEqual([tag, cleanText(note)])
  })

  it('are an error or a value in every other column, never a fault, and never part of the page', async () => {
    const rows = naughty.map((text) => headings.map(() => text))
    const plain = await toPreview(champion, Buffer.from(writeCsv(headings, [headings])))
    const { html } = await toPreview(champion, Buffer.from(writeCsv(headings, rows)))
    expect(html).toContain('What is wrong')
    expect(tagsOf(html)).toEqual(tagsOf(plain.html))
  })

  it('may be headings too', async () => {
    const columns = [...new Set(naughty.map(cleanText))].filter((text) => text !== '').slice(0, 290)
    const path = await upload(champion, Buffer.from(writeCsv(['Asset tag', ...columns], [['N-0', ...columns]])))
    expect((await champion.get(path)).status).toBe(200)
    expect((await champion.post(path, { 'column-0': 'tag', 'column-7': 'notes' })).headers.location).toBe(
      `${path}/preview`,
    )
    expect((await champion.get(`${path}/preview`)).status).toBe(200)
  })
})
