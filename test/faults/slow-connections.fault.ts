import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startStopwatch } from '../support/stopwatch.ts'
import type { RemoteVisitor } from '../web/over-http.ts'
import type { ServerProcess } from '../web/server-process.ts'
import { type Service, startService } from './service.ts'

const SLOW = 200
/** What is late is looked for every half minute. */
const LATEST_S = 75

let service: Service
let server: ServerProcess
let champion: RemoteVisitor

beforeAll(async () => {
  service = await startService()
  server = await service.start()
  champion = await service.champion(server)
})
afterAll(() => service.stop())

/** Somebody who begins a request, and then sends one letter now and then. */
function openSlowly(beginning: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  // cut off while it is still sending
  socket.on('error', () => {})
  socket.write(beginning)
  const sending = setInterval(() => socket.write('a'), 1_000)
  const closed = once(socket, 'close').then(() => {
    clearInterval(sending)
    return answer
  })
  return { socket, answer: closed }
}

describe.each([
  ['a head that never ends', 'GET /help HTTP/1.1\r\nHost: here\r\nX-Long: '],
  [
    'a form that never ends',
    'POST /sign-in HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 150000\r\n\r\nemail=',
  ],
])('%s', (_what, beginning) => {
  it(`is ended with 408, ${SLOW} of them at once, and everybody else is answered meanwhile`, async () => {
    const secondsSince = startStopwatch()
    const slow = Array.from({ length: SLOW }, () => openSlowly(beginning))
    const all = Promise.all(slow.map(({ answer }) => answer))
    const ended = all.then(() => true)
    while (!(await Promise.race([ended, new Promise<false>((later) => setTimeout(later, 1_000, false))]))) {
      const seconds = startStopwatch()
      expect((await champion.get('/items')).status).toBe(200)
      expect(seconds()).toBeLessThan(2)
    }
    expect(secondsSince()).toBeLessThan(LATEST_S)
    expect(new Set((await all).map((answer) => answer.split('\r\n')[0]))).toEqual(
      new Set(['HTTP/1.1 408 Request Timeout']),
    )
  })
})
