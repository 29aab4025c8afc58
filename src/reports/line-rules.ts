import { breakdowns } from '../caseload-counts/rules.ts'
import { categories } from '../items/rules.ts'

/**
 * What is counted, a line each. Over time, people of whom some come twice make a union, and things that happen once add up.
 * `of` is the line that a line is a part of; the parts of one kind come to the whole.
 */
export interface Line {
  id: string
  text: string
  counts: 'people' | 'events'
  of?: string
  /** By what the whole is divided. */
  by?: string
}

export const PEOPLE = 'people'
/** What people are divided by in reports; where somebody is now says nothing of where they were then. */
export const equityBreakdowns = breakdowns.filter(({ id }) => id !== 'everybody' && id !== 'inpatient')

/** One set is published as a whole: a line that two reports show stands in one set, and so is the same in both. */
export const peopleLines: readonly Line[] = [
  { id: PEOPLE, text: 'People helped', counts: 'people' },
  ...equityBreakdowns.flatMap(({ id, groups }) =>
    groups.map((group): Line => ({ id: `${id}:${group.id}`, text: group.name, counts: 'people', of: PEOPLE, by: id })),
  ),
]

export const lendingLines: readonly Line[] = [
  { id: 'loans', text: 'Loans started', counts: 'events' },
  { id: 'ended', text: 'Loans ended', counts: 'events' },
  { id: 'gifts', text: 'Items given to keep', counts: 'events' },
  { id: 'items', text: 'Items handed over', counts: 'events' },
  ...Object.entries(categories).map(
    ([code, text]): Line => ({ id: `category:${code}`, text, counts: 'events', of: 'items', by: 'category' }),
  ),
]

export const OPEN = 'open'
