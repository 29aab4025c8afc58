import type { Visitor } from '../support/app.ts'
import { allNames, noRecords, type RecordName, type Records } from './records.ts'
import { ask, exampleOf, type Fields } from './route-table.ts'

/** Whether its path names a record, and so is somebody's. */
export function isAboutOneRecord(name: string): boolean {
  const { path } = exampleOf(name)
  return pathname(path(noRecords)) !== pathname(path(nobodyElses))
}

const nobodyElses = Object.fromEntries(
  Object.entries(noRecords).map(([name, value]) => [name, `${value}0`]),
) as unknown as Records

function pathname(path: string): string {
  return path.replace(/\?.*$/, '')
}

/**
 * The records that a route's example names: only those have to be made. What people do first cannot be asked without
 * doing it, and is read as it is written.
 */
export function recordNamesOf(name: string): RecordName[] {
  const { path, fields, first, alsoNeeds = [] } = exampleOf(name)
  const words = new Set(String(first ?? '').match(/\w+/g))
  const asked = new Set([...alsoNeeds, ...allNames.filter((record) => words.has(record))])
  const listening = new Proxy(noRecords, {
    get(records, record: RecordName) {
      asked.add(record)
      return records[record]
    },
  })
  path(listening)
  fields?.(listening, 'x')
  return [...asked]
}

/** A request in parts: every segment of its path, every parameter and every field. */
export interface Part {
  name: string
  value: string
}

export function partsOf(name: string, records: Records, fresh: string): Part[] {
  const example = exampleOf(name)
  const url = new URL(example.path(records), 'https://here.invalid')
  const segments = url.pathname.split('/').map((value, at) => ({ name: `/${at}`, value }))
  const parameters = [...url.searchParams].map(([key, value]) => ({ name: `?${key}`, value }))
  const fields = Object.entries(example.fields?.(records, fresh) ?? {}).flatMap(([key, value]) =>
    [value].flat().map((one) => ({ name: key, value: String(one) })),
  )
  return [...segments, ...parameters, ...fields]
}

/** Sends the request that the parts make up. */
export function askInParts(visitor: Visitor, name: string, parts: Part[], fresh: string) {
  const path = parts.filter((part) => part.name.startsWith('/')).map(({ value }) => value)
  const query = parts
    .filter((part) => part.name.startsWith('?'))
    .map((part): [string, string] => [part.name.slice(1), part.value])
  const fields: Fields = {}
  for (const { name: field, value } of parts.filter((part) => !/^[/?]/.test(part.name))) {
    const before = fields[field]
    fields[field] = before === undefined ? value : [before, value].flat().map(String)
  }
  const url = `${path.join('/') || '/'}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`
  return ask(visitor, name, noRecords, { path: url, fields, fresh })
}

/** The parts, by their places, in which records come into a request at all. */
export function recordPlaces(name: string): number[] {
  const [one, other] = [partsOf(name, noRecords, 'x'), partsOf(name, nobodyElses, 'x')]
  return one.flatMap((part, at) => (part.name !== 'key' && part.value !== other[at]?.value ? [at] : []))
}
