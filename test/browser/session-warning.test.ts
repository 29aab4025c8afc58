import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import type { Page } from 'playwright-core'
import { tabThrough } from '../support/accessibility.ts'
import { openBrowser, takeProblems } from '../support/browser.ts'
import { appWith, champion, formPage, visitor } from '../web/samples/pages.ts'

const MINUTE = 60_000

let server: Server
let address = ''
let received: { path: string; body: unknown }[] = []
let status = 204

beforeAll(async () => {
  const app = appWith({
    '/form': { page: formPage(), frame: { ...champion, minutesUntilSignOut: 30 } },
    '/note': { view: 'note', page: { title: 'Note' }, frame: { ...champion, minutesUntilSignOut: 30 } },
    '/letter': {
      view: 'panel',
      page: { title: 'Agreement' },
      layout: 'print',
      frame: { ...champion, minutesUntilSignOut: 30 },
    },
    '/public': { page: formPage(), frame: visitor },
  })
  app.use(express.urlencoded({ extended: false }))
  app.post('/session/extend', (req, res) => {
    received.push({ path: req.path, body: req.body })
    res.status(status).end()
  })
  app.post('/loans', (req, res) => {
    received.push({ path: req.path, body: req.body })
    res.type('html').send('<title>Kept</title>')
  })
  server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.close()
})

beforeEach(() => {
  received = []
  status = 204
})

async function openAt(path: string): Promise<Page> {
  const page = await openBrowser()
  await page.clock.install()
  await page.goto(address + path)
  return page
}

const warning = (page: Page) => page.locator('[data-session-warning]')

describe('Before the session ends', () => {
  it('nothing is said until two minutes are left, then so that it is heard, and again for the last minute', async () => {
    const page = await openAt('/form')
    await page.clock.runFor(27.9 * MINUTE)
    expect(await warning(page).textContent()).toBe('')
    await page.clock.runFor(0.2 * MINUTE)
    expect(await warning(page).getAttribute('role')).toBe('status')
    expect(await warning(page).textContent()).toContain('You will be signed out in 2 minutes')
    await page.clock.runFor(MINUTE)
    expect(await warning(page).textContent()).toContain('less than a minute')
  })

  it('someone stays by a button, with the token of the session, and goes on where they were', async () => {
    const page = await openAt('/form')
    await page.clock.runFor(28.1 * MINUTE)
    await page.getByLabel('Email').focus()
    await page.getByRole('button', { name: 'Stay signed in' }).click()
    await page.getByText('You are still signed in.').waitFor()
    expect(received).toEqual([{ path: '/session/extend', body: { _csrf: 'token-of-this-session' } }])
    expect(await page.locator(':focus').getAttribute('id')).toBe('email')
    await page.clock.runFor(27 * MINUTE)
    expect(await warning(page).textContent()).toBe('')
    expect(await page.getByLabel('Email').isVisible()).toBe(true)
  })

  it('the warning covers nothing that the keyboard reaches', async () => {
    const page = await openAt('/form')
    await page.setViewportSize({ width: 320, height: 640 })
    await page.clock.runFor(28.1 * MINUTE)
    expect(await tabThrough(page)).toContain('Stay signed in')
  })

  it('a failing service is said, and the warning stays', async () => {
    status = 503
    const page = await openAt('/form')
    await page.clock.runFor(28.1 * MINUTE)
    await page.getByRole('button', { name: 'Stay signed in' }).click()
    await page.getByText('We could not reach the service').waitFor()
    await page.clock.runFor(5000)
    expect(await warning(page).textContent()).toContain('We could not reach the service')
    takeProblems(page)
  })

  it('work in one tab keeps the other from warning', async () => {
    const page = await openAt('/form')
    await page.clock.runFor(28.1 * MINUTE)
    const other = await page.context().newPage()
    await other.goto(`${address}/letter`)
    await expectSoon(async () => (await warning(page).textContent()) === '')
  })
})

describe('After the session has ended', () => {
  it('the page is out of sight and says so, and nothing of it can be reached', async () => {
    const page = await openAt('/form')
    await page.clock.runFor(30.1 * MINUTE)
    expect(await page.title()).toBe('You have been signed out')
    expect(await page.getByRole('heading').allTextContents()).toEqual(['You have been signed out'])
    expect(await page.getByLabel('Email').isVisible()).toBe(false)
    expect(await page.getByText('Amara Okafor').isVisible()).toBe(false)
    expect(await page.locator(':focus').textContent()).toBe('You have been signed out')
    expect(await tabThrough(page)).toEqual(['Sign in again'])
    expect(await page.getByRole('link', { name: 'Sign in again' }).getAttribute('href')).toBe('/form')
  })

  it('what was typed can still be sent, for the server to keep', async () => {
    const page = await openAt('/note')
    await page.getByLabel('Note').fill('Left the charger at reception')
    await page.clock.runFor(30.1 * MINUTE)
    await page.getByRole('button', { name: 'Sign in again and keep what you typed' }).click()
    await page.waitForURL(`${address}/loans`)
    expect(received.at(-1)?.body).toMatchObject({
      note: 'Left the charger at reception',
      _csrf: 'token-of-this-session',
    })
  })

  it('a form with a password or a file is not kept, and not offered', async () => {
    const page = await openAt('/form')
    await page.getByLabel('Email').fill('sam@example.com')
    await page.clock.runFor(30.1 * MINUTE)
    await page.getByRole('link', { name: 'Sign in again' }).waitFor()
  })

  it('a refusal to extend hides the page at once', async () => {
    status = 401
    const page = await openAt('/form')
    await page.clock.runFor(28.1 * MINUTE)
    await page.getByRole('button', { name: 'Stay signed in' }).click()
    await page.getByRole('heading', { name: 'You have been signed out' }).waitFor()
    takeProblems(page)
  })

  it('signing out in one tab hides the other', async () => {
    const page = await openAt('/form')
    const other = await page.context().newPage()
    await other.goto(`${address}/form`)
    await other.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You have been signed out' }).waitFor()
    takeProblems(page)
  })
})

describe('A page for everybody', () => {
  it('ends no session, however long it is open', async () => {
    const page = await openAt('/public')
    await page.clock.runFor(600 * MINUTE)
    expect(await page.getByLabel('Email').isVisible()).toBe(true)
  })
})

async function expectSoon(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (await isTrue()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('It did not come true within five seconds')
}
