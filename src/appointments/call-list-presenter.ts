import { formatTime } from '../lib/dates.ts'
import type { DataTable, Page } from '../lib/view-model.ts'
import type { NowRow } from './call-queries.ts'
import { appointmentUrl } from './links-rules.ts'
import { type Way, wayNames } from './words-rules.ts'

export type NowPage = Page & {
  lead: string
  table: DataTable | null
  isCut: boolean
  empty: { text: string; hint: string }
}

/** Who meets whom now and in the next hour, for whoever picks up the phone: the name leads to what helps them in. */
export function presentNow(rows: NowRow[], most: number, now: Date): NowPage {
  return {
    title: 'Cannot get in now?',
    back: { href: '/', text: 'Worklist' },
    lead: 'Everybody who meets somebody now or in the next hour. Choose who is on the phone.',
    isCut: rows.length === most,
    table: rows.length === 0 ? null : nowTable(rows, now),
    empty: {
      text: 'Nobody meets anybody now or in the next hour.',
      hint: 'Look under Appointments for another time. It may have been moved or cancelled.',
    },
  }
}

function nowTable(rows: NowRow[], now: Date): DataTable {
  return {
    caption: 'Now and in the next hour',
    captionHidden: true,
    columns: [{ text: 'Who' }, { text: 'When' }, { text: 'How' }, { text: 'With' }],
    rows: rows.map((row) => ({
      cells: [
        { text: row.service_user, href: appointmentUrl(row.id, 'now') },
        Date.parse(row.starts_at) <= now.getTime()
          ? { text: `Since ${formatTime(row.starts_at)}`, tag: { text: 'Now', colour: 'purple' } }
          : { text: `At ${formatTime(row.starts_at)}` },
        { text: wayNames[row.way as Way] },
        { text: [row.clinician, row.team ?? ''].filter((text) => text !== '').join(', ') || 'Not written down' },
      ],
    })),
  }
}
