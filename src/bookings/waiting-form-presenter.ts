import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { categoryName, connectors, modelOf } from '../models/rules.ts'
import {
  latestQuestion,
  lengthQuestion,
  purposeOptions,
  startOptions,
  whenValues,
  whomQuestion,
} from './form-presenter.ts'
import type { Inpatient } from './people-queries.ts'
import { stepAfter, USUAL_MINUTES } from './rules.ts'
import type { WardItem, WardRow } from './timetable-queries.ts'
import { waitingListUrl } from './waiting-rules.ts'

export interface WaitFormShown extends FormShown {
  ward: WardRow
  people: Inpatient[]
  items: WardItem[]
  key: string
  now: Date
  values: Typed
  also?: string[]
}

export type WaitFormPage = Page & {
  caption: string
  action: string
  key: string
  thing: SelectField
  also: CheckboxesField | null
  connector: SelectField
  day: DateField
  start: SelectField
  by: SelectField
  length: RadiosField
  whom: RadiosField
  purpose: SelectField
  empty: string | null
}

/** Somebody onto the waiting list: what they would like, and when it would help. */
export function presentWaitForm(shown: WaitFormShown): WaitFormPage {
  const { ward, items, errors = [], key, now, also = [] } = shown
  const soon = whenValues(stepAfter(now))
  const begin = { ...dateFieldValues('on', soon.on ?? null), from: soon.from ?? '', for: 'initials' }
  const values = { ...begin, length: String(USUAL_MINUTES), ...shown.values }
  const field = formFields({ values, errors })
  const kinds = [...new Set(items.map(({ category }) => category))]
  return {
    title: 'Put somebody on the waiting list',
    caption: ward.name,
    back: { href: waitingListUrl(ward), text: 'Waiting list' },
    errors,
    action: waitingListUrl(ward),
    key,
    thing: field.select('thing', 'What do they wait for?', [
      { value: '', text: 'Choose what' },
      ...kinds.map((value) => ({ value, text: `${categoryName(value)}: whichever is free` })),
      ...items.map((item) => ({ value: `item-${item.id}`, text: `${item.tag}, ${modelOf(item)}` })),
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
    start: field.select('from', 'From', startOptions(values.from), { hint: 'From when it would help' }),
    by: latestQuestion({ values, errors }),
    length: lengthQuestion({ values, errors }),
    whom: whomQuestion({ values, errors }, shown.people),
    purpose: field.select('purpose', 'What is it for?', purposeOptions),
    empty:
      kinds.length === 0 ? 'Nothing is kept on this ward or on loan to it, so there is nothing to wait for.' : null,
  }
}
