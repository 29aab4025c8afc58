/**
 * What presenters hand to the views. A presenter that satisfies these types fits the partials in views/components,
 * whose README shows each of them in use.
 */

export type Link = { href: string; text: string; visuallyHiddenText?: string }

/** One line of the error summary. `field` is the id of the field it belongs to; without one it is plain text. */
export type PageError = { field?: string; text: string }

/** What every page has. The error summary, the title's "Error: " and the back link come from here, not from the view. */
export type Page = {
  title: string
  errors?: PageError[]
  back?: Link
  breadcrumbs?: Link[]
  largePrint?: boolean
}

/** Common to every field: `id` is what the error summary links to, `label` is the question, also of a group. */
export type Field = {
  id: string
  name: string
  label: string
  labelIsHeading?: boolean
  labelSize?: 's' | 'm' | 'l' | 'xl'
  labelHidden?: boolean
  hint?: string
  error?: string
}

export type InputField = Field & {
  value?: string | number
  type?: 'text' | 'email' | 'tel' | 'url' | 'time' | 'search'
  width?: 2 | 3 | 4 | 5 | 10 | 20 | 30
  /** `none` for a box that a scanner types into: no keyboard comes up on a tablet. */
  inputmode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel' | 'url' | 'none'
  autocomplete?: string
  autocapitalize?: 'none' | 'characters' | 'words'
  spellcheck?: 'true' | 'false'
  prefix?: string
  suffix?: string
  code?: boolean
  /** Only where the person has just asked for it, such as to scan the next of many. */
  autofocus?: boolean
  /** The id of something on the page that is read out with the field, before its hint. */
  describedBy?: string
}

export type TextareaField = Field & {
  value?: string
  rows?: number
  maxlength?: number
  autocapitalize?: 'none'
  spellcheck?: 'false'
  /** As of an input. */
  autofocus?: boolean
  describedBy?: string
}
export type PasswordField = Field & {
  autocomplete?: 'current-password' | 'new-password' | 'off'
  /** For a PIN: the keys of a phone. */
  inputmode?: 'numeric'
  autofocus?: boolean
}
export type SearchField = Field & { value?: string; placeholder?: string; button?: string }
export type FileField = Field & { accept?: string }

export type Option = { value: string | number; text: string; disabled?: boolean }
export type SelectField = Field & { value?: string | number; items: Option[] }

/** What opens below a choice: name the component and give it its field. */
export type Conditional = {
  input?: InputField
  textarea?: TextareaField
  select?: SelectField
  dateInput?: DateField
  radios?: RadiosField
}

export type Choice = Option & { hint?: string; conditional?: Conditional }
export type Divider = { divider: string }

export type RadiosField = Field & {
  value?: string | number
  items: (Choice | Divider)[]
  inline?: boolean
  small?: boolean
}

export type CheckboxesField = Field & {
  values?: (string | number)[]
  items: ((Choice & { name?: string; checked?: boolean; exclusive?: boolean }) | Divider)[]
  small?: boolean
}

/** Three boxes named `name-day`, `name-month` and `name-year`; the first carries the field's id. */
export type DateField = Field & {
  day?: string
  month?: string
  year?: string
  wrong?: { day?: boolean; month?: boolean; year?: boolean }
  birthday?: boolean
}

export type TagColour =
  | 'white'
  | 'grey'
  | 'green'
  | 'aqua-green'
  | 'blue'
  | 'purple'
  | 'pink'
  | 'red'
  | 'orange'
  | 'yellow'

/** A state in words; the colour only repeats what the words say. */
export type StateTag = { text: string; colour: TagColour }

export type SummaryRow = {
  key: string
  value?: string
  lines?: string[]
  href?: string
  tag?: StateTag
  actions?: Link[]
}

export type TableColumn = { text: string; numeric?: boolean; hidden?: boolean }
export type TableCell = {
  text?: string
  href?: string
  visuallyHiddenText?: string
  hint?: string
  tag?: StateTag
  numeric?: boolean
}
export type TableRow = { cells: TableCell[] }
export type DataTable = {
  caption: string
  captionHidden?: boolean
  captionSize?: 's' | 'm' | 'l'
  columns: TableColumn[]
  rows: TableRow[]
}

/** What stands in a cell of a timetable. `short` stands in for `text` where there is no room for it. */
export type TimetableEntry = { href: string | null; text: string; short?: string; hint: string; hidden: string }
/** Some columns of a row of a timetable. */
export type TimetableCell = { kind: 'busy' | 'free' | 'shut' | 'risk'; span: number; entries: TimetableEntry[] }

/** One thing that happened, as a sentence. `at` is for people, `datetime` for machines. */
export type TimelineEntry = {
  at: string
  datetime?: string
  text: string
  lines?: string[]
  link?: Link
  tag?: StateTag
}

export type TaskListItem = { id: string; text: string; href?: string; hint?: string; status: string; tag?: StateTag }

/** Where a list is to be had as a file. */
export type Downloads = { csv: string; xlsx: string }

export type Pagination = { previous?: string; next?: string; label?: string; summary?: string }
