import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, formatTime } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateFieldValues, formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, Page, TableCell, TextareaField } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { modelName } from '../models/rules.ts'
import type { RecentReturn, ReturnBatch, ReturnScanRow } from './queries.ts'
import { countInWords, isWorthTypingAgain, MOST_CODES, returnOutcomes } from './rules.ts'

export const RETURNS = '/loans/returns'

export type ReturnsPage = Page & {
  heading: string
  lead: string
  key: string
  /** What was not taken back, and why; it comes before everything else. */
  problems: DataTable | null
  codes: TextareaField
  date: DateField
  isOtherDay: boolean
  taken: DataTable | null
}

export interface ReturnsShown {
  key: string
  /** What was just scanned; null when the page is opened. */
  batch: (ReturnBatch & { scans: ReturnScanRow[] }) | null
  recent: RecentReturn[]
  values?: Typed
  errors?: FieldError[]
}

/** One box to scan into, what came of the last batch, and what this person took back today. */
export function presentReturns({ key, batch, recent, values, errors = [] }: ReturnsShown): ReturnsPage {
  const shown = values ?? (batch ? valuesAfter(batch) : {})
  const fields = formFields({ values: shown, errors })
  const scans = batch?.scans ?? []
  const returned = scans.filter(({ outcome }) => outcome === 'returned')
  const others = scans.filter(({ outcome }) => outcome !== 'returned')
  const heading = batch ? countInWords(returned.length, scans.length) : 'Take back by scanning'
  return {
    title: heading,
    heading,
    lead: batch ? leadAfter(batch, returned) : '',
    errors,
    back: batch ? { href: RETURNS, text: 'Take back by scanning' } : { href: '/loans', text: 'Loans' },
    key,
    problems: others.length === 0 ? null : problemsTable(others),
    codes: {
      ...fields.textarea('codes', batch ? 'Scan what else came back' : 'Scan what came back'),
      hint: `One tag, serial number, IMEI or SIM number a line, up to ${MOST_CODES}. A scanner does this by itself.`,
      rows: scans.length > 1 || !batch ? 8 : 3,
      spellcheck: 'false',
      autocapitalize: 'none',
      // an empty box waits for the next scan; what is in it already must not be added to unseen
      autofocus: errors.length === 0 && !shown.codes,
      ...(batch && { describedBy: 'result' }),
    },
    date: fields.date('returned', 'Day they came back (optional)', { hint: 'Leave this empty if it was just now' }),
    isOtherDay: Object.entries(shown).some(([name, value]) => name.startsWith('returned-') && value !== ''),
    taken: scans.length > 1 ? takenTable(returned) : recentTable(recent),
  }
}

/** What can be put right by typing waits in the box. Alone it does not: the next scan would be added to it. */
function valuesAfter({ scans, returned_on }: NonNullable<ReturnsShown['batch']>): Typed {
  const again = scans.length > 1 ? scans.filter(({ outcome }) => isWorthTypingAgain(outcome)) : []
  return { codes: again.map(({ code }) => code).join('\n'), ...dateFieldValues('returned', returned_on) }
}

function leadAfter({ returned_on }: ReturnBatch, returned: ReturnScanRow[]): string {
  if (returned.length === 0) return ''
  const [only] = returned
  const day = returned_on === null ? '' : ` They are marked as back since ${formatDate(returned_on)}.`
  if (returned.length > 1 || !only) return `Make each item ready before it is lent again.${day}`
  return `${only.tag} is back from ${borrowerName(only, true)}. Make it ready before it is lent again.${poolWords(only)}`
}

function poolWords({ pool }: ReturnScanRow): string {
  return pool === null ? '' : ` It stays with ${pool}.`
}

function problemsTable(scans: ReturnScanRow[]): DataTable {
  return {
    caption: scans.length === 1 ? 'Not taken back' : `Not taken back (${scans.length})`,
    columns: [{ text: 'Scanned' }, { text: 'Why' }, { text: 'What to do' }],
    rows: scans.map((scan) => ({
      cells: [
        { text: scan.code, ...(scan.tag !== null && scan.tag !== scan.code && { hint: scan.tag }) },
        { tag: returnOutcomes[scan.outcome] },
        adviceOf(scan),
      ],
    })),
  }
}

function adviceOf(scan: ReturnScanRow): TableCell {
  const tag = scan.tag ?? ''
  const item = { text: `See ${tag}`, href: itemUrl(tag) }
  switch (scan.outcome) {
    case 'unknown':
      return { text: 'Check it against the label and scan it again.' }
    case 'several':
      return { text: 'Several items have this number. Type the asset tag of the one you have.' }
    case 'kit':
      return { text: 'Scan each item of the kit that came back.' }
    case 'repeated':
      return { text: 'Nothing. It counts once.' }
    case 'turnaround':
      return { text: `Make ${tag} ready`, href: `/turnaround/${scan.item_id}`, hint: 'Nobody has it on loan.' }
    case 'repair':
      return { ...item, hint: 'If it is back from repair, say so there.' }
    case 'booking':
      return { ...item, hint: 'It is handed out for a booking, and is taken back on the ward.' }
    case 'gone':
      return goneAdvice(scan)
    case 'too-early':
      return {
        ...(scan.loan_id === null ? item : { text: `Loan ${scan.loan_id}`, href: `/loans/${scan.loan_id}` }),
        hint: `${borrowerName(scan, true)} got it, or it was last used there, after that day. Check the day.`,
      }
    default:
      return { ...item, hint: 'Nobody has it on loan. If you found it somewhere, put it on its shelf.' }
  }
}

function goneAdvice({ tag, item_id, left_as }: ReturnScanRow): TableCell {
  if (left_as !== 'lost' && left_as !== 'stolen') return { text: `See ${tag}`, href: itemUrl(tag ?? '') }
  return {
    text: `Report ${tag} as found`,
    href: `/incidents/new?item=${item_id}`,
    hint: `It was reported ${left_as}.`,
  }
}

function takenTable(scans: ReturnScanRow[]): DataTable | null {
  if (scans.length === 0) return null
  return {
    caption: `Taken back (${scans.length})`,
    columns: [{ text: 'Item' }, { text: 'From' }],
    rows: scans.map((scan) => ({ cells: [itemCell(scan), fromCell(scan)] })),
  }
}

function recentTable(recent: RecentReturn[]): DataTable | null {
  if (recent.length === 0) return null
  return {
    caption: 'What you took back by scanning today, the last first',
    columns: [{ text: 'Item' }, { text: 'From' }, { text: 'At' }],
    rows: recent.map((scan) => ({ cells: [itemCell(scan), fromCell(scan), { text: formatTime(scan.made_at) }] })),
  }
}

function itemCell(scan: ReturnScanRow): TableCell {
  const what = modelName({ maker: scan.maker ?? '', name: scan.model ?? '' })
  return { text: scan.tag ?? '', href: itemUrl(scan.tag ?? ''), hint: what }
}

function fromCell(scan: ReturnScanRow): TableCell {
  const pool = poolWords(scan).trim()
  if (scan.loan_id === null) return { text: borrowerName(scan, true), ...(pool !== '' && { hint: pool }) }
  return {
    text: borrowerName(scan, true),
    href: `/loans/${scan.loan_id}`,
    visuallyHiddenText: `loan ${scan.loan_id}`,
    hint: pool || `Loan ${scan.loan_id}`,
  }
}
