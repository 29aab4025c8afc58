import { cleanPhone } from '../lib/text.ts'
import type { ContactFacts } from './kinds-rules.ts'
import { addressRefusal } from './rules.ts'

/**
 * Whether a number that was written down elsewhere, such as with an appointment, may be used: `not-safe` where it is said of the
 * same number on the record, `paused` until somebody confirms it, undefined where nothing speaks against it.
 */
export function numberRefusal(number: string, facts: ContactFacts): 'not-safe' | 'paused' | undefined {
  const asked = keyOf(number)
  const known = facts.address_answers.find(({ key }) => keyOf(key) === asked && asked !== undefined)
  return addressRefusal(
    { addressAnswers: facts.address_answers, pauseId: facts.pause_id },
    { key: known?.key ?? number },
  )
}

const keyOf = (number: string): string | undefined => cleanPhone(number).value?.normalised
