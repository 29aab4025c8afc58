import { formatInstant, formatLongDate, formatTime, londonDate, londonToday } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Page,
  RadiosField,
  SelectField,
  StateTag,
  SummaryRow,
} from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { restrictionWarnings } from '../restrictions/rules.ts'
import { lengthQuestion, startOptions, timetableOf, whenValues } from './form-presenter.ts'
import type { BookedHold, BookingRow } from './queries.ts'
import {
  addMinutes,
  bookingState,
  bookingStates,
  bookingUrl,
  EARLY_MINUTES,
  forWhom,
  isOut,
  isProtected,
  isToCome,
  lengths,
  purposeName,
  timesInWords,
  useOf,
} from './rules.ts'

export interface BookingShown extends FormShown {
  booking: BookingRow
  holds: BookedHold[]
  now: Date
}

export type BookingPage = Page & {
  caption: string
  state: StateTag
  /** What whoever hands something out reads first. */
  warnings: { heading: string; lines: string[] }[]
  version: number
  summary: SummaryRow[]
  handOut: { action: string; isThere: CheckboxesField | null; at: InputField; why: string | null } | null
  takeBack: {
    action: string
    holds: CheckboxesField | null
    hidden: number[]
    isClean: CheckboxesField
    at: InputField
  } | null
  /** Whether a time on paper was typed, so that it is seen. */
  isAtOpen: boolean
  extension: { action: string; end: InputField } | null
  move: string | null
  repeat: string | null
  cancellation: string | null
}

/** A booking: what it takes, where it stands, and what can be done with it now. */
export function presentBooking(shown: BookingShown): BookingPage {
  const { booking, holds, now, errors = [] } = shown
  const use = useOf(booking, holds)
  const state = bookingState(booking, holds, now)
  const url = bookingUrl(booking)
  const isPlanned = holds.some(isToCome)
  return {
    title: holds.map(({ tag }) => tag).join(', '),
    caption: `${booking.ward}: booking ${booking.id}`,
    back: { href: timetableOf(booking.ward_code, use.from), text: 'Timetable' },
    errors,
    state: bookingStates[state],
    warnings: isPlanned || holds.some(isOut) ? restrictionWarnings(booking.restrictions, londonToday(now)) : [],
    version: booking.version,
    summary: summaryRows(booking, holds, formatLongDate(londonDate(use.from)), timesInWords(use)),
    isAtOpen: (shown.values?.at ?? '') !== '',
    handOut: isPlanned ? presentHandOut(shown) : null,
    takeBack: holds.some(isOut) ? presentTakeBack(shown) : null,
    extension: holds.some(isOut) ? presentExtension(shown) : null,
    move: isPlanned && !holds.some(isOut) ? `${url}/time` : null,
    repeat: state === 'cancelled' || state === 'not-collected' ? null : `${url}/repeats`,
    cancellation: isPlanned ? `${url}/cancellation` : null,
  }
}

function summaryRows(booking: BookingRow, holds: BookedHold[], day: string, times: string): SummaryRow[] {
  const isNamed = booking.may_see && booking.service_user_id !== null
  return [
    { key: 'When', lines: [day, times] },
    ...(booking.may_see
      ? [
          { key: 'For', lines: [forWhom(booking), ...(isNamed && !booking.is_on_ward ? [gone(booking)] : [])] },
          {
            key: 'What for',
            lines: [
              purposeName(booking.purpose),
              ...(isProtected(booking.purpose) ? ['Kept for them, even when they come late.'] : []),
            ],
          },
        ]
      : []),
    {
      key: holds.length === 1 ? 'Item' : 'Items',
      lines: holds.map((hold) => `${hold.tag}, ${modelOf(hold)}: ${holdInWords(hold)}`),
    },
    { key: 'Booked', lines: [`by ${booking.maker}`, formatInstant(booking.made_at)] },
  ]
}

function gone({ state }: BookingRow): string {
  return state === 'died'
    ? 'Their record says that they died.'
    : 'Their record says that they are not on this ward any more.'
}

function holdInWords(hold: BookedHold): string {
  if (hold.ended_at !== null) return `back at ${formatTime(hold.ended_at)}`
  if (hold.taken_at !== null) return `handed out at ${formatTime(hold.taken_at)}`
  if (hold.cancelled_at !== null) return 'not handed out'
  if (hold.other_kind === 'turnaround') return 'being made ready'
  if (hold.other_kind === 'repair') return 'in repair'
  return hold.other_kind === null ? 'here' : 'somebody still has it'
}

