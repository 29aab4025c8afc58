import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import { availableItem, type Kit, kit, type ServiceUser, serviceUser } from '../../seeds/factories.ts'
import type { Role } from '../../src/lib/actor.ts'
import { openBrowser, screenshot } from '../support/browser.ts'
import { password } from '../support/people.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
let robin: ServiceUser
let box: Kit
let tags: string[]

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

let round = 0
beforeEach(async () => {
  round += 1
  const here = { organisation_id: site.app.people.organisationId }
  robin = await serviceUser(site.app.db, { ...here, name: `Robin Marlowe-${round}` })
  const items = [
    await availableItem(site.app.db, { ...here, tag: `TABLET-${round}` }),
    await availableItem(site.app.db, { ...here, tag: `CHARGER-${round}`, category: 'charger' }),
  ]
  tags = items.map((item) => item.tag)
  box = await kit(site.app.db, { ...here, tag: `KIT-${round}`, name: `Tablet kit ${round}`, items })
})

const mostPresses = 150

/** Goes on with Tab until this has the focus. Nothing is ever clicked. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < mostPresses; press += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${target} was never reached by Tab on ${page.url()}`)
}

/** Goes to it by Tab, and presses Enter. */
async function choose(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await arrive(page, () => page.keyboard.press('Enter'))
}

const main = (page: Page) => page.getByRole('main')
const link = (page: Page, name: string | RegExp) =>
  choose(page, main(page).getByRole('link', { name, exact: typeof name === 'string' }))
const press = (page: Page, name: string) => choose(page, main(page).getByRole('button', { name, exact: true }))
const menu = (page: Page, name: string) =>
  choose(page, page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name }))

/** Types into a field, in place of what stands there: a field that Tab reaches is selected. */
async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, main(page).getByLabel(label, { exact: true }))
  await page.keyboard.type(text)
}

/** Ticks a box or unticks it, or chooses the first of a group of radio buttons. */
async function space(page: Page, label: string | RegExp): Promise<void> {
  await tabTo(page, main(page).getByLabel(label))
  await page.keyboard.press('Space')
}

async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto(`${site.address}/sign-in`)
  await type(page, 'Email address', site.app.people.actors[role].email)
  await type(page, 'Password', password)
  await arrive(page, () => page.keyboard.press('Enter'))
}

const signOut = (page: Page) => choose(page, page.getByRole('button', { name: 'Sign out' }))

const textOf = async (part: Locator) => ((await part.textContent()) ?? '').replace(/\s+/g, ' ').trim()
const heading = (page: Page) => textOf(page.getByRole('heading', { level: 1 }))
const words = (page: Page) => textOf(page.locator('body'))

/** As a scanner does: the code, and Enter. */
async function scan(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code)
  await arrive(page, () => page.keyboard.press('Enter'))
}

describe.each([
  ['with JavaScript', true],
  ['with JavaScript off', false],
])('from the spreadsheet to a loan that comes back, by keyboard alone, %s', (_how, javaScript) => {
  it('brings in devices, lends a kit in three pages, extends a line, takes an item back, and all of it can be read', async () => {
    const page = await openBrowser({ javaScript })
    await signIn(page, 'champion')
    expect(await heading(page)).toContain('Worklist')

    await bringInDevices(page)
    expect(await lendTheKit(page)).toBe(3)
    const loanUrl = page.url()
    expect(await words(page)).toContain('Lent. The review is on Monday 26 October 2026.')

    await extendTheTablet(page)
    expect(page.url()).toBe(loanUrl)
    expect(await words(page)).toContain('Extended. The review is on Monday 18 January 2027.')

    await takeTheChargerBack(page)
    expect(page.url()).toBe(loanUrl)
    await readTheLoan(page)
    await readTheItems(page)

    await signOut(page)
    expect(await heading(page)).toBe('Sign in')
    await signIn(page, 'information-governance')
    await readTheAudit(page, Number(loanUrl.split('/').at(-1)))
    await signOut(page)
    await showNothingBehind(page)
  })

  it('goes by scanner: a code in the header leads to its item, and codes on the form make a loan', async () => {
    const page = await openBrowser({ javaScript })
    await signIn(page, 'champion')
    const scanBox = page.getByRole('searchbox', { name: /^Scan or type/ })
    await tabTo(page, scanBox)
    await scan(page, tags[0]?.toLowerCase() ?? '')
    expect(await heading(page)).toContain(tags[0])
    expect(new URL(page.url()).pathname).toBe(`/items/${tags[0]}`)

    await tabTo(page, scanBox)
    await scan(page, box.tag)
    expect(await heading(page)).toContain(box.name)

    await page.goto(`${site.address}/service-users/${robin.id}`)
    await link(page, 'Lend to this person')
    await tabTo(page, main(page).getByLabel('Scan or type an item or a kit'))
    await scan(page, 'NO-SUCH-TAG')
    expect(await page.title()).toMatch(/^Error: /)
    await tabTo(page, main(page).getByLabel('Scan or type an item or a kit'))
    // the focus stays in the box from one code to the next, so no hand leaves the scanner
    for (const tag of tags) {
      await scan(page, tag)
      expect(await words(page)).toContain(`${tag} is added.`)
      expect(await page.locator(':focus').getAttribute('id')).toBe('scan')
    }
    await space(page, 'On paper')
    await press(page, 'Lend')
    expect(await heading(page)).toContain(robin.name)
    expect(await words(page)).toContain(tags[1])
  })
})

