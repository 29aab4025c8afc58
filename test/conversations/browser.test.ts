import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { contactAnswer, serviceUser } from '../../seeds/factories.ts'
import { openBrowser, screenshot } from '../support/browser.ts'
import { password } from '../support/people.ts'
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

async function signIn(page: Page): Promise<void> {
  await page.goto(`${site.address}/sign-in`)
  await page.getByLabel('Email address').fill(site.app.people.actors.champion.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await arrive(page, () => page.keyboard.press('Enter'))
}

/** Nothing is wider than a telephone. */
async function fits(page: Page): Promise<void> {
  const width = await page.locator('body').evaluate((body) => body.scrollWidth)
  expect(width).toBeLessThanOrEqual(375)
}

describe.each([
  ['with JavaScript', true],
  ['with JavaScript off', false],
])('the conversation on a telephone, %s', (how, javaScript) => {
  it('is held with three answers not asked, and each flag leads to its answer and its evidence', async () => {
    const here = { organisation_id: site.app.people.organisationId }
    const person = await serviceUser(site.app.db, { ...here, name: `Kit Talker ${how.length}` })
    const page = await openBrowser({ javaScript, width: 375 })
    await signIn(page)
    await page.goto(`${site.address}/service-users/${person.id}`)
    await follow(page, 'Have the conversation')
    await fits(page)
    await follow(page, 'Begin a conversation')
    await main(page).getByLabel('On the phone').check()
    await press(page, 'Begin')

    // five are asked; the cost of data, how sure they feel and the language are left as they stand
    await choose(page, 'How would you most like to meet us?', 'Face to face')
    await choose(page, 'Would you like to be able to use video calls?', 'I am not sure')
    await choose(page, 'Do you have something you could make a video call with?', 'No')
    await choose(page, 'Is there internet where you would use it?', 'Prefers not to say')
    await choose(page, 'Is there somewhere you can talk without being overheard?', 'At some times only')
    await fits(page)
    await screenshot(page, `conversation-opening-375-${javaScript}`)
    await press(page, 'Save')

    // whoever meets in person is asked what makes that work, and nothing else
    expect(await words(page)).toContain('What would make meeting in person work for you?')
    await main(page).getByLabel('A way in without steps').check()
    await press(page, 'Save')

    expect(await words(page)).toContain('5 of 8 asked')
    await fits(page)
    await screenshot(page, `conversation-375-${javaScript}`)
    const flags = main(page).locator('[id^="flag-"]')
    expect(await flags.getByRole('heading').allTextContents()).toEqual([
      'A device Barrier',
      'A private place Risk',
      'Interest in video Risk',
    ])
    expect(await words(page)).toMatch(/Not known Messages, Internet, Cost of data, Language/)
    const talk = page.url()
    for (const [at, answer, evidence] of [
      [0, /something you could make a video call with\?.*No/, 'An up-to-date device'],
      [1, /without being overheard\?.*At some times only/, 'Without a private place'],
      [2, /able to use video calls\?.*I am not sure/, 'People do better when they choose'],
    ] as const) {
      await arrive(page, () =>
        flags
          .nth(at)
          .getByRole('link', { name: /See the answer/ })
          .click(),
      )
      await expect(page.locator(':target').textContent()).resolves.toMatch(new RegExp(answer.source, 's'))
      await page.goto(talk)
      await arrive(page, () =>
        flags
          .nth(at)
          .getByRole('link', { name: /Evidence/ })
          .click(),
      )
      expect(await page.locator(':target + p').textContent()).toContain(evidence)
      await page.goto(talk)
    }

    await follow(page, 'Finish this conversation')
    expect(await words(page)).toMatch(/Not asked this time, which is fine: ?Cost of data ?Confidence ?Language/)
    await press(page, 'Finish')
    expect(await words(page)).toContain('The conversation is finished.')
  })
})

describe('the questions on paper', () => {
  it('print on two A4 sides at 18 point, name nobody, and ask nothing that another should not read', async () => {
    const here = { organisation_id: site.app.people.organisationId }
    const person = await serviceUser(site.app.db, { ...here, name: 'Pat Paper', address: '1 Example Street' })
    const page = await openBrowser({ width: 1280 })
    await signIn(page)
    const url = `${site.address}/service-users/${person.id}/conversation/paper`
    await page.goto(url)
    expect(await words(page)).toContain('Do not post this: they have not said that letters are safe.')
    await contactAnswer(site.app.db, { person, channel: 'post' })
    await page.goto(url)
    expect(await words(page)).toContain('They said that letters are fine. Use a plain envelope.')
    expect(await words(page)).not.toMatch(/Pat|Here NHS|overheard|mental/i)
    const sizes = await page.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll('.app-paper li, .app-paper p, .app-paper h2')]
        .map((part) => getComputedStyle(part).fontSize))]`,
    )
    // 18 points
    expect(sizes).toEqual(['24px'])
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(2)
  })
})
