export const MOST_WORDS = 500

/** Whose words they are, as the person's own page asks, and as whoever reads them outside is told. */
export const speakers = {
  person: { asked: 'The person’s own', shown: 'Somebody who was helped' },
  supporter: { asked: 'Somebody’s who supports them', shown: 'Somebody who supports them' },
} as const
export type Speaker = keyof typeof speakers

/** How whoever spoke agreed. */
export const agreements = {
  said: 'They said so',
  signed: 'They signed',
  message: 'They wrote a message',
} as const
export type Agreement = keyof typeof agreements

export interface QuotationForm {
  words: string
  speaker: Speaker
  agreedOn: string
  agreedHow: Agreement
}

export interface QuotationFacts {
  decision: 'approved' | 'refused' | null
  taken_back_at: string | null
}

export type QuotationState = 'waiting' | 'approved' | 'refused' | 'taken-back'

/** Where the words stand; what was taken back is so whatever was decided before. */
export function quotationState({ decision, taken_back_at }: QuotationFacts): QuotationState {
  return taken_back_at === null ? (decision ?? 'waiting') : 'taken-back'
}

export const quotationStates = {
  waiting: { text: 'Waiting to be read', colour: 'blue' },
  approved: { text: 'Approved', colour: 'green' },
  refused: { text: 'Refused', colour: 'red' },
  'taken-back': { text: 'Taken back', colour: 'grey' },
} as const satisfies Record<QuotationState, { text: string; colour: string }>

/** What information governance lists: of words that were taken back there is nothing left to read. */
export const listed = ['waiting', 'approved', 'refused'] as const
export type Listed = (typeof listed)[number]

/** The words in lines, in quotation marks. */
export function quotedLines(words: string): string[] {
  return `“${words}”`.split('\n').filter((line) => line !== '')
}

/** Where what is approved is read. */
export const wordsUrl = '/reports/words'
export const quotationsUrl = '/quotations'

export function quotationUrl({ id }: { id: number }): string {
  return `${quotationsUrl}/${id}`
}

export function personsQuotationsUrl({ id }: { id: number }): string {
  return `/service-users/${id}/quotations`
}
