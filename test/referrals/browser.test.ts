import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, kit, type ServiceUser, serviceUser } from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { checkAccessibility } from '../support/accessibility.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
let lena: ServiceUser
const number = makeTestNhsNumber(82_001)

beforeAll(async () => {
  site = await startSite()
  const { db, people } = site.app
  const here = { organisation_id: people.organisationId }
  lena = await serviceUser(db, { ...here, name: 'Lena Borrower', date_of_birth: '1972-11-05', nhs_number: number })
  const items = [
    await availableItem(db, { ...here, tag: 'TAB-9' }),
    await availableItem(db, { ...here, tag: 'CHA-9', category: 'charger' }),
  ]
  await kit(db, { ...here, tag: 'KIT-9', name: 'Tablet kit', items })
})
afterAll(() => site.close())

const main = (page: Page) => page.getByRole('main')
const follow = (page: Page, name: string | RegExp) =>
  arrive(page, () => main(page).getByRole('link', { name }).first().click())
const press = (page: Page, name: string) =>
  arrive(page, () => main(page).getByRole('button', { name, exact: true }).click())
const menu = (page: Page, name: string) =>
  arrive(page, async () => {
    const link = page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name, exact: true })
    // on a telephone the menu folds what does not fit
    if (!(await link.isVisible())) await page.getByRole('button', { name: /More|Menu/ }).click()
    await link.click()
  })
const says = (page: Page, words: string) => expect(main(page).textContent()).resolves.toContain(words)
async function judge(page: Page, name: string): Promise<void> {
  await screenshot(page, name)
  await checkAccessibility(page, name)
}

it('at 375 pixels: a care team refers, the champion finds the person, merges, keeps texts to two hours, and lends', async () => {
  const { people } = site.app
  const carer = await site.signedInAs(people.actors['care-team'], { width: 375 })
  await menu(carer, 'Referrals')
  await follow(carer, 'Refer somebody')
  await carer.getByLabel('Full name').fill('Lena Borower')
  for (const [part, text] of [
    ['Day', '5'],
    ['Month', '11'],
    ['Year', '1972'],
  ] as const) {
    await carer.getByRole('textbox', { name: part, exact: true }).first().fill(text)
  }
  await carer.getByLabel('NHS number').fill(number)
  await carer.getByLabel('No phone, tablet or computer of their own').check()
  await carer.getByLabel('A tablet, phone or laptop').check()
  await carer.getByLabel('A charger').check()
  await judge(carer, 'journey-refer')
  await press(carer, 'Send this referral')
  await says(carer, 'Waiting')
  expect(await main(carer).textContent()).not.toContain('here already')

  const champion = await site.signedInAs(people.actors.champion, { width: 375 })
  await follow(champion, /Look at the referral/)
  await says(champion, 'They may be here already')
  await judge(champion, 'journey-found')
  await follow(champion, /Look at both records/)
  await press(champion, 'It is the same person: merge')
  await says(champion, 'Lena Borrower')

  await arrive(champion, () => champion.goto(`${site.address}/service-users/${lena.id}/safe-contact/channels/text`))
  await champion.getByLabel('Yes', { exact: true }).check()
  await champion.getByLabel('From').selectOption('10')
  await champion.getByLabel('Until').selectOption('12')
  await press(champion, 'Save')
  await arrive(champion, () => champion.getByRole('link', { name: 'Back to the record' }).click())
  await says(champion, 'Texts only from 10am to midday')
  await follow(champion, /^Referral \d+$/)

  await follow(champion, 'Lend for this referral')
  await follow(champion, 'Use KIT-9')
  await judge(champion, 'journey-lend')
  await champion.getByLabel('On paper').check()
  await press(champion, 'Lend')
  await says(champion, 'TAB-9')
  await follow(champion, /^Referral \d+$/)
  await says(champion, 'Met: lent to them')
  await judge(champion, 'journey-met')

  await menu(carer, 'Referrals')
  await follow(carer, 'Met')
  await says(carer, 'Lena Borrower')
})
