import { formatInstant, formatShortDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question as FormQuestion } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Conditional, DataTable, Page, SummaryRow } from '../lib/view-model.ts'
import { isEmptyAnswer, type Known, type Question, type Section, teamsAmong, wardsAmong } from './section-rules.ts'

interface Place {
  id: number
  name: string
  kind: string
}

export type SectionField = Conditional & { checkboxes?: CheckboxesField }

export type SectionPage = Page & {
  caption: string
  lead: string | null
  action: string
  version: number
  differences: DataTable | null
  fields: SectionField[]
  cancel: string
}

export interface SectionShown extends FormShown {
  section: Section
  person: { id: number; name: string } & Known
  version: number
  places: Place[]
  /** Somebody saved another version meanwhile. */
  overtakenBy?: { staff_member: string; changed_at: string } | 'somebody'
}

/** One section of a record to change, as it is or as it was typed. */
export function presentSection({ section, person, version, places, overtakenBy, ...form }: SectionShown): SectionPage {
  const saved = savedValues(section, person)
  const values = form.values ?? saved
  const url = `/service-users/${person.id}`
  return {
    title: section.title,
    caption: person.name,
    errors: overtakenBy ? [overtaken(overtakenBy)] : form.errors,
    back: { href: url, text: 'Back to the record' },
    lead: section.lead ?? null,
    action: `${url}/sections/${section.name}`,
    version,
    differences: overtakenBy ? differencesTable(section.questions.map(inWords(places)), saved, values) : null,
    fields: section.questions.map((question) => fieldOf(question, places, { values, errors: form.errors ?? [] })),
    cancel: url,
  }
}

function overtaken(by: NonNullable<SectionShown['overtakenBy']>): { text: string } {
  const who =
    by === 'somebody' ? 'Somebody changed this' : `${by.staff_member} changed this on ${formatInstant(by.changed_at)}`
  return {
    text: `${who}, after you opened it. What you typed is not saved yet. Check what is different. Saving again replaces it.`,
  }
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

function fieldOf(question: Question, places: Place[], form: { values: Typed; errors: FieldError[] }): SectionField {
  const field = formFields(form)
  const { id, options = [], none } = question
  const hint = question.hint === undefined ? {} : { hint: question.hint }
  const label = isOptionalText(question) ? `${question.label} (optional)` : question.label
  if (question.kind === 'text') return { textarea: field.textarea(id, label, { ...hint, rows: 3 }) }
  if (question.kind === 'date') return { dateInput: field.date(id, `${question.label} (optional)`, hint) }
  if (question.kind === 'choice') {
    const notAsked = none ? [{ value: '', text: none }] : []
    return { radios: field.radios(id, label, [...options, ...notAsked], hint) }
  }
  if (question.kind === 'ward' || question.kind === 'team') {
    const offered = question.kind === 'ward' ? wardsAmong(places) : teamsAmong(places)
    const items = offered.map((place) => ({ value: place.id, text: place.name }))
    const nowhere = question.kind === 'ward' ? 'None of our wards' : 'No team, or not known'
    return { select: field.select(id, label, [{ value: '', text: nowhere }, ...items], hint) }
  }
  if (question.kind === 'choices') {
    const values = (form.values[id] ?? '').split(' ')
    return { checkboxes: { id, name: id, label, ...hint, values, items: [...options], small: true } }
  }
  if (question.kind === 'tick') {
    const values = form.values[id] === 'yes' ? ['yes'] : []
    const items = [{ value: 'yes', text: label }]
    return { checkboxes: { id, name: id, label: 'No address', labelHidden: true, values, items } }
  }
  return { input: field.input(id, label, { ...notMine, ...hint, ...inputOf[question.kind] }) }
}

const inputOf = {
  line: {},
  phone: { type: 'tel', width: 20 },
  email: { type: 'email', autocapitalize: 'none' },
} as const

function isOptionalText({ kind }: Question): boolean {
  return kind === 'line' || kind === 'text' || kind === 'phone' || kind === 'email'
}

/** What is saved, as the form shows it. */
function savedValues({ questions }: Section, known: Known): Typed {
  return Object.assign({}, ...questions.map((question) => savedValue(question, known[question.column] ?? null)))
}

function savedValue({ id, kind }: Question, answer: unknown): Typed {
  if (kind === 'date') return dateFieldValues(id, answer as string | null)
  if (Array.isArray(answer)) return { [id]: answer.join(' ') }
  if (typeof answer === 'boolean') return { [id]: answer ? 'yes' : '' }
  return { [id]: answer === null ? '' : String(answer) }
}

function inWords(places: Place[]): (question: Question) => FormQuestion {
  return ({ id, label, kind, options = [], none = '' }) => ({
    label,
    answer: (values) => {
      if (kind === 'date') return dateAnswer(id)(values)
      const typed = values[id] ?? ''
      if (kind === 'ward' || kind === 'team') return places.find((place) => String(place.id) === typed)?.name ?? ''
      if (kind === 'tick') return typed === 'yes' ? 'Yes' : 'No'
      if (kind !== 'choice' && kind !== 'choices') return typed
      const chosen = typed.split(' ').map((value) => options.find((option) => option.value === value)?.text ?? none)
      return chosen.filter((words) => words !== '').join(', ')
    },
  })
}

/** A section as it reads on the record: one row for each question that was answered. */
export function sectionRows({ questions }: Section, known: Known, placeNames: Map<number, string>): SummaryRow[] {
  return questions
    .filter(({ column }) => !isEmptyAnswer(known[column]))
    .map((question) => ({ key: question.label.replace(/\?$/, ''), lines: answerLines(question, known, placeNames) }))
}

function answerLines({ kind, column, options = [] }: Question, known: Known, places: Map<number, string>) {
  const answer = known[column]
  const textOf = (value: string) => options.find((option) => option.value === value)?.text ?? value
  if (kind === 'date') return [formatShortDate(String(answer))]
  if (kind === 'ward' || kind === 'team') return [places.get(Number(answer)) ?? '']
  if (kind === 'tick') return ['Yes']
  if (Array.isArray(answer)) return answer.map(textOf)
  if (kind === 'choice') return [textOf(String(answer))]
  return String(answer).split('\n')
}
