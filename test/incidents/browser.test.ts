import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, loanTo, serviceUser } from '../../seeds/factories.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

describe('a stolen phone, in a browser', () => {
  it('is reported from its page; the playbook shows what is due, first another way to reach the person, and later what is overdue', async () => {
    const { db, people } = site.app
    const here = { organisation_id: people.organisationId }
    const person = await serviceUser(db, here)
    const phone = await availableItem(db, { ...here, category: 'smartphone', tag: 'PHO-STOLEN' })
    await loanTo(db, { serviceUser: person, items: [phone], lentBy: { id: people.actors.champion.staffId } })

    const page = await site.signedInAs(people.actors.champion, { javaScript: false, width: 375 })
    await page.goto(`${site.address}/items/${phone.tag}`)
    await arrive(page, () => page.getByRole('link', { name: 'Report lost, stolen or damaged' }).click())
    await page.getByLabel('Stolen', { exact: true }).check()
    await arrive(page, () => page.getByRole('button', { name: 'Report it' }).click())

    const tasks = page.getByRole('main').getByRole('listitem')
    expect(await tasks.first().textContent()).toMatch(/Agree another way to reach the person.*in 2 hours/s)
    expect(await page.getByRole('main').textContent()).not.toContain('Overdue')
    await screenshot(page, 'stolen-phone')

    site.app.setClock(new Date(site.app.clock().getTime() + 5 * 3_600_000))
    const later = await site.signedInAs(people.actors.champion, { javaScript: false, width: 375 })
    expect(await later.getByRole('main').textContent()).toMatch(
      /PHO-STOLEN.*3 hours late.*Agree another way to reach the person/s,
    )
    await later.goto(page.url())
    const first = later.getByRole('main').getByRole('listitem').first()
    expect(await first.textContent()).toMatch(/Agree another way to reach the person.*3 hours late.*Overdue/s)
    await screenshot(later, 'stolen-phone-overdue')
  })
})
