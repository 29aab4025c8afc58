import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, kit, loanTo, lostItem, model, overdueLoan } from '../../seeds/factories.ts'
import { makeImei } from '../../seeds/identifiers.ts'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import type { TestApp } from '../support/app.ts'
import { screenshot } from '../support/browser.ts'
import { type Site, startSite } from '../support/site.ts'

let site: Site
let app: TestApp
let address = ''
const long = 'Wolfeschlegelsteinhausenbergerdorff'
const here = () => ({ organisation_id: app.people.organisationId })

beforeAll(async () => {
  site = await startSite()
  app = site.app
  address = site.address
  await fillStock()
})
afterAll(() => site.close())

async function fillStock(): Promise<void> {
  const apple = { ...here(), maker: 'Apple' }
  const iPad = await model(app.db, { ...apple, name: 'iPad 10th generation', support_ends_on: '2026-09-30' })
  const old = await model(app.db, {
    ...apple,
    name: 'iPad Air',
    operating_system: 'iPadOS 12',
    support_ends_on: '2023-01-31',
  })
  const charger = await model(app.db, { ...here(), category: 'charger', maker: 'Anker', name: '20 W charger' })
  const phone = await model(app.db, { ...here(), category: 'smartphone', maker: 'Nokia', name: 'G22' })
  await model(app.db, {
    ...here(),
    category: 'accessory',
    maker: long,
    name: `${long} ${long}`,
    operating_system: long,
  })
  for (let number = 1; number <= 52; number += 1) {
    await model(app.db, { ...here(), category: 'accessory', maker: 'Stand', name: `Number ${number}` })
  }
  const ward = { kept_at_ward_id: app.people.ward.id }
  const taken = await availableItem(app.db, { ...here(), ...ward, model: phone, tag: 'PHO-1', imei: makeImei(1) })
  const tablet = await availableItem(app.db, { ...here(), ...ward, model: iPad, tag: 'TAB-1' })
  const plug = await availableItem(app.db, { ...here(), ...ward, model: charger, tag: 'CHA-1' })
  await availableItem(app.db, { ...here(), model: iPad, tag: 'TAB-2', serial: 'TWIN' })
  await availableItem(app.db, { ...here(), model: old, tag: 'TAB-3', serial: 'TWIN', ...ward })
  await availableItem(app.db, { ...here(), model: iPad, tag: `${long}/${long.slice(0, 20)}`, serial: long })
  const out = await availableItem(app.db, { ...here(), model: iPad, tag: 'TAB-4' })
  const late = await availableItem(app.db, { ...here(), model: charger, tag: 'CHA-4' })
  const lost = await lostItem(app.db, { ...here(), model: iPad, tag: 'TAB-5' })
  await loanTo(app.db, { organisationId: app.people.organisationId, items: [out] })
  await overdueLoan(app.db, { organisationId: app.people.organisationId, items: [late] })
  await kit(app.db, {
    ...here(),
    tag: 'KIT-1',
    name: 'Tablet kit for Ash Ward',
    items: [tablet, plug],
    notes: 'In the blue bag.\nCode 1234.',
  })
  const spare = await availableItem(app.db, { ...here(), model: iPad, tag: 'TAB-6' })
  await kit(app.db, { ...here(), tag: 'KIT-2', name: 'Community kit', items: [out, late, spare] })
  await kit(app.db, { ...here(), tag: 'KIT-3', name: 'Kit with a gap', items: [lost, taken] })
  await kit(app.db, { ...here(), tag: 'KIT-4', name: 'New kit', items: [] })
  await kit(app.db, { ...here(), tag: `${long}-1`, name: `${long} ${long}`, items: [] })
}

/** What a machine can tell of a page in a narrow window, by keyboard too; wide ones are judged in test/browser. */
async function judge(page: Page, name: string): Promise<void> {
  // a link under the mouse, like one that has the focus, is shown without its line
  await page.mouse.move(0, 0)
  await screenshot(page, name)
  await page.setViewportSize({ width: 320, height: 800 })
  await screenshot(page, `${name}-320`)
  await checkAccessibility(page, name)
  await tabThrough(page)
  await page.setViewportSize({ width: 1280, height: 800 })
}

async function judgeAll(page: Page, pages: Record<string, string>): Promise<void> {
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(`${address}${path}`)
    await judge(page, name)
  }
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

