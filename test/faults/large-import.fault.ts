import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { manyItems, runImport } from '../imports/command.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
let folder: string

beforeAll(async () => {
  app = await startApp()
  folder = await mkdtemp(join(tmpdir(), 'loans-import-'))
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function bringIn(name: string, lines: string[]) {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return await runImport(['items', path, '--organisation', 'HERE'], { DATABASE_URL: app.appUrl })
}

it('brings in 10,000 rows with less than 20 seconds of work, and 150 MB more than a small file takes', async () => {
  const small = await bringIn('small.csv', manyItems(2))
  const { code, last, kilobytes, seconds } = await bringIn('many.csv', manyItems(10_000))
  expect([code, last]).toEqual([0, '9998 created, 0 updated, 2 unchanged, 0 errors'])
  expect(seconds).toBeLessThan(20)
  expect(kilobytes - small.kilobytes).toBeLessThan(150 * 1024)
  expect((await bringIn('again.csv', manyItems(10_000))).last).toBe('0 created, 0 updated, 10000 unchanged, 0 errors')
})
