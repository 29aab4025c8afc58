import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { copyOut } from '../../src/database/backup/copy-protocol.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
let client: pg.Client

beforeAll(async () => {
  app = await startApp()
  client = new pg.Client({ connectionString: app.ownerUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await app.close()
})

describe('What COPY gives', () => {
  it('stays as it came, however long whoever took it goes on holding it', async () => {
    const line = (at: number) => `${at} ${'x'.repeat((at * 7919) % 3_000)}`
    const held: Buffer[] = []
    await copyOut(
      client,
      `copy (select at || ' ' || repeat('x', at * 7919 % 3000) from generate_series(1, 20000) at) to stdout`,
      async (chunk) => {
        held.push(chunk)
        if (held.length % 500 === 0) await pause(1)
      },
    )
    const lines = Buffer.concat(held).toString().trimEnd().split('\n')
    expect(lines.length).toBe(20_000)
    expect(lines.findIndex((text, at) => text !== line(at + 1))).toBe(-1)
  })
})
