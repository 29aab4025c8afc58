/** What a question is made of, and how one is written down in a line or two. */
export interface Question {
  id: string
  /** Read aloud to the person. */
  ask: string
  /** In a table, where the question itself is too long. */
  name: string
  /** `several`: choose all that apply. `list`: too many to read aloud, and there may be another. */
  kind: 'one' | 'several' | 'list' | 'words'
  options: readonly Option[]
  hint?: string
  /** An answer that something is not safe holds until somebody clears it by name. */
  isSafety?: true
  /** Not on the paper that is posted: somebody else may open the envelope. */
  isOnlySpoken?: true
}

export interface Option {
  value: string
  text: string
  hint?: string
  /** Goes with none of the others. */
  isAlone?: true
}

/** Questions that are asked together, on a page of their own. */
export interface Part {
  name: string
  title: string
  lead?: string
  questions: readonly Question[]
}

export const options = (...pairs: [value: string, text: string, hint?: string][]): Option[] =>
  pairs.map(([value, text, hint]) => ({ value, text, ...(hint !== undefined && { hint }) }))

export const one = (id: string, name: string, ask: string, ...choices: [string, string, string?][]): Question => ({
  ...{ id, name, ask, kind: 'one', options: options(...choices) },
})

export const several = (id: string, name: string, ask: string, ...choices: [string, string, string?][]): Question => ({
  ...{ id, name, ask, kind: 'several', hint: 'Choose all that apply' },
  options: options(...choices).map((choice) => (choice.value === 'none' ? { ...choice, isAlone: true } : choice)),
})

/** The fields of a question beside its own: another language, "prefers not to say" of words, how somebody knows it is safe. */
export const otherField = ({ id }: Question) => `${id}-other`
export const preferNotField = ({ id }: Question) => `${id}-prefer-not`
export const becauseField = ({ id }: Question) => `${id}-because`
