import { categoryInSentence } from '../items/rules.ts'
import { formatDate, formatDue, formatInstant, londonDate } from '../lib/dates.ts'
import type { Link } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { FreeRow, TakenRow } from './lend-queries.ts'

/** What stands in the way of one chosen item, and what could be lent in its place. */
export interface TakenNote {
  why: string
  loan: Link | null
  instead: { text: string; url: string }[]
  none: string | null
}

interface TakenShown {
  /** What could be lent in its place. */
  free: FreeRow[]
  today: string
  maySeeNames: boolean
}

/** Why an item cannot be had: who has it, since when, until when; and what like it is free. */
export function presentTaken(row: TakenRow, { free, today, maySeeNames }: TakenShown): TakenNote {
  const alike = free.filter((item) => item.like_item_id === row.item_id)
  return {
    why: whyTaken(row, today, maySeeNames),
    loan:
      row.loan_id === null
        ? null
        : { href: `/loans/${row.loan_id}`, text: 'Open that loan', visuallyHiddenText: `of ${row.tag}` },
    instead: alike.map((item) => ({
      text: `Use ${item.tag} (${modelOf(item)}) instead`,
      url: `/loans/new/items?remove=${row.item_id}&add=${item.id}`,
    })),
    none: alike.length > 0 ? null : `No other ${categoryInSentence(row.category)} is free.`,
  }
}

export function whyTaken(row: TakenRow, today: string, maySeeNames: boolean): string {
  if (row.left_as !== null) return `${row.tag} is no longer ours.`
  const who = borrowerName(row, maySeeNames)
  if (!row.is_out) return `${row.tag} is planned for ${who || 'someone else'}${planWords(row)}.`
  const since = row.since ? ` since ${formatDate(londonDate(row.since))}` : ''
  if (row.kind === 'turnaround') return `${row.tag} came back and is being made ready${since}.`
  if (row.kind === 'repair') return `${row.tag} is in repair${since}.`
  return `${who || 'Someone'} has ${row.tag}${since}${untilWords(row, today)}.`
}

function planWords(row: TakenRow): string {
  const from = row.since ? ` from ${formatInstant(row.since)}` : ''
  if (row.due_on !== null) return `${from} until ${formatDate(row.due_on)}`
  return row.until ? `${from} until ${formatInstant(row.until)}` : from
}

/** A loan is due by a day, a booking by the minute. */
function untilWords(row: TakenRow, today: string): string {
  if (row.due_on === null) return row.until ? `, until ${formatInstant(row.until)}` : ''
  return row.due_on < today ? `, and is ${formatDue(row.due_on, today)}` : `, until ${formatDate(row.due_on)}`
}
