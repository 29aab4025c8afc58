import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, serviceUser } from '../../seeds/factories.ts'
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
  'On a tablet: a phone is put into a bay and collected, each in two pages, with its slip (scripts: %s)',
  async (javaScript) => {
    const { people, db } = site.app
    const { organisationId: organisation_id, ward } = people
    const tag = javaScript ? 'BAY-1' : 'BAY-2'
    await availableItem(db, { organisation_id, category: 'locker-bay', kept_at_ward_id: ward.id, tag })
    const person = await serviceUser(db, { organisation_id, name: `Sam ${tag}`, state: 'admitted', ward_id: ward.id })

    const page = await site.signedInAs(people.actors['ward-staff'], { javaScript })
    await page.setViewportSize({ width: 1024, height: 768 })
    await arrive(page, () => page.getByRole('link', { name: 'Timetables' }).first().click())
    await follow(page, 'Ash Ward')
    await follow(page, 'Charging lockers')
    const row = page.getByRole('row', { name: new RegExp(tag) })

    await follow(page, `Put a device in (${tag})`)
    await page.getByRole('radio', { name: 'Somebody on this ward' }).check()
    await page.getByLabel('Name', { exact: true }).selectOption(String(person.id))
    await page.getByRole('radio', { name: 'USB-C' }).check()
    await page.getByLabel('What does it look like?').fill('Blue phone')
    await press(page, 'Put it in')
    expect(await page.getByRole('alert').textContent()).toContain(`The device is in ${tag}.`)
    await follow(page, 'Print the slip')
    expect(await page.getByRole('main').textContent()).not.toContain('Sam')
    await arrive(page, () => page.getByRole('link', { name: tag }).click())
    await arrive(page, () => page.getByRole('link', { name: 'Charging lockers' }).click())
    expect(await row.textContent()).toContain(`Sam ${tag}`)

    await follow(page, `Collect or open (${tag})`)
    await press(page, 'The owner has it back')
    expect(await page.getByRole('alert').textContent()).toContain('It is with its owner again.')
    expect(await row.textContent()).toContain('Free')
  },
)
