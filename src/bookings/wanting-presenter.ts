import { formatLongDate, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { categoryName, connectors } from '../models/rules.ts'
import {
  lengthQuestion,
  offerText,
  offerValue,
  purposeOptions,
  startOptions,
  type WaitShown,
  waitShown,
  whenValues,
  whomQuestion,
} from './form-presenter.ts'
import type { Offer } from './nearest-rules.ts'
import type { Inpatient } from './people-queries.ts'
import { stepAfter, timetableUrl, USUAL_MINUTES } from './rules.ts'
import type { WardItem, WardRow } from './timetable-queries.ts'

export interface WantingShown extends FormShown {
  ward: WardRow
  people: Inpatient[]
  items: WardItem[]
  key: string
  now: Date
  values: Typed
  also?: string[]
  offers?: Offer[]
  /** It cannot be had then: they may wait for it. */
  isTaken?: boolean
}

export type WantingPage = Page & {
  caption: string
  ward: string
  key: string
  offers: { text: string; value: string }[]
  category: SelectField
  also: CheckboxesField | null
  connector: SelectField
  day: DateField
  start: SelectField
  length: RadiosField
  whom: RadiosField
  purpose: SelectField
  wait: WaitShown | null
  empty: string | null
}

/** A booking by what is wanted: the service looks for things that are free together. */
export function presentWanting(shown: WantingShown): WantingPage {
  const { ward, items, errors = [], key, now, also = [], offers = [] } = shown
  const soon = whenValues(stepAfter(now))
  const begin = { ...dateFieldValues('on', soon.on ?? null), from: soon.from ?? '', for: 'ward' }
  const values = { ...begin, length: String(USUAL_MINUTES), ...shown.values }
  const field = formFields({ values, errors })
  const kinds = [...new Set(items.map(({ category }) => category))]
  return {
    title: 'Book what is free',
    caption: ward.name,
    ward: ward.code,
    back: { href: timetableUrl(ward.code), text: 'Timetable' },
    errors,
    key,
    offers: offers.map((offer) => ({ text: offerOnDay(offer), value: offerValue(offer) })),
    category: field.select('category', 'What do you want?', [
      { value: '', text: 'Choose what' },
      ...kinds.map((value) => ({ value, text: categoryName(value) })),
    ]),
    also:
      kinds.length < 2
        ? null
        : {
            id: 'also',
            name: 'also',
            label: 'And with it (optional)',
            labelSize: 's',
            small: true,
            values: also,
            items: kinds.map((value) => ({ value, text: categoryName(value) })),
          },
    connector: field.select('connector', 'Connector', [
      { value: '', text: 'Any' },
      ...Object.entries(connectors).map(([value, text]) => ({ value, text })),
    ]),
    day: field.date('on', 'Day', { labelSize: 's' }),
    start: field.select('from', 'Start', startOptions(values.from)),
    length: lengthQuestion({ values, errors }),
    whom: whomQuestion({ values, errors }, shown.people),
    purpose: field.select('purpose', 'What is it for?', purposeOptions),
    wait: shown.isTaken ? waitShown(ward, { values }) : null,
    empty: kinds.length === 0 ? 'Nothing is kept on this ward or on loan to it, so there is nothing to book.' : null,
  }
}

const offerOnDay = (offer: Offer) => `${offerText(offer)}, ${formatLongDate(londonDate(offer.from))}`