function presentHandOut({ booking, holds, now, values, errors = [] }: BookingShown): BookingPage['handOut'] {
  const { from } = useOf(booking, holds.filter(isToCome))
  const earliest = addMinutes(from, -EARLY_MINUTES)
  const asksWhetherThere = booking.is_on_ward === false && booking.state !== 'died'
  return {
    action: `${bookingUrl(booking)}/hand-out`,
    at: timeOnPaper('When was it handed out?', values, errors),
    why: now < earliest ? `It can be handed out from ${formatTime(earliest)} on that day.` : null,
    isThere: asksWhetherThere
      ? {
          id: 'there',
          name: 'there',
          label: 'Their record says that they are not on this ward any more',
          error: errors.find(({ field }) => field === 'there')?.text,
          values: values?.there ? [values.there] : [],
          items: [{ value: 'yes', text: 'They are here, and it goes to them' }],
        }
      : null,
  }
}

function presentTakeBack({ booking, holds, values, errors = [] }: BookingShown): BookingPage['takeBack'] {
  const out = holds.filter(isOut)
  const isOne = out.length === 1
  return {
    action: `${bookingUrl(booking)}/take-back`,
    at: timeOnPaper('When did it come back?', values, errors),
    holds: isOne
      ? null
      : {
          id: 'hold',
          name: 'hold',
          label: 'What is back?',
          labelSize: 's',
          error: errors.find(({ field }) => field === 'hold')?.text,
          values: out.map(({ id }) => id),
          items: out.map(({ id, tag }) => ({ value: id, text: tag })),
        },
    hidden: isOne ? out.map(({ id }) => id) : [],
    isClean: {
      id: 'clean',
      name: 'clean',
      label: 'Is it clean?',
      labelHidden: true,
      small: true,
      values: [],
      items: [{ value: 'yes', text: 'It is clean already, so it is free at once' }],
    },
  }
}

/** For what was done on paper while the network was down. */
function timeOnPaper(label: string, values: Typed = {}, errors: FormShown['errors'] = []): InputField {
  const hint = 'Like 14:05. Leave it empty if it was just now.'
  return formFields({ values, errors }).input('at', `${label} (optional)`, { width: 5, hint, autocomplete: 'off' })
}

function presentExtension({ booking, holds, values = {}, errors = [] }: BookingShown): BookingPage['extension'] {
  const { until } = useOf(booking, holds.filter(isOut))
  const field = formFields({ values: { end: whenValues(until).from ?? '', ...values }, errors })
  return {
    action: `${bookingUrl(booking)}/end`,
    end: field.input('end', 'Until', { width: 5, hint: 'Like 14:30', autocomplete: 'off' }),
  }
}

export type MovePage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  day: DateField
  start: SelectField
  length: RadiosField
}

/** To which other time a booking is moved. */
export function presentMove({
  booking,
  holds,
  values,
  errors = [],
  version,
}: BookingShown & { version?: number }): MovePage {
  const use = useOf(booking, holds)
  const when = whenValues(use.from)
  const minutes = String((use.until.getTime() - use.from.getTime()) / 60_000)
  const length: Typed = lengths.some((choice) => String(choice) === minutes)
    ? { length: minutes }
    : { length: 'other', until: whenValues(use.until).from ?? '' }
  const shown = {
    values: values ?? { ...dateFieldValues('on', when.on ?? null), from: when.from ?? '', ...length },
    errors,
  }
  const field = formFields(shown)
  return {
    title: `Move the booking of ${holds.map(({ tag }) => tag).join(', ')}`,
    caption: booking.ward,
    back: { href: bookingUrl(booking), text: `Booking ${booking.id}` },
    errors,
    lead: `It is booked for ${formatLongDate(when.on ?? '')}, ${timesInWords(use)}.`,
    action: `${bookingUrl(booking)}/time`,
    version: version ?? booking.version,
    day: field.date('on', 'Day', { labelSize: 's' }),
    start: field.select('from', 'Start', startOptions(shown.values.from)),
    length: lengthQuestion(shown),
  }
}
