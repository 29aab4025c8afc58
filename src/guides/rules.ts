import type { StateTag } from '../lib/view-model.ts'

/** What a guide is for, in the order in which people need them. */
export const purposes = {
  'how-calls-work': 'How our video calls work',
  'join-call': 'Joining a call',
  'if-it-fails': 'What to do if it fails',
  'camera-and-sound': 'Camera and sound',
  'staying-safe': 'Staying safe',
  accounts: 'Accounts and passwords',
  charging: 'Charging',
  'what-we-see': 'What we can and cannot see on this device',
} as const

export type Purpose = keyof typeof purposes

/** What is written and approved: words, words with pictures, or a link to a recording. */
export const forms = {
  plain: 'Plain English',
  'easy-read': 'Easy read, with pictures',
  audio: 'Audio',
  bsl: 'Video in British Sign Language',
} as const

export type Form = keyof typeof forms

/** How somebody gets it. Large print and braille are the plain words in another shape, so they are never out of step with them. */
export const formats = {
  plain: 'Plain',
  'easy-read': 'Easy read',
  'large-print': 'Large print',
  'large-easy-read': 'Easy read in large print',
  audio: 'Audio',
  bsl: 'British Sign Language',
  braille: 'Braille',
} as const

export type Format = keyof typeof formats

export const formOf: Readonly<Record<Format, Form>> = {
  plain: 'plain',
  'large-print': 'plain',
  braille: 'plain',
  'easy-read': 'easy-read',
  'large-easy-read': 'easy-read',
  audio: 'audio',
  bsl: 'bsl',
}

export const isLarge = (format: Format) => format === 'large-print' || format === 'large-easy-read'

/** How many weeks until an approved guide is read again, unless somebody says otherwise: platforms change their buttons. */
export const WEEKS_UNTIL_REVIEW = 52

export interface GuideState {
  approved_at: string | null
  retired_at: string | null
  review_on: string | null
}

export const isDraft = ({ approved_at, retired_at }: GuideState) => approved_at === null && retired_at === null
export const isInUse = ({ approved_at, retired_at }: GuideState) => approved_at !== null && retired_at === null

export function guideTag(guide: GuideState, today: string): StateTag {
  if (guide.retired_at !== null) return { text: 'No longer in use', colour: 'grey' }
  if (guide.approved_at === null) return { text: 'Draft', colour: 'yellow' }
  if ((guide.review_on ?? today) < today) return { text: 'In use, to be read again', colour: 'orange' }
  return { text: 'In use', colour: 'green' }
}

export const isPurpose = (word: string): word is Purpose => Object.hasOwn(purposes, word)
export const isForm = (word: string): word is Form => Object.hasOwn(forms, word)
export const isFormat = (word: string): word is Format => Object.hasOwn(formats, word)

export const guideUrl = (id: number, rest = '') => `/guides/${id}${rest}`

/** A guide that comes with the service, as somebody would type it. An organisation takes it over as a draft, and approves it or not. */
export interface StarterGuide {
  purpose: Purpose
  /** The name of the platform it is for; null for any. */
  platform: string | null
  form: Form
  title: string
  text: string
}
