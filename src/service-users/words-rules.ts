/** The words that a record chooses from, as the database keeps them and as people read them. */
interface Word {
  value: string
  text: string
}

const word = ([value, text]: [string, string]): Word => ({ value, text })

/** Where a person is in their care, and what that changes for whoever works with them. */
export const states: Readonly<Record<string, { text: string; advice: string }>> = {
  community: { text: 'In the community', advice: '' },
  admitted: {
    text: 'Admitted to a ward',
    advice: 'Do not chase what is due back. Ask the ward before you call or visit.',
  },
  discharged: {
    text: 'Discharged',
    advice: 'Plan with them what comes after the loan, so that they are not cut off when it ends.',
  },
  moved: {
    text: 'Moved away',
    advice: 'Send nothing to the old address. Agree how what they have comes back, or stays.',
  },
  died: {
    text: 'Died',
    advice:
      'Send nothing and call nobody about what is due back. The care team speaks with the family. Lend nothing more.',
  },
}

export function stateText(state: string): string {
  return states[state]?.text ?? state
}

/** What to do or leave because of where somebody is; null where nothing is out of the ordinary. */
export function stateAdvice(state: string): string | null {
  return states[state]?.advice || null
}

export const needs: readonly Word[] = (
  [
    ['large-print', 'Large print'],
    ['easy-read', 'Easy read'],
    ['braille', 'Braille'],
    ['audio', 'Audio'],
    ['email', 'Email in place of letters'],
    ['text-message', 'Text messages in place of calls'],
    ['phone-call', 'Calls in place of letters'],
    ['text-relay', 'Relay UK or captions on calls'],
    ['sign-language', 'A sign language interpreter'],
    ['lip-reading', 'To see the face of whoever speaks, to lip-read'],
    ['note-taker', 'Somebody who takes notes'],
    ['advocate', 'An advocate'],
    ['deafblind', 'A communicator-guide for deafblind people'],
    ['communication-aid', 'A communication aid'],
    ['more-time', 'More time'],
    ['someone-with-them', 'Somebody with them'],
    ['other', 'Something else'],
  ] as [string, string][]
).map(word)

export const genders: readonly Word[] = (
  [
    ['woman', 'Woman'],
    ['man', 'Man'],
    ['non-binary', 'Non-binary'],
    ['other', 'Another'],
  ] as [string, string][]
).map(word)

/** The five groups of the 2021 census. */
export const ethnicities: readonly Word[] = (
  [
    ['asian', 'Asian or Asian British'],
    ['black', 'Black, Black British, Caribbean or African'],
    ['mixed', 'Mixed or multiple ethnic groups'],
    ['white', 'White'],
    ['other', 'Another ethnic group'],
  ] as [string, string][]
).map(word)

export const housings: readonly Word[] = (
  [
    ['settled', 'In a home of their own, rented or owned'],
    ['supported', 'In supported housing or a care home'],
    ['temporary', 'In a hostel, bed and breakfast or other temporary place'],
    ['someone-elses', 'In somebody else’s home, for now'],
    ['rough', 'Outdoors, or nowhere in particular'],
  ] as [string, string][]
).map(word)

export const agreements: readonly Word[] = (
  [
    ['self', 'They do'],
    ['with-support', 'They do, with support to decide'],
    ['parent', 'Somebody with parental responsibility'],
    ['attorney', 'An attorney or deputy'],
    ['best-interests', 'Nobody alone: it was decided in their best interests'],
  ] as [string, string][]
).map(word)

export interface NeedsKnown {
  interpreter: string | null
  language: string
  needs: readonly string[]
  needs_words: string
}

/** What somebody needs to read, hear, understand or talk with us, a line each: shown wherever their record is. */
export function needFlags({ interpreter, language, needs: kinds, needs_words: words }: NeedsKnown): string[] {
  const isInterpreted = interpreter === 'spoken' || interpreter === 'signed'
  return [
    ...(isInterpreted ? [`Interpreter needed: ${language || 'the language is not written down yet'}`] : []),
    ...needs.filter(({ value }) => kinds.includes(value)).map(({ text }) => text),
    ...(words === '' ? [] : words.split('\n')),
  ]
}
