import { formatInstant, formatLongDate } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'
import { type Contact, contactKey, costOf, type DataRates, minutesOf, rateOf } from './contacts-rules.ts'
import type { DataFacts, DataStatus, Forecast } from './forecast-rules.ts'
import { inWords } from './words-rules.ts'

export const statusTags: Readonly<Record<DataStatus, StateTag>> = {
  enough: { text: 'Enough', colour: 'green' },
  'not-enough': { text: 'Not enough', colour: 'red' },
  'not-known': { text: 'Not known', colour: 'yellow' },
}

const wayWords: Readonly<Record<string, string>> = { video: 'video', phone: 'phone', text: 'text chat' }

/** A video appointment on Friday 7 August 2026 at 10am. */
export function contactInWords({ kind, way, starts_at }: Contact): string {
  const what = kind === 'appointment' ? 'appointment' : 'call with a champion'
  return `the ${wayWords[way] ?? way} ${what} on ${formatInstant(starts_at)}`
}

/** One sentence: when it runs out, and before what. */
export function forecastInWords({ status, why, runsOutOn, before, balance, byContact }: Forecast): string {
  if (why === 'over') return 'It is over.'
  if (why === 'suspended') return 'It is suspended.'
  if (status === 'not-known') {
    return balance === null
      ? 'Nobody read yet how much is left.'
      : `The last reading is ${daysInWords(balance.daysOld)}. Read it again.`
  }
  const day = runsOutOn === null ? '' : ` on ${formatLongDate(runsOutOn)}`
  if (before !== null) {
    if (why === 'not-begun') return `It has not begun by ${contactInWords(before)}.`
    const verb = why === 'ends' ? 'There is none from' : 'Runs out'
    return `${verb}${why === 'ends' ? day.replace(' on ', ' ') : day}, before the end of ${contactInWords(before)}.`
  }
  if (why === 'used-up') return 'There is none left.'
  const until = runsOutOn === null ? 'It lasts for more than a year' : `Lasts until it runs out${day}`
  return byContact.size === 0
    ? `${until}. Nothing is booked that takes data.`
    : `${until}, after everything that is booked.`
}

function daysInWords(days: number): string {
  return days <= 0 ? 'from today' : days === 1 ? '1 day old' : `${days} days old`
}

/** What is left, as of when. */
export function balanceInWords({ megabytes }: Pick<DataFacts, 'megabytes'>, { balance }: Forecast): string {
  if (megabytes === null) return 'No limit'
  if (balance === null) return 'Not read yet'
  return `${inWords(balance.left)} (reading ${daysInWords(balance.daysOld)})`
}

/** How it was worked out, line by line, with where each figure comes from. */
export function workedOut(
  { megabytes }: Pick<DataFacts, 'megabytes'>,
  told: Forecast,
  contacts: readonly Contact[],
  rates: DataRates,
): string[] {
  const { balance, use } = told
  const coming = contacts
    .filter((contact) => told.byContact.has(contactKey(contact)))
    .toSorted((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))
  return [
    ...(megabytes === null ? ['It has no limit, so only its days count.'] : []),
    ...(balance === null ? [] : [`${inWords(balance.read)} was left on ${formatInstant(balance.at)}.`]),
    ...(balance && balance.toppedUp > 0 ? [`${inWords(balance.toppedUp)} was added since.`] : []),
    ...(megabytes === null
      ? []
      : [
          use.isMeasured
            ? `${inWords(use.perDay)} a day is used, as the readings tell.`
            : `${inWords(use.perDay)} a day is taken, until two readings that are a day apart tell more.`,
        ]),
    ...coming.map((contact) => costInWords(contact, rates)),
    ...(megabytes === null ? [] : ['1 GB is taken as 1,000 MB.']),
  ]
}

function costInWords(contact: Contact, rates: DataRates): string {
  const { way, platform, platform_mb } = contact
  const isOfPlatform = way !== 'phone' && platform_mb !== null && platform
  const [whose, from] = isOfPlatform
    ? [`the figure of ${platform}`, contact.platform_source]
    : ['our own figure', rates.source]
  const source = from ? `${whose}: ${from}` : whose
  const rate = `${minutesOf(contact)} minutes × ${rateOf(contact, rates)} MB = ${inWords(costOf(contact, rates))}`
  const words = contactInWords(contact)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${rate} (${source}).`
}
