import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Response,
} from 'playwright-core'
import { findChromium } from './chromium.ts'
import { afterEveryTest, afterTheRun } from './endings.js'

/** Only for what never comes: a browser that shares two processors with a database and other tests is waited for. */
const patience = 60_000

export interface BrowserOptions {
  /** Every journey works without it. */
  javaScript?: boolean
  /** Of the window, in pixels: 1280 to begin with, 320 for a telephone or for 400% zoom. */
  width?: number
}

/** What went wrong on the pages of one journey, in the order it did. */
const problems = new Map<Page, string[]>()
/** What the server last answered for the page itself: the page as it was written, not as the browser understood it. */
const documents = new Map<Page, Promise<string | undefined>>()
const withoutScripts = new Set<Page>()
const contexts: BrowserContext[] = []
let browser: Promise<Browser> | undefined

/**
 * A page in a fresh session, in the one browser of this process: it ends with the process. The test fails if, on the
 * way, the page's scripts break, the content security policy is violated, something is missing, or anything is asked of
 * another origin than the first.
 */
export async function openBrowser({ javaScript = true, width = 1280 }: BrowserOptions = {}): Promise<Page> {
  const context = await newContext({ javaScriptEnabled: javaScript, viewport: { width, height: 800 } })
  const page = await context.newPage()
  if (!javaScript) withoutScripts.add(page)
  watch(page)
  return page
}

/**
 * The same page where a tool can work that needs scripts of its own. Of a page with JavaScript off, that is a copy in
 * which the page's own scripts are forbidden.
 */
export async function whereToolsRun<T>(page: Page, work: (page: Page) => Promise<T>): Promise<T> {
  if (runsScripts(page)) return await work(page)

  const body = await readSource(page)
  const context = await newContext({ viewport: page.viewportSize(), storageState: await page.context().storageState() })
  const copy = await context.newPage()
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "script-src 'none'" }
  await copy.route(page.url(), (route) => route.fulfill({ body, headers }))
  await copy.goto(page.url())
  const result = await work(copy)
  await context.close()
  return result
}

export function runsScripts(page: Page): boolean {
  return !withoutScripts.has(page)
}

/** Takes what went wrong so far, so that it no longer fails the test. */
export function takeProblems(page: Page): string[] {
  return problems.get(page)?.splice(0) ?? []
}

/** The HTML that the server sent for the page now shown. */
export async function readSource(page: Page): Promise<string> {
  return (await documents.get(page)) ?? page.content()
}

/** Keeps a picture of the whole page, when the environment names a folder for them. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' })
}

async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
  browser ??= launch()
  const context = await (await browser).newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    ...options,
  })
  contexts.push(context)
  context.setDefaultTimeout(patience)
  return context
}

afterEveryTest(async () => {
  const found = [...problems.values()].flat()
  problems.clear()
  documents.clear()
  withoutScripts.clear()
  await Promise.all(contexts.splice(0).map((context) => context.close()))
  if (found.length > 0) throw new Error(`Something went wrong in the browser:\n${found.join('\n')}`)
})

afterTheRun(async () => {
  await (await browser)?.close()
})

/**
 * Few flags, and none of those that the package recommends: they switch web security off. The rule for names keeps
 * the browser from asking anything of the world, whatever a page says.
 */
async function launch(): Promise<Browser> {
  const { executablePath, env } = findChromium()
  const options = {
    executablePath,
    env: { ...process.env, ...env },
    args: ['--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1'],
  }
  if (process.getuid?.() === 0) return await chromium.launch({ ...options, chromiumSandbox: false })
  // Some systems let nobody but root build a sandbox. The pages are our own.
  return await chromium.launch({ ...options, chromiumSandbox: true }).catch(() => chromium.launch(options))
}

function watch(page: Page): void {
  const found: string[] = []
  let home: string | undefined
  problems.set(page, found)

  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (!protocol.startsWith('http')) return
    home ??= origin
    if (origin !== home) found.push(`${page.url()} asked another origin: ${request.url()}`)
  })
  page.on('requestfailed', (request) => {
    // A page that is left before its pictures have come is no fault.
    const reason = request.failure()?.errorText
    if (reason !== 'net::ERR_ABORTED') found.push(`${request.method()} ${request.url()} failed: ${reason}`)
  })
  page.on('response', (response) => {
    if (isDocumentOf(page, response)) documents.set(page, readBody(response))
    else if (response.status() >= 400) found.push(`${response.url()} answered ${response.status()}`)
    if (response.status() >= 500) found.push(`${response.url()} answered ${response.status()}`)
  })
  page.on('pageerror', (error) => found.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    // The answer itself is judged above: a form with a mistake in it is answered 422, and that is right.
    if (message.text().startsWith('Failed to load resource')) return
    if (message.type() === 'error') found.push(`${page.url()}: ${message.text()}`)
  })
  page.on('crash', () => found.push(`${page.url()}: the page crashed`))
}

function isDocumentOf(page: Page, response: Response): boolean {
  return response.request().isNavigationRequest() && response.frame() === page.mainFrame()
}

/** A page that is left at once has no body any more, and nobody will ask for it. */
function readBody(response: Response): Promise<string | undefined> {
  const isRedirect = response.status() >= 300 && response.status() < 400
  return isRedirect ? Promise.resolve(undefined) : response.text().catch(() => undefined)
}
