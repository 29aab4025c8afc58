import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { diaryHours, serviceUser, staffMember } from '../../seeds/factories.ts'
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

describe('from a first appointment to a colleague', () => {
  it('a care coordinator makes it; a champion sees it, finds three times for a call, books one, moves it and hands the case over', async () => {
    site.app.setClock(startOfTest)
    const { organisationId: organisation_id, ward, actors } = site.app.people
    const team = { organisation_id, team_id: ward.id }
    const person = await serviceUser(site.app.db, { ...team, name: 'Sol Handover' })
    const colleague = await staffMember(site.app.db, { organisation_id, role: 'champion', name: 'Cass Colleague' })
    for (const id of [actors.champion.staffId, colleague.id]) await diaryHours(site.app.db, { id, organisation_id })

    const care = await site.signedInAs(actors['care-team'])
    await care.goto(`${site.address}/service-users/${person.id}/appointments/new`)
    await choose(care, 'Is it their first appointment with this team?', 'Yes')
    await choose(care, 'How do they want to meet?', 'A video call')
    await setDay(care, ['12', '8', '2026'])
    await main(care).getByLabel('At what time?').fill('14:30')
    await main(care).getByLabel('What is it for?').selectOption('Assessment')
    await press(care, 'Make the appointment')

    const page = await site.signedInAs(actors.champion)
    await page.goto(`${site.address}/appointments`)
    expect(await words(page)).toContain('Sol Handover')
    await page.goto(`${site.address}/service-users/${person.id}`)
    await follow(page, /^Change\s*champion/)
    await main(page).getByRole('combobox').selectOption(String(actors.champion.staffId))
    await press(page, 'Save')

    // the record leads to the times that fit
    await follow(page, 'Find a time for a call')
    expect(await main(page).getByRole('radio').count()).toBe(3)
    await checkAccessibility(page, 'times for a call')
    await main(page).getByRole('radio').nth(1).check()
    await press(page, 'Book this time')
    expect(await words(page)).toContain('Trial-run call')

    await page.goto(`${site.address}/diary`)
    await follow(page, /^11:30am to 12pm|^\d/)
    await follow(page, 'Move it')
    await setDay(page, ['5', '8', '2026'])
    await main(page).getByLabel('Time', { exact: true }).fill('10:00')
    await press(page, 'Move')
    expect(await words(page)).toContain('Wednesday 5 August 2026 at 10am')

    await page.goto(`${site.address}/service-users/${person.id}/champion`)
    await main(page).getByRole('combobox').selectOption(String(colleague.id))
    await press(page, 'Save')
    expect(await page.textContent('body')).toContain('1 thing planned with them went along.')

    const next = await site.signedInAs({ staffId: colleague.id })
    await next.goto(`${site.address}/diary?show=day&on=2026-08-05`)
    expect(await words(next)).toMatch(/10am to 10:30am.*Trial-run call.*Sol Handover/)
    await next.goto(`${site.address}/service-users/${person.id}`)
    await arrive(next, () => main(next).locator('a[href^="/appointments/"]').first().click())
    expect(await words(next)).toContain('Arranged for 5 August 2026')
  })
})
