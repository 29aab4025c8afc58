import { amountInWords, kindNames } from '../data-allowances/words-rules.ts'
import { formatShortDate } from '../lib/dates.ts'
import { inWords } from './counting-rules.ts'
import { count, listOf, type PlanShown } from './plan-presenter.ts'
import type { StockPlan } from './stock-plan-rules.ts'

/** What a file of stock would do, in words and tables. No code stands in any. */
export function presentStockPlan({ created, unchanged }: StockPlan): PlanShown {
  const vouchers = created.filter(({ kind }) => kind === 'voucher').length
  return {
    summary: [
      { key: 'New SIMs', value: count(created.length - vouchers) },
      { key: 'New vouchers', value: count(vouchers) },
      { key: 'Rows that change nothing', value: count(unchanged.length) },
    ],
    notes:
      vouchers === 0 ? [] : ['The codes are encrypted. Delete the file that you sent, and any message it came with.'],
    table: null,
    lists: [
      listOf('New stock', created, (rows) => ({
        columns: ['What', 'Number', 'Data', 'Use by', 'Line'].map((text) => ({ text })),
        rows: rows.map((row) => ({
          cells: [
            { text: `${kindNames[row.kind]}, ${row.provider}` },
            { text: row.simNumber ?? 'A code, hidden' },
            { text: amountInWords(row) },
            { text: row.useBy === null ? 'It keeps' : formatShortDate(row.useBy) },
            { text: String(row.line) },
          ],
        })),
      })),
    ],
    button: created.length === 0 ? null : `Import ${inWords(created.length, 'row')}`,
    nothingToDo: 'We have all of this stock already. There is nothing to import.',
  }
}
