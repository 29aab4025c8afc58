import { createRequire } from 'node:module'
import { expect } from '@jest/globals'
import { fieldText } from '../../src/lib/fields.ts'
import type { Visitor } from '../support/app.ts'
import type { Records } from './records.ts'
import { ask, exampleOf, type Fields, freshWord } from './route-table.ts'

export const naughtyStrings = createRequire(import.meta.url)('big-list-of-naughty-strings/blns.json') as string[]

/** The fields of each form in which people may write what they like. */
export const freeText: Record<string, string[]> = {
  'POST /sign-in': ['email', 'password', 'return'],
  'POST /items': ['tag', 'serial', 'order-number', 'notes'],
  'POST /items/:tag': ['tag', 'serial', 'order-number', 'notes'],
  'POST /items/import/:id/words': ['category-0-word'],
  'POST /loans/import/:id/words': ['place-0-word'],
  'POST /loans/new/people': ['search'],
  'POST /loans/new/items': ['scan', 'notes', 'witness'],
  'POST /loans': ['notes', 'witness'],
  'POST /models': ['name', 'maker', 'operating-system'],
  'POST /models/:id': ['name', 'maker', 'operating-system'],
  'POST /kits': ['tag', 'name', 'notes'],
  'POST /kits/:id': ['tag', 'name', 'notes'],
  'POST /kits/:id/items': ['code'],
  'POST /turnaround/:id': ['wipe-reason'],
  'POST /items/labels': ['codes', 'from', 'to'],
  'POST /incidents': ['story'],
  'POST /incidents/:id/edit': ['story', 'crime-reference'],
  'POST /incidents/:id/tasks/:task': ['note', 'crime-reference'],
  'POST /service-users/search': ['search'],
  'POST /service-users': ['name', 'email', 'phone', 'nhs-number'],
  'POST /service-users/:id': ['name', 'email', 'phone', 'nhs-number'],
}

/** What stands in a page's boxes, by name, as a browser would send it back. */
export function typedIn(html: string): Map<string, string> {
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)]
    .filter(([tag]) => /\stype="(?:text|search|email|tel)"/.test(tag))
    .map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')])
  const areas = [...html.matchAll(/(<textarea\b[^>]*>)([^<]*)<\/textarea>/g)].map(([, tag, text]) => [
    attribute(tag!, 'name'),
    decode(text!).replace(/^\n/, ''),
  ])
  return new Map([...inputs, ...areas].map(([name, value]) => [name ?? '', value ?? '']))
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : decode(value)
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x60': '`',
  '#x3D': '=',
}

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#x27|#x60|#x3D);/g, (_, name: string) => entities[name] ?? '')
}

/**
 * Sends a form with a naughty text in some of its fields. It may be saved, refused or not understood, but never by a
 * fault; the text is never markup, and a form shown again holds it as it was typed.
 */
export async function tryText(
  visitor: Visitor,
  { name, fields, text, records }: { name: string; fields: string[]; text: string; records: Records },
): Promise<void> {
  const given = Object.fromEntries(fields.map((field) => [field, text]))
  const answer = await ask(visitor, name, records, { fields: given, fresh: freshWord() })
  expect([200, 204, 303, 400, 404, 409, 422]).toContain(answer.status)
  expectNoMarkup(answer.text, text)
  if (answer.status === 422) {
    const shown = typedIn(answer.text)
    for (const field of fields.filter((one) => shown.has(one))) {
      // what nobody can see was never typed
      if (shown.get(field) === '' && /^[\p{C}\p{Z}]*$/u.test(text)) continue
      // a box may be emptied for the next scan, where the message repeats what was in it
      if (shown.get(field) === '' && decode(answer.text).includes(fieldText({ text }, 'text'))) continue
      expect([name, field, shown.get(field)]).toEqual([
        name,
        field,
        fieldText({ text }, 'text').replace(/\r\n?/g, '\n'),
      ])
    }
  }
  if (answer.status !== 303) return
  const next = await visitor.get(answer.headers.location!)
  // what was turned round by an earlier form says so, which is a refusal in plain words and no fault
  expect([name, [200, 303, 409].includes(next.status) ? 'well' : next.status]).toEqual([name, 'well'])
  expectNoMarkup(next.text, text)
}

function expectNoMarkup(html: string, text: string): void {
  if (/[<>]/.test(text)) expect(html).not.toContain(text)
}

/** Every field the form sends, whatever it is for: choices, dates, numbers, ids, keys and versions. */
export function allFieldsOf(name: string, records: Records): string[] {
  const { fields } = exampleOf(name)
  return Object.keys(fields?.(records, 'x') ?? ({} as Fields))
}
