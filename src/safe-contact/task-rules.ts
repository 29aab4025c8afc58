import { messageKinds } from '../messages/rules.ts'
import type { Channel, ContactFacts, Purpose, Refused } from './kinds-rules.ts'
import { addressToUse, mayContact, recipientOf } from './rules.ts'
import { channelWords, toldFor } from './words-rules.ts'

interface Told {
  supporter_id: number | null
  kind: string
  channel: Channel
  purpose: Purpose
  reason: string
}

/** What stands in the way and is no rule about contact. */
const otherReasons: Readonly<Record<string, string>> = {
  'too-late': 'The times they agreed come too late for it.',
  undelivered: 'It did not reach their phone, which may be off or broken.',
  refused: 'This number or address takes nothing from us. Ask them whether it is still theirs.',
}

/** What could not be sent and why, as a sentence. */
export function notSentInWords({ kind, channel, reason }: Pick<Told, 'kind' | 'channel' | 'reason'>): string {
  if (reason === 'by-hand') return `To do by hand: ${messageKinds[kind] ?? kind}.`
  const why = otherReasons[reason] ?? toldFor(reason as Refused, channel)
  return `Not sent (${channelWords[channel].name.toLowerCase()}): ${messageKinds[kind] ?? kind}. ${why}`
}

/** The same, with what to do in place of it as things are now: meanwhile somebody may have asked. */
export function taskInWords(
  task: Told,
  person: { state: string; parent_contact: string | null; contact: ContactFacts },
  now: Date,
): { text: string; instead: string } {
  const recipient = recipientOf(person, person.contact, task.supporter_id)
  const address = addressToUse(recipient, task.channel)
  const verdict = mayContact(recipient, address, task.channel, task.purpose, now)
  const instead = verdict.yes ? 'It is allowed by now: send it, or tell them in another way.' : verdict.instead
  return { text: notSentInWords(task), instead }
}
