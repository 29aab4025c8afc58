import type { Page } from 'playwright-core'
import { startApp, type TestApp } from './app.ts'
import { type BrowserOptions, openBrowser } from './browser.ts'

/** The real app, listening, and people who sign in to it in a browser. */
export interface Site {
  app: TestApp
  address: string
  /** A browser of its own in which this member of staff is signed in, and sees what they would see first. */
  signedInAs(who: { staffId: number }, options?: BrowserOptions): Promise<Page>
  close(): Promise<void>
}

export async function startSite(env: NodeJS.ProcessEnv = {}): Promise<Site> {
  const app = await startApp(env)
  return {
    app,
    address: app.address,
    signedInAs: async ({ staffId }, options) => {
      const page = await openBrowser(options)
      const { name, value } = await app.beginSession(staffId)
      await page.context().addCookies([{ name, value, url: app.address }])
      await page.goto(app.address)
      return page
    },
    close: () => app.close(),
  }
}

/** Waits for the page that an act leads to. */
export async function arrive(page: Page, act: () => Promise<unknown>): Promise<void> {
  const arrived = page.waitForEvent('load')
  await act()
  await arrived
}
