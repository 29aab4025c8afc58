import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { readSource, whereToolsRun } from './browser.ts'
import { findHtmlMistakes } from './html.ts'
import { describeStops, findWide, inspectFocus } from './in-page.js'

/** The default run leaves out the rules that came with WCAG 2.2. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const narrow = 320
const mostStops = 1_000

/**
 * Fails unless the page as it stands is accessible as far as a machine can tell: axe finds nothing, at its own width and
 * at 320 pixels, where it does not scroll sideways, and the HTML that the server sent is valid. `name` is for the message.
 */
export async function checkAccessibility(page: Page, name: string): Promise<void> {
  const found = [
    ...(await findHtmlMistakes(await readSource(page))).map((mistake) => `HTML: ${mistake}`),
    ...(page.viewportSize()?.width === narrow ? [] : await runAxe(page)),
    ...(await atWidth(page, narrow, async () => [
      ...(await runAxe(page)).map((violation) => `at ${narrow} px: ${violation}`),
      ...(await page.evaluate(findWide)).map((wide) => `scrolls sideways at ${narrow} px: ${wide}`),
    ])),
  ]
  if (found.length > 0) throw new Error(`${name} (${page.url()}) is not accessible:\n${found.join('\n')}`)
}

/**
 * Presses Tab until it has been through the whole page and gives the names of what had the focus, in order. Fails unless
 * every control was reached, showed it, was never covered, and is a target of 24 by 24 pixels or has the room of one.
 */
export async function tabThrough(page: Page): Promise<string[]> {
  await standStill(page)
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
 * Waits until the page's controls have been the same for a while. In the frames after a load or a resize the NHS header
 * sets its links out anew, and the focus would be lost with them; on a busy machine those frames take their time.
 */
async function standStill(page: Page): Promise<void> {
  let before = -1
  for (let times = 0; times < 3; ) {
    await page.waitForTimeout(60)
    const { count } = await page.evaluate(describeStops)
    times = count === before ? times + 1 : 0
    before = count
  }
}

/** Legacy mode looks at the page itself only, and opens no second one for its report: our pages have no frames. */
async function runAxe(page: Page): Promise<string[]> {
  return await whereToolsRun(page, async (shown) => {
    const { violations } = await new AxeBuilder({ page: shown }).setLegacyMode().withTags(tags).analyze()
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `axe: ${help} (${id}): ${node.html}`))
  })
}

async function atWidth<T>(page: Page, width: number, work: () => Promise<T>): Promise<T> {
  const before = page.viewportSize()
  await page.setViewportSize({ width, height: before?.height ?? 800 })
  try {
    return await work()
  } finally {
    if (before) await page.setViewportSize(before)
  }
}
