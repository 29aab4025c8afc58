import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { serviceUser } from '../../seeds/factories.ts'
import { checkAccessibility } from '../support/accessibility.ts'
import { startOfTest } from '../support/app.ts'
import { screenshot } from '../support/browser.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const main = (page: Page) => page.getByRole('main')
const words = async (page: Page) => ((await main(page).textContent()) ?? '').replace(/\s+/g, ' ').trim()
const press = (page: Page, name: string) =>
  arrive(page, () => main(page).getByRole('button', { name, exact: true }).click())
const follow = (page: Page, name: string | RegExp) =>
  arrive(page, () => main(page).getByRole('link', { name }).first().click())
const choose = (page: Page, question: string, answer: string) =>
  main(page).getByRole('group', { name: question }).getByLabel(answer, { exact: true }).check()

/** Nothing is wider than a telephone. */
async function fits(page: Page): Promise<void> {
  const width = await page.locator('body').evaluate((body) => body.scrollWidth)
  expect(width).toBeLessThanOrEqual(375)
}

async function setDay(page: Page, [day, month, year]: [string, string, string]): Promise<void> {
  await main(page).getByLabel('Day', { exact: true }).fill(day)
  await main(page).getByLabel('Month', { exact: true }).fill(month)
  await main(page).getByLabel('Year', { exact: true }).fill(year)
}

describe.each([
  ['with JavaScript', true],
  ['with JavaScript off', false],
])('a care coordinator on a telephone, %s', (_, javaScript) => {
  it('makes a first appointment, changes the way without a why, helps them in and says how it went', async () => {
    site.app.setClock(startOfTest)
    const { organisationId: organisation_id, ward, actors } = site.app.people
    const person = await serviceUser(site.app.db, {
      organisation_id,
      team_id: ward.id,
      name: `Noor Caller ${javaScript}`,
    })
    const page = await site.signedInAs(actors['care-team'], { javaScript, width: 375 })
    await page.goto(`${site.address}/people/${person.id}`)
    await follow(page, /appointments/i)
    await follow(page, 'Make an appointment')

    const ways = main(page).getByRole('group', { name: 'How do they want to meet?' })
    expect(await ways.getByRole('radio').first().getAttribute('value')).toBe('face-to-face')
    expect(await words(page)).not.toMatch(/\bwhy do\b|\breason\b/i)
    await choose(page, 'Is it their first appointment with this team?', 'Yes')
    await choose(page, 'How do they want to meet?', 'Face to face')
    await setDay(page, ['3', '8', '2026'])
    await main(page).getByLabel('At what time?').fill('9:00')
    await main(page).getByLabel('What is it for?').selectOption('Assessment')
    await fits(page)
    await press(page, 'Make the appointment')

    // 9am is over: what was typed is there still, with what is wrong with it
    expect(await words(page)).toContain('The appointment must be in the future')
    await main(page).getByLabel('At what time?').fill('10:35')
    await press(page, 'Make the appointment')
    await main(page).getByLabel('Where do they meet?').fill('Riverside Centre, room 4')
    await press(page, 'Save')
    expect(await words(page)).toMatch(/Face to face, Monday 3 August 2026 at 10:35am.*Riverside Centre/)
    await checkAccessibility(page, 'an appointment')
    await fits(page)

    const otherWay = main(page).getByText('Meet in another way')
    if (!(await main(page).getByRole('button', { name: 'Change the way' }).isVisible())) await otherWay.click()
    await choose(page, 'How do they want to meet?', 'A video call')
    await press(page, 'Change the way')
    await main(page).getByLabel('Link to join').fill('https://meet.example/noor')
    await choose(page, 'What do we do when it fails?', 'We call them by phone')
    await press(page, 'Save')
    expect(await words(page)).toMatch(/Each way of meeting that was chosen Face to face Since .* A video call Since/)

    site.app.setClock(new Date('2026-08-03T09:40:00Z'))
    await page.goto(site.address)
    await follow(page, 'Somebody cannot get in now')
    await follow(page, person.name ?? '')
    expect(await words(page)).toMatch(/Say first: “You have not missed it/)
    await fits(page)
    await screenshot(page, `cannot-get-in-375-${javaScript}`)
    await press(page, 'They met by the back-up')
    expect(await words(page)).toMatch(/How they met A phone call What went wrong It failed, and the back-up was used/)

    await follow(page, 'Correct how it went')
    await main(page).getByLabel('What did they say about it?').fill('It was good to be called')
    await press(page, 'Save')
    expect(await words(page)).toContain('What they said It was good to be called')
  })
})