describe('the pages about what there is to lend', () => {
  it('are accessible when a kit lacks something, and with a model chosen', async () => {
    const idOf = async (table: 'models' | 'kits', name: string) =>
      (await app.db.selectFrom(table).select('id').where('name', '=', name).executeTakeFirstOrThrow()).id
    const iPad = await idOf('models', 'iPad 10th generation')
    await judgeAll(await site.signedInAs(app.people.actors.champion), {
      'items-new-tablet': `/items/new?model=${iPad}`,
      'kit-ready': `/kits/${await idOf('kits', 'Tablet kit for Ash Ward')}`,
      'kit-partly': `/kits/${await idOf('kits', 'Community kit')}`,
      'kit-gap': `/kits/${await idOf('kits', 'Kit with a gap')}`,
    })
  })

  it('are accessible when a tag is taken', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/items/new?search=G22`)
    await page.getByRole('link', { name: 'Nokia G22' }).click()
    await page.getByLabel('Asset tag', { exact: true }).fill('new')
    await page.getByLabel('IMEI (optional)').fill('123')
    await page.getByRole('button', { name: 'Add this item' }).click()
    expect(await page.title()).toMatch(/^Error: Add an item/)
    await page.getByLabel('Asset tag', { exact: true }).fill('TAB-1')
    await page.getByLabel('IMEI (optional)').fill(makeImei(1))
    await page.getByRole('button', { name: 'Add this item' }).click()
    await judge(page, 'item-taken')
    await page.goto(`${address}/kits/new`)
    await page.getByLabel('Tag of the kit').fill('TAB-1')
    await page.getByLabel('Name', { exact: true }).fill('x')
    await page.getByRole('button', { name: 'Add this kit' }).click()
    await judge(page, 'kit-taken')
  })

  it('show both versions of what somebody else changed meanwhile', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/items/TAB-3/edit`)
    await app.db.updateTable('items').set({ notes: 'Theirs', version: 2 }).where('tag', '=', 'TAB-3').execute()
    await page.getByLabel('Notes (optional)').fill('Mine')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await judge(page, 'item-overtaken')
    await page.getByRole('button', { name: 'Save changes' }).click()
    expect(await heading(page)).toContain('TAB-3')
    expect(await page.getByText('Mine').count()).toBeGreaterThan(0)
  })

  it.each([true, false])('let a champion fill a kit with a scanner (JavaScript: %s)', async (javaScript) => {
    const page = await site.signedInAs(app.people.actors.champion, { javaScript })
    const tag = javaScript ? 'BAG-1' : 'BAG-2'
    await page.getByRole('link', { name: 'Kits' }).click()
    await page.getByRole('link', { name: 'Add a kit' }).click()
    await page.getByLabel('Tag of the kit').fill(tag)
    await page.getByLabel('Name', { exact: true }).fill(`Filled ${tag}`)
    await page.getByRole('button', { name: 'Add this kit' }).click()
    await page.getByText('Now add its items.').waitFor()
    await page.locator('#code:focus').waitFor()
    // the scanner types where the cursor is, and ends with Enter: no hand leaves it
    await page.keyboard.type('tab-2')
    await page.keyboard.press('Enter')
    await page.getByText('TAB-2 is in this kit now.').waitFor()
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type('twin')
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: 'TAB-3' }).check()
    if (javaScript) await judge(page, 'kit-choose')
    await page.getByRole('button', { name: 'Add it to the kit' }).click()
    await page.getByText('TAB-3 is in this kit now.').waitFor()
    await page.getByRole('button', { name: 'Take out TAB-3' }).click()
    await page.getByText('TAB-3 is no longer in this kit.').waitFor()
    await page.getByLabel('Add an item').fill('TAB-6')
    await page.getByLabel('Add an item').press('Enter')
    if (!javaScript) return
    await judge(page, 'kit-move')
    await page.getByRole('link', { name: 'Leave it in Community kit' }).click()
    await page.getByRole('button', { name: 'Take out TAB-2' }).click()
    await page.getByText('TAB-2 is no longer in this kit.').waitFor()
  })

  it('let a champion scan the codes of a new item one after another, and send the form by hand', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/items/new?search=G22`)
    await page.getByRole('link', { name: 'Nokia G22' }).click()
    await page.getByLabel('Asset tag', { exact: true }).focus()
    await page.keyboard.type('SCANNED-1')
    await page.keyboard.press('Enter')
    await page.locator('#imei:focus').waitFor()
    await page.keyboard.type(makeImei(77))
    await page.keyboard.press('Enter')
    await page.locator('#serial:focus').waitFor()
    await page.keyboard.type('SER-1', { delay: 90 })
    await page.keyboard.press('Enter')
    await page.getByText('SCANNED-1 is added.').waitFor()
    expect(await heading(page)).toContain('SCANNED-1')
    expect(await page.getByText(makeImei(77)).count()).toBe(1)
  })

  it('let a champion scan on any page', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    const scanBox = page.getByRole('searchbox', { name: /^Scan or type/ })
    await scanBox.fill('cha-1')
    await scanBox.press('Enter')
    expect(await heading(page)).toContain('CHA-1')
    await scanBox.fill('kit-1')
    await scanBox.press('Enter')
    expect(await heading(page)).toContain('Tablet kit for Ash Ward')
  })

  it('are accessible for ward staff', async () => {
    const page = await site.signedInAs(app.people.actors['ward-staff'])
    await judgeAll(page, {
      'ward-scan': '/scan?code=TAB-2',
    })
    await page.goto(`${address}/kits`)
    await page.getByRole('link', { name: 'KIT-1' }).click()
    await judge(page, 'ward-kit')
  })
})
