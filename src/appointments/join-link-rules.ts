import { accept, type Reading, refuse } from '../lib/reading.ts'
import { safeUrl } from '../lib/safe-url.ts'
import { isLongerThan } from '../lib/text.ts'

const MOST_OF_A_LINK = 1_000

/** Reads the link to a call. One that is not https could be read, and changed, by anybody between the two. */
export function readJoinLink(link: string): Reading<string, 'too-long' | 'not-https'> {
  if (isLongerThan(link, MOST_OF_A_LINK)) return refuse('too-long', 'The link to join must be 1,000 characters or less')
  if (!/^https:\/\/\S+$/i.test(link) || safeUrl(link) === undefined) {
    return refuse('not-https', 'The link to join must begin with https:// and have no spaces')
  }
  return accept(link.replace(/^https/i, 'https'))
}
