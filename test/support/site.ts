import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { startApp, type TestApp } from './app.ts'
import { type BrowserOptions, openBrowser } from './browser.ts'
import { password } from './people.ts'

/** The real app, listening, and people who sign in to it in a browser. */
export interface Site {
  app: TestApp
  address: string
  /** A browser of its own in which this member of staff has just signed in. */
  signedInAs(who: { email: string }, options?: BrowserOptions): Promise<Page>
  close(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const app = await startApp()
  const server: Server = app.app.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    app,
    address,
    signedInAs: async ({ email }, options) => {
      const page = await openBrowser(options)
      await page.goto(`${address}/sign-in`)
      await page.getByLabel('Email address').fill(email)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await arrive(page, () => page.keyboard.press('Enter'))
      return page
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await app.close()
    },
  }
}

/** Waits for the page that an act leads to. */
export async function arrive(page: Page, act: () => Promise<unknown>): Promise<void> {
  const arrived = page.waitForEvent('load')
  await act()
  await arrived
}
