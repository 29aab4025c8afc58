import { formatDate, formatInstant, formatLongDate, formatShortInstant } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DateField,
  Link,
  Page,
  RadiosField,
  SummaryRow,
  TextareaField,
} from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import type { LoanDetail, LoanLineRow } from '../loans/queries.ts'
import { modelOf } from '../models/rules.ts'
import type { OnwardPlan, Rescue } from './queries.ts'
import {
  agreedWith,
  choicesInWords,
  holdsTheirs,
  isAgreedWith,
  isOnwardChoice,
  keepField,
  linesToPlan,
  MOST_KEEP_CHARACTERS,
  MOST_NOTES_CHARACTERS,
  onwardChoice,
  onwardChoices,
  onwardPlanUrl,
  rescueOutcomes,
  withThem,
} from './rules.ts'

export type OnwardPlanPage = Page & {
  caption: string
  heading: string
  lead: string
  /** The newest plan, and what to do about it next. */
  plan: { rows: SummaryRow[]; next: (Link | { text: string })[] } | null
  rescues: { action: string; lines: RescueLine[]; canClose: boolean }
  form: {
    action: string
    key: string
    /** Unfolded, below a plan: it was sent, and something is wrong with it. */
    isOpen: boolean
    choices: CheckboxesField
    notes: TextareaField
    keep: CheckboxesField | null
    agreedWith: RadiosField
    agreedOn: DateField
    cancel: string
  } | null
}

/** Something on a device that somebody wants to keep. */
export interface RescueLine {
  heading: string
  what: string
  more: string
  /** Where to send what became of it; none once that is said. */
  outcomes: { action: string; text: string; of: string }[]
}

export interface OnwardShown extends FormShown {
  loan: LoanDetail
  lines: LoanLineRow[]
  rescues: Rescue[]
  today: string
  key: string
  choices?: string[]
  keep?: string[]
}

/** What was agreed about the time after a loan, and the form to agree on it, or on something else. */
export function presentOnwardPlan(shown: OnwardShown): OnwardPlanPage {
  const { loan, lines, rescues, errors = [] } = shown
  const plan = loan.onward_plan
  return {
    title: `What comes next: loan ${loan.id}`,
    caption: borrowerName(loan, true),
    heading: 'What comes next?',
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    errors,
    lead: leadText(shown),
    plan: plan === null ? null : { rows: planRows(plan), next: nextSteps(loan.id, plan, withThem(lines).length > 0) },
    rescues: {
      action: onwardPlanUrl(loan.id),
      canClose: rescues.some(({ closed_at }) => closed_at === null),
      lines: rescues.map((rescue) => rescueLine(rescue, `${onwardPlanUrl(loan.id)}/rescues/${rescue.id}`)),
    },
    form: withThem(lines).length === 0 ? null : presentForm(shown),
  }
}

function leadText({ loan, lines, today }: OnwardShown): string {
  const [first] = withThem(lines)
    .flatMap(({ due_on }) => (due_on === null ? [] : [due_on]))
    .sort()
  if (first === undefined) return 'Nothing of this loan is with them any more.'
  const isWaiting = linesToPlan(lines, loan.onward_plan?.covers_until ?? null, today).length > 0
  const why = isWaiting
    ? ' People lose their access when a loan just ends, so agree before then what keeps them connected.'
    : ''
  return `The loan is reviewed on ${formatLongDate(first)}.${why}`
}

/** A plan as rows of a summary. */
export function planRows(plan: OnwardPlan): SummaryRow[] {
  const who = isAgreedWith(plan.agreed_with) && plan.agreed_with === 'person' ? agreedWith.person : plan.agreed_who
  const rows: (SummaryRow | null)[] = [
    { key: 'What comes next', lines: choicesInWords(plan.choices) },
    plan.notes === '' ? null : { key: 'What was agreed', value: plan.notes },
    { key: 'Agreed', value: `${who}, on ${formatDate(plan.agreed_on)}` },
    { key: 'Written down', value: `${formatInstant(plan.recorded_at)} by ${plan.recorder}` },
    { key: 'To keep of what is on it', value: keepWords[plan.to_keep] ?? '' },
  ]
  return rows.filter((row) => row !== null && row.value !== '') as SummaryRow[]
}

const keepWords: Record<string, string> = {
  something: 'Yes: see below',
  nothing: 'Nothing',
  'not-asked': 'Nobody asked yet. Ask before it comes back: it is wiped then',
}

function nextSteps(loanId: number, plan: OnwardPlan, isOut: boolean): (Link | { text: string })[] {
  if (!isOut) return []
  return plan.choices.filter(isOnwardChoice).map((choice) => {
    const { text, page } = onwardChoice(choice).next
    return page === undefined ? { text } : { text, href: `/loans/${loanId}/${page}` }
  })
}

