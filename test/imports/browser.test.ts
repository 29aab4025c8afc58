import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { startApp, type TestApp } from '../support/app.ts'
import { type BrowserOptions, openBrowser } from '../support/browser.ts'
import { password } from '../support/people.ts'
import { csv } from './fixtures.ts'

let app: TestApp
let server: Server
let address = ''

beforeAll(async () => {
  app = await startApp()
  server = app.app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await app.close()
})

async function signedIn(options: BrowserOptions = {}): Promise<Page> {
  const page = await openBrowser(options)
  await page.goto(`${address}/sign-in?return=%2Fitems%2Fimport`)
  await page.getByLabel('Email address').fill(app.people.actors.champion.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${address}/items/import`)
  return page
}

/** Goes on with Tab alone until the button has the focus, then presses it. */
async function pressByKeyboard(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name })
  for (let press = 0; press < 100; press += 1) {
    await page.keyboard.press('Tab')
    if (await button.evaluate((element) => element.matches(':focus'))) break
  }
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')])
  await page.waitForLoadState()
}

/** No hand can choose a file in the system's own dialog here; all else is done by the keyboard. */
async function choose(page: Page, buffer: Buffer, name = 'devices.csv'): Promise<void> {
  await page.goto(`${address}/items/import`)
  await page.getByLabel('Choose a CSV or Excel file').setInputFiles({ name, mimeType: 'text/csv', buffer })
  await pressByKeyboard(page, 'Continue')
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

describe('bringing in a spreadsheet', () => {
  it.each([
    ['JavaScript off', false],
    ['JavaScript on', true],
  ])('is done by keyboard alone, with %s', async (_, javaScript) => {
    const page = await signedIn({ javaScript })
    const tag = `K-${javaScript ? 1 : 2}`
    await choose(page, csv('Tag,Category,Model,Location', `${tag},Handsets,Phone K,Ash Ward shelf`))
    expect(await heading(page)).toContain('Match the columns')
    await pressByKeyboard(page, 'Continue')
    expect(await heading(page)).toContain('Match the words')
    await pressByKeyboard(page, 'Continue')
    expect(await heading(page)).toContain('Check before you import')
    await pressByKeyboard(page, 'Import 1 item')
    expect(await heading(page)).toBe('Import finished')
    expect(await page.locator('.nhsuk-panel').textContent()).toContain('1 created, 0 updated, 0 unchanged, 0 errors')
    expect((await page.goto(`${address}/items/${tag}`))?.status()).toBe(200)
  })

  it('puts the focus on what is wrong', async () => {
    const page = await signedIn()
    await pressByKeyboard(page, 'Continue')
    expect(await page.title()).toMatch(/^Error: /)
    expect(await page.locator(':focus').getAttribute('class')).toBe('nhsuk-error-summary')
    await page.getByRole('link', { name: 'Choose a CSV or Excel file' }).click()
    expect(await page.locator(':focus').getAttribute('id')).toBe('file')
  })
})
