/**
 * What becomes of each column in which something about a person may stand: in the copy that they may ask for (subject
 * access), and when they are anonymised (retention). See declared.ts.
 */
export type Column = Access & Retention

type Access =
  /** In the copy as it is. `label` is what the person reads in front of it. */
  | { access: 'given'; label: string; as: Shape }
  /** In somebody's own words: information governance reads each of them before it is given, or leaves it out and says why. */
  | { access: 'reviewed'; label: string; as: Shape }
  /** In no copy, and why. */
  | { access: 'withheld'; why: string }

type Retention =
  | { retention: 'kept' }
  /** What PostgreSQL writes in its place, as SQL. It may stand for nothing ('' or null), or for less than was there. */
  | { retention: 'emptied' | 'replaced'; by: string }

/** How a value reads: as words of its own, or found by its id, or one of the words that src/own-data/words-rules.ts has. */
export type Shape =
  | 'text'
  | 'date'
  | 'instant'
  | 'yes-no'
  | 'nhs-number'
  | 'number'
  | 'list'
  | 'staff'
  | 'ward'
  | 'item'
  | 'details'
  | 'event'
  | 'word'

/** A table with rows about a person, every column of it. */
export interface PersonalTable<Row = Record<string, unknown>> {
  /** The heading of this part of the copy, and what the person reads below it. */
  title: string
  intro: string
  /** Which rows are theirs, as SQL; `:people` stands for the ids of their record and of those that became part of it. */
  where: string
  /** What tells one row from another, as SQL, and the order they are given in. */
  key: string
  order: string
  /** Rows that no copy has, as SQL, and why. */
  leftOut?: { where: string; why: string }
  columns: { [Name in keyof Row]-?: Column }
}

const NOTHING = "''"
const NUMBER = 'A number by which rows are joined. It means nothing outside of the service'

/** Chosen from a list, a time, a number: given, and kept for the counts. It names nobody. */
export const fact = (label: string, as: Shape = 'text'): Column => ({ access: 'given', label, as, retention: 'kept' })

/** Who somebody is or how to reach them: given, and emptied. */
export const own = (label: string, as: Shape = 'text', by = NOTHING): Column => ({
  access: 'given',
  label,
  as,
  retention: 'emptied',
  by,
})

/** What somebody wrote in their own words, or about somebody else too: reviewed, and emptied. */
export const words = (label: string, by = NOTHING, as: Shape = 'text'): Column => ({
  access: 'reviewed',
  label,
  as,
  retention: 'emptied',
  by,
})

/** As it is, or with less in it than before. */
export const replaced = (column: Column, by: string): Column => ({ ...column, retention: 'replaced', by })

/** What joins rows, or counts them: never given, and kept. */
export const inner = (why = NUMBER): Column => ({ access: 'withheld', why, retention: 'kept' })

/** Never given, and emptied. */
export const never = (why: string, by = NOTHING): Column => ({ access: 'withheld', why, retention: 'emptied', by })

/** PostgreSQL works it out from other columns, and so it goes with them. */
export const workedOut = (): Column => inner('It repeats what is given already')
