import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem } from '../../seeds/factories.ts'
import { checkAccessibility } from '../support/accessibility.ts'
import { openBrowser, screenshot } from '../support/browser.ts'
import { password } from '../support/people.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const press = (page: Page, name: string) =>
  arrive(page, () => page.getByRole('main').getByRole('button', { name, exact: true }).click())
const follow = (page: Page, name: string) => arrive(page, () => page.getByRole('link', { name, exact: true }).click())
const secondsOn = (seconds: number) => site.app.setClock(new Date(site.app.clock().getTime() + seconds * 1_000))

async function chooseAndType(tablet: Page, name: string, pin: string): Promise<void> {
  await arrive(tablet, () => tablet.getByRole('link', { name }).click())
  await tablet.getByLabel('Your PIN').fill(pin)
  await press(tablet, 'Sign in')
}

// with scripts: test/staff/journey
it('Without scripts a tablet is enrolled, one task is done by PIN, a minute signs out, and the audit names person and tablet', async () => {
  const javaScript = false
  const { people, db } = site.app
  const nurse = people.actors['ward-staff']
  const called = 'Nurses’ station'
  const item = await availableItem(db, { organisation_id: people.organisationId, kept_at_ward_id: people.ward.id })

  const administrator = await site.signedInAs(people.actors.administrator, { javaScript })
  await administrator.goto(`${site.address}/admin/tablets/new`)
  await administrator.getByLabel('What do you call it?').fill(called)
  await administrator.getByLabel('Which ward is it for?').selectOption('Ash Ward')
  await press(administrator, 'Make a code')
  const code = (await administrator.locator('.app-secret').textContent()) ?? ''
  await screenshot(administrator, 'tablet-code')

  const tablet = await openBrowser({ javaScript })
  await tablet.goto(`${site.address}/tablet?code=${code.replaceAll(' ', '')}`)
  await press(tablet, 'Enrol this tablet')
  expect(await tablet.getByRole('heading', { level: 1 }).textContent()).toContain('Who are you?')

  const desk = await site.signedInAs(nurse, { javaScript })
  await desk.goto(`${site.address}/account/pin`)
  await desk.getByLabel('PIN', { exact: true }).fill('7391')
  await desk.getByLabel('Your password').fill(password)
  await press(desk, 'Set this PIN')

  await tablet.reload()
  await chooseAndType(tablet, nurse.name, '7391')
  await tablet.goto(`${site.address}/incidents/new?item=${item.id}`)
  await checkAccessibility(tablet, 'a form on a tablet')
  await tablet.getByRole('radio', { name: 'Damaged, can be put right' }).check()
  await tablet.getByLabel('What else do you know?').fill('The screen is cracked')
  await press(tablet, 'Report it')
  expect(tablet.url()).toBe(`${site.address}/sign-in/done`)
  expect(await tablet.getByRole('main').textContent()).toContain(`${nurse.name}, you are signed out.`)
  await checkAccessibility(tablet, 'what was done')
  await screenshot(tablet, 'tablet-done')
  await follow(tablet, 'Next person')

  await chooseAndType(tablet, nurse.name, '7391')
  await screenshot(tablet, 'tablet-home')
  secondsOn(59)
  await tablet.goto(`${site.address}/items`)
  expect(tablet.url()).toBe(`${site.address}/items`)
  secondsOn(61)
  await tablet.goto(`${site.address}/items`)
  expect(tablet.url()).toBe(`${site.address}/sign-in/who?return=%2Fitems`)

  const governance = await site.signedInAs(people.actors['information-governance'], { javaScript })
  await governance.goto(`${site.address}/audit?kind=incident`)
  expect(await governance.getByRole('main').textContent()).toContain(
    `${nurse.name}, on the tablet “${called}”, reported something`,
  )
})

it('With scripts, a minute ends in sight: it is said before, typing counts, and what is on the page is taken away', async () => {
  const { people } = site.app
  const page = await site.signedInAs(people.actors['ward-staff'])
  await page.clock.install()
  await page.route('**/items', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.text()).replace(
      /data-minutes-until-sign-out="\d+"/,
      'data-minutes-until-sign-out="1" data-typing-counts',
    )
    await route.fulfill({ response: answer, body })
  })
  await page.goto(`${site.address}/items`)
  await page.clock.runFor(40_000)
  await page.getByText('You will be signed out in less than a minute').waitFor()
  const extended = page.waitForResponse('**/session/extend')
  await page.getByLabel('Scan or type an asset tag').fill('TAB')
  await extended
  await page.getByText('You will be signed out in').waitFor({ state: 'detached' })
  await page.clock.runFor(61_000)
  await page.getByRole('heading', { name: 'You have been signed out' }).waitFor()
})
