import { formatLongDate, formatTime, isDate, londonClock, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { Option, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import type { Offer } from './nearest-rules.ts'
import type { Inpatient } from './people-queries.ts'
import { purposes, timetableUrl, USUAL_MINUTES } from './rules.ts'
import type { WardItem, WardRow } from './timetable-queries.ts'
import { partOf } from './timetable-rules.ts'
import { waitingListUrl } from './waiting-rules.ts'

export interface BookingFormShown extends FormShown {
  ward: WardRow
  people: Inpatient[]
  item: WardItem
  values: Typed
  key: string
  /** Why the form does not stand as it was tapped. */
  notice?: string
  offers?: Offer[]
  /** It cannot be had then: they may wait for it. */
  isTaken?: boolean
}

export type BookingFormPage = Page & {
  caption: string
  lead: string
  notice: string | null
  key: string
  hidden: { name: string; value: string }[]
  start: SelectField | null
  length: RadiosField
  whom: RadiosField
  purpose: SelectField
  button: string
  /** Each one tap away, with everything else as it was typed. */
  offers: { text: string; value: string }[]
  wait: WaitShown | null
}

/** One thing, for a time: everything is chosen already, so that the second tap books it. */
export function presentBookingForm(shown: BookingFormShown): BookingFormPage {
  const { ward, item, values, errors = [], key, notice, offers = [] } = shown
  const isNow = values.now === 'yes'
  const field = formFields({ values: { length: String(USUAL_MINUTES), for: 'ward', ...values }, errors })
  return {
    title: isNow ? `Hand out ${item.tag} now` : `Book ${item.tag}`,
    caption: ward.name,
    back: { href: timetableUrl(ward.code, values.on && isDate(values.on) ? values.on : undefined), text: 'Timetable' },
    errors,
    lead: values.on && isDate(values.on) ? formatLongDate(values.on) : '',
    notice: notice ?? null,
    key,
    hidden: [
      { name: 'ward', value: ward.code },
      { name: 'item', value: String(item.id) },
      { name: 'on', value: values.on ?? '' },
      ...(isNow ? [{ name: 'now', value: 'yes' }] : []),
    ],
    start: isNow ? null : field.select('from', 'Start', startOptions(values.from)),
    length: lengthQuestion({ values: { length: String(USUAL_MINUTES), ...values }, errors }),
    whom: whomQuestion({ values: { for: 'ward', ...values }, errors }, shown.people),
    purpose: field.select('purpose', 'What is it for?', purposeOptions, {
      hint: 'A tribunal, a care review and a family emergency are kept for them even when they come late.',
    }),
    button: isNow ? 'Hand out' : 'Book',
    offers: offers.map((offer) => ({ text: offerText(offer), value: offerValue(offer) })),
    wait: shown.isTaken ? waitShown(ward, { values }) : null,
  }
}

/** A way onto the waiting list, with everything as it was typed. */
export interface WaitShown {
  action: string
  by: SelectField
}

export function waitShown(ward: { code: string }, shown: FormShown): WaitShown {
  return { action: waitingListUrl(ward), by: latestQuestion(shown) }
}

/** Until when it would help. What ends at midnight is any time of that day. */
export function latestQuestion({ values = {}, errors = [] }: FormShown): SelectField {
  const times = startOptions(values.by).filter(({ value }) => value !== '00:00')
  return formFields({ values, errors }).select('by', 'Until when does it help?', [
    { value: '', text: 'Any time that day' },
    ...times,
  ])
}

export const purposeOptions: Option[] = Object.entries(purposes).map(([value, text]) => ({ value, text }))

/** Every quarter of an hour of a day; what the clocks leave out is refused in words. */
export function startOptions(chosen = ''): Option[] {
  const options = Array.from({ length: 96 }, (_, at) => {
    const [hour, minute] = [Math.floor(at / 4), (at % 4) * 15]
    const value = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
    return { value, text: clockText(hour, minute) }
  })
  const isThere = chosen === '' || options.some(({ value }) => value === chosen)
  return isThere ? options : [{ value: chosen, text: chosen }, ...options]
}

function clockText(hour: number, minute: number): string {
  const half = hour < 12 ? 'am' : 'pm'
  const name = hour === 0 && minute === 0 ? ' (midnight)' : hour === 12 && minute === 0 ? ' (midday)' : ''
  return `${hour % 12 || 12}:${String(minute).padStart(2, '0')}${half}${name}`
}

export function lengthQuestion(shown: FormShown): RadiosField {
  const field = formFields(shown)
  const until = field.input('until', 'Until', { width: 5, hint: 'Like 14:30', autocomplete: 'off' })
  return field.radios(
    'length',
    'How long?',
    [
      { value: 15, text: '15 minutes' },
      { value: 30, text: '30 minutes' },
      { value: 45, text: '45 minutes' },
      { value: 60, text: '1 hour' },
      { value: 120, text: '2 hours' },
      { value: 'other', text: 'Until another time', conditional: { input: until } },
    ],
    { small: true, labelSize: 's' },
  )
}

export function whomQuestion(shown: FormShown, people: Inpatient[]): RadiosField {
  const field = formFields(shown)
  const person = field.select('person', 'Name', [
    { value: '', text: 'Choose whom' },
    ...people.map(({ id, name, known_as }) => ({ value: id, text: known_as ? `${name} (${known_as})` : name })),
  ])
  const initials = field.input('initials', 'Initials', { width: 5, autocomplete: 'off', spellcheck: 'false' })
  return field.radios(
    'for',
    'Whom is it for?',
    [
      { value: 'ward', text: 'The ward, or nobody in particular' },
      ...(people.length > 0
        ? [{ value: 'person', text: 'Somebody on this ward', conditional: { select: person } }]
        : []),
      { value: 'initials', text: 'Somebody by their initials', conditional: { input: initials } },
    ],
    { small: true, labelSize: 's' },
  )
}

export function offerText({ items, from }: Offer): string {
  return `${items.map(({ tag }) => tag).join(', ')} at ${formatTime(from)}`
}

/** What a button sends that takes an offer; see parseInstead. */
export function offerValue({ items, from }: Offer): string {
  return `${items.map(({ id }) => id).join(',')}@${from.toISOString()}`
}

/** A moment as a form of a booking has it. */
export function whenValues(at: Date): Typed {
  const { date, hour, minute } = londonClock(at)
  return { on: date, from: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` }
}

/** Where a booking stands in its ward's timetable. */
export function timetableOf(code: string, at: Date): string {
  return timetableUrl(code, londonDate(at), partOf(at))
}