/** One thing to save, with what may be said of it; or what became of it. */
export function rescueLine(rescue: Rescue, url: string): RescueLine {
  const asked = `Asked for by ${rescue.asker}, ${formatShortInstant(rescue.asked_at)}.`
  if (rescue.closed_at !== null) {
    const outcome = rescue.closed_as === 'saved' ? 'Saved' : 'Not wanted any more'
    const closed = `${outcome}: ${rescue.closer}, ${formatShortInstant(rescue.closed_at)}.`
    return {
      heading: `${rescue.tag}: ${outcome.toLowerCase()}`,
      what: rescue.what,
      more: `${asked} ${closed}`,
      outcomes: [],
    }
  }
  return {
    heading: `${rescue.tag}: to save before it is wiped`,
    what: rescue.what,
    more: rescue.is_back ? `${asked} It is back, and waits for this.` : asked,
    outcomes: [
      { action: `${url}/saved`, text: rescueOutcomes.saved.text, of: rescue.tag },
      { action: `${url}/not-wanted`, text: rescueOutcomes['not-wanted'].text, of: rescue.tag },
    ],
  }
}

function presentForm(shown: OnwardShown): OnwardPlanPage['form'] {
  const { loan, key, values = dateFieldValues('agreed-on', null), errors = [] } = shown
  const field = formFields({ values, errors })
  const error = (id: string) => errors.find((one) => one.field === id)?.text
  return {
    action: onwardPlanUrl(loan.id),
    key,
    isOpen: errors.length > 0,
    choices: {
      id: 'choices',
      name: 'choices',
      label: 'What keeps them connected?',
      labelSize: 's',
      hint: 'Choose all that go together.',
      error: error('choices'),
      values: shown.choices ?? [],
      items: onwardChoices.flatMap((choice): CheckboxesField['items'] => {
        const { text, hint } = onwardChoice(choice)
        const item = { value: choice, text, ...(hint !== '' && { hint }) }
        return choice === 'nothing-more' ? [{ divider: 'or' }, { ...item, exclusive: true }] : [item]
      }),
    },
    notes: field.textarea('notes', 'Who does what, and by when? (optional)', {
      labelSize: 's',
      rows: 3,
      maxlength: MOST_NOTES_CHARACTERS,
    }),
    keep: keepCheckboxes(shown),
    agreedWith: field.radios(
      'agreed-with',
      'Who agreed to it?',
      [
        { value: 'person', text: agreedWith.person },
        {
          value: 'somebody-for-them',
          text: agreedWith['somebody-for-them'],
          hint: 'A parent, a carer or an attorney.',
          conditional: { input: field.input('agreed-who', 'Who, and what are they to them?') },
        },
      ],
      { labelSize: 's' },
    ),
    agreedOn: field.date('agreed-on', 'Day it was agreed (optional)', {
      labelSize: 's',
      hint: 'Leave this empty if it was today.',
    }),
    cancel: `/loans/${loan.id}`,
  }
}

/** The devices with them that hold something of theirs, and of which nothing is being saved already. */
export function devicesToAskAbout(lines: LoanLineRow[], rescues: Rescue[]): LoanLineRow[] {
  const saving = rescues.filter(({ closed_at }) => closed_at === null).map(({ item_id }) => item_id)
  return withThem(lines).filter((line) => holdsTheirs(line.category) && !saving.includes(line.item_id))
}

function keepCheckboxes({ lines, rescues, values = {}, errors = [], keep = [] }: OnwardShown): CheckboxesField | null {
  const devices = devicesToAskAbout(lines, rescues)
  if (devices.length === 0) return null
  const field = formFields({ values, errors })
  return {
    id: 'keep',
    name: 'keep',
    label: 'Do they want to keep anything that is on it?',
    labelSize: 's',
    hint: 'Photos, messages, documents, sign-ins. What comes back is wiped, but not before what they want to keep is saved.',
    error: errors.find((one) => one.field === 'keep')?.text,
    values: keep,
    items: [
      ...devices.map((line) => ({
        value: String(line.id),
        text: `Yes, on ${line.tag} (${modelOf(line)})`,
        conditional: {
          textarea: field.textarea(
            keepField(line.id),
            `What do they want to keep of what is on ${line.tag}, and where does it go?`,
            {
              hint: 'Write no names and no passwords here.',
              rows: 2,
              maxlength: MOST_KEEP_CHARACTERS,
            },
          ),
        },
      })),
      { divider: 'or' },
      { value: 'nothing', text: 'No, nothing', exclusive: true },
      { value: 'not-asked', text: 'Nobody asked yet', exclusive: true },
    ],
  }
}
