import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, serviceUser } from '../../seeds/factories.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const press = (page: Page, name: string) =>
  arrive(page, () => page.getByRole('main').getByRole('button', { name, exact: true }).click())
const follow = (page: Page, name: string | RegExp) =>
  arrive(page, () => page.getByRole('main').getByRole('link', { name }).first().click())

it.each([true, false])(
  'On a tablet: a free time is booked with two taps, handed out and taken back, each on one more page (scripts: %s)',
  async (javaScript) => {
    const { people, db, setClock } = site.app
    const { organisationId: organisation_id, ward } = people
    setClock(new Date('2026-08-03T09:40:00Z'))
    const tag = javaScript ? 'IPAD-1' : 'IPAD-2'
    await availableItem(db, { organisation_id, kept_at_ward_id: ward.id, tag })
    const person = await serviceUser(db, { organisation_id, name: `Sam ${tag}`, state: 'admitted', ward_id: ward.id })

    const page = await site.signedInAs(people.actors['ward-staff'], { javaScript })
    await page.setViewportSize({ width: 1024, height: 768 })
    await arrive(page, () => page.getByRole('link', { name: 'Timetables' }).first().click())
    await follow(page, 'Ash Ward')
    await follow(page, new RegExp(`^11am to .*book ${tag}$`))
    await screenshot(page, `booking-tap-2-${javaScript}`)
    await press(page, 'Book')
    expect(await page.getByRole('alert').textContent()).toContain(`${tag} is booked.`)
    const row = page.getByRole('row', { name: new RegExp(tag) })
    expect(await row.textContent()).toContain('11am to 11:30am')

    // for somebody by name, which takes two more taps
    await follow(page, new RegExp(`^11:45am.*book ${tag}$`))
    await page.getByRole('radio', { name: 'Somebody on this ward' }).check()
    await page.getByLabel('Name', { exact: true }).selectOption(String(person.id))
    await press(page, 'Book')
    expect(await row.textContent()).toContain(`Sam ${tag}`)

    await follow(page, new RegExp(`^The ward.*11am to 11:30am.*${tag}`))
    await press(page, 'Hand out')
    expect(await row.textContent()).toContain('With the ward')
    await follow(page, /^With the ward/)
    await press(page, 'Take back')
    expect(await page.getByRole('alert').textContent()).toContain('It is back.')
    expect(await row.textContent()).toContain('Here')
    await screenshot(page, `timetable-tablet-${javaScript}`)
  },
)
