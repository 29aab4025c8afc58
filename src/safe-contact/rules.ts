import { londonClock } from '../lib/dates.ts'
import {
  type Channel,
  type ContactAddress,
  type ContactAnswer,
  type ContactFacts,
  channels,
  type How,
  type Purpose,
  type Recipient,
  type Refused,
  type Verdict,
} from './kinds-rules.ts'
import { restrictionOf, toldFor } from './words-rules.ts'

const addressKind: Record<Channel, ContactAddress['kind']> = {
  call: 'phone',
  voicemail: 'phone',
  text: 'phone',
  email: 'email',
  post: 'post',
}

/** Nothing is sent by itself before 8 in the morning or from 8 in the evening. */
const DAY_BEGINS = 8
const DAY_ENDS = 20
const HOUR = 3_600_000
/** A week and a day: every hour of the week comes in it, also when the clocks change. */
const HOURS_LOOKED_AHEAD = 8 * 24

/**
 * Whether this recipient may be sent something at this number or address, in this way, for this purpose, at this moment.
 * The one question every message has to pass: never yes against a recorded no, and not asked is no. PostgreSQL asks all of it
 * again but the hour (`contact_refusal`).
 */
export function mayContact(
  recipient: Recipient,
  address: string | null,
  channel: Channel,
  purpose: Purpose,
  at: Date,
): Verdict {
  const reason = refusalOf(recipient, address, channel, purpose)
  if (reason) return refused(recipient, reason, channel, purpose)
  const answer = answerOf(recipient, channel)
  if (!answer) throw new Error('nothing is refused, and nobody was asked')
  const from = nextMoment(answer, at)
  if (from === null) return refused(recipient, 'never-then', channel, purpose)
  if (from > at) return { ...refused(recipient, 'not-now', channel, purpose), from }
  return { yes: true, how: howFrom(answer) }
}

/** How a message is to be put, at whatever hour it goes out; null where they were not asked. */
export function howToContact(recipient: Recipient, channel: Channel): How | null {
  const answer = answerOf(recipient, channel)
  return answer ? howFrom(answer) : null
}

function howFrom({ names_service, number_shown }: Pick<ContactAnswer, 'names_service' | 'number_shown'>): How {
  return { namesService: names_service, withholdsNumber: number_shown !== 'known' }
}

/** Every no that does not depend on the hour; the first that applies, or undefined. */
function refusalOf(
  recipient: Recipient,
  address: string | null,
  channel: Channel,
  purpose: Purpose,
): Refused | undefined {
  const { state, supporter, parentContact } = recipient
  if (state === 'died') return 'died'
  if (state === 'admitted' && purpose === 'chase') return 'admitted'
  if (state === 'moved' && channel === 'post' && supporter === null) return 'moved'
  if (supporter && !mayBeTold(supporter, purpose)) return 'supporter'
  if (supporter && (parentContact === 'not-safe' || parentContact === 'not-known')) return 'parent'
  const answer = answerOf(recipient, channel)
  if (!answer) return 'not-asked'
  if (answer.answer !== 'allowed') return 'not-allowed'
  const known = addressesFor(recipient, channel).find((one) => one.address === address)
  return known ? addressRefusal(recipient, known) : 'no-address'
}

/** What a supporter may be told about, of what the person agreed to. */
const topics: Readonly<Record<Purpose, string>> = {
  appointment: 'appointments',
  training: 'training',
  chase: 'devices',
  information: 'everything',
}

function mayBeTold({ consent, may_be_told }: NonNullable<Recipient['supporter']>, purpose: Purpose): boolean {
  return consent === 'given' && (may_be_told.includes('everything') || may_be_told.includes(topics[purpose]))
}

export function answerOf(recipient: Pick<Recipient, 'answers'>, channel: Channel) {
  return recipient.answers.find((answer) => answer.channel === channel)
}

/** The numbers or addresses on the record that a channel uses, the first of them first. */
export function addressesFor(recipient: Pick<Recipient, 'addresses'>, channel: Channel): ContactAddress[] {
  return recipient.addresses.filter(({ kind }) => kind === addressKind[channel])
}

/** Whether a number or address may be used: `paused` until it is confirmed, `not-safe` for as long as nobody says otherwise. */
export function addressRefusal(
  { addressAnswers, pauseId }: Pick<Recipient, 'addressAnswers' | 'pauseId'>,
  { key }: Pick<ContactAddress, 'key'>,
): 'not-safe' | 'paused' | undefined {
  const last = addressAnswers.find((answer) => answer.key === key)
  if (last && !last.is_safe) return 'not-safe'
  if (pauseId !== null && last?.pause_id !== pauseId) return 'paused'
  return undefined
}

/** The number or address to use: the first that may be; where none may, the first there is. */
export function addressToUse(recipient: Recipient, channel: Channel): string | null {
  const known = addressesFor(recipient, channel)
  return (known.find((one) => !addressRefusal(recipient, one)) ?? known[0])?.address ?? null
}

