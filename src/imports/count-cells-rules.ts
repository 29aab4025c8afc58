import { type Breakdown, breakdowns } from '../caseload-counts/rules.ts'
import { parseSpreadsheetDate } from '../lib/dates.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanLine } from '../lib/text.ts'
import { type CountField, countFields } from './count-fields-rules.ts'
import type { CellReader } from './rows-rules.ts'
import { failedFormula, isFailedFormula, readPlace, saysNothing, type Vocabulary, wordKey } from './words-rules.ts'

/** What a row of counts says, read. The group is read with its breakdown, once both are known. */
export interface CountValues {
  countedOn: string
  place: number
  breakdown: Breakdown
  group: string
  people: number
}

const MOST_PEOPLE = 1_000_000

/** How the cells of a spreadsheet of counts are read. Nothing in it is guessed at. */
export const countCells: CellReader<CountValues> = {
  fields: countFields,
  repeating: ['countedOn', 'place', 'breakdown'],
  isEmpty: (cell) => saysNothing(cell),
  read(field, cell, vocabulary) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string, vocabulary: Vocabulary) => Reading<never>)(cell, vocabulary)
  },
}

const readers: { [F in CountField]: (text: string, vocabulary: Vocabulary) => Reading<CountValues[F]> } = {
  countedOn: readDay,
  place: readPlace,
  breakdown: readBreakdown,
  group: (text) => accept(cleanLine(text)),
  people: readPeople,
}

function readDay(text: string, { today }: Vocabulary): Reading<string> {
  const date = parseSpreadsheetDate(text)
  if (date.error || date.value <= today) return date
  return refuse('to-come', 'The day must be today or in the past')
}

function readBreakdown(text: string): Reading<Breakdown> {
  const breakdown = among(breakdowns, text)
  if (breakdown) return accept(breakdown)
  return refuse('unknown', `This is not one of our breakdowns. Write ${listed(breakdowns)}`)
}

/** Reads the group of a breakdown, by its name or by our own short word for it. */
export function readGroup(text: string, { name, groups }: Breakdown): Reading<string> {
  const found = among(groups, text)
  if (found) return accept(found.id)
  return refuse('unknown', `This is not a group of ${name}. Write ${listed(groups)}`)
}

function among<T extends { id: string; name: string }>(words: readonly T[], text: string): T | undefined {
  const key = wordKey(text)
  return words.find(({ id, name }) => wordKey(name) === key || wordKey(id) === key)
}

function listed(words: readonly { name: string }[]): string {
  const names = words.map(({ name }) => name)
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

/** A whole number, as it is written or as a spreadsheet writes it: 340, 1,200 or 340.0. */
function readPeople(text: string): Reading<number> {
  const plain = /^\d{1,3}(?:,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text.replace(/\.0+$/, '')
  if (!/^\d{1,9}$/.test(plain)) return refuse('not-whole', 'Write a whole number of people, 0 or more')
  const people = Number(plain)
  if (people <= MOST_PEOPLE) return accept(people)
  return refuse('too-many', 'This is more than 1,000,000 people. Check the number')
}
