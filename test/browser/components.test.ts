import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import { openBrowser, screenshot } from '../support/browser.ts'
import { appWith, champion, formPage, LONG, NAUGHTY, recordPage, type Sample } from '../web/samples/pages.ts'

const samples: Record<string, Sample> = {
  '/form-empty': { page: formPage() },
  '/form-wrong': { page: formPage({ text: 'typed', error: 'Enter it' }) },
  '/form-long': { page: formPage({ text: LONG, error: LONG }) },
  '/form-naughty': { page: formPage({ text: NAUGHTY, error: NAUGHTY }) },
  '/record-filled': {
    view: 'record',
    page: recordPage(''),
    frame: { ...champion, banner: { text: 'Kit 12 is lent.' } },
  },
  '/record-empty': { view: 'record', page: recordPage('', 0) },
  '/record-long': { view: 'record', page: recordPage(LONG) },
  '/record-naughty': { view: 'record', page: recordPage(NAUGHTY) },
  '/confirmation': { view: 'panel', page: { title: 'Kit lent' } },
  '/letter': { view: 'record', page: { ...recordPage(''), back: { href: '/', text: 'Back' } }, layout: 'print' },
  '/letter-large': { view: 'record', page: { ...recordPage(''), largePrint: true }, layout: 'print' },
}

let server: Server
let address = ''

beforeAll(async () => {
  server = appWith(samples).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.close()
})

describe('Every component', () => {
  it.each(Object.keys(samples))('is accessible, and reached by keyboard at both widths: %s', async (path) => {
    const page = await openBrowser()
    await page.goto(address + path)
    await screenshot(page, `components${path.replace('/', '-')}`)
    await checkAccessibility(page, path)
    await tabThrough(page)
    await page.setViewportSize({ width: 320, height: 800 })
    await page.reload()
    await screenshot(page, `components${path.replace('/', '-')}-narrow`)
    await tabThrough(page)
  })

  it('is accessible with JavaScript off, when nothing is left out', async () => {
    const page = await openBrowser({ javaScript: false })
    await page.goto(`${address}/form-wrong`)
    await checkAccessibility(page, 'The form without a script')
    const stops = await tabThrough(page)
    expect(stops).toEqual(expect.arrayContaining(['Email', 'Sign out', 'Lend these items']))
  })
})

describe('A form that is wrong', () => {
  it('has the focus on its summary, and each line of it leads to its field', async () => {
    const page = await openBrowser()
    await page.goto(`${address}/form-wrong`)
    expect(await page.locator('.nhsuk-error-summary:focus').count()).toBe(1)

    for (const field of ['email', 'agreement', 'items', 'due']) {
      await page.locator(`.nhsuk-error-summary a[href="#${field}"]`).click()
      expect(await page.locator(':focus').getAttribute('id')).toBe(field)
    }
  })
})

describe('A choice with more to say', () => {
  it('opens what belongs to it when it is chosen, and closes it when it is not', async () => {
    const page = await openBrowser()
    await page.goto(`${address}/form-empty`)
    const witness = page.getByRole('textbox', { name: 'Witness' })
    expect(await witness.isVisible()).toBe(true)
    await page.getByLabel('On paper').check()
    expect(await witness.isVisible()).toBe(false)
    await page.getByLabel('Spoken, with a witness').check()
    expect(await witness.isVisible()).toBe(true)
  })
})

describe('A list on a telephone', () => {
  it('is still a table to those who hear it', async () => {
    const page = await openBrowser({ width: 320 })
    await page.goto(`${address}/record-filled`)
    expect(await page.getByRole('table', { name: 'Loans' }).getByRole('row').count()).toBe(3)
    expect(await page.getByRole('columnheader').count()).toBe(3)
    expect(await page.getByRole('rowheader').first().textContent()).toContain('IPAD-0')
  })
})
