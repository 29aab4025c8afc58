import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Role, roles } from '../../src/lib/actor.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { findHtmlMistakes } from '../support/html.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

describe('help', () => {
  it('is there for somebody who cannot sign in, and says what to do', async () => {
    const page = await app.visitor().get('/help')
    expect(page.status).toBe(200)
    expect(page.text).toContain('You cannot sign in')
    expect(page.text).toContain('After 10 wrong tries you have to wait 5 minutes')
    expect(page.text).not.toContain('Sign out')
    expect(await findHtmlMistakes(page.text)).toEqual([])
  })

  it.each(roles)('is one click away on every page of %s', async (role: Role) => {
    const visitor = await app.signedInAs(role)
    for (const path of ['/', '/help', '/nowhere']) expect((await visitor.get(path)).text).toContain('href="/help"')
    expect((await visitor.get('/help')).text).toContain('Sign out')
  })

  it('is linked from the page to sign in and from an error page, where it is needed most', async () => {
    for (const path of ['/sign-in', '/nowhere']) expect((await app.visitor().get(path)).text).toContain('href="/help"')
  })
})
