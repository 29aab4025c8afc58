import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, availableItems, loanTo, serviceUser, ward } from '../../seeds/factories.ts'
import { checkAccessibility } from '../support/accessibility.ts'
import { type BrowserOptions, screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const here = () => ({ organisation_id: site.app.people.organisationId })

/** Words that no other test has, nor the same one tried again. */
let marks = 0
const freshMark = (word: string) => `${word}${++marks}`

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
  await arrive(page, () => page.getByRole('link', { name: 'Check a place' }).click())
  await page.getByLabel('Which place?').selectOption(place)
  await arrive(page, () => page.getByRole('button', { name: 'Begin' }).click())
  return page.url()
}

/** As a scanner does: types the code wherever the focus is, and presses Enter. Gives what is said after it. */
async function scan(page: Page, code: string): Promise<string> {
  await page.locator('#code:focus').waitFor()
  await page.keyboard.type(code)
  await arrive(page, () => page.keyboard.press('Enter'))
  return (await page.locator('#done-text').textContent()) ?? ''
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a stock check, %s', (how, javaScript) => {
  it('with one missing and one unexpected item ends in the right incidents: one for the missing, none for the unexpected', async () => {
    const mark = freshMark('CUP')
    const { place, items } = await placeWith(`Cupboard ${how}, ${mark}`, [`${mark}-1`, `${mark}-2`, `${mark}-3`])
    const stray = await availableItem(site.app.db, { ...here(), tag: `${mark}-STRAY` })
    const page = await asChampion({ javaScript })
    await begin(page, place.name)
    expect(await scan(page, `${mark}-1`)).toBe(`${mark}-1 is found. 2 items still to find.`)
    expect(await page.locator(':focus').getAttribute('id')).toBe('code')
    expect(await scan(page, `${mark}-STRAY`)).toContain(`${mark}-STRAY should not be here.`)
    expect(await page.locator(':focus').getAttribute('id')).toBe('code')
    expect(await scan(page, `${site.address}/items/${mark}-2`)).toBe(`${mark}-2 is found. 1 item still to find.`)
    const theirs = await availableItem(site.app.db, {
      organisation_id: site.app.people.foreignActors.champion.organisationId,
    })
    expect(await scan(page, theirs.tag)).toContain(`“${theirs.tag}” is none of ours`)

    await arrive(page, () => page.getByRole('link', { name: 'Finish the check' }).click())
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
    const ids = [...items.map(({ id }) => id), stray.id]
    const { rows: incidents } = await site.app.pool.query(
      'select item_id, incidents.kind, story from incident_items join incidents on incidents.id = incident_id where item_id = any($1)',
      [ids],
    )
    expect(incidents).toEqual([{ item_id: items[2]?.id, kind: 'lost', story: 'Missing at stock check' }])
  })

  it('can be stopped half way and gone on with by a colleague, who may take a scan back', async () => {
    const mark = freshMark('HALF')
    const { place } = await placeWith(`Shelf ${how}, ${mark}`, [`${mark}-1`, `${mark}-2`])
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
  it('can be used by everybody: under way, with mistakes, and after the end', async () => {
    const mark = freshMark('LOOK')
    const longTag = `ASSET-TAG-OF-THE-GREATEST-LENGTH-THAT-ANY-LABEL-MAY-HAVE-${marks}`
    const tags = [longTag, ...Array.from({ length: 7 }, (_, at) => `${mark}-${at}`)]
    const { place, items } = await placeWith(
      `${mark}, a place with a name that takes more than one line of a telephone`,
      tags,
    )
    await availableItems(
      site.app.db,
      [`${mark}-A`, `${mark}-B`].map((tag) => ({ ...here(), tag, serial: `SAME SERIAL ${mark}` })),
    )
    const person = await serviceUser(site.app.db, { ...here(), name: 'Ash Example' })
    const lent = await availableItem(site.app.db, { ...here(), tag: `${mark}-LENT` })
    await loanTo(site.app.db, { items: [lent], serviceUser: person, isWithoutCharger: true })
    const page = await asChampion()

    const url = await begin(page, place.name)
    for (const code of [longTag, `${mark}-1`, `${mark}-2`, `${mark}-A`, `${mark}-LENT`, 'x'.repeat(200)])
      await scan(page, code)
    await page.goto(`${url}?list=unexpected`)
    await judge(page, 'check-unexpected')
    await page.goto(url)
    await arrive(page, () => page.getByRole('button', { name: 'Add' }).click())
    await judge(page, 'check-wrong')
    await page.getByLabel('Scan what you find').fill(`same serial ${mark}`)
    await arrive(page, () => page.keyboard.press('Enter'))
    await judge(page, 'check-which')

    await page.goto(`${url}/finish`)
    await page
      .getByRole('group', { name: `${mark}-4 is missing` })
      .getByLabel('It is somewhere else')
      .check()
    await page
      .getByRole('group', { name: `${mark}-3 is missing` })
      .getByLabel('Report it lost')
      .check()
    await arrive(page, () => page.getByRole('button', { name: 'Finish the check' }).click())
    await judge(page, 'check-finish-wrong')
    await page.getByLabel(`Where is ${mark}-4?`).fill('In the van '.repeat(18))
    for (const item of items.slice(6)) {
      await page
        .getByRole('group', { name: `${item.tag} is missing` })
        .getByLabel('Leave it as it is')
        .check()
    }
    await arrive(page, () => page.getByRole('button', { name: 'Finish the check' }).click())
    await judge(page, 'check-finished')
  })

  it('can be used by everybody when too much is missing', async () => {
    const mark = freshMark('STORE')
    const page = await asChampion()
    const { place } = await placeWith(
      `The depot, ${mark}`,
      Array.from({ length: 101 }, (_, at) => `${mark}-DEPOT-${at}`),
    )
    const url = await begin(page, place.name)
    await page.goto(`${url}/finish`)
    await judge(page, 'check-finish-too-much')
  })
})

/** What a machine can tell of a page, and a picture of it at both widths. The pages as they begin stand in the table of pages. */
async function judge(page: Page, name: string): Promise<void> {
  await screenshot(page, name)
  await checkAccessibility(page, name)
  await page.setViewportSize({ width: 320, height: 800 })
  await screenshot(page, `${name}-320`)
  await page.setViewportSize({ width: 1280, height: 800 })
}
