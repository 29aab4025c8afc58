import { categoryInSentence } from '../items/rules.ts'
import { formatShortInstant, formatTime, londonDate, parseInstant } from '../lib/dates.ts'
import { connectorName } from '../models/rules.ts'
import { type ForWhom, isProtected, purposeName } from './rules.ts'
import { freeInWords, type WaitFacts, type WaitOffer, whoWaits } from './waiting-rules.ts'

type Waiting = WaitFacts & ForWhom & { purpose: string; asked_at: string; tag: string | null }

/** Something that is free for somebody who waits: one press books it. */
export interface OfferShown {
  title: string
  detail: string
  book: { action: string; from: string; key: string; text: string }
  no: { action: string; about: string }
}

/** What is offered, as the ward's pages show it. */
export function presentOffers(offers: WaitOffer<Waiting>[], now: Date): OfferShown[] {
  return offers.map((offer) => {
    const { wait } = offer
    const who = whoWaits(wait)
    const purpose = isProtected(wait.purpose) ? ` For ${inWords(wait.purpose)}.` : ''
    return {
      title: `${freeInWords(offer, now)}: offer it to ${who}`,
      detail: `${offer.items.map(({ tag }) => tag).join(' and ')}. Asked ${formatShortInstant(wait.asked_at)}.${purpose}`,
      book: {
        action: `/waiting-list/${wait.id}/booking`,
        from: offer.from.toISOString(),
        key: crypto.randomUUID(),
        text: `Book it for ${who}`,
      },
      no: { action: `/waiting-list/${wait.id}/removal`, about: `(${who})` },
    }
  })
}

const inWords = (purpose: string) => purposeName(purpose).replace(/^A/, 'a')

/** Who waits, for what and when, as a list has it. */
export function waitInWords(wait: Waiting): { who: string; what: string; when: string } {
  const who = whoWaits(wait)
  return { who: `${who.charAt(0).toUpperCase()}${who.slice(1)}`, what: whatInWords(wait), when: timesInWords(wait) }
}

function whatInWords({ tag, categories, connector, minutes }: Waiting): string {
  const thing = tag ?? categories.map((kind) => `any ${categoryInSentence(kind)}`).join(' with ')
  return `${thing}${connector === null ? '' : ` (${connectorName(connector)})`}, for ${minutes} minutes`
}

/** "between 2pm and 5pm"; of what may be at any time until midnight, "from 2pm". */
function timesInWords({ earliest_at, latest_at }: Waiting): string {
  const latest = parseInstant(latest_at)
  const isDay = londonDate(latest) !== londonDate(parseInstant(earliest_at))
  return isDay ? `From ${formatTime(earliest_at)}` : `Between ${formatTime(earliest_at)} and ${formatTime(latest)}`
}
