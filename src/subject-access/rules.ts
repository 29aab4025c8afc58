import { addDays } from '../lib/dates.ts'
import { digestOf } from '../lib/digest.ts'
import { nextWorkingDay } from '../lib/working-days.ts'

/** One part of a copy: a table in words, with the rows that are about the person. */
export interface CopySection {
  table: string
  title: string
  intro: string
  columns: CopyColumn[]
  rows: CopyRow[]
}

export interface CopyColumn {
  name: string
  label: string
  as: string
  /** In somebody's own words: read by information governance before it is given. */
  isReviewed: boolean
}

export interface CopyRow {
  key: string
  values: Readonly<Record<string, unknown>>
}

/** One thing that has to be read before it is given. */
export interface ReviewItem {
  /** Table, row and column. */
  id: string
  table: string
  rowKey: string
  column: string
  value: unknown
  /** Stands for what it says: another one tells that it says something else by now. */
  print: string
  section: CopySection
  label: string
  as: string
}

export const decisions = {
  give: 'Give it',
  'third-party': 'Leave it out: it is about somebody else, who did not agree',
  'serious-harm': 'Leave it out: to know it would do serious harm to them or somebody else',
  other: 'Leave it out for another reason that the law allows',
} as const
export type Decision = keyof typeof decisions

export function isDecision(text: string): text is Decision {
  return Object.hasOwn(decisions, text)
}

export interface Decided {
  table_name: string
  row_key: string
  column_name: string
  print: string
  decision: string
  note: string
}

/** Everything that has to be read, in the order of the copy. What is empty says nothing. */
export function itemsToReview(sections: readonly CopySection[]): ReviewItem[] {
  return sections.flatMap((section) =>
    section.rows.flatMap((row) =>
      section.columns.flatMap(({ name, label, as, isReviewed }) => {
        const value = row.values[name]
        if (!isReviewed || isEmpty(value)) return []
        const id = itemId(section.table, row.key, name)
        return [
          { id, table: section.table, rowKey: row.key, column: name, value, print: printOf(value), section, label, as },
        ]
      }),
    ),
  )
}

export function itemId(table: string, rowKey: string, column: string): string {
  return `${table}.${rowKey}.${column}`
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function printOf(value: unknown): string {
  return digestOf(JSON.stringify(value))
}

/** What was decided about each thing, by its id, as long as it says what it said then. */
export function decisionsThatHold(items: readonly ReviewItem[], decided: readonly Decided[]): Map<string, Decided> {
  const made = new Map(decided.map((one) => [itemId(one.table_name, one.row_key, one.column_name), one]))
  return new Map(
    items.flatMap(({ id, print }) => {
      const one = made.get(id)
      return one?.print === print ? [[id, one] as const] : []
    }),
  )
}

/**
 * The last day to answer: one calendar month after it was received, on the same day of the month or on its last, and on the
 * next working day where that is none (ICO, "How long do we have to comply?"). `months` is 3 where it takes longer.
 */
export function answerBy(receivedOn: string, months: 1 | 3): string {
  return nextWorkingDay(monthsLater(receivedOn, months))
}

function monthsLater(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
  const afterwards = new Date(Date.UTC(year, month + months, 1)).toISOString().slice(0, 10)
  const last = Number(addDays(afterwards, -1).slice(8))
  return `${first.slice(0, 8)}${String(Math.min(day, last)).padStart(2, '0')}`
}

export const askers = { person: 'The person themselves', 'on-their-behalf': 'Somebody on their behalf' } as const
export const identityChecks = {
  known: 'Somebody who knows them recognised them',
  documents: 'Documents, such as a passport and a letter to their address',
  clinician: 'Their clinician vouched for them',
  authority: 'Written authority, or proof of parental responsibility or of a power of attorney',
} as const
export const endings = { given: 'Given', withdrawn: 'Withdrawn', refused: 'Refused' } as const
export type Ending = keyof typeof endings

export interface NewRequest {
  askedBy: keyof typeof askers
  askedByNote: string
  identityCheck: keyof typeof identityChecks
  identityNote: string
  receivedOn: string
}
