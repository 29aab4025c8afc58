import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Response } from 'supertest'
import { assetVersion } from '../../src/web/static.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const policy = {
  'default-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
}

const answers: [string, () => Promise<Response>][] = [
  ['a page', async () => champion.get('/items')],
  ['the page to sign in', async () => app.visitor().get('/sign-in')],
  ['a page for everybody', async () => app.visitor().get('/help')],
  ['a form shown again', async () => champion.post('/models', {})],
  ['a redirect', async () => app.visitor().get('/items')],
  ['a file to download', async () => champion.get('/items/import/template.csv')],
  ['a page that is not there', async () => champion.get('/nowhere')],
  ['what may not be done', async () => champion.get('/audit')],
  ['a forged form', async () => champion.agent.post('/models')],
  ['an address that cannot be read', async () => champion.get('/items/%E0%A4%A')],
  ['a file of the look whose address cannot be read', async () => app.visitor().get('/assets/x/%E0%A4%A')],
  ['a body that is too large', async () => champion.post('/models', { name: 'a'.repeat(250_000) })],
  ['a file of the look', async () => app.visitor().get(`/assets/${assetVersion}/app.css`)],
  ['a file of the look that is not there', async () => app.visitor().get('/assets/x/missing.css')],
  ['whether it is well', async () => app.visitor().get('/health/ready')],
  ['the end of a session', async () => (await app.signedInAs('champion')).post('/sign-out')],
]

describe.each(answers)('%s', (what, ask) => {
  it('comes with what keeps a browser from being turned against its owner', async () => {
    const { headers } = await ask()
    const directives = String(headers['content-security-policy'])
      .split(';')
      .map((one) => one.split(/ (.*)/).slice(0, 2))
    expect(Object.fromEntries(directives)).toEqual(policy)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('is kept by nobody, if it is about anybody', async () => {
    const isLook = what === 'a file of the look'
    const { headers } = await ask()
    expect(headers['cache-control']).toBe(isLook ? 'public, max-age=31536000, immutable' : 'no-store')
    expect(headers).not.toHaveProperty('etag')
  })
})

describe('a page', () => {
  it('has nothing in it that the policy would forbid', async () => {
    for (const path of [
      '/',
      '/items',
      '/loans',
      '/kits',
      '/service-users/new',
      '/models/new',
      '/items/import',
      '/nowhere',
    ]) {
      const { text } = await champion.get(path)
      expect(text).not.toMatch(
        /<style|<script(?![^>]*\ssrc="\/assets\/)|\sstyle=|\son[a-z]+="|javascript:|<base|<iframe|<object/i,
      )
      const addresses = [...text.matchAll(/\s(?:href|src|action|formaction)="([^"]*)"/g)].map(
        ([, address]) => address ?? '',
      )
      for (const address of addresses)
        expect(address).toMatch(/^(?:\/(?!\/)|#|https:\/\/www\.(?:nhs|england\.nhs)\.uk)/)
    }
  })

  it('over https tells the browser to stay there', async () => {
    const secure = await startApp({ PUBLIC_URL: 'https://loans.example', TRUST_PROXY: '1' })
    const { headers } = await secure.visitor().get('/help')
    expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
    await secure.close()
    expect((await champion.get('/help')).headers).not.toHaveProperty('strict-transport-security')
  })

  it('takes no request id from outside: it could carry anything into the log', async () => {
    const { headers } = await champion.get('/help').set('X-Request-Id', 'chosen-by-somebody')
    expect(headers['x-request-id']).not.toContain('chosen')
  })
})
