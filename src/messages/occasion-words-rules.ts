import { formatInstant, formatLongDate, parseInstant } from '../lib/dates.ts'
import type { How } from '../safe-contact/kinds-rules.ts'
import type { Occasion } from './occasion-rules.ts'
import { oursFor, type WordedKind } from './ours-rules.ts'
import { asText, filled, type Known, type Values, wordsToUse } from './wording-rules.ts'

export interface Words {
  subject: string
  body: string
}

/** How somebody meets, as it stands in a message: of no way is it told what for. */
const meetings: Readonly<Record<string, string>> = {
  video: 'video call',
  phone: 'phone call',
  'face-to-face': 'meeting',
  'home-visit': 'visit at home',
}

/** What there is to fill in about one occasion. */
export function valuesOf(told: Pick<Occasion, 'about_at' | 'about_on' | 'sender' | 'detail'>): Values {
  return {
    'call or visit': meetings[told.detail ?? ''] ?? 'call',
    'day and time': told.about_at === null ? '' : formatInstant(parseInstant(told.about_at)),
    day: told.about_on === null ? 'the day we agreed' : formatLongDate(told.about_on),
    'who they meet': told.sender ?? '',
  }
}

/** To whom and from whom. The organisation is named only where they agreed to that. */
export interface Sender {
  toName: string
  sender: string | null
  organisation: string
}

interface ToWrite {
  kind: WordedKind
  /** The organisation's own words for it, if it has any. */
  known: Known | undefined
  values: Values
  to: Sender
  how: Pick<How, 'namesService'>
}

/** What one message says to one person: as an email, or as a text, which has no subject. */
export function writeMessage({ kind, known, values, to, how }: ToWrite, by: 'email' | 'text' | 'letter'): Words {
  const ours = oursFor(kind)
  const names = [to.sender, how.namesService ? to.organisation : ''].filter((name) => name !== null && name !== '')
  const all = { ...values, name: to.toName, signed: names.join(by === 'text' ? ', ' : '\n') }
  const said = (part: keyof typeof ours) => filled(wordsToUse(part, ours, known, how.namesService), all)
  if (by === 'text') return { subject: '', body: asText(said('text')) }
  return { subject: said('subject'), body: said(by === 'email' ? 'body' : 'letter') }
}
