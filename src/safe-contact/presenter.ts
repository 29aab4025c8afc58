import { formatInstant, formatShortInstant } from '../lib/dates.ts'
import type { DataTable, Link, Page, StateTag, SummaryRow } from '../lib/view-model.ts'
import { messageKinds, messageState, messageStates } from '../messages/rules.ts'
import { type Channel, type ContactAddress, type ContactFacts, channelsFor } from './kinds-rules.ts'
import type { ContactTask, SentMessage } from './queries.ts'
import { addressRefusal, contactInstructions, everyAddress, recipientOf } from './rules.ts'
import { taskInWords } from './task-rules.ts'
import { answerInWords, channelWords } from './words-rules.ts'

/** A person as far as contact with them goes. */
export interface ContactPerson {
  id: number
  name: string
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
}

export function safeContactUrl(id: number): string {
  return `/service-users/${id}/safe-contact`
}

export type SafeContactPage = Page & {
  caption: string
  instructions: string[]
  tasks: { text: string; instead: string; written: string; action: string | null }[]
  said: SummaryRow[]
  supporters: { name: string; consent: string; rows: SummaryRow[] }[]
  /** One press where they ask us to stop. */
  stops: { action: string; version: number; text: string }[]
  addresses: AddressShown[]
  addressAction: string
  noAddress: boolean
  pause: string | null
  write: Link | null
  privateNotes: Link | null
  sent: DataTable | null
}

interface AddressShown {
  label: string
  lines: string[]
  key: string
  state: StateTag
  mayConfirm: boolean
  mayRuleOut: boolean
}

export interface SafeContactShown {
  person: ContactPerson
  tasks: ContactTask[]
  messages: SentMessage[]
  may: { change: boolean; know: boolean }
  now: Date
}

/** How one person may be reached: what they said, which numbers are safe, and what could not be sent. */
export function presentSafeContact({ person, tasks, messages, may, now }: SafeContactShown): SafeContactPage {
  const url = safeContactUrl(person.id)
  const addresses = everyAddress(person.contact)
  return {
    title: 'How we may contact them',
    caption: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    instructions: instructionsFor(person),
    tasks: tasks.map((task) => ({
      ...taskInWords(task, person, now),
      written: formatInstant(task.created_at),
      action: may.change ? `${url}/tasks/${task.id}/done` : null,
    })),
    said: [...saidRows(person, null, may.change), instructionRow(person, may.change)],
    supporters: person.contact.supporters.map(({ id, name, consent }) => ({
      name: `${name}, who supports them`,
      consent: consent === 'given' ? '' : 'The person has not agreed, so nothing is sent to this supporter.',
      rows: saidRows(person, id, may.change),
    })),
    stops: may.change ? stopsFor(person) : [],
    addresses: addresses.map((one) => addressShown(one, person, may.change)),
    addressAction: `${url}/addresses`,
    noAddress: addresses.length === 0,
    pause: may.change ? `${url}/pause` : null,
    write: may.change ? { href: `${url}/private/new`, text: 'Write down that contact may not be safe, and why' } : null,
    privateNotes: may.know ? { href: `${url}/private`, text: 'Open the private notes' } : null,
    sent: messages.length === 0 ? null : sentTable(messages),
  }
}

/** What to know before contact; for the person's page, what is printed about them, and their own page. */
export function instructionsFor(person: ContactPerson): string[] {
  return contactInstructions(recipientOf(person, person.contact), person.contact_instruction)
}

/** What the person said, or one of those who support them; a supporter has no address to write to. */
function saidRows(person: ContactPerson, supporterId: number | null, mayChange: boolean): SummaryRow[] {
  const { answers } = recipientOf(person, person.contact, supporterId)
  return channelsFor(supporterId).map((channel) => {
    const answer = answers.find((one) => one.channel === channel)
    const { name } = channelWords[channel]
    const supporter = person.contact.supporters.find(({ id }) => id === supporterId)
    const change = {
      href: channelUrl(person.id, supporterId, channel),
      text: answer ? 'Change' : 'Ask',
      visuallyHiddenText: `${name.toLowerCase()}${supporter ? ` to ${supporter.name}` : ''}`,
    }
    return { key: name, value: answerInWords(answer), ...(mayChange && { actions: [change] }) }
  })
}

/** Every way that is open now, of theirs and of those who support them, each to be closed at once. */
function stopsFor(person: ContactPerson): SafeContactPage['stops'] {
  const open = person.contact.answers.filter(({ answer }) => answer === 'allowed')
  return open.flatMap(({ id, supporter_id: supporterId, channel }) => {
    const supporter = person.contact.supporters.find((one) => one.id === supporterId)
    if (supporterId !== null && !supporter) return []
    const text = `No more ${channelWords[channel].name.toLowerCase()}${supporter ? ` to ${supporter.name}` : ''}`
    return [{ action: channelUrl(person.id, supporterId, channel), version: id, text }]
  })
}

export function channelUrl(id: number, supporterId: number | null, channel: Channel): string {
  const whose = supporterId === null ? '' : `/supporters/${supporterId}`
  return `${safeContactUrl(id)}${whose}/channels/${channel}`
}

function instructionRow({ id, contact_instruction: words }: ContactPerson, mayChange: boolean): SummaryRow {
  const change = {
    href: `/service-users/${id}/sections/contact-instruction`,
    text: 'Change',
    visuallyHiddenText: 'what everybody should do',
  }
  return {
    key: 'What everybody should do',
    lines: words === '' ? ['Nothing is written down'] : words.split('\n'),
    ...(mayChange && { actions: [change] }),
  }
}

const addressStates = {
  safe: { text: 'Confirmed as safe', colour: 'green' },
  unasked: { text: 'Not asked about', colour: 'grey' },
  paused: { text: 'Paused until it is confirmed', colour: 'yellow' },
  'not-safe': { text: 'Not to be used', colour: 'red' },
} as const satisfies Record<string, StateTag>

function addressShown(one: ContactAddress & { of: string | null }, person: ContactPerson, mayChange: boolean) {
  const { address_answers: addressAnswers, pause_id: pauseId } = person.contact
  const refusal = addressRefusal({ addressAnswers, pauseId }, one)
  const isAsked = addressAnswers.some(({ key }) => key === one.key)
  const state = refusal ?? (isAsked ? 'safe' : 'unasked')
  return {
    label: one.of === null ? one.label : `${one.label} of ${one.of}`,
    lines: one.address.split('\n'),
    key: one.key,
    state: addressStates[state],
    mayConfirm: mayChange && state !== 'safe',
    mayRuleOut: mayChange && state !== 'not-safe',
  }
}

function sentTable(messages: SentMessage[]): DataTable {
  return {
    caption: 'What was sent lately',
    captionSize: 'm',
    columns: [{ text: 'Message' }, { text: 'To' }, { text: 'Written' }, { text: 'What became of it' }],
    rows: messages.map((message) => ({
      cells: [
        { text: messageKinds[message.kind] ?? message.kind },
        { text: message.to_name ?? 'Not kept any more' },
        { text: formatShortInstant(message.created_at) },
        { tag: messageStates[messageState(message.outcome)] },
      ],
    })),
  }
}
