import { expect } from '@jest/globals'
import { fieldText } from '../../src/lib/fields.ts'
import type { Visitor } from '../support/app.ts'

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

const wrong = ['name', 'nhs-number', 'phone', 'email', 'date-of-birth-month']

/** Sends a text in every field of a person: it comes back in each as it was typed. */
export async function expectTyped(champion: Visitor, text: string): Promise<void> {
  const fields = Object.fromEntries(wrong.map((field) => [field, text]))
  const answer = await champion.post('/service-users', { ...fields, key: text })
  expect(answer.status).toBe(422)
  for (const field of wrong) expect(typedIn(answer.text, field)).toBe(fieldText({ text }, 'text'))
}

/** Adds a person of that name, where it can be one, and looks for them. */
export async function expectFound(champion: Visitor, text: string): Promise<void> {
  const born = { 'date-of-birth-day': '1', 'date-of-birth-month': '1', 'date-of-birth-year': '1980' }
  const person = { name: text, ...born, confirmed: 'yes', key: crypto.randomUUID() }
  expect([303, 422]).toContain((await champion.post('/service-users', person)).status)
  const asked = await champion.post('/service-users/search', { search: text })
  expect((await champion.get(asked.headers.location!)).status).toBe(200)
}
