import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { readSource, runsScripts, whereToolsRun } from './browser.ts'
import { findHtmlMistakes } from './html.ts'
import { describeStops, findViolations, findWide, inspectFocus, standStill } from './in-page.js'

/** Without its comments: each page has to read it anew. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** The default run leaves out the rules that came with WCAG 2.2. */
const tags = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
/** What depends on where things stand, and so has to be asked again when the window is narrow. */
const aboutLayout = { type: 'rule', values: ['color-contrast', 'scrollable-region-focusable', 'target-size'] }
const narrow = 320
const mostStops = 1_000

/**
 * Fails unless the page as it stands is accessible as far as a machine can tell: axe finds nothing at its own width, nor
 * anything about its layout at 320 pixels, where it does not scroll sideways, and the HTML that the server sent is valid.
 * `name` is for the message.
 */
export async function checkAccessibility(page: Page, name: string): Promise<void> {
  await judge(page, name, lookForMistakes)
}

/** The same without the narrow window: of a page that was, or is, judged there too. */
export async function checkAtThisWidth(page: Page, name: string): Promise<void> {
  await judge(page, name, lookAtThisWidth)
}

/** That the HTML is valid and nothing scrolls sideways as it stands: of a page whose like was judged by axe. */
export async function checkShape(page: Page, name: string): Promise<void> {
  await judge(page, name, async () => (await page.evaluate(findWide)).map((wide) => `scrolls sideways: ${wide}`))
}

async function judge(page: Page, name: string, look: (page: Page) => Promise<string[]>): Promise<void> {
  await settle(page)
  const found = [
    ...(await findHtmlMistakes(await readSource(page))).map((mistake) => `HTML: ${mistake}`),
    ...(await whereToolsRun(page, look)),
  ]
  if (found.length > 0) throw new Error(`${name} (${page.url()}) is not accessible:\n${found.join('\n')}`)
}

/**
 * Presses Tab until it has been through the whole page and gives the names of what had the focus, in order. Fails unless
 * every control was reached, showed it, was never covered, and is a target of 24 by 24 pixels or has the room of one.
 */
export async function tabThrough(page: Page): Promise<string[]> {
  await settle(page)
  const { count, forced } = await page.evaluate(describeStops)
  const found = forced.map((element) => `has a tabindex that changes the order: ${element}`)
  const names = new Map<number, string>()

  // Once round: from wherever the focus is, past the end of the page, to the first that comes again.
  for (let press = 0, ends = 0; press < mostStops && ends < 2; press += 1) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate(inspectFocus)
    if (focus === null) {
      ends += 1
      continue
    }
    if (names.has(focus.place)) break
    names.set(focus.place, focus.name)
    found.push(...focus.problems)
  }

  if (names.size < count)
    found.push(`Tab reached ${names.size} of ${count} controls: ${[...names.values()].join(' | ')}`)
  if (found.length > 0) throw new Error(`${page.url()} cannot be used by keyboard:\n${found.join('\n')}`)
  return [...names.values()]
}

/**
 * Axe itself, sent to the page once for both widths, and asked for what is wrong and no more: by way of its package for
 * playwright, which has it describe all that is right as well, it takes four times as long.
 */
async function lookForMistakes(page: Page): Promise<string[]> {
  const found = await lookAtThisWidth(page)
  const isNarrow = page.viewportSize()?.width === narrow
  const whenNarrow = await atWidth(page, narrow, async () => [
    ...(isNarrow ? [] : await page.evaluate(findViolations, aboutLayout)),
    ...(await page.evaluate(findWide)).map((wide) => `scrolls sideways: ${wide}`),
  ])
  return [...found, ...whenNarrow.map((mistake) => `at ${narrow} px: ${mistake}`)]
}

async function lookAtThisWidth(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return await page.evaluate(findViolations, tags)
}

/** Without scripts nothing moves. */
async function settle(page: Page): Promise<void> {
  if (runsScripts(page)) await page.evaluate(standStill)
}

async function atWidth<T>(page: Page, width: number, work: () => Promise<T>): Promise<T> {
  const before = page.viewportSize()
  if (before?.width === width) return await work()
  await page.setViewportSize({ width, height: before?.height ?? 800 })
  await settle(page)
  try {
    return await work()
  } finally {
    if (before) await page.setViewportSize(before)
  }
}
