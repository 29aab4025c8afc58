import type { Contact } from './contacts-rules.ts'
import { contactKey } from './contacts-rules.ts'
import { dataFor, type Forecast, forecast, type PersonsData } from './forecast-rules.ts'
import { forecastInWords } from './forecast-words-rules.ts'
import { allowanceUrl } from './words-rules.ts'

/** What to do about the allowance that falls short, and where. */
export interface Mend {
  text: string
  /** When it runs out, and before what. */
  why?: string
  href: string
}

/**
 * The allowance that does not last for a contact, or of which nobody knows, with the step that mends it; null where one of
 * theirs lasts, or they were given none.
 */
export function mendFor(contact: Pick<Contact, 'kind' | 'id'>, data: PersonsData, now: Date): Mend | null {
  const verdict = dataFor(contact, data, now)
  if (verdict === null || verdict === 'enough') return null
  const there = data.allowances
    .filter(({ cancelled_at }) => cancelled_at === null)
    .map((facts) => ({ facts, told: forecast(facts, data.contacts, data.rates, now) }))
    .filter(({ told }) => told.why !== 'over' && told.byContact.get(contactKey(contact)) === verdict)
  const short = there.find(({ told }) => told.why !== 'suspended') ?? there[0]
  if (!short) return null
  const { text, step } = steps[stepOf(short.facts.megabytes, short.told)]
  return { text, why: forecastInWords(short.told), href: `${allowanceUrl(short.facts.id)}?do=${step}` }
}

/** In a sentence, for how long the allowance lasts that is enough for a contact; null where none of theirs is. */
export function lastsFor(contact: Pick<Contact, 'kind' | 'id'>, data: PersonsData, now: Date): string | null {
  const told = data.allowances
    .map((facts) => forecast(facts, data.contacts, data.rates, now))
    .find(({ byContact }) => byContact.get(contactKey(contact)) === 'enough')
  return told ? forecastInWords(told) : null
}

const steps = {
  read: { text: 'Write down how much of their data is left', step: 'readings' },
  resume: { text: 'Resume their data', step: 'resumption' },
  extend: { text: 'Give their data a later last day', step: 'end' },
  topUp: { text: 'Top up their data', step: 'top-ups' },
} as const

function stepOf(megabytes: number | null, { status, why }: Forecast): keyof typeof steps {
  if (status === 'not-known') return 'read'
  if (why === 'suspended') return 'resume'
  return why === 'ends' || megabytes === null ? 'extend' : 'topUp'
}
