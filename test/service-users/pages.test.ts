import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closedLoan, giftLoan, loanTo, overdueLoan, type ServiceUser, serviceUser } from '../../seeds/factories.ts'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import type { TestApp } from '../support/app.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
let app: TestApp
let address = ''
let lena: ServiceUser
const longName = `${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} Featherstonehaugh-Cholmondeley-Marjoribanks`

beforeAll(async () => {
  site = await startSite()
  app = site.app
  address = site.address
  const here = { organisation_id: app.people.organisationId }
  lena = await serviceUser(app.db, { ...here, name: 'Lena Borrower', date_of_birth: '1972-11-05' })
  await closedLoan(app.db, { serviceUser: lena })
  await giftLoan(app.db, { serviceUser: lena })
  await overdueLoan(app.db, { serviceUser: lena })
  await loanTo(app.db, { serviceUser: lena })
  const email = `${'a.very.long.address'.repeat(3)}@a-long-domain-name-of-a-provider.example`
  await serviceUser(app.db, { ...here, name: longName, nhs_number: null, phone: '', email })
  for (let n = 1; n <= 55; n += 1) await serviceUser(app.db, { ...here, name: `Person Number ${n}` })
  await app.changeAs('champion', async (change) => {
    const about = { subject: ['loan', 3] as ['loan', number], serviceUserId: lena.id }
    change.audit({ verb: 'loan:lent', ...about, details: { items: ['TAB-0001', 'CHA-0002'], dueOn: '2026-10-26' } })
    change.audit({ verb: 'loan:extended', ...about })
  })
})
afterAll(() => site.close())

const follow = (page: Page, name: string) => arrive(page, () => page.getByRole('link', { name }).click())
const press = (page: Page, name: string) => arrive(page, () => page.getByRole('button', { name }).click())

async function find(page: Page, text: string): Promise<void> {
  await page.getByLabel('Find by name, NHS number or phone number').fill(text)
  await press(page, 'Search')
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

describe('the pages about people', () => {
  it('lead from what was found to a record and, by the Back button, back', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/service-users`)
    await find(page, 'borrower LENA')
    await follow(page, 'Lena Borrower')
    await page.goBack()
    expect(await page.getByRole('link', { name: 'Lena Borrower' }).count()).toBe(1)
    await page.goForward()
    await follow(page, 'See the whole history')
    await follow(page, 'Show who looked')
    await judge(page, 'service-user-history')
  })

  it('are accessible when somebody may be there already', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/service-users/new`)
    await press(page, 'Add this person')
    await fillIn(page, 'Lena Borower')
    await press(page, 'Add this person')
    await judge(page, 'service-user-new-twin')
  })

  it.each([true, false])('let a champion add somebody past a likely twin, with scripts: %s', async (javaScript) => {
    const page = await site.signedInAs(app.people.actors.champion, { javaScript })
    await page.goto(`${address}/service-users/new`)
    await press(page, 'Add this person')
    expect(await page.title()).toMatch(/^Error: /)
    const name = javaScript ? 'Lena Borrowers' : 'Lena B Borrower'
    await fillIn(page, name)
    await press(page, 'Add this person')
    expect(await page.getByLabel('Phone number').inputValue()).toBe('07700 900456')
    await page.getByLabel('Yes, add this person anyway').check()
    await press(page, 'Add this person')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(name)
  })

  it('show both versions when somebody else was faster', async () => {
    const page = await site.signedInAs(app.people.actors.champion)
    await page.goto(`${address}/service-users/${lena.id}/edit`)
    await app.changeAs('champion', async (change) => {
      await change.trx.updateTable('service_users').set({ version: 2 }).where('id', '=', lena.id).execute()
      change.audit({ verb: 'service-user:updated', subject: ['service-user', lena.id], serviceUserId: lena.id })
    })
    await page.getByLabel('What they like to be called').fill('Leni')
    await press(page, 'Save changes')
    await judge(page, 'service-user-edit-overtaken')
    await press(page, 'Save changes')
    expect(page.url()).toBe(`${address}/service-users/${lena.id}`)
  })
})

async function fillIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Full name').fill(name)
  await page.getByLabel('Day').fill('5')
  await page.getByLabel('Month').fill('Nov')
  await page.getByLabel('Year').fill('1972')
  await page.getByLabel('Phone number').fill('07700 900456')
}

describe('the page of the audit', () => {
  it('is accessible with its details open', async () => {
    const page = await site.signedInAs(app.people.actors['information-governance'])
    await follow(page, 'Audit')
    await page.getByText('Details of entry').first().click()
    await judge(page, 'audit')
  })
})
