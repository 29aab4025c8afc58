import type { DueDataRow } from '../data-allowances/due-queries.ts'
import { type DueData, dueData } from '../data-allowances/due-rules.ts'
import { contactInWords } from '../data-allowances/forecast-words-rules.ts'
import type { listLowStock } from '../data-allowances/stock-queries.ts'
import { allowanceUrl, amountInWords, type Kind, kindNames } from '../data-allowances/words-rules.ts'
import { formatShortDate } from '../lib/dates.ts'
import type { TableRow } from '../lib/view-model.ts'

type Due = DueData<DueDataRow>
export type LowStock = Awaited<ReturnType<typeof listLowStock>>[number]

/** Data that runs out before a contact, ends soon, or runs on after its loan; each with the page on which that is mended. */
export function dataRows(rows: readonly DueDataRow[], now: Date, today: string): TableRow[] {
  return dueData(rows, now, today).map((due) => {
    const { id, kind, provider } = due.row
    const who = due.row.service_user ?? due.row.ward ?? due.row.staff_member ?? 'Somebody out of reach'
    const what = `${kindNames[kind as Kind]}, ${provider}`
    // a voucher has no SIM
    const fix = due.why === 'unused' && kind === 'voucher' ? fixes['loan-ended'] : fixes[due.why]
    return {
      cells: [
        { text: who, href: whoUrl(due.row) },
        { text: what, hint: reasonInWords(due) },
        { text: due.on === null ? 'Now' : formatShortDate(due.on) },
        {
          text: fix.text,
          href: `${allowanceUrl(id)}?do=${fix.step}`,
          visuallyHiddenText: `(${what}, for ${who})`,
        },
      ],
    }
  })
}

/** Sorts of our stock of which few are left. */
export function lowStockRows(stock: readonly LowStock[]): TableRow[] {
  return stock.map((sort) => {
    const what = [kindNames[sort.kind], sort.provider, sort.network].filter((word) => word !== '').join(', ')
    const left = sort.left_count === 0 ? 'None left' : `${sort.left_count} left`
    return {
      cells: [
        { text: 'Our stock', href: '/data-allowances/stock' },
        { text: `${what}: ${amountInWords(sort)}`, hint: left },
        { text: 'Now' },
        { text: 'Bring in more', href: '/data-allowances/stock/import', visuallyHiddenText: `(${what})` },
      ],
    }
  })
}

function whoUrl({ id, service_user_id }: DueDataRow): string {
  return service_user_id === null ? allowanceUrl(id) : `/service-users/${service_user_id}`
}

/** What mends it, and the step on its page that opens at once. */
const fixes: Readonly<Record<Due['why'], { text: string; step: string }>> = {
  'loan-ended': { text: 'Suspend it, or cancel it', step: 'suspension' },
  'runs-out': { text: 'Top it up', step: 'top-ups' },
  suspended: { text: 'Resume it', step: 'resumption' },
  ends: { text: 'Extend it, or find a cheaper tariff', step: 'end' },
  low: { text: 'Top it up', step: 'top-ups' },
  warn: { text: 'Warn them first', step: 'warning' },
  overdue: { text: 'Suspend it, or extend the loan', step: 'suspension' },
  unused: { text: 'Replace the SIM, or suspend it', step: 'sim' },
}

function reasonInWords({ why, before }: Due): string {
  if (why === 'loan-ended') return 'Still running, though the loan it was given with has ended'
  if (why === 'ends') return 'Ends soon'
  if (why === 'warn') return 'Given with an item that is overdue'
  if (why === 'overdue') return 'Given with an item that is overdue. They were warned a week ago'
  if (why === 'unused') return 'Not used for 30 days: ask whether it works'
  if (why === 'low') return 'Less than 500 MB left: about one video call'
  const contact = before === null ? 'what is booked' : contactInWords(before)
  return why === 'suspended' ? `Suspended, and there is ${contact}` : `Does not last for ${contact}`
}
