import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItems, model } from '../../seeds/factories.ts'
import { cellOf, type LabelSheet, labelSheets, labelsOnSheet, type SheetName, sheetOf } from '../../src/labels/rules.ts'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'
import { measureLabels, type PlacedLabel } from './in-page.js'

let site: Site

/** Every tag that is hard to fit, each as long as a tag may be, among ordinary ones. */
const hardTags = [
  'W'.repeat(60),
  '漢'.repeat(60),
  '👩🏽🦽'.repeat(20),
  'ASSET-TAG-OF-THE-GREATEST-LENGTH-THAT-ANY-LABEL-MAY-HAVE-60',
  'WARD TABLET NUMBER 12 OF THE COMMUNITY TEAM IN THE NORTH 12',
  'عبد الرحمن بن محمد الأنصاري 12',
  'i',
]
const ordinary = Array.from({ length: 24 }, (_, at) => `TAB-${String(at).padStart(4, '0')}`)
const tags = [...hardTags, ...ordinary]

beforeAll(async () => {
  site = await startSite()
  const { db, people } = site.app
  const of = await model(db, {
    organisation_id: people.organisationId,
    maker: 'A maker with a long name',
    name: 'and a model with a name that takes more than the two lines that there are',
  })
  await availableItems(
    db,
    tags.map((tag) => ({ model: of, tag })),
  )
  await db
    .updateTable('organisations')
    .set({ name: `${'Hampshire and Isle of Wight '.repeat(4)}NHS` })
    .execute()
})
afterAll(() => site.close())

/** The page with all the labels, the first of them on this place. */
async function openLabels(page: Page, sheet: SheetName, first = 1): Promise<void> {
  await page.goto(`${site.address}/items/labels`)
  await page.getByLabel('Or scan or type tags').fill(tags.join('\n'))
  await page.getByLabel(sheetOf(sheet).name).check()
  await page.getByLabel('First label to use').fill(String(first))
  await arrive(page, () => page.getByRole('button', { name: 'Make the labels' }).click())
}

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
const sizesOf = (pdf: Buffer) => [
  ...new Set(
    [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) =>
      [width, height].map((points) => Math.round((Number(points) * 25.4) / 72)).join(' × '),
    ),
  ),
]

const sheets = (Object.keys(labelSheets) as SheetName[]).map((name): [SheetName, LabelSheet] => [name, sheetOf(name)])

describe.each(sheets)('on paper, %s', (name, sheet) => {
  const first = name === '62x29' ? 1 : labelsOnSheet(sheet) - 2

  it('has every label in a cell of the sheet, whole, beginning with the one asked for', async () => {
    const page = await site.signedInAs(site.app.people.actors.champion)
    await openLabels(page, name, first)
    await page.emulateMedia({ media: 'print' })
    const placed = await page.evaluate(measureLabels)
    expect(placed.map(({ tag }) => tag)).toEqual(tags)
    for (const [at, label] of placed.entries()) {
      const place = at + first - 1
      const cell = cellOf(sheet, place % labelsOnSheet(sheet))
      expect([label.tag, label.sheet]).toEqual([label.tag, Math.floor(place / labelsOnSheet(sheet))])
      // half a tenth of a millimetre: what a browser rounds to a sixty-fourth of a pixel
      expect(Math.abs(label.left - cell.left)).toBeLessThan(0.05)
      expect(Math.abs(label.top - cell.top)).toBeLessThan(0.05)
      expect(Math.abs(label.width - sheet.label.width)).toBeLessThan(0.05)
      expect(Math.abs(label.height - sheet.label.height)).toBeLessThan(0.05)
      expect([label.tag, label.overflows]).toEqual([label.tag, false])
      if (label.code) expectWithin(label.code, label, sheet)
    }
  })

  it('is printed without a page too many, up to the edge, in the size of the sheet', async () => {
    const page = await site.signedInAs(site.app.people.actors.champion)
    await openLabels(page, name, first)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const wanted = Math.ceil((tags.length + first - 1) / labelsOnSheet(sheet))
    expect(pagesOf(pdf)).toBe(wanted)
    expect(sizesOf(pdf)).toEqual([`${sheet.page.width} × ${sheet.page.height}`])
    // whoever has chosen A4 in the window for printing gets the same pages
    if (sheet.page.width === 210) expect(pagesOf(await page.pdf({ format: 'A4' }))).toBe(wanted)
  })
})

/** The code has its size and stays clear of the edges that printers leave blank. */
function expectWithin(code: NonNullable<PlacedLabel['code']>, label: PlacedLabel, sheet: LabelSheet): void {
  expect(Math.abs(code.width - sheet.code)).toBeLessThan(0.05)
  expect(Math.abs(code.height - sheet.code)).toBeLessThan(0.05)
  expect(code.left - label.left).toBeGreaterThan(sheet.margin.x - 0.05)
  expect(code.top - label.top).toBeGreaterThan(sheet.margin.y - 0.05)
  expect(label.top + label.height - code.top - code.height).toBeGreaterThan(sheet.margin.y - 0.05)
}

describe('on screen', () => {
  it('everybody can see the labels that were made', async () => {
    const page = await site.signedInAs(site.app.people.actors.administrator)
    for (const sheet of ['l7651', '62x29'] as const) {
      await openLabels(page, sheet, 1)
      await judge(page, `labels-${sheet}`)
    }
  })

  it('needs no script: a scanner fills in the list, one line a scan', async () => {
    const page = await site.signedInAs(site.app.people.actors.champion, { javaScript: false })
    await page.goto(`${site.address}/items/labels`)
    await page.getByLabel('Or scan or type tags').focus()
    for (const tag of ['TAB-0003', 'TAB-0001']) {
      await page.keyboard.type(tag)
      await page.keyboard.press('Enter')
    }
    await page.getByLabel('Avery L7160').check()
    await arrive(page, () => page.getByRole('button', { name: 'Make the labels' }).click())
    expect(await page.locator('.app-label__tag').allTextContents()).toEqual(['TAB-0003', 'TAB-0001'])
  })
})

async function judge(page: Page, name: string): Promise<void> {
  await screenshot(page, name)
  await checkAccessibility(page, name)
  await page.setViewportSize({ width: 320, height: 800 })
  await screenshot(page, `${name}-320`)
  await tabThrough(page)
  await page.setViewportSize({ width: 1280, height: 800 })
}
