import { formatInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { formatTimeLeft } from '../lib/time-left.ts'
import type { InputField, Page, SelectField, StateTag, SummaryRow, TextareaField } from '../lib/view-model.ts'
import { borrowerName, isNameless } from '../loans/borrowers-rules.ts'
import { modelOf } from '../models/rules.ts'
import { incidentUrl } from './list-presenter.ts'
import { taskHint, taskTitle } from './playbook-rules.ts'
import { doneWords, numbersOf, titleOf } from './presenter.ts'
import type { Incident, IncidentItem, IncidentTask } from './queries.ts'
import { type Owner, taskState, taskStates } from './rules.ts'

export type TaskPage = Page & {
  caption: string
  state: StateTag
  hint: string
  about: SummaryRow[]
  action: string
  /** What is asked of whoever does it; null once it is over. */
  doing: { reference: InputField | null; note: TextareaField } | null
  undo: string | null
  giving: { action: string; from: number; owner: SelectField; isOpen: boolean } | null
}

export interface TaskShown {
  incident: Incident
  task: IncidentTask
  items: IncidentItem[]
  owners: Owner[]
  now: Date
  maySeeNames: boolean
  values?: Typed
  errors?: FieldError[]
}

/** One task: why, with which numbers, and the form to tick it off or to give it to somebody else. */
export function presentTask(shown: TaskShown): TaskPage {
  const { incident, task, items, now, errors = [] } = shown
  const state = taskState(task, now)
  const isOpen = state === 'to-do' || state === 'overdue'
  const url = `${incidentUrl(incident.id)}/tasks/${task.id}`
  return {
    title: taskTitle(task, incident),
    caption: titleOf(incident, items),
    back: { href: incidentUrl(incident.id), text: `Incident ${incident.id}` },
    errors,
    state: taskStates[state],
    hint: taskHint(task.task),
    about: aboutRows(shown),
    action: url,
    doing: isOpen ? doingFields(shown) : null,
    undo: state === 'done' ? `${url}/undo` : null,
    giving: isOpen ? givingFields(shown, url) : null,
  }
}

function aboutRows({ incident, task, items, now, maySeeNames }: TaskShown): SummaryRow[] {
  const { service_user_id } = incident
  const named = items.filter(({ id }) => task.item_id === null || id === task.item_id)
  const person =
    maySeeNames && service_user_id !== null && !isNameless(incident)
      ? { href: `/service-users/${service_user_id}` }
      : {}
  const owner = task.owner_left_at === null ? task.owner : `${task.owner} (account closed)`
  const left = task.done_at === null && task.dropped_at === null ? `, ${formatTimeLeft(task.due_at, now)}` : ''
  const rows: (SummaryRow | null)[] = [
    { key: 'Do it by', value: `${formatInstant(task.due_at)}${left}` },
    { key: 'Who does it', value: owner },
    task.done_at === null ? null : { key: 'Done', value: doneWords(task) },
    { key: 'Who had it', value: borrowerName(incident, maySeeNames) || 'Nobody', ...person },
    ...named.map((item) => ({ key: item.tag, lines: [modelOf(item), ...numbersOf(item)] })),
    incident.crime_reference === '' ? null : { key: 'Crime reference', value: incident.crime_reference },
  ]
  return rows.filter((row) => row !== null)
}

function doingFields({ task, values, errors }: TaskShown): NonNullable<TaskPage['doing']> {
  const fields = formFields({ values, errors })
  return {
    reference:
      task.task === 'crime-reference'
        ? fields.input('crime-reference', 'Crime reference', { width: 20, autocomplete: 'off' })
        : null,
    note: fields.textarea('note', 'Note (optional)', {
      rows: 3,
      hint: 'Who you spoke to, or their reference number. If it was not needed, why.',
    }),
  }
}

function givingFields({ task, owners, values = {}, errors }: TaskShown, url: string): NonNullable<TaskPage['giving']> {
  const fields = formFields({ values: { owner: String(task.owned_by), ...values }, errors })
  const choices = owners.map(({ id, name }) => ({ value: id, text: name }))
  const isKnown = owners.some(({ id }) => id === task.owned_by)
  return {
    action: `${url}/owner`,
    from: task.owned_by,
    owner: fields.select('owner', 'Who does it?', [
      ...(isKnown ? [] : [{ value: '', text: 'Choose a person' }]),
      ...choices,
    ]),
    isOpen: errors?.some(({ field }) => field === 'owner') ?? false,
  }
}
