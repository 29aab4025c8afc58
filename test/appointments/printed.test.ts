import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { appointment, contactAddress, contactAnswer, guide, platform, serviceUser } from '../../seeds/factories.ts'
import { openBrowser, screenshot } from '../support/browser.ts'
import { password } from '../support/people.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
let letter: string

beforeAll(async () => {
  site = await startSite()
  const { db, people } = site.app
  const here = { organisation_id: people.organisationId }
  const by = { id: people.actors.champion.staffId }
  // as much as a letter may have in it: an address of five lines, a long name, everything that is said about a call
  const address =
    'Flat 112, Wolfeschlegelsteinhausen House\n1 Long Example Street\nNether Exampleton\nExampleshire\nEX1 1EX'
  const person = await serviceUser(db, { ...here, name: 'Featherstonehaugh-Cholmondeley Exampleton', address })
  await contactAnswer(db, { person, channel: 'post' })
  await contactAddress(db, { person, address, isSafe: true })
  const on = await platform(db, { ...here, name: 'Meetwell for Everybody and Their Supporters' })
  for (const form of ['plain', 'easy-read']) {
    await guide(db, { ...here, platform_id: on.id, form, title: `Join Meetwell, ${form}` })
  }
  const { id } = await appointment(db, {
    ...{ person, by, way: 'video', from: new Date('2026-08-12T13:30:00Z'), platform_id: on.id, interpreter: 'to-book' },
    ...{ clinician: 'Dr Bartholomew Longname-Exampleton', back_up: 'phone', back_up_number: '01632 960 101' },
    ...{ call_back_number: '07700 900 107', adaptations: 'A break after twenty minutes, and words on the screen' },
    others: 'Your sister, and an advocate whom you choose',
  })
  letter = `${site.address}/appointments/${id}/letter`
})
afterAll(() => site.close())

async function signedIn(): Promise<Page> {
  const page = await openBrowser()
  await page.goto(`${site.address}/sign-in`)
  await page.getByLabel('Email address').fill(site.app.people.actors.champion.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await arrive(page, () => page.keyboard.press('Enter'))
  return page
}

async function sheetsOf(page: Page): Promise<number> {
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  return pdf.match(/\/Type\s*\/Page[^s]/g)?.length ?? 0
}

it.each([
  ['plain', 1],
  // letters of 18 points
  ['large-print', 2],
  // a picture for each idea, in letters of 15 points or more
  ['easy-read', 2],
  ['large-easy-read', 2],
])('a letter in the shape %s is on %s sheets of A4, and the guide behind it begins the next', async (format, most) => {
  const page = await signedIn()
  await page.goto(`${letter}?format=${format}`)
  await screenshot(page, `letter-${format}`)
  const all = await sheetsOf(page)
  const letters = page.locator('.app-letter')
  const behind = page.locator('.app-letter__behind')
  expect(await letters.getByText('Featherstonehaugh').count()).toBeGreaterThan(0)
  expect(await behind.count()).toBe(1)
  await page.evaluate(`document.querySelector('.app-letter__behind').remove()`)
  const alone = await sheetsOf(page)
  expect(alone).toBeLessThanOrEqual(most)
  expect(all).toBeGreaterThan(alone)
})
