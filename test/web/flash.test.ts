import http, { type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { startApp } from '../support/app.ts'

const rounds = 40

/** The answer as soon as its head is there, which is when a browser follows a redirect. */
function send(url: string, method: string, headers: Record<string, string>, body = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.request(url, { method, headers }, resolve).on('error', reject).end(body)
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer) text += chunk
  return text
}

it('says on the next page what was done, however fast the browser is there', async () => {
  const app = await startApp()
  const champion = await app.signedInAs('champion')
  const server = app.app.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const cookie = champion.agent.jar
    .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    .toValueString()
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
  let silent = 0
  for (let round = 0; round < rounds; round += 1) {
    const form = { _csrf: champion.csrfToken, key: crypto.randomUUID(), category: 'tablet', name: `Model ${round}` }
    const answer = await send(`${address}/models`, 'POST', headers, new URLSearchParams(form).toString())
    expect(answer.statusCode).toBe(303)
    const page = await textOf(await send(address + answer.headers.location, 'GET', { cookie }))
    if (!page.includes('The model is added.')) silent += 1
    await textOf(answer)
  }
  server.closeAllConnections()
  server.close()
  await app.close()
  expect(silent).toBe(0)
})
