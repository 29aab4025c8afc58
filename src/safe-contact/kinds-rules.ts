/** The ways of reaching somebody, in the order they are asked about. */
export const channels = ['call', 'voicemail', 'text', 'email', 'post'] as const
export type Channel = (typeof channels)[number]

/** The ways there are to reach somebody: of a supporter nobody writes down where they live. */
export function channelsFor(supporterId: number | null): readonly Channel[] {
  return supporterId === null ? channels : channels.filter((channel) => channel !== 'post')
}

/** What a message is about, as far as it decides whether it goes out. To chase is to ask for something back. */
export const purposes = ['appointment', 'training', 'information', 'chase'] as const
export type Purpose = (typeof purposes)[number]

/** One way of reaching somebody, as it was answered last. No answer: nobody asked. */
export interface ContactAnswer {
  id: number
  supporter_id: number | null
  channel: Channel
  answer: 'allowed' | 'not-allowed'
  /** Hours of the clock in London, half open; null: any. */
  from_hour: number | null
  until_hour: number | null
  /** Days of the week from Monday, 1; none: any. */
  days: number[]
  number_shown: 'withheld' | 'known' | null
  names_service: boolean
}

/** What is said anew about one of the ways. */
export type NewAnswer = Omit<ContactAnswer, 'id' | 'supporter_id' | 'channel'> & {
  /** Whoever writes down a yes after a no asked them, and says so. */
  asked_again?: boolean
}

/** A number or address on the record. `key` is what it has in common with itself typed otherwise. */
export interface ContactAddress {
  kind: 'phone' | 'email' | 'post'
  label: string
  address: string
  key: string
}

/** What was said last about a number or address, and under which pause. */
export interface AddressAnswer {
  key: string
  is_safe: boolean
  pause_id: number | null
}

/** Everything that decides whether somebody may be contacted: a service user, or somebody who supports one. */
export interface Recipient {
  /** Of the service user, also where the recipient supports them. */
  state: string
  parentContact: string | null
  supporter: { consent: string; may_be_told: string[] } | null
  answers: Pick<ContactAnswer, Exclude<keyof ContactAnswer, 'id' | 'supporter_id'>>[]
  addresses: ContactAddress[]
  addressAnswers: AddressAnswer[]
  /** Since this pause each number and address has to be confirmed; null where there was none. */
  pauseId: number | null
}

export type Refused =
  | 'died'
  | 'admitted'
  | 'moved'
  | 'supporter'
  | 'parent'
  | 'not-allowed'
  | 'not-asked'
  | 'no-address'
  | 'not-safe'
  | 'paused'
  | 'not-now'
  | 'never-then'

/** How to go about it: whether the service may be named, and whether our number is withheld. */
export interface How {
  namesService: boolean
  withholdsNumber: boolean
}

export type Verdict =
  | { yes: true; how: How }
  | {
      yes: false
      reason: Refused
      /** The reason in words that anybody at work may read: never why contact may not be safe. */
      told: string
      /** What to do in place of it. */
      instead: string
      /** When it will be allowed, where nothing but the hour stands in the way. */
      from?: Date
    }

/** What is written down about contact with one person and those who support them, as it is read with their record. */
export interface ContactFacts {
  pause_id: number | null
  answers: ContactAnswer[]
  address_answers: AddressAnswer[]
  addresses: ContactAddress[]
  supporters: Supporter[]
}

/** Somebody who supports the person, as long as they do. */
export interface Supporter {
  id: number
  name: string
  consent: string
  may_be_told: string[]
  addresses: ContactAddress[]
}
