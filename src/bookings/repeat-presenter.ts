import { formatLongDate, londonDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, Page, SelectField } from '../lib/view-model.ts'
import type { BookedHold, BookingRow } from './queries.ts'
import { type Clash, MOST_REPEATS } from './repeat-rules.ts'
import { bookingUrl, timesInWords, useOf } from './rules.ts'

export type RepeatPage = Page & {
  caption: string
  lead: string
  action: string
  key: string
  weeks: SelectField
  clashes: DataTable | null
  /** To book the weeks that are left. */
  others: string | null
}

export interface RepeatShown extends FormShown {
  booking: BookingRow
  holds: BookedHold[]
  key: string
  weeks: string
  clashes?: Clash[]
}

/** The same booking, week after week; and each week in which it clashes. */
export function presentRepeat({ booking, holds, key, weeks, errors = [], clashes = [] }: RepeatShown): RepeatPage {
  const use = useOf(booking, holds)
  const left = Number(weeks) - clashes.length
  return {
    title: `Repeat each week: ${holds.map(({ tag }) => tag).join(', ')}`,
    caption: booking.ward,
    back: { href: bookingUrl(booking), text: `Booking ${booking.id}` },
    errors,
    lead: `It is booked for ${formatLongDate(londonDate(use.from))}, ${timesInWords(use)}.`,
    action: `${bookingUrl(booking)}/repeats`,
    key,
    weeks: formFields({ values: { weeks }, errors }).select(
      'weeks',
      'How many weeks more?',
      Array.from({ length: MOST_REPEATS }, (_, at) => ({
        value: at + 1,
        text: at === 0 ? '1 week' : `${at + 1} weeks`,
      })),
      { hint: 'At the same time, for the same person and purpose.' },
    ),
    clashes: clashes.length === 0 ? null : clashTable(clashes),
    others:
      clashes.length === 0 || left < 1 ? null : left === 1 ? 'Book the other week' : `Book the other ${left} weeks`,
  }
}

function clashTable(clashes: Clash[]): DataTable {
  return {
    caption: 'Weeks in which it cannot be booked',
    columns: [{ text: 'Day' }, { text: 'Why' }],
    rows: clashes.map(({ date, why }) => ({ cells: [{ text: formatLongDate(date) }, { text: why }] })),
  }
}
