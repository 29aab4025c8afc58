import { talkUrl } from '../conversations/links-rules.ts'
import type { PersonToTalkRow } from '../conversations/worklist-queries.ts'
import { formatShortDate, londonDate } from '../lib/dates.ts'
import type { TableRow } from '../lib/view-model.ts'

const words = {
  referral: { what: () => 'The conversation', when: 'Asked', link: 'Have the conversation' },
  review: { what: () => 'The conversation, or how they want to meet', when: 'Due', link: 'Talk again' },
  suggestion: {
    what: (count: number) => (count === 1 ? '1 thing to decide' : `${count} things to decide`),
    when: 'Since',
    link: 'Decide',
  },
}

/** People to talk with, each a click from their conversation. */
export function talkRows(rows: PersonToTalkRow[], kind: keyof typeof words): TableRow[] {
  const { what, when, link } = words[kind]
  return rows.map(({ service_user_id: id, service_user: name, on, count }) => ({
    cells: [
      { text: name, href: `/service-users/${id}` },
      { text: what(count) },
      { text: `${when} ${formatShortDate(on.length > 10 ? londonDate(on) : on)}` },
      {
        text: link,
        href: talkUrl(id),
        visuallyHiddenText: kind === 'suggestion' ? `what would help ${name}` : `with ${name}`,
      },
    ],
  }))
}