async function bringInDevices(page: Page): Promise<void> {
  await menu(page, 'Items')
  await link(page, 'Bring in a spreadsheet')
  const file = page.getByLabel('Choose a CSV or Excel file')
  await tabTo(page, file)
  // the system's own dialog has no page to type in: this stands for choosing the file there
  const rows = [
    'Asset tag,Category,Model,Serial',
    `NEW-${round}A,Tablet,Slate,S-${round}A`,
    `NEW-${round}B,SIM,Data SIM,`,
  ]
  await file.setInputFiles({ name: 'devices.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) })
  await press(page, 'Continue')
  await press(page, 'Continue')
  await press(page, 'Import 2 items')
  expect(await words(page)).toContain('2 created, 0 updated, 0 unchanged, 0 errors')
  await screenshot(page, `journey-${round}-imported`)
}

/** From the kit's page to the loan: gives how many pages there were between the two. */
async function lendTheKit(page: Page): Promise<number> {
  await menu(page, 'Kits')
  await link(page, new RegExp(`^${box.tag}\\b`))
  let pages = -1
  const count = () => {
    pages += 1
  }
  page.on('load', count)
  await link(page, 'Lend this kit')
  await type(page, 'Name, NHS number or phone', robin.name)
  await arrive(page, () => page.keyboard.press('Enter'))
  await link(page, robin.name)
  expect(await heading(page)).toBe(`Lend to ${robin.name}`)
  await screenshot(page, `journey-${round}-lend`)
  await space(page, 'On paper')
  await press(page, 'Lend')
  page.off('load', count)
  expect(await heading(page)).toContain(robin.name)
  await screenshot(page, `journey-${round}-lent`)
  return pages
}

async function extendTheTablet(page: Page): Promise<void> {
  await link(page, 'Extend')
  await space(page, new RegExp(`^${tags[1]}`))
  await press(page, 'Extend')
}

async function takeTheChargerBack(page: Page): Promise<void> {
  await link(page, 'Take back')
  await space(page, new RegExp(`^${tags[0]}`))
  await press(page, 'Take back')
}

async function readTheLoan(page: Page): Promise<void> {
  const text = await words(page)
  const [tablet, charger] = tags
  expect(text).toContain('Partly returned')
  expect(text).toContain(`HERE champion took back ${charger}.`)
  expect(text).toContain(`HERE champion extended ${tablet} until 18 January 2027 (it was 26 October 2026).`)
  expect(text).toContain(`HERE champion lent ${tablet} and ${charger} until 26 October 2026.`)
  await screenshot(page, `journey-${round}-loan`)
}

async function readTheItems(page: Page): Promise<void> {
  const loanUrl = page.url()
  await link(page, tags[1] ?? '')
  const charger = await words(page)
  expect(charger).toContain('Being made ready')
  expect(charger).toContain(`Came back from ${robin.name}.`)
  expect(charger).toContain(`Lent to ${robin.name}`)
  await page.goto(loanUrl)
  await link(page, tags[0] ?? '')
  const tablet = await words(page)
  expect(tablet).toContain(`With ${robin.name} since 3 August 2026.`)
  expect(tablet).toContain('Lent to')
  await screenshot(page, `journey-${round}-item`)
}

async function readTheAudit(page: Page, loanId: number): Promise<void> {
  await menu(page, 'Audit')
  const text = await words(page)
  const about = `loan ${loanId} for service user ${robin.id}`
  for (const did of ['made', 'extended', 'took back items of', 'looked at'])
    expect(text).toContain(`HERE champion ${did} ${about}.`)
  expect(text).toContain('HERE champion brought in a spreadsheet')
  expect(text).toContain('HERE champion signed out.')
  expect(text).not.toContain(robin.name)
  await screenshot(page, `journey-${round}-audit`)
}

/** Whoever sits down next goes back, and back again. */
async function showNothingBehind(page: Page): Promise<void> {
  for (let back = 0; back < 4; back += 1) {
    await page.goBack()
    await page.waitForLoadState()
    expect(await heading(page)).toBe('Sign in')
    const text = await words(page)
    expect(text).not.toContain('HERE champion')
    expect(text).not.toContain(robin.name)
  }
}
