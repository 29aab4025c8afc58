import { formatDate, formatDue, formatInstant, formatLongDate, londonDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Link,
  Page,
  RadiosField,
  TextareaField,
} from '../lib/view-model.ts'
import { type BorrowerFacts, borrowerName } from '../loans/borrowers-rules.ts'
import { modelOf } from '../models/rules.ts'
import type { InTheWay } from './queries.ts'
import { canBeUndone, type DateKind, hasDate, type LineFacts, MOST_REASON, needsReviewDate } from './rules.ts'

interface Loan extends BorrowerFacts {
  id: number
  version: number
}

export type ChoicesPage = Page & {
  caption: string
  choices: (Link & { hint: string })[]
  elsewhere: { text: string; link: Link } | null
}

/** What can be wrong about a loan, in the words of whoever finds it. */
export function presentChoices(loan: Loan, maySeeIncidents: boolean): ChoicesPage {
  const url = correctionsUrl(loan.id)
  return {
    title: 'What is wrong with this loan?',
    caption: `Loan ${loan.id}`,
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    choices: [
      {
        href: `${url}/borrower`,
        text: 'The wrong person has been written down',
        hint: 'All of it, or some of the items, went to somebody else or to a ward.',
      },
      {
        href: `${url}/date`,
        text: 'A date is wrong',
        hint: 'The day it was lent, the day it came back, or the review.',
      },
      {
        href: `${url}/item`,
        text: 'The wrong item has been written down',
        hint: 'They have another item than it says.',
      },
      {
        href: `${url}/return`,
        text: 'A return was logged by mistake',
        hint: 'It was logged twice, or for the wrong item. Or something was given to keep by mistake.',
      },
    ],
    elsewhere: maySeeIncidents
      ? {
          text: 'Something was reported lost or stolen and is not?',
          link: { href: '/incidents', text: 'Open its incident' },
        }
      : null,
  }
}

function correctionsUrl(loanId: number): string {
  return `/loans/${loanId}/corrections`
}

export type CorrectionPage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  /** Why there is nothing to correct; then there is no form. */
  nothing: string | null
  hidden: { name: string; value: number } | null
  which: RadiosField | null
  lines: CheckboxesField | null
  line: RadiosField | null
  code: InputField | null
  date: DateField | null
  note: string | null
  reason: TextareaField
  button: string
  cancel: string
}

export interface CorrectionShown {
  loan: Loan
  lines: LineFacts[]
  today: string
  /** Ticked lines; what the form begins with when it is first shown. */
  ticked?: number[]
  /** The version the form was shown with: who did not hear yet of a change meanwhile must still hear of it. */
  version?: number
  values?: Typed
  errors?: FieldError[]
}

function commonPage(shown: CorrectionShown, name: string): Omit<CorrectionPage, 'title' | 'lead' | 'button'> {
  const { loan, values = {}, errors = [] } = shown
  return {
    caption: `Loan ${loan.id}, ${borrowerName(loan, true)}`,
    errors,
    back: { href: correctionsUrl(loan.id), text: 'What is wrong' },
    action: `${correctionsUrl(loan.id)}/${name}`,
    version: shown.version ?? loan.version,
    nothing: null,
    hidden: null,
    which: null,
    lines: null,
    line: null,
    code: null,
    date: null,
    note: null,
    reason: formFields({ values, errors }).textarea('reason', 'Why is it corrected?', {
      labelSize: 'm',
      rows: 2,
      maxlength: MOST_REASON,
      hint: 'It stays in the history, with what stood there before. Do not write about their health',
    }),
    cancel: `/loans/${loan.id}`,
  }
}

const dateChoices: { value: DateKind; text: string; hint: string }[] = [
  { value: 'lent', text: 'The day it was lent', hint: 'When they got it' },
  { value: 'returned', text: 'The day it came back', hint: 'Making it ready counts from that day' },
  { value: 'review', text: 'The review date', hint: 'A weekend or bank holiday moves to the next working day' },
]

export function presentDateForm(shown: CorrectionShown): CorrectionPage {
  const { lines, values = {}, errors = [] } = shown
  const fields = formFields({ values, errors })
  const choices = dateChoices.filter(({ value }) => lines.some((line) => hasDate(value, line)))
  const dated = lines.filter((line) => choices.some(({ value }) => hasDate(value, line)))
  return {
    ...commonPage(shown, 'date'),
    title: 'Correct a date',
    lead: 'Write down the day as it truly was.',
    nothing: dated.length === 0 ? 'Nothing in this loan has a date to correct.' : null,
    which: fields.radios('which', 'Which date is wrong?', choices, { labelSize: 'm' }),
    lines: lineBoxes(shown, dated, 'For which items?', datesOf),
    date: fields.date('right', 'The right date', { labelSize: 'm' }),
    button: 'Correct the date',
  }
}

/** What is written down now, so that nobody has to look it up. */
function datesOf(line: LineFacts, today: string): string {
  const lent = line.taken_at === null ? 'Not handed over yet' : `Lent on ${formatDate(londonDate(line.taken_at))}`
  const due = line.due_on === null ? '' : `, review ${formatDate(line.due_on)}`
  if (line.ended_at === null) return `${lent}${due}${line.due_on === null ? '' : `, ${formatDue(line.due_on, today)}`}`
  return `${lent}, ${endings[line.ended_as ?? ''] ?? 'ended'} on ${formatDate(londonDate(line.ended_at))}`
}

