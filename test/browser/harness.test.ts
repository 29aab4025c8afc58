import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkAccessibility, tabThrough } from '../support/accessibility.ts'
import { openBrowser, readSource, screenshot, takeProblems } from '../support/browser.ts'

const style = `
  body { margin: 0 20px; font-family: sans-serif }
  :focus { outline: 3px solid black; outline-offset: 2px }
  button, input { min-height: 30px; min-width: 30px }
  .plain:focus { outline: none }
  .small { min-width: 0; min-height: 0; width: 12px; height: 12px; padding: 0; margin: 0; border: 1px solid }
  .bar { position: fixed; left: 0; right: 0; bottom: 0; height: 400px; background: white; border-top: 1px solid }
  .wide { width: 700px }
  .pale { color: #bbb }
  .far { margin-top: 700px }
`

function layout(main: string): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page to try</title><link rel="stylesheet" href="/style.css"></head>
  <body><main><h1>A page to try</h1>${main}</main></body>
</html>`
}

const pages: Record<string, string> = {
  '/good': `
    <p>Read <a href="/good">the guide</a> first, or <a href="/other">another</a>.</p>
    <form method="post" action="/form">
      <label for="tag">Asset tag</label> <input id="tag" name="tag" type="text" autocomplete="off">
      <fieldset><legend>How</legend>
        <input type="radio" id="video" name="how" value="video"> <label for="video">Video</label>
        <input type="radio" id="phone" name="how" value="phone"> <label for="phone">Phone</label>
      </fieldset>
      <button type="submit">Lend</button>
    </form>
    <div id="written"></div><script src="/script.js"></script>`,
  '/broken-script': '<script src="/throws.js"></script>',
  '/says-an-error': '<script src="/complains.js"></script>',
  '/inline-script': '<script>document.title = "No"</script>',
  '/missing-script': '<script src="/nowhere.js"></script>',
  '/elsewhere': '<script src="http://elsewhere.example/a.js"></script>',
  '/fails': '<p>Something broke</p>',
  '/no-label':
    '<form method="post" action="/form"><input type="text" name="tag"><button type="submit">Lend</button></form>',
  '/pale': '<p class="pale">Hard to read</p>',
  '/bad-html': '<ul><p id="a">A paragraph in a list</p></ul><p id="a">b</p>',
  '/wide': '<p class="wide">Wider than a telephone</p>',
  '/no-focus': '<p><a href="/good">First</a></p><p><a class="plain" href="/other">Second</a></p>',
  '/covered': '<p class="far"><a href="/good">Under the bar</a></p><div class="bar">A bar</div><p class="far">End</p>',
  '/small':
    '<button class="small" type="button" aria-label="One"></button><button class="small" type="button" aria-label="Two"></button>',
  '/ordered': '<p><a href="/good" tabindex="2">Second</a></p><p><a href="/other" tabindex="1">First</a></p>',
  '/trap':
    '<p><a id="trap" href="/good">Stays here</a></p><p><a href="/other">Never reached</a></p><script src="/trap.js"></script>',
}

const files: Record<string, string> = {
  '/style.css': style,
  '/script.js': 'document.querySelector("#written").textContent = "Written by a script"',
  '/throws.js': 'throw new Error("The script broke")',
  '/complains.js': 'console.error("The script complains")',
  '/trap.js':
    'document.querySelector("#trap").addEventListener("keydown", (event) => { if (event.key === "Tab") event.preventDefault() })',
}

let server: Server
let address = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? ''
    const file = files[url]
    const page = pages[url] ?? (url === '/form' ? '<p>What you typed is not right</p>' : undefined)
    const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'text/html'
    const status = url === '/fails' ? 500 : url === '/form' ? 422 : file || page ? 200 : 404
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': "default-src 'self'",
    })
    response.end(file ?? layout(page ?? '<p>Not found</p>'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.close()
})

describe('A good page', () => {
  it('passes every check, at every width, with its scripts', async () => {
    const page = await openBrowser()
    await page.goto(`${address}/good`)

    expect(await page.textContent('#written')).toBe('Written by a script')
    await checkAccessibility(page, 'A good page')
    expect(await tabThrough(page)).toEqual(['the guide', 'another', 'Asset tag', 'Video', 'Lend'])
  })

  it('passes every check with JavaScript off, on a narrow screen', async () => {
    const page = await openBrowser({ javaScript: false, width: 320 })
    await page.goto(`${address}/good`)

    expect(await page.textContent('#written')).toBe('')
    await checkAccessibility(page, 'A good page')
    expect(await tabThrough(page)).toHaveLength(5)
  })

  it('may answer that the form has a mistake in it', async () => {
    const page = await openBrowser()
    await page.goto(`${address}/good`)
    await page.getByLabel('Asset tag').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`${address}/form`)

    expect(await readSource(page)).toContain('What you typed is not right')
    await checkAccessibility(page, 'A form with a mistake')
    expect(await tabThrough(page)).toEqual([])
  })

  it('is left before it has loaded, and that is no fault', async () => {
    const page = await openBrowser()
    await page.goto(`${address}/good`, { waitUntil: 'commit' })
    await page.goto(`${address}/pale`)

    expect(takeProblems(page)).toEqual([])
  })

  it('is a fresh session each time', async () => {
    const first = await openBrowser()
    await first.goto(`${address}/good`)
    await first.context().addCookies([{ name: 'session', value: 'mine', url: address }])

    const second = await openBrowser()
    await second.goto(`${address}/good`)

    expect(await second.context().cookies()).toEqual([])
  })
})

describe('What one test opened', () => {
  let left: Awaited<ReturnType<typeof openBrowser>>

  it('is there while it runs', async () => {
    left = await openBrowser()
    expect(left.isClosed()).toBe(false)
  })

  it('is closed before the next, in whichever file of a process', () => {
    expect(left.isClosed()).toBe(true)
  })
})

describe('What goes wrong on the way', () => {
  it.each([
    ['/broken-script', 'The script broke'],
    ['/says-an-error', 'The script complains'],
    ['/inline-script', 'Content Security Policy'],
    ['/missing-script', '/nowhere.js answered 404'],
    ['/elsewhere', 'asked another origin: http://elsewhere.example/a.js'],
    ['/fails', '/fails answered 500'],
  ])('is noticed: %s', async (path, problem) => {
    const page = await openBrowser()
    await page.goto(`${address}${path}`)

    expect(takeProblems(page).join('\n')).toContain(problem)
  })
})

describe('A page that is not accessible', () => {
  it.each([
    ['/no-label', 'Form elements must have labels'],
    ['/pale', 'color-contrast'],
    ['/bad-html', 'no-dup-id'],
    ['/bad-html', 'element-permitted-content'],
    ['/wide', 'at 320 px: scrolls sideways: 720 px wide'],
  ])('is caught: %s, %s', async (path, problem) => {
    const page = await openBrowser()
    await page.goto(`${address}${path}`)

    await expect(checkAccessibility(page, 'A bad page')).rejects.toThrow(problem)
  })

  it.each([
    ['/no-focus', 'does not show that it has the focus: <a class="plain"'],
    ['/covered', 'is covered, or outside the window: <a href="/good"'],
    ['/small', 'is a target of only 12 by 12 pixels: <button class="small"'],
    ['/ordered', 'has a tabindex that changes the order: <a href="/good"'],
    ['/trap', 'Tab reached 1 of 2 controls'],
  ])('is caught by the keyboard: %s', async (path, problem) => {
    const page = await openBrowser()
    await page.goto(`${address}${path}`)

    await expect(tabThrough(page)).rejects.toThrow(problem)
  })
})

describe('A picture of the page', () => {
  it('is kept in the folder that the environment names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'screenshots-'))
    const before = process.env.SCREENSHOTS
    process.env.SCREENSHOTS = folder
    try {
      const page = await openBrowser()
      await page.goto(`${address}/good`)
      await screenshot(page, 'good')

      expect(existsSync(join(folder, 'good.png'))).toBe(true)
    } finally {
      if (before === undefined) delete process.env.SCREENSHOTS
      else process.env.SCREENSHOTS = before
      rmSync(folder, { recursive: true })
    }
  })
})
