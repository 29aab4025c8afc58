/** How it is going, in the words of whoever answers. */
export const answers = {
  well: 'It is going well',
  'some-trouble': 'There is some trouble',
  'not-working': 'It is not working',
} as const

export type Answer = keyof typeof answers

export const isAnswer = (word: string): word is Answer => Object.hasOwn(answers, word)

/** In which weeks of a loan somebody is asked. */
export const weeks = [2, 6] as const

/** A week late is still right; after that the question is about another time. */
export const DAYS_LATE = 7
/** For how long the link answers. */
export const DAYS_TO_ANSWER = 14
