import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fieldText } from '../../src/lib/fields.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

const naughty = createRequire(import.meta.url)('big-list-of-naughty-strings/blns.json') as string[]

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x60': '`',
  '#x3D': '=',
}

function typedIn(html: string, field: string): string | undefined {
  const value = new RegExp(`id="${field}"[^>]*? value="([^"]*)"`).exec(html)?.[1]
  return value?.replace(/&(amp|lt|gt|quot|#x27|#x60|#x3D);/g, (_, name: string) => entities[name] ?? '')
}

describe(`each of ${naughty.length} naughty strings`, () => {
  it('comes back from the form of a person as it was typed', async () => {
    for (const text of naughty) {
      const fields = { name: text, 'nhs-number': text, phone: text, email: text, 'date-of-birth-month': text }
      const answer = await champion.post('/service-users', { ...fields, key: text })
      expect(answer.status).toBe(422)
      const typed = fieldText({ text }, 'text')
      for (const field of ['name', 'nhs-number', 'phone', 'email', 'date-of-birth-month']) {
        expect(typedIn(answer.text, field)).toBe(typed)
      }
    }
  })

  it('can be a name, if it has a letter in it, and can be looked for', async () => {
    const born = { 'date-of-birth-day': '1', 'date-of-birth-month': '1', 'date-of-birth-year': '1980' }
    for (const text of naughty) {
      const answer = await champion.post('/service-users', {
        name: text,
        ...born,
        confirmed: 'yes',
        key: crypto.randomUUID(),
      })
      expect([303, 422]).toContain(answer.status)
      const asked = await champion.post('/service-users/search', { search: text })
      expect((await champion.get(asked.headers.location!)).status).toBe(200)
    }
  }, 60_000)
})
