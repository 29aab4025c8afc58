import { inWords as dataInWords } from '../data-allowances/words-rules.ts'
import { formatShortInstant } from '../lib/dates.ts'
import { inWords } from './counting-rules.ts'
import { count, listOf, type PlanShown } from './plan-presenter.ts'
import type { ReadingPlan } from './reading-plan-rules.ts'

/** What a file of readings would do, in words and tables. A file that says GB here and MB there says so first. */
export function presentReadingPlan({ readings, unchanged, units }: ReadingPlan): PlanShown {
  const isMixed = units.gb > 0 && units.mb > 0
  return {
    summary: [
      { key: 'New readings', value: count(readings.length) },
      { key: 'Rows in GB', value: count(units.gb) },
      { key: 'Rows in MB', value: count(units.mb) },
      { key: 'Rows that change nothing', value: count(unchanged.length) },
    ],
    notes: isMixed
      ? ['Some rows say GB and some say MB. Each is read as its own row says. Check a few of them below.']
      : [],
    table: null,
    lists: [
      listOf('New readings', readings, (rows) => ({
        columns: ['SIM number', 'Left', 'Read on', 'Line'].map((text) => ({ text })),
        rows: rows.map(({ simNumber, left, readAt, line }) => ({
          cells: [
            { text: simNumber },
            { text: dataInWords(left) },
            { text: readAt === null ? 'Today' : formatShortInstant(readAt) },
            { text: String(line) },
          ],
        })),
      })),
    ],
    button: readings.length === 0 ? null : `Import ${inWords(readings.length, 'reading')}`,
    nothingToDo: 'We have all of these readings already. There is nothing to import.',
  }
}