/** This moment, or the next full hour in which it is allowed; null where it never is. */
function nextMoment(answer: ContactAnswerTimes, at: Date): Date | null {
  const nextHour = Math.ceil((at.getTime() + 1) / HOUR) * HOUR
  const moments = Array.from({ length: HOURS_LOOKED_AHEAD }, (_, ahead) => new Date(nextHour + ahead * HOUR))
  return [at, ...moments].find((moment) => isAllowedAt(answer, moment)) ?? null
}

type ContactAnswerTimes = Pick<ContactAnswer, 'from_hour' | 'until_hour' | 'days'>

function isAllowedAt({ from_hour, until_hour, days }: ContactAnswerTimes, moment: Date): boolean {
  const { date, hour } = londonClock(moment)
  const day = new Date(`${date}T00:00:00Z`).getUTCDay() || 7
  const begins = Math.max(DAY_BEGINS, from_hour ?? 0)
  const ends = Math.min(DAY_ENDS, until_hour ?? 24)
  return hour >= begins && hour < ends && (days.length === 0 || days.includes(day))
}

function refused(recipient: Recipient, reason: Refused, channel: Channel, purpose: Purpose) {
  return { yes: false as const, reason, told: toldFor(reason, channel), instead: insteadOf(recipient, reason, purpose) }
}

/** Other ways that are open to this person, or what has to be asked first. */
function insteadOf(recipient: Recipient, reason: Refused, purpose: Purpose): string {
  if (reason === 'died') return 'Contact nobody about this. The care team speaks with the family.'
  if (reason === 'admitted') return 'Ask the ward how they are. Ask for nothing back until they are home.'
  if (reason === 'supporter' || reason === 'parent')
    return 'Speak with the person themselves, not with their supporter.'
  const open = channels.filter((channel) => !refusalOf(recipient, addressToUse(recipient, channel), channel, purpose))
  const ways = open.filter((channel) => channel !== 'voicemail').map((channel) => doing[channel])
  if (ways.length > 0) return `${capitalised(ways.join(', or '))}, at the times they agreed.`
  return 'Ask them in person how they may be reached, and write it down.'
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const doing: Record<Channel, string> = {
  call: 'call them',
  voicemail: 'leave a voicemail',
  text: 'text them',
  email: 'email them',
  post: 'write them a letter',
}

/**
 * What everybody who may be in touch with this person has to know, the own words of whoever wrote them first: what to do and
 * what to leave, and never why. `unnamed`: for whoever has no need of the numbers and addresses themselves.
 */
export function contactInstructions(
  recipient: Recipient,
  ownWords: string,
  addresses: 'named' | 'unnamed' = 'named',
): string[] {
  const unsafe = recipient.addresses.filter((one) => addressRefusal(recipient, one) === 'not-safe')
  const isUnconfirmed = recipient.addresses.some((one) => addressRefusal(recipient, one) === 'paused')
  const restrictions = channels.map((channel) => {
    const answer = answerOf(recipient, channel)
    return answer ? restrictionOf(answer) : null
  })
  return [
    ...(ownWords === '' ? [] : ownWords.split('\n')),
    ...unsafe.map(({ label, address }) =>
      addresses === 'named'
        ? `Do not use this ${label.toLowerCase()}: ${address.replaceAll('\n', ', ')}`
        : `Do not use the ${label.toLowerCase()} that we have`,
    ),
    ...(isUnconfirmed ? ['Use no number or address until it is confirmed as safe'] : []),
    ...restrictions.filter((line) => line !== null),
  ]
}

/** The person a record is about, or one of those who support them, as {@link mayContact} takes them. */
export function recipientOf(
  person: { state: string; parent_contact: string | null },
  facts: ContactFacts,
  supporterId: number | null = null,
): Recipient {
  const supporter = facts.supporters.find(({ id }) => id === supporterId)
  const noConsent = { consent: 'not-asked', may_be_told: [] }
  return {
    state: person.state,
    parentContact: person.parent_contact,
    supporter: supporterId === null ? null : (supporter ?? noConsent),
    answers: facts.answers.filter((answer) => answer.supporter_id === supporterId),
    addresses: (supporterId === null ? facts.addresses : (supporter?.addresses ?? [])).filter(
      ({ address }) => address !== '',
    ),
    addressAnswers: facts.address_answers,
    pauseId: facts.pause_id,
  }
}

/** Every number and address that may be asked about: the person's own, and their supporters'. */
export function everyAddress({ addresses, supporters }: ContactFacts): (ContactAddress & { of: string | null })[] {
  return [
    ...addresses.map((one) => ({ ...one, of: null })),
    ...supporters.flatMap((supporter) => supporter.addresses.map((one) => ({ ...one, of: supporter.name }))),
  ].filter(({ address }) => address !== '')
}
