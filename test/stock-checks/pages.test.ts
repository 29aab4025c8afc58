import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, availableItems, loanTo, serviceUser, ward } from '../../seeds/factories.ts'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import { type BrowserOptions, screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const here = () => ({ organisation_id: site.app.people.organisationId })

async function placeWith(name: string, tags: string[]) {
  const place = await ward(site.app.db, { ...here(), name })
  const items = await availableItems(
    site.app.db,
    tags.map((tag) => ({ ...here(), tag, kept_at_ward_id: place.id })),
  )
  return { place, items }
}

const asChampion = (options?: BrowserOptions) => site.signedInAs(site.app.people.actors.champion, options)

async function begin(page: Page, place: string): Promise<string> {
  await page.goto(`${site.address}/items`)
  await arrive(page, () => page.getByRole('link', { name: 'Check the stock' }).click())
  await arrive(page, () => page.getByRole('button', { name: 'Check a place' }).click())
  await page.getByLabel('Which place?').selectOption(place)
  await arrive(page, () => page.getByRole('button', { name: 'Begin' }).click())
  return page.url()
}

/** As a scanner does: types the code wherever the focus is, and presses Enter. Gives what is said after it. */
async function scan(page: Page, code: string): Promise<string> {
  await page.keyboard.type(code)
  await arrive(page, () => page.keyboard.press('Enter'))
  return (await page.locator('#done-text').textContent()) ?? ''
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('looking round a room with a scanner, %s', (how, javaScript) => {
  it('ends with one incident for the one that is missing, and a new place for the one that is unexpected', async () => {
    const mark = javaScript ? 'JS' : 'NO'
    const { place, items } = await placeWith(`Cupboard ${how}`, [`${mark}-1`, `${mark}-2`, `${mark}-3`])
    const stray = await availableItem(site.app.db, { ...here(), tag: `${mark}-STRAY` })
    const page = await asChampion({ javaScript })
    await begin(page, place.name)
    expect(await scan(page, `${mark}-1`)).toBe(`${mark}-1 is found. 2 items still to find.`)
    expect(await page.locator(':focus').getAttribute('id')).toBe('code')
    expect(await scan(page, `${mark}-STRAY`)).toContain(`${mark}-STRAY should not be here.`)
    expect(await page.locator(':focus').getAttribute('id')).toBe('code')
    expect(await scan(page, `${site.address}/items/${mark}-2`)).toBe(`${mark}-2 is found. 1 item still to find.`)
    expect(await scan(page, 'SOMETHING ELSE')).toContain('is none of ours')

    await arrive(page, () => page.getByRole('button', { name: 'Finish the check' }).click())
    await page
      .getByRole('group', { name: `${mark}-STRAY should be elsewhere` })
      .getByLabel(`It is kept at ${place.name} from now on`)
      .check()
    await arrive(page, () => page.getByRole('button', { name: 'Finish the check' }).click())
    expect(await page.locator('#done-text').textContent()).toBe(
      `The check of ${place.name} is finished. 1 item reported lost, 1 item kept here now.`,
    )

    await arrive(page, () => page.getByRole('link', { name: `Open the incident of ${mark}-3` }).click())
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(`${mark}-3`)
    expect(await page.getByRole('main').textContent()).toContain('Missing at stock check')
    const rows = await site.app.db
      .selectFrom('items')
      .select(['tag', 'left_as', 'kept_at_ward_id'])
      .where('id', 'in', [...items.map(({ id }) => id), stray.id])
      .orderBy('tag_key')
      .execute()
    expect(rows).toEqual([
      { tag: `${mark}-1`, left_as: null, kept_at_ward_id: place.id },
      { tag: `${mark}-2`, left_as: null, kept_at_ward_id: place.id },
      { tag: `${mark}-3`, left_as: 'lost', kept_at_ward_id: place.id },
      { tag: `${mark}-STRAY`, left_as: null, kept_at_ward_id: place.id },
    ])
    const { rowCount } = await site.app.pool.query('select from incidents where story = $1', ['Missing at stock check'])
    expect(rowCount).toBe(javaScript ? 1 : 2)
  })

  it('can be stopped half way and gone on with by a colleague, who may take a scan back', async () => {
    const mark = javaScript ? 'HALF' : 'PART'
    const { place } = await placeWith(`Shelf ${how}`, [`${mark}-1`, `${mark}-2`])
    const first = await asChampion({ javaScript })
    const url = await begin(first, place.name)
    await scan(first, `${mark}-1`)
    const second = await site.signedInAs(site.app.people.actors.administrator, { javaScript })
    expect(await begin(second, place.name)).toBe(url)
    expect(await scan(second, `${mark}-1`)).toContain(`${mark}-1 was scanned before`)
    await arrive(second, () =>
      second
        .getByRole('button', { name: `Undo ${mark}-1` })
        .first()
        .click(),
    )
    expect(await second.locator('#done-text').textContent()).toBe(`The scan of ${mark}-1 is taken back.`)
    expect(await scan(second, `${mark}-2`)).toBe(`${mark}-2 is found. 1 item still to find.`)
    expect(await scan(first, `${mark}-1`)).toBe(`${mark}-1 is found. Nothing more is to be found.`)
  })
})

describe('the pages of a check', () => {
  it('can be used by everybody: as they begin, under way, with mistakes, before and after the end', async () => {
    const longTag = 'ASSET-TAG-OF-THE-GREATEST-LENGTH-THAT-ANY-LABEL-MAY-HAVE-60'
    const tags = [longTag, ...Array.from({ length: 7 }, (_, at) => `LOOK-${at}`)]
    const { place, items } = await placeWith('A place with a name that takes more than one line of a telephone', tags)
    await availableItems(
      site.app.db,
      ['LOOK-A', 'LOOK-B'].map((tag) => ({ ...here(), tag, serial: 'SAME SERIAL' })),
    )
    const person = await serviceUser(site.app.db, { ...here(), name: 'Ash Example' })
    const lent = await availableItem(site.app.db, { ...here(), tag: 'LOOK-LENT' })
    await loanTo(site.app.db, { items: [lent], serviceUser: person, isWithoutCharger: true })
    const page = await asChampion()

    await page.goto(`${site.address}/stock-checks/new`)
    await judge(page, 'check-start')
    await arrive(page, () => page.getByRole('button', { name: 'Begin' }).click())
    await judge(page, 'check-start-wrong')
    const url = await begin(page, place.name)
    await judge(page, 'check-begun')
    for (const code of [longTag, 'LOOK-1', 'LOOK-2', 'LOOK-A', 'LOOK-LENT', 'x'.repeat(200)]) await scan(page, code)
    await judge(page, 'check-not-ours')
    for (const list of ['found', 'unexpected', 'unknown', 'went-out']) {
      await page.goto(`${url}?list=${list}`)
      await judge(page, `check-${list}`)
    }
    await page.goto(url)
    await arrive(page, () => page.getByRole('button', { name: 'Add' }).click())
    await judge(page, 'check-wrong')
    await page.getByLabel('Scan what you find').fill('same serial')
    await arrive(page, () => page.keyboard.press('Enter'))
    await judge(page, 'check-which')

    await page.goto(`${url}/finish`)
    await judge(page, 'check-finish')
    await page.getByRole('group', { name: 'LOOK-4 is missing' }).getByLabel('It is somewhere else').check()
    await page.getByRole('group', { name: 'LOOK-3 is missing' }).getByLabel('Report it lost').check()
    await arrive(page, () => page.getByRole('button', { name: 'Finish the check' }).click())
    await judge(page, 'check-finish-wrong')
    await page.getByLabel('Where is LOOK-4?').fill('In the van '.repeat(18))
    for (const item of items.slice(6)) {
      await page
        .getByRole('group', { name: `${item.tag} is missing` })
        .getByLabel('Leave it as it is')
        .check()
    }
    await arrive(page, () => page.getByRole('button', { name: 'Finish the check' }).click())
    await judge(page, 'check-finished')
    await page.goto(`${url}/print`)
    await judge(page, 'check-print')
    await page.goto(`${site.address}/stock-checks`)
    await judge(page, 'check-list')
  })

  it('can be used by everybody when there is nothing yet, and when there is too much', async () => {
    const stranger = await site.signedInAs(site.app.people.foreignActors.champion)
    await stranger.goto(`${site.address}/stock-checks`)
    await judge(stranger, 'check-list-empty')

    const { place } = await placeWith(
      'The large store',
      Array.from({ length: 12 }, (_, at) => `STORE-${at}`),
    )
    const page = await asChampion()
    const url = await begin(page, place.name)
    await page.goto(`${url}/finish`)
    await judge(page, 'check-finish-all')
    const { place: larger } = await placeWith(
      'The depot',
      Array.from({ length: 101 }, (_, at) => `DEPOT-${at}`),
    )
    const second = await begin(page, larger.name)
    await page.goto(`${second}/finish`)
    await judge(page, 'check-finish-too-much')
  })
})

/** What a machine can tell of a page, by keyboard too, and a picture of it at both widths. */
async function judge(page: Page, name: string): Promise<void> {
  await screenshot(page, name)
  await checkAccessibility(page, name)
  await page.setViewportSize({ width: 320, height: 800 })
  await screenshot(page, `${name}-320`)
  await tabThrough(page)
  await page.setViewportSize({ width: 1280, height: 800 })
}
