import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, InputField, Page, TextareaField } from '../lib/view-model.ts'
import { incidentUrl } from './list-presenter.ts'
import { titleOf } from './presenter.ts'
import type { Incident, IncidentItem } from './queries.ts'
import { isLoss } from './rules.ts'

export type DetailsPage = Page & {
  caption: string
  action: string
  version: number
  differences: DataTable | null
  happened: DateField
  story: TextareaField
  reference: InputField | null
  cancel: string
}

export interface DetailsShown {
  incident: Pick<Incident, 'id' | 'kind' | 'version'>
  items: IncidentItem[]
  /** What is saved, as it would be typed. */
  saved: Typed
  values?: Typed
  errors?: FieldError[]
  /** Somebody saved other details while these were typed. */
  isOvertaken?: boolean
}

export function presentDetails({
  incident,
  items,
  saved,
  values = saved,
  errors = [],
  isOvertaken,
}: DetailsShown): DetailsPage {
  const fields = formFields({ values, errors })
  const overtaken: FieldError = {
    field: 'story',
    text: 'Someone changed this after you opened it. Check both, and save again.',
  }
  return {
    title: 'Change details',
    caption: titleOf(incident, items),
    back: { href: incidentUrl(incident.id), text: `Incident ${incident.id}` },
    errors: isOvertaken ? [overtaken] : errors,
    action: `${incidentUrl(incident.id)}/edit`,
    version: incident.version,
    differences: isOvertaken ? differencesTable(questions, saved, values) : null,
    happened: fields.date('happened', 'Day it happened (optional)', { hint: 'Or the day it was last seen.' }),
    story: fields.textarea('story', 'What is known', {
      rows: 4,
      hint: 'Leave out names, and anything about health.',
    }),
    reference: isLoss(incident.kind)
      ? fields.input('crime-reference', 'Crime reference (optional)', { width: 20, autocomplete: 'off' })
      : null,
    cancel: incidentUrl(incident.id),
  }
}

const questions: Question[] = [
  { label: 'Day it happened', answer: dateAnswer('happened') },
  { label: 'What is known', answer: (values) => values.story ?? '' },
  { label: 'Crime reference', answer: (values) => values['crime-reference'] ?? '' },
]
