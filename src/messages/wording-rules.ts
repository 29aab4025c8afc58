/** What is filled in for each person, under the name that it is typed by. */
export const fieldMeanings = {
  name: 'What they like to be called',
  day: 'The day, such as Monday 3 August 2026',
  'day and time': 'The day and time, such as Monday 3 August 2026 at 2:30pm',
  'call or visit': 'How you meet, such as video call or visit at home',
  'who they meet': 'The name of the member of staff they meet',
  link: 'The link that they tap',
  guide: 'A link to the right guide for them to join a video call',
  signed: 'Who writes: the member of staff they know and, where they agreed to that, your organisation',
} as const

export type Field = keyof typeof fieldMeanings

export const isField = (word: string): word is Field => Object.hasOwn(fieldMeanings, word)

/** The parts of a message that have words of their own. */
export const wordingParts = ['subject', 'body', 'text', 'letter'] as const
export type WordingPart = (typeof wordingParts)[number]
export type Wording = Record<WordingPart, string>

/** What an organisation put in place of ours; null where it left a part as it is. */
export type OwnWording = Record<WordingPart, string | null>

/** The subject stands on a locked screen: it says when and how, and never who or to whom. */
export const inSubject: readonly Field[] = ['day', 'day and time', 'call or visit']

/** Where nothing may ever give the service away, whatever somebody agreed to: a screen shows it to whoever stands near. */
export const alwaysQuiet: ReadonlySet<WordingPart> = new Set(['subject', 'text'])

const FIELD = /\{\{([^{}]*)\}\}/g

/** What is named between double braces, as it was typed. */
export function namedIn(words: string): string[] {
  return [...words.matchAll(FIELD)].map(([, name = '']) => name)
}

/** The same words with every field in one spelling, so that `{{ Name }}` is `{{name}}`. */
export function inOneSpelling(words: string): string {
  return words.replaceAll(FIELD, (_, name: string) => `{{${spelled(name)}}}`)
}

export const spelled = (name: string) => name.trim().toLowerCase().replaceAll(/\s+/g, ' ')

/** Whether a brace stands there that begins or ends no field. */
export function hasLooseBrace(words: string): boolean {
  return /[{}]/.test(words.replaceAll(FIELD, ''))
}

export type Values = Partial<Record<Field, string>>

/**
 * The words with everything filled in. A sentence that names what is not known is left out, and so are the lines and paragraphs that
 * nothing is left of: "You meet {{who they meet}}." is said where that is known.
 */
export function filled(words: string, values: Values): string {
  const known = (name: string) => values[spelled(name) as Field] ?? ''
  const sentence = (text: string) => text.replaceAll(FIELD, (_, name: string) => known(name))
  const isKnown = (text: string) => namedIn(text).every((name) => known(name) !== '')
  const line = (text: string) =>
    text
      .split(/(?<=[.!?])\s+/)
      .filter(isKnown)
      .map(sentence)
      .join(' ')
  return words
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').map(line).filter(isSomething).join('\n'))
    .filter(isSomething)
    .join('\n\n')
}

const isSomething = (text: string) => text !== ''

/** The same as a text: one paragraph. */
export function asText(body: string): string {
  return body.split(/\n+/).join(' ')
}

/** The same as a letter, which greets as letters do. */
export function asLetter(body: string): string {
  return body.replace(/^Hello /, 'Dear ')
}

/** What is worded on one page. */
export const wordingForms = {
  email: ['subject', 'body'],
  text: ['text'],
  letter: ['letter'],
} as const satisfies Record<string, readonly WordingPart[]>
export type WordingForm = keyof typeof wordingForms

export const isWordingForm = (word: string): word is WordingForm => Object.hasOwn(wordingForms, word)

/** An organisation's own words, and which parts of them give it away. */
export interface Known {
  own: OwnWording
  telling: ReadonlySet<WordingPart>
}

/**
 * The words that one part of a message is made of: the organisation's own, if it has any. Those that give a service away go only to
 * whoever agreed that we say who we are, and never where a screen shows them; everybody else has ours.
 */
export function wordsToUse(part: WordingPart, ours: Wording, known: Known | undefined, namesService: boolean): string {
  const own = known?.own[part] ?? null
  if (own === null || !known) return ours[part]
  const mayStand = !known.telling.has(part) || (namesService && !alwaysQuiet.has(part))
  return mayStand ? own : ours[part]
}
