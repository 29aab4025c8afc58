import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** OWASP ASVS 5.0, V6.2.1: 15 where the password stands alone, 8 where a second step follows it. */
export const SHORTEST = 15
export const SHORTEST_WITH_SECOND_STEP = 8
/** The fewest characters for somebody whose role must use a second step, or need not. */
export function shortestFor(isSecondStepRequired: boolean): number {
  return isSecondStepRequired ? SHORTEST_WITH_SECOND_STEP : SHORTEST
}

/** Far more than anybody types; a limit keeps a form from being a load. */
export const LONGEST = 1_000

/** What is known about whoever chooses it: words that somebody who knows them would try first. */
export interface Chooser {
  name: string
  email: string
  organisation: string
}

/**
 * Why a password cannot be taken, or null. No rule about kinds of characters and no end date (V6.2.5, V6.2.10): it must be
 * long enough and hard to guess. How hard is asked of a kept library, which knows 40,000 common passwords, keyboard rows,
 * repeats and dates. What it does not weigh is a row of words that anybody would try here first: names of the person, the
 * organisation and this service. Those are taken out, and what is left must still be something.
 */
export function passwordProblem(password: string, chooser: Chooser, shortest = SHORTEST): string | null {
  const length = [...password].length
  if (length === 0) return 'Enter a password'
  if (length < shortest) return `Password must be ${shortest} characters or more. ${advice}`
  if (length > LONGEST) return `Password must be ${LONGEST} characters or less`
  if (isMadeOfOwnWords(password, chooser))
    return `Password must not be made of names of people or places here. ${advice}`
  const { score } = guesserOf().check(password)
  return score < (shortest < SHORTEST ? 2 : 3) ? `This password is too easy to guess. ${advice}` : null
}

const advice = 'Three or four words that do not belong together are good'

const serviceWords = 'digital inclusion loans loan manage tablet champion ward nhs trust hospital mental health'
/** Fewer letters and numbers than this, beside the words that anybody would try, are no password. */
const FEWEST_OF_ONES_OWN = 6

function isMadeOfOwnWords(password: string, { name, email, organisation }: Chooser): boolean {
  const split = (text: string) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  const known = split(`${name} ${email} ${organisation} ${serviceWords}`).filter((word) => word.length > 2)
  const rest = known
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, word) => text.replaceAll(word, ' '), password.toLowerCase())
  const isTouched = rest !== password.toLowerCase()
  return isTouched && [...rest.replaceAll(/[\s\p{P}\p{S}]/gu, '')].length < FEWEST_OF_ONES_OWN
}

let guesser: ZxcvbnFactory | undefined

/** Made when it is first needed: its lists take a moment to read, and most processes never ask. */
function guesserOf(): ZxcvbnFactory {
  guesser ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: 128 })
  return guesser
}
