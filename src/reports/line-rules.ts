/**
 * What is counted, a line each. Over time, people of whom some come twice make a union, things that happen once add up, and
 * what stands at the end of a period is the same at the end of a quarter and of its last month. `of` is the line that a line
 * is a part of; the parts of one kind come to the whole.
 */
export interface Line {
  id: string
  text: string
  counts: 'people' | 'events' | 'standing'
  of?: string
  /** By what the whole is divided. */
  by?: string
  /** The line that it is within, where it is no part that comes to the whole with others. */
  within?: string
}

/** What a part is called: by what the whole is divided, and its word. */
export function part(by: string, word: string): string {
  return `${by}:${word}`
}

/** The parts that a line is divided into, one for each word; what they are called by stands in front of the word. */
export function partsOf({ id: of, counts }: Pick<Line, 'id' | 'counts'>, by: string, words: Words): Line[] {
  return Object.entries(words).map(([word, text]) => ({ id: part(by, word), text, counts, of, by }))
}

export type Words = Readonly<Record<string, string>>

/** The lines that are published as a whole: one that two reports show stands in one set, and so is the same in both. */
export interface LineSet {
  lines: readonly Line[]
  /**
   * What is told to those alone who see true numbers: what stood at a moment would tell small numbers together with what
   * began and ended, and a middle is the number of days of one person.
   */
  trueOnly: readonly { id: string; text: string }[]
  /** Sums in pounds of what a line counts. Where that is hidden, so is the sum. */
  amounts?: readonly Amount[]
}

export interface Amount {
  id: string
  text: string
  /** The line that counts what was paid for. */
  of: string
}

export const setNames = [
  'people',
  'lending',
  'first-appointments',
  'referrals',
  'referred',
  'barriers',
  'choice',
  'stock',
  'wards',
  'data',
  'training',
  'money',
] as const
export type SetName = (typeof setNames)[number]
