import { flagsOf, whatShutsOut } from '../conversations/flag-rules.ts'
import { talkUrl } from '../conversations/links-rules.ts'
import { levelTags } from '../conversations/tags-rules.ts'
import type { Link, SummaryRow } from '../lib/view-model.ts'
import type { PersonRecord } from './section-queries.ts'

export interface ShutOut {
  rows: SummaryRow[]
  /** Where there is no row. */
  none: string
  link: Link
}

/** What shuts somebody out, in short, the most urgent first. Why, and what would help, is a page of its own. */
export function presentShutOut({ id, said }: Pick<PersonRecord, 'id' | 'said'>): ShutOut {
  const isAsked = said.length > 0
  return {
    rows: whatShutsOut(flagsOf(said)).map(({ factor, level, says }) => ({
      key: factor.name,
      tag: levelTags[level],
      value: says.join('. '),
    })),
    none: isAsked ? 'Nothing that they were asked about.' : 'Nobody has asked them yet.',
    link: { href: talkUrl(id), text: isAsked ? 'See why, and what would help' : 'Have the conversation' },
  }
}