const endings: Record<string, string> = {
  returned: 'came back',
  given: 'given to keep',
  lost: 'lost',
  stolen: 'stolen',
  damaged: 'damaged beyond use',
}

export function presentItemForm(shown: CorrectionShown): CorrectionPage {
  const { lines, today, values = {}, errors = [] } = shown
  const fields = formFields({ values, errors })
  const only = lines.length === 1 ? lines[0]?.id : undefined
  return {
    ...commonPage(shown, 'item'),
    title: 'Correct an item',
    lead: 'The item that was written down by mistake is what it was before, as if it had never gone.',
    nothing: lines.length === 0 ? 'There is nothing in this loan.' : null,
    line: {
      id: 'line',
      name: 'line',
      label: 'Which item is wrong?',
      labelSize: 'm',
      error: errors.find((error) => error.field === 'line')?.text,
      value: shown.ticked?.[0] ?? only,
      items: lines.map((line) => ({ value: line.id, text: lineText(line), hint: datesOf(line, today) })),
    },
    code: fields.input('code', 'Scan or type the item they really have', {
      hint: 'Asset tag, serial number, IMEI or SIM number',
      labelSize: 'm',
      code: true,
      width: 20,
      autocomplete: 'off',
      spellcheck: 'false',
    }),
    button: 'Correct the item',
  }
}

export function presentReturnForm(shown: CorrectionShown): CorrectionPage {
  const { lines, values = {}, errors = [] } = shown
  const fields = formFields({ values, errors })
  const ended = lines.filter(canBeUndone)
  const gifts = ended.filter(needsReviewDate)
  return {
    ...commonPage(shown, 'return'),
    title: 'Undo a return',
    lead: 'Choose what is still on loan. It is on loan again as if it had never come back, until the same review date.',
    nothing: ended.length === 0 ? 'Nothing in this loan was logged as come back or as given to keep.' : null,
    lines: lineBoxes(shown, ended, 'What did not come back?', datesOf),
    date:
      gifts.length === 0
        ? null
        : fields.date('due', 'Review date', {
            labelSize: 'm',
            hint: `Only for what was given from the first day: ${gifts.map((line) => line.tag).join(', ')}`,
          }),
    button: 'Undo the return',
  }
}

/** Who it is really with is known by now, and the name stands in the page and not in the title. */
export function presentBorrowerForm(
  shown: CorrectionShown,
  asked: { kind: string; id: number; name: string; who: string | null },
): CorrectionPage {
  const { loan, lines } = shown
  const needsNewLoan = loan.ward_id !== null || asked.kind === 'ward'
  return {
    ...commonPage(shown, 'borrower'),
    title: 'Correct who had it',
    back: { href: `${correctionsUrl(loan.id)}/borrower`, text: 'Choose someone else' },
    hidden: { name: asked.kind, value: asked.id },
    lead: `It really went to ${asked.name}${asked.who ? ` (${asked.who})` : ''}, and not to ${borrowerName(loan, true)}.`,
    nothing: lines.length === 0 ? 'There is nothing in this loan.' : null,
    lines: lineBoxes(shown, lines, `What went to ${asked.name}?`, datesOf, true),
    note: needsNewLoan
      ? 'A new loan is made for it with the same dates. The two loans lead to each other.'
      : 'If you choose only some items, a new loan is made for those with the same dates. The two loans lead to each other.',
    button: 'Correct who had it',
  }
}

function lineBoxes(
  { ticked, errors = [], today }: CorrectionShown,
  lines: LineFacts[],
  label: string,
  hint: (line: LineFacts, today: string) => string,
  tickAll = lines.length === 1,
): CheckboxesField {
  return {
    id: 'line',
    name: 'line',
    label,
    labelSize: 'm',
    error: errors.find((error) => error.field === 'line')?.text,
    values: ticked ?? (tickAll ? lines.map((line) => line.id) : []),
    items: lines.map((line) => ({ value: line.id, text: lineText(line), hint: hint(line, today) })),
  }
}

function lineText(line: LineFacts): string {
  return `${line.tag}, ${modelOf(line)}`
}

/** What stands in the way of a correction: who had the item, or is to have it, and when. */
export function inTheWayInWords(row: InTheWay): string {
  const { tag } = row
  const who = borrowerName(row, true)
  const inWords = (at: string) => (row.kind === 'booking' ? formatInstant(at) : formatDate(londonDate(at)))
  const until = row.until === null ? '' : ` until ${inWords(row.until)}`
  const when = row.since === null ? '' : ` from ${inWords(row.since)}${until}`
  if (row.kind === 'gone') return `${tag} is no longer ours.`
  if (row.is_planned) return `${tag} is planned for ${who || 'someone else'}${when}.`
  if (row.kind === 'turnaround') return `${tag} was being made ready${when}.`
  if (row.kind === 'repair') return `${tag} was in repair${when}.`
  if (row.kind === 'placement') return `${tag} was placed with ${who}${when}.`
  return `${who || 'Someone'} had ${tag}${when}.`
}

export function reviewMoved(asked: string, day: string): string {
  return asked === day ? '' : ` ${formatLongDate(asked)} is not a working day, so it is ${formatLongDate(day)}.`
}
