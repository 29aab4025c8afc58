import type { FieldError, Typed } from './fields.ts'
import { type DatePart, parseTypedDate } from './typed-dates.ts'
import type { DateField, Field, InputField, Option, RadiosField, SelectField, TextareaField } from './view-model.ts'

/** A form as it is to be shown: what was typed or saved, by field, and what is wrong with it. */
export interface FormShown {
  values?: Typed
  errors?: FieldError[]
}

type More<T extends Field> = Partial<Omit<T, 'id' | 'name' | 'label'>>

/** Makes a form's field objects, each with its own value and its own error; id and name are one word. */
export function formFields({ values = {}, errors = [] }: FormShown) {
  const common = (id: string, label: string) => ({ id, name: id, label, value: values[id] ?? '', error: errorOf(id) })
  const errorOf = (id: string) => errors.find((error) => error.field === id)?.text
  return {
    input: (id: string, label: string, more: More<InputField> = {}): InputField => ({ ...common(id, label), ...more }),
    textarea: (id: string, label: string, more: More<TextareaField> = {}): TextareaField => ({
      ...common(id, label),
      ...more,
    }),
    select: (id: string, label: string, items: Option[], more: More<SelectField> = {}): SelectField => ({
      ...common(id, label),
      items,
      ...more,
    }),
    radios: (id: string, label: string, items: RadiosField['items'], more: More<RadiosField> = {}): RadiosField => ({
      ...common(id, label),
      items,
      ...more,
    }),
    date: (id: string, label: string, more: More<DateField> = {}): DateField => {
      const typed = datePartsOf(values, id)
      const error = dateParts.map((part) => errorOf(partId(id, part))).find((text) => text !== undefined)
      return {
        id,
        name: id,
        label,
        ...typed,
        error,
        wrong: error === undefined ? undefined : wrongParts(typed),
        ...more,
      }
    },
  }
}

/** The three boxes of a date as they are named in a form: `bought-on-day`, `bought-on-month`, `bought-on-year`. */
export function dateFieldNames(id: string): string[] {
  return dateParts.map((part) => `${id}-${part}`)
}

/** A saved date, or none, as the values of its three boxes. */
export function dateFieldValues(id: string, date: string | null): Typed {
  const [year = '', month = '', day = ''] = date?.split('-').map((part) => String(Number(part))) ?? []
  return { [`${id}-day`]: day, [`${id}-month`]: month, [`${id}-year`]: year }
}

/**
 * Reads a date that may be left out from the values of its three boxes: the day as text, null when nothing was typed,
 * or an error that leads to the first wrong box.
 */
export function readOptionalDate(values: Typed, id: string, name: string): { date: string | null; error?: FieldError } {
  const typed = datePartsOf(values, id)
  if (Object.values(typed).every((text) => text === '')) return { date: null }
  const read = parseTypedDate(typed, name)
  if (!read.error) return { date: read.value }
  return { date: null, error: { field: partId(id, read.error.parts[0] ?? 'day'), text: read.error.text } }
}

const dateParts: readonly DatePart[] = ['day', 'month', 'year']

/** The first box carries the id of the whole field, so that a link to the field leads to it. */
function partId(id: string, part: DatePart): string {
  return part === 'day' ? id : `${id}-${part}`
}

function datePartsOf(values: Typed, id: string): Record<DatePart, string> {
  return {
    day: values[`${id}-day`] ?? '',
    month: values[`${id}-month`] ?? '',
    year: values[`${id}-year`] ?? '',
  }
}

/** None where the date as such is real and something else is wrong with it: then all three are marked. */
function wrongParts(typed: Record<DatePart, string>): DateField['wrong'] {
  const parts = parseTypedDate(typed).error?.parts
  return parts && Object.fromEntries(parts.map((part) => [part, true]))
}
