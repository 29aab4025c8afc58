import { formatDate, londonDate } from '../lib/dates.ts'
import { type BorrowerFacts, borrowerName } from '../loans/borrowers-rules.ts'
import type { CorrectionKind } from './rules.ts'

/** One row that a correction changed, with words for the ids in it. */
export interface ChangeTold {
  /** The item of the line as it is now; null for the loan itself. */
  tag: string | null
  before: Columns
  after: Columns
  old_tag: string | null
  new_tag: string | null
  old_borrower: BorrowerFacts | null
  new_borrower: BorrowerFacts | null
}

interface Columns {
  taken_at?: string | null
  ended_at?: string | null
  ended_as?: string | null
  due_on?: string | null
}

/** A correction as it stands on record, to be told in a history. */
export interface CorrectionTold {
  kind: CorrectionKind
  loan_id: number
  other_loan_id: number | null
  /** Whoever the lines are with that were moved to another loan. */
  other_borrower: BorrowerFacts | null
  /** Whether whoever reads this may open the loans it is about. */
  is_in_reach: boolean
  reason: string | null
  changes: ChangeTold[]
}

/**
 * What was corrected, as the end of a sentence that begins with who did it: "corrected the day TAB-1 was lent from 3 August
 * 2026 to 1 August 2026". Who may not see names sees what kind of borrower it was. With a tag, only what concerns that item.
 */
export function correctionInWords(told: CorrectionTold, maySeeNames: boolean, tag?: string): string {
  const lines = told.changes.filter((change) => change.tag !== null && (tag === undefined || isOf(change, tag)))
  switch (told.kind) {
    case 'borrower':
      return borrowerInWords(told, lines, maySeeNames)
    case 'lent':
      return datesInWords('the day', 'lent', lines, (row) => dayOf(row.taken_at))
    case 'returned':
      return datesInWords('the day', 'returned', lines, (row) => dayOf(row.ended_at))
    case 'review':
      return datesInWords('the review date of', '', lines, (row) => row.due_on ?? null)
    case 'item':
      return itemInWords(lines)
    case 'return':
      return undoneInWords(lines)
  }
}

function isOf({ tag, old_tag }: ChangeTold, asked: string): boolean {
  return tag === asked || old_tag === asked
}

function borrowerInWords(told: CorrectionTold, lines: ChangeTold[], maySeeNames: boolean): string {
  if (told.other_loan_id !== null) {
    const who = told.other_borrower ? ` to ${nameOf(told.other_borrower, maySeeNames)}` : ''
    return `corrected who had ${tagsOf(lines)}: it went${who} and not to whom loan ${told.loan_id} was written down for`
  }
  const change = told.changes.find(({ old_borrower, new_borrower }) => old_borrower && new_borrower)
  if (!change?.old_borrower || !change.new_borrower) return 'corrected the borrower'
  const [before, after] = [change.old_borrower, change.new_borrower].map((one) => nameOf(one, maySeeNames))
  return `corrected the borrower from ${before} to ${after}`
}

function nameOf(borrower: BorrowerFacts, maySeeNames: boolean): string {
  const name = borrowerName(borrower, maySeeNames) || 'somebody'
  return name.startsWith('A service user') && borrower.service_user !== name ? `a${name.slice(1)}` : name
}

function datesInWords(
  what: string,
  done: string,
  lines: ChangeTold[],
  dateOf: (columns: Columns) => string | null,
): string {
  const [first] = lines
  const was = [...new Set(lines.map(({ before }) => dateOf(before)))].filter((day) => day !== null).sort()
  const day = first ? dateOf(first.after) : null
  const verb = done === '' ? '' : ` ${lines.length === 1 ? 'was' : 'were'} ${done}`
  const from = was.length === 0 ? '' : ` from ${inWords(was.map((date) => formatDate(date)))}`
  return `corrected ${what} ${tagsOf(lines)}${verb}${from}${day === null ? '' : ` to ${formatDate(day)}`}`
}

function dayOf(at: string | null | undefined): string | null {
  return at ? londonDate(at) : null
}

function itemInWords(lines: ChangeTold[]): string {
  const change = lines.find(({ old_tag, new_tag }) => old_tag !== null && new_tag !== null)
  if (!change) return 'corrected an item'
  return `corrected the item from ${change.old_tag} to ${change.new_tag}, which is what was lent`
}

function undoneInWords(lines: ChangeTold[]): string {
  const parts = (['returned', 'given'] as const).flatMap((ended) => {
    const of = lines.filter(({ before }) => before.ended_as === ended)
    if (of.length === 0) return []
    return [`${tagsOf(of)} ${of.length === 1 ? 'was' : 'were'} not ${ended === 'given' ? 'given to keep' : 'returned'}`]
  })
  return `corrected that ${inWords(parts)} after all`
}

function tagsOf(lines: ChangeTold[]): string {
  return inWords([...new Set(lines.flatMap(({ tag }) => tag ?? []))]) || 'items'
}

function inWords(words: string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** "Because: they were mixed up at the desk."; nothing once the reason was removed. */
export function reasonLines(told: CorrectionTold): string[] {
  return told.reason === null ? [] : [`Because: ${told.reason}`]
}
