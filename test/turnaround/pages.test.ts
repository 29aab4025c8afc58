import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type Item, itemBookedLater, itemInTurnaround } from '../../seeds/factories.ts'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import type { TestApp } from '../support/app.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
let app: TestApp
let address = ''

beforeAll(async () => {
  site = await startSite()
  app = site.app
  address = site.address
})
afterAll(() => site.close())

const tablet = (more: Parameters<typeof itemInTurnaround>[1] = {}) =>
  itemInTurnaround(app.db, { organisation_id: app.people.organisationId, ...more })

const save = (page: Page) => arrive(page, () => page.getByRole('button', { name: 'Save' }).click())

/** As a scanner does: types the code wherever the focus is, and presses Enter. */
async function scan(page: Page, item: Item): Promise<void> {
  await page.keyboard.type(item.tag)
  await arrive(page, () => page.keyboard.press('Enter'))
}

/** What a machine can tell of a page, by keyboard too, and a picture of it at both widths. */
async function judge(page: Page, name: string): Promise<void> {
  await screenshot(page, name)
  await page.setViewportSize({ width: 320, height: 800 })
  await screenshot(page, `${name}-320`)
  await tabThrough(page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await checkAccessibility(page, name)
}

async function tickAll(page: Page): Promise<void> {
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByLabel('Factory reset').check()
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('the bench, %s', (_how, javaScript) => {
  it('goes from scan to scan without touching anything but the sheet', async () => {
    const page = await site.signedInAs(app.people.actors.champion, { javaScript })
    await page.goto(`${address}/turnaround`)
    const items = [await tablet(), await tablet(), await tablet()]
    for (const item of items) {
      await scan(page, item)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(`Make ${item.tag} ready`)
      await tickAll(page)
      await save(page)
      expect(await page.locator('#done-text').textContent()).toContain(`${item.tag} is ready to lend.`)
      expect(await page.locator(':focus').getAttribute('id')).toBe('code')
    }
  })

  it('opens the way it was wiped below the box, and why not below that', async () => {
    const item = await tablet()
    const page = await site.signedInAs(app.people.actors.champion, { javaScript })
    await page.goto(`${address}/turnaround/${item.id}`)
    expect(await page.getByLabel('Why was no wipe needed?').isVisible()).toBe(false)
    await tickUnwiped(page, 'It was sealed.')
    await save(page)
    await arrive(page, () => page.goto(`${address}/turnaround/${item.id}`))
    expect(await page.getByText('Not needed: It was sealed.').isVisible()).toBe(true)
    await arrive(page, () => page.getByRole('button', { name: 'Take back, with wiped and Storage card out' }).click())
    expect(await page.locator('#done-text').textContent()).toContain('Taken back: storage card out, wiped.')
  })
})

const longTag = 'ASSET-TAG-OF-THE-GREATEST-LENGTH-THAT-ANY-LABEL-MAY-HAVE-60'

/** An item whose label is as long as one may be, and that somebody waits for. */
async function wantedTablet(tag: string): Promise<Item> {
  const { item } = await itemBookedLater(app.db, { item: await tablet({ tag }) })
  return item
}

/** What a device must be before it is wiped; then that it needed no wipe, for a reason. */
async function tickUnwiped(page: Page, reason: string): Promise<void> {
  for (const name of ['Storage card out', 'Signed out of accounts', 'Wiped']) {
    await page.getByRole('checkbox', { name }).check()
  }
  await page.getByLabel('Not needed').check()
  await page.getByLabel('Why was no wipe needed?').fill(reason)
}

describe('the pages of the bench are accessible', () => {
  it('with mistakes in a sheet', async () => {
    const item = await wantedTablet(`${longTag.slice(0, -1)}1`)
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/turnaround/${item.id}`)
    await page.getByRole('checkbox', { name: 'Wiped' }).check()
    await page.getByLabel('Not needed').check()
    await save(page)
    await judge(page, 'turnaround-sheet-wrong')
  })

  it('with a sheet that is half done, and after it was saved', async () => {
    const item = await wantedTablet(`${longTag.slice(0, -1)}2`)
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/turnaround/${item.id}`)
    await tickUnwiped(page, 'x'.repeat(400))
    await save(page)
    await page.goto(`${address}/turnaround/${item.id}`)
    await judge(page, 'turnaround-sheet-half-done')
  })

  it('with an item that needs nothing', async () => {
    const charger = await tablet({ category: 'charger' })
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/turnaround/${charger.id}`)
    await page.getByRole('checkbox', { name: 'Cleaned' }).check()
    await save(page)
    await page.goto(`${address}/turnaround/${charger.id}`)
    await judge(page, 'turnaround-not-under-way')
  })
})
