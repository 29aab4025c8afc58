import { formatDate, formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { formatPounds } from '../lib/money.ts'
import type {
  DateField,
  InputField,
  Link,
  Page,
  RadiosField,
  StateTag,
  SummaryRow,
  TextareaField,
  TimelineEntry,
} from '../lib/view-model.ts'
import { forecast } from './forecast-rules.ts'
import { balanceInWords, forecastInWords, statusTags, workedOut } from './forecast-words-rules.ts'
import { holderInWords, whatInWords } from './list-presenter.ts'
import { units } from './megabytes-rules.ts'
import { overdueStep } from './overdue-rules.ts'
import type { AllowanceDetail } from './queries.ts'
import { allowanceUrl, amountInWords, type Because, becauseWords, changeWords, inWords } from './words-rules.ts'

/** One thing that can be done with it, behind a line that opens. */
export interface Step {
  summary: string
  open: boolean
  action: string
  key?: string
  version?: number
  text?: string
  input?: InputField
  unit?: RadiosField
  date?: DateField
  reason?: TextareaField
  why?: RadiosField
  button: string
  isGrave?: boolean
}

export type AllowancePage = Page & {
  name: string
  state: StateTag
  lead: string
  explained: string[]
  about: SummaryRow[]
  steps: Step[]
  signpost: Link | null
  history: TimelineEntry[]
}

export interface AllowanceShown extends FormShown {
  allowance: AllowanceDetail
  now: Date
  key: string
  /** The step that is open, as a link from elsewhere asked for it. */
  step?: string
}

/** One allowance: whether it lasts, how that was worked out, and what can be done. */
export function presentAllowance(shown: AllowanceShown): AllowancePage {
  const { allowance, now } = shown
  const told = forecast(allowance, allowance.contacts, allowance.rates, now)
  return {
    title: 'Data allowance',
    name: `${whatInWords(allowance)}, for ${holderInWords(allowance)}`,
    errors: shown.errors,
    back: backOf(allowance),
    state: statusTags[told.status],
    lead: forecastInWords(told),
    explained: workedOut(allowance, told, allowance.contacts, allowance.rates),
    about: aboutRows(allowance, balanceInWords(allowance, told)),
    steps: (allowance.cancelled_at === null ? stepsOf(shown) : []).map((step) => ({
      ...step,
      open: step.open || step.action === allowanceUrl(allowance.id, shown.step ?? ''),
    })),
    signpost:
      told.status === 'enough' && allowance.ends_on === null && !shown.step
        ? null
        : { href: '/signposts?kind=tariff', text: 'Cheaper tariffs and free data nearby' },
    history: history(allowance),
  }
}

function backOf({ service_user_id }: AllowanceDetail): Link {
  if (service_user_id === null) return { href: '/data-allowances', text: 'Data allowances' }
  return { href: `/data-allowances?person=${service_user_id}`, text: 'Their data' }
}

function aboutRows(allowance: AllowanceDetail, left: string): SummaryRow[] {
  const { service_user_id, loan_id, tag, sim_number, ends_on, cost_pence, funder, network } = allowance
  const told = (key: string, value: string): SummaryRow[] => (value === '' ? [] : [{ key, value }])
  return [
    { key: 'Left', value: left },
    { key: 'What was given', value: amountInWords(allowance) },
    {
      key: 'Who has it',
      value: holderInWords(allowance),
      ...(service_user_id !== null && { href: `/service-users/${service_user_id}` }),
    },
    ...(loan_id === null ? [] : [{ key: 'With', value: tag ?? 'An item', href: `/loans/${loan_id}` }]),
    ...told('Network', network),
    ...told('SIM number', sim_number ?? ''),
    { key: 'First day', value: formatDate(allowance.starts_on) },
    { key: 'Last day', value: ends_on === null ? 'No end is agreed' : formatDate(ends_on) },
    ...told('Suspended because', suspendedBecause(allowance)),
    ...eligibilityRows(allowance),
    ...told('Paid by', funder),
    ...told('Cost', cost_pence === null ? '' : formatPounds(cost_pence)),
  ]
}

function suspendedBecause({ suspended_because: why }: AllowanceDetail): string {
  return why !== null && Object.hasOwn(becauseWords, why) ? becauseWords[why as Because] : ''
}

/** What a funder asked for, as it was answered. */
function eligibilityRows({ is_adult, has_low_income, lacks_access }: AllowanceDetail): SummaryRow[] {
  const told = (key: string, value: boolean | null) => (value === null ? [] : [{ key, value: value ? 'Yes' : 'No' }])
  return [
    ...told('18 or over', is_adult),
    ...told('On a low income', has_low_income),
    ...told('No or too little access', lacks_access),
  ]
}

function codeStep({ allowance, key, values = {}, errors = [] }: AllowanceShown): Step[] {
  if (allowance.code_views === null) return []
  const isFirst = allowance.code_views === 0 && allowance.is_given_by_them
  const isWrong = errors.some((error) => error.field === 'reason')
  return [
    {
      ...{ summary: isFirst ? 'Show the code' : 'Show the code again', open: isFirst || isWrong, key },
      ...{ action: allowanceUrl(allowance.id, 'code'), button: 'Show the code' },
      text: isFirst
        ? 'You see it once. Have whoever gets it beside you, or something to hand over.'
        : 'It was shown before, or somebody else gave it. Who looks, and why, is written down.',
      ...(!isFirst && {
        reason: formFields({ values, errors }).textarea('reason', 'Why is it needed again?', { rows: 2 }),
      }),
    },
  ]
}

function stepsOf(shown: AllowanceShown): Step[] {
  const { allowance, key, values = {}, errors = [] } = shown
  const { version, suspended_at, megabytes, kind } = allowance
  const field = formFields({ values, errors })
  const url = (page: string) => allowanceUrl(allowance.id, page)
  const isWrong = (...ids: string[]) => errors.some((error) => ids.some((id) => error.field?.startsWith(id)))
  const unit = (id: string) => field.radios(`${id}-unit`, 'In MB or GB?', [...units], { inline: true, small: true })
  const amount = (id: string, label: string) => field.input(id, label, { width: 5, inputmode: 'decimal' })
  const limited: Step[] = [
    {
      ...{ summary: 'Enter a reading', open: isWrong('left', 'read-on'), action: url('readings'), key },
      ...{ input: amount('left', 'How much is left?'), unit: unit('left'), button: 'Save this reading' },
      date: field.date('read-on', 'When was it read? (optional)', { hint: 'Leave this empty if it is from now' }),
    },
    {
      ...{ summary: 'Top it up', open: isWrong('added'), action: url('top-ups'), key, button: 'Save this top-up' },
      ...{ input: amount('added', 'How much was added?'), unit: unit('added') },
    },
  ]
  const newEnd: Step = {
    ...{
      summary: 'Change the last day',
      open: isWrong('ends-on'),
      action: url('end'),
      version,
      button: 'Save the last day',
    },
    date: field.date('ends-on', 'What is the last day?'),
  }
  const newSim: Step = {
    ...{
      summary: 'Replace the SIM',
      open: isWrong('sim-number'),
      action: url('sim'),
      version,
      button: 'Save the new SIM',
    },
    text: 'What is left goes on on the new one.',
    input: field.input('sim-number', 'What is the number of the new SIM?', {
      ...{
        inputmode: 'numeric',
        width: 20,
        code: true,
        autocomplete: 'off',
        hint: '19 or 20 digits, printed on the card',
      },
    }),
  }
  return [
    ...codeStep(shown),
    ...(megabytes === null ? [] : limited),
    newEnd,
    ...(kind === 'voucher' ? [] : [newSim]),
    ...(suspended_at === null ? warning(shown, url) : []),
    suspended_at === null ? suspend(shown, url) : { ...resume, action: url('resumption'), version },
    { ...cancel, action: url('cancellation'), version },
  ]
}

/** Somebody decides it, and is told first what is booked. */
function suspend({ allowance, now, values = {}, errors = [] }: AllowanceShown, url: (page: string) => string): Step {
  const { contacts, rates, version } = allowance
  const count = forecast(allowance, contacts, rates, now).byContact.size
  const booked = count === 1 ? '1 call that takes data is booked.' : `${count} calls that take data are booked.`
  return {
    ...{ summary: 'Suspend it', action: url('suspension'), version, button: 'Suspend it', isGrave: true },
    open: errors.some(({ field }) => field === 'why'),
    text: `${count === 0 ? '' : `${booked} Find another way to reach them first. `}It has to be stopped at the provider, too.`,
    why: formFields({ values, errors }).radios('why', 'Why?', reasonsFor(overdueStep(allowance, now)), { small: true }),
  }
}

/** That the item is overdue is a reason only after a warning, where the organisation turned it on, and while no call is booked. */
function reasonsFor(step: ReturnType<typeof overdueStep>) {
  const reasons = Object.entries(becauseWords).map(([value, text]) => ({ value, text }))
  return reasons.filter(({ value }) => value !== 'overdue' || step === 'decide')
}

/** They are told before anything is stopped, in a way that is safe for them. */
function warning({ allowance, now }: AllowanceShown, url: (page: string) => string): Step[] {
  const { due_on, version } = allowance
  if (due_on === null || overdueStep(allowance, now) !== 'warn') return []
  return [
    {
      ...{
        summary: 'Warn them: it is overdue',
        open: false,
        action: url('warning'),
        version,
        button: 'They are warned',
      },
      text: `The item was due on ${formatDate(due_on)}. Tell them, in the way that is safe for them, that the data stops in 7 days unless it comes back or its loan is extended. Then press this.`,
    },
  ]
}

const resume: Omit<Step, 'action'> = {
  ...{ summary: 'Resume it', open: false, button: 'Resume it' },
  text: 'It has to be started again at the provider, too.',
}

const cancel: Omit<Step, 'action'> = {
  ...{ summary: 'Cancel it', open: false, button: 'Cancel it for good', isGrave: true },
  text: 'It is over then. It stays in the list of what is over.',
}

function history({ changes, read }: AllowanceDetail): TimelineEntry[] {
  const done = changes.map(({ kind, at, staff_member, megabytes, sim_number }) => ({
    when: at,
    text: `${staff_member} ${changeWords[kind]}${megabytes === null ? '' : ` by ${inWords(megabytes)}`}.`,
    lines: sim_number === null ? [] : [`Until then it was on SIM ${sim_number}`],
  }))
  const readings = read.map(({ at, left, staff_member }) => ({
    when: at,
    text: `${inWords(left)} was left, written down by ${staff_member}.`,
    lines: [],
  }))
  return [...done, ...readings]
    .toSorted((one, other) => Date.parse(other.when) - Date.parse(one.when))
    .map(({ when, ...entry }) => ({ at: formatInstant(when), ...entry }))
}
