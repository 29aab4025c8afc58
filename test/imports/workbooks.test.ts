import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeWorkbook, textRows } from '../lib/workbooks.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { bringIn, countOf, items, textOf, toPreview, upload } from './journey.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const headings = ['Asset tag', 'Category', 'Model', 'IMEI', 'Bought on']

/** What Excel keeps of a list that somebody typed: numbers as numbers, days as counts of days. */
const typed = (tag: string) =>
  textRows([headings]) +
  `<row r="2">${[tag, 'Smartphone', 'Galaxy A15'].map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}<c r="D2" s="1"><v>4.90154203237518E+14</v></c><c r="E2" s="0"><v>45872</v></c></row>`
const formats = ['dd/mm/yyyy', '0']

describe('an Excel workbook', () => {
  it('comes in as it looks, and changes nothing when it comes again', async () => {
    const book = await makeWorkbook({ sheets: { Devices: typed('XL-1') }, formats })
    expect(await bringIn(champion, book)).toContain('1 created, 0 updated, 0 unchanged, 0 errors')
    expect((await items(app)).get('XL-1')).toMatchObject({ imei: '490154203237518', bought_on: '2025-08-03' })
    const again = await toPreview(champion, book)
    expect(again.text).toContain('devices.csv, Devices')
    expect(again.text).toContain('Items that stay as they are 1')
  })

  it('tells errors by the row that Excel shows in front', async () => {
    const rows = `${textRows([headings])}<row r="9"><c r="A9" t="inlineStr"><is><t>XL-9</t></is></c><c r="D9"><v>123</v></c></row>`
    const { text } = await toPreview(champion, await makeWorkbook({ sheets: { S: rows } }))
    expect(text).toContain('9 IMEI 123')
  })

  it('refuses a number that has lost its last digits, a formula that failed, and one that was never worked out', async () => {
    const cells =
      '<c r="A2" t="inlineStr"><is><t>XL-8</t></is></c><c r="B2" t="inlineStr"><is><t>SIM</t></is></c><c r="C2" t="e"><v>#REF!</v></c><c r="D2"><f>A1</f></c><c r="E2"><v>8944990000000000011</v></c>'
    const rows = `${textRows([['Asset tag', 'Category', 'Model', 'Serial number', 'SIM number (ICCID)']])}<row r="2">${cells}</row>`
    const { text } = await toPreview(champion, await makeWorkbook({ sheets: { S: rows } }))
    expect(text.match(/A formula in the spreadsheet failed/g)).toHaveLength(2)
    expect(text).toContain('2 SIM number (ICCID) 8.94499E+18')
    expect(text).toContain('Errors 3')
  })
})

describe('a workbook with several sheets', () => {
  const book = () =>
    makeWorkbook({
      sheets: { 'Read me': textRows([['Hello']]), Tablets: typed('XL-20'), 'A & B': textRows([['x'], ['y']]) },
      formats,
    })

  it('asks which one it is, and then goes on as ever', async () => {
    const path = await upload(champion, await book(), 'devices.xlsx')
    const [page, again] = [await champion.get(path), await champion.get(`${path}/preview`)]
    expect([page.headers.location, again.headers.location]).toEqual([`${path}/sheet`, `${path}/sheet`])
    const asked = await champion.get(`${path}/sheet`)
    for (const text of ['Read me', 'Tablets', 'A & B', '2 rows']) expect(textOf(asked.text)).toContain(text)

    const chosen = await champion.post(`${path}/sheet`, { sheet: '1' })
    expect([chosen.status, chosen.headers.location]).toEqual([303, path])
    expect(textOf((await champion.get(path)).text)).toContain('devices.xlsx, Tablets')
    expect((await champion.get(`${path}/sheet`)).headers.location).toBe(path)
    // a second click of two leads where the first did
    expect((await champion.post(`${path}/sheet`, { sheet: '0' })).headers.location).toBe(path)
  })

  it.each([
    ['nothing', {}],
    ['a sheet there is not', { sheet: '7' }],
    ['no number', { sheet: '__proto__' }],
  ])('given %s asks again', async (_what, fields) => {
    const path = await upload(champion, await book())
    const answer = await champion.post(`${path}/sheet`, fields)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('<title>Error: ')
    expect(answer.text).toContain('href="#sheet"')
  })

  it('says of a sheet that cannot be read what is wrong with it, and offers the others', async () => {
    const path = await upload(champion, await book())
    const answer = await champion.post(`${path}/sheet`, { sheet: '0' })
    expect([answer.status, textOf(answer.text).includes('headings but no rows under them')]).toEqual([422, true])
    expect((await champion.post(`${path}/sheet`, { sheet: '1' })).status).toBe(303)
  })

  it('is nobody else’s', async () => {
    const path = await upload(champion, await book())
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect((await foreign.get(`${path}/sheet`)).status).toBe(404)
    expect((await foreign.post(`${path}/sheet`, { sheet: '1' })).status).toBe(404)
    const wardStaff = await app.signedInAs('ward-staff')
    expect((await wardStaff.get(`${path}/sheet`)).status).toBe(403)
  })
})

describe('a workbook that cannot be taken', () => {
  const spaces = Buffer.alloc(160_000_000, ' ')
  const locked = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')])

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['empty', () => makeWorkbook({ sheets: { S: '' } }), 'The workbook is empty'],
    ['with a password', () => locked, 'This workbook has a password. Save it without one'],
    [
      'that unpacks to more than it should',
      () => makeWorkbook({ sheets: { S: '' }, parts: { 'xl/worksheets/sheet1.xml': spaces } }),
      'too large once it is unpacked',
    ],
    [
      'of too many rows',
      () => makeWorkbook({ sheets: { S: '<row><c><v>1</v></c></row>'.repeat(50_002) } }),
      'The sheet has more than 50,000 rows',
    ],
    [
      'of too many columns',
      () => makeWorkbook({ sheets: { S: '<row><c r="ZZ1"><v>1</v></c></row>' } }),
      'more than 300 columns',
    ],
    [
      'that is a picture in a zip',
      () => makeWorkbook({ sheets: {}, parts: { '_rels/.rels': '<x/>' } }),
      'This is not an Excel workbook',
    ],
    [
      'with headings alone',
      () => makeWorkbook({ sheets: { S: textRows([headings]) } }),
      'headings but no rows under them',
    ],
  ])('%s: said at the field, and nothing is kept', async (_what, make, message) => {
    const before = await countOf(app, 'imports')
    const sent = await champion.postFile('/items/import', 'file', await make(), 'list.xlsx')
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('<a href="#file">')
    expect(textOf(sent.text)).toContain(message)
    expect(await countOf(app, 'imports')).toBe(before)
  })
})
