import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, serviceUser, staffMember, ward } from '../../seeds/factories.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
  site.app.setClock(new Date('2026-08-03T09:40:00Z'))
})
afterAll(() => site.close())

const MOST_PAGES = 2

/** A nurse with a tablet held upright, on a ward of their own: a tablet and a locker bay, and somebody who is there. */
async function onTheWard(javaScript: boolean) {
  const { people, db } = site.app
  const { organisationId: organisation_id } = people
  const mark = javaScript ? 'ON' : 'OFF'
  const place = await ward(db, { organisation_id, name: `Tablet ${mark} Ward` })
  const item = (tag: string, more: object = {}) =>
    availableItem(db, { organisation_id, kept_at_ward_id: place.id, tag: `${tag}-${mark}`, ...more })
  await item('IPAD')
  await item('BAY', { category: 'locker-bay' })
  const name = `Sam ${mark}`
  const person = await serviceUser(db, { organisation_id, name, state: 'admitted', ward_id: place.id })
  const nurse = await staffMember(db, { organisation_id, role: 'ward-staff', wards: [place] })
  const page = await site.signedInAs({ staffId: nurse.id }, { javaScript })
  await page.setViewportSize({ width: 768, height: 1024 })
  return { page, person, place, tablet: `IPAD-${mark}`, bay: `BAY-${mark}` }
}

/** Does one task from the page where it begins, and says how many pages it took until it was done. */
async function pagesOf(page: Page, work: () => Promise<void>): Promise<number> {
  let pages = 0
  const count = () => {
    pages += 1
  }
  page.on('load', count)
  await work()
  page.off('load', count)
  return pages
}

it.each([true, false])(
  'On a tablet a shift goes by: book, hand out, take back, put in, collect, count and leave, each in two pages (scripts: %s)',
  async (javaScript) => {
    const { page, person, place, tablet, bay } = await onTheWard(javaScript)
    const main = page.getByRole('main')
    const press = (name: string) => arrive(page, () => main.getByRole('button', { name, exact: true }).click())
    const follow = (name: string | RegExp) => arrive(page, () => main.getByRole('link', { name }).first().click())
    const go = (path = '') => page.goto(`${site.address}/wards/${place.code}${path}`)
    const row = (tag: string) => page.getByRole('row', { name: new RegExp(tag) })
    const chooseSam = async () => {
      await page.getByRole('radio', { name: 'Somebody on this ward' }).check()
      await page.getByLabel('Name', { exact: true }).selectOption(String(person.id))
    }
    const took: Record<string, number> = {}
    const task = async (name: string, work: () => Promise<void>) => {
      took[name] = await pagesOf(page, work)
    }

    await go()
    await follow('Timetable')
    await task('book with two taps', async () => {
      await follow(new RegExp(`^11am to .*book ${tablet}$`))
      await press('Book')
    })
    expect(await page.getByRole('alert').textContent()).toContain(`${tablet} is booked.`)
    expect(await row(tablet).textContent()).toContain('11am to 11:30am')
    await task('book for somebody', async () => {
      await follow(new RegExp(`^11:45am.*book ${tablet}$`))
      await chooseSam()
      await press('Book')
    })
    expect(await row(tablet).textContent()).toContain(person.name)
    await task('hand out', async () => {
      await follow(new RegExp(`^The ward.*11am to 11:30am.*${tablet}`))
      await press('Hand out')
    })
    expect(await row(tablet).textContent()).toContain('With the ward')
    await task('take back', async () => {
      await follow(/^With the ward/)
      await press('Take back')
    })
    expect(await page.getByRole('alert').textContent()).toContain('It is back.')
    expect(await row(tablet).textContent()).toContain('Here')
    await screenshot(page, `timetable-tablet-${javaScript}`)
    // the times go sideways in their own frame, and not the page with them
    const whole = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(whole).toBeLessThanOrEqual(768)

    await go('/lockers')
    await task('put in', async () => {
      await follow(`Put a device in (${bay})`)
      await chooseSam()
      await page.getByRole('radio', { name: 'USB-C' }).check()
      await page.getByLabel('What does it look like?').fill('Blue phone')
      await press('Put it in')
    })
    expect(await page.getByRole('alert').textContent()).toContain(`The device is in ${bay}.`)
    await follow('Print the slip')
    expect(await main.textContent()).not.toContain('Sam')

    await go()
    await task('leave', async () => {
      await follow('Leaving the ward')
      await follow(person.name)
    })
    expect(await main.textContent()).toContain(bay)
    expect(await main.textContent()).toContain(tablet)
    await screenshot(page, `leaving-tablet-${javaScript}`)

    await go('/lockers')
    await task('collect', async () => {
      await follow(`Collect or open (${bay})`)
      await press('The owner has it back')
    })
    expect(await page.getByRole('alert').textContent()).toContain('It is with its owner again.')
    expect(await row(bay).textContent()).toContain('Free')

    await go('/shift-count')
    await task('count', async () => {
      for (const box of await page.getByRole('checkbox').all()) await box.check()
      await screenshot(page, `count-tablet-${javaScript}`)
      await press('Save, and see what is not counted')
      await press('Finish the check')
    })
    await go()
    expect(await main.textContent()).toMatch(/Last counts.*nothing missing|Last counts.*all/is)
    await task('sign out', () => arrive(page, () => page.getByRole('button', { name: 'Sign out' }).click()))
    await go()
    expect(new URL(page.url()).pathname).toBe('/sign-in')

    expect(Object.entries(took).filter(([, pages]) => pages > MOST_PAGES)).toEqual([])
  },
)
