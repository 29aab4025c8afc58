import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, formatInstant, formatShortDate, londonDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { formatTimeLeft } from '../lib/time-left.ts'
import type {
  CheckboxesField,
  DataTable,
  Page,
  StateTag,
  SummaryRow,
  TaskListItem,
  TimelineEntry,
} from '../lib/view-model.ts'
import { borrowerName, isNameless } from '../loans/borrowers-rules.ts'
import { tagsInWords } from '../loans/rules.ts'
import { modelOf } from '../models/rules.ts'
import { incidentUrl } from './list-presenter.ts'
import { taskTitle } from './playbook-rules.ts'
import type { Incident, IncidentEvent, IncidentItem, IncidentTask } from './queries.ts'
import type { PlanRow } from './report-queries.ts'
import {
  incidentKinds,
  incidentState,
  incidentStates,
  isLoss,
  kindness,
  kindTag,
  taskState,
  taskStates,
} from './rules.ts'
import { inOrderOfUrgency } from './urgency-rules.ts'

export type IncidentPage = Page & {
  caption: string
  state: StateTag
  kindness: string
  actions: { text: string; href: string; isMain: boolean }[]
  tasks: TaskListItem[]
  items: DataTable
  plans: string[]
  about: SummaryRow[]
  history: TimelineEntry[]
}

export interface IncidentShown {
  incident: Incident
  items: IncidentItem[]
  tasks: IncidentTask[]
  events: IncidentEvent[]
  plans: PlanRow[]
  /** Items like those that are gone, one for each, to be lent in their place. */
  instead: { id: number }[]
  now: Date
  may: { seeNames: boolean; seeLoans: boolean; lend: boolean; change: boolean }
}

export function presentIncident(shown: IncidentShown): IncidentPage {
  const { incident, items, tasks, events, plans, now, may } = shown
  return {
    title: titleOf(incident, items),
    caption: `Incident ${incident.id}`,
    back: { href: '/incidents', text: 'Lost, stolen or damaged' },
    state: incidentStates[incidentState(countTasks(tasks, now))],
    kindness,
    actions: actionsFor(shown),
    tasks: inOrderOfUrgency(tasks).map((task) => presentTask(task, incident, now)),
    items: itemsTable(incident, items),
    plans: plans.map(
      ({ tag, ward, starts_at }) => `${ward ?? 'Somebody'} is to have ${tag} from ${formatInstant(starts_at)}.`,
    ),
    about: aboutRows(incident, may),
    history: events.map(presentEvent),
  }
}

export function titleOf(incident: Pick<Incident, 'kind'>, items: Pick<IncidentItem, 'tag'>[]): string {
  return `${incidentKinds[incident.kind].text}: ${tagsInWords(items.map(({ tag }) => tag))}`
}

function countTasks(tasks: IncidentTask[], now: Date) {
  const states = tasks.map((task) => taskState(task, now))
  const overdue_tasks = states.filter((state) => state === 'overdue').length
  return { overdue_tasks, open_tasks: overdue_tasks + states.filter((state) => state === 'to-do').length }
}

function actionsFor({ incident, items, instead, may }: IncidentShown): IncidentPage['actions'] {
  const actions: IncidentPage['actions'] = []
  const borrower = borrowerField(incident)
  if (may.lend && borrower !== null && incident.replacement_loan_id === null && incident.kind !== 'found') {
    const chosen = instead.map(({ id }) => `&item=${id}`).join('')
    const href = `/loans/new?${borrower}${chosen}&incident=${incident.id}`
    actions.push({ text: 'Lend a replacement', href, isMain: true })
  }
  if (!may.change) return actions
  if (isLoss(incident.kind) && items.some(({ found_at }) => found_at === null)) {
    actions.push({ text: 'It is found', href: `${incidentUrl(incident.id)}/found`, isMain: false })
  }
  actions.push({ text: 'Change details', href: `${incidentUrl(incident.id)}/edit`, isMain: false })
  return actions
}

/** Who a replacement is for, as the lending pages are told. */
function borrowerField({ service_user_id, ward_id, staff_id }: Incident): string | null {
  if (service_user_id !== null) return `service-user=${service_user_id}`
  if (ward_id !== null) return `ward=${ward_id}`
  return staff_id === null ? null : `staff=${staff_id}`
}

function presentTask(task: IncidentTask, incident: Incident, now: Date): TaskListItem {
  const state = taskState(task, now)
  const isOver = state === 'done' || state === 'dropped'
  return {
    id: `task-${task.id}`,
    text: taskTitle(task, incident),
    href: `${incidentUrl(incident.id)}/tasks/${task.id}`,
    hint: state === 'done' ? doneWords(task) : state === 'dropped' ? '' : dueWords(task, now),
    status: taskStates[state].text,
    ...(!isOver && { tag: taskStates[state] }),
  }
}

export function doneWords({ doer, done_at, note }: IncidentTask): string {
  const by = done_at === null ? '' : `${doer}, ${formatInstant(done_at)}.`
  return note === '' ? by : `${by} ${note}`
}

export function dueWords({ due_at, owner }: IncidentTask, now: Date): string {
  return `${owner}, by ${formatInstant(due_at)} (${formatTimeLeft(due_at, now)})`
}

function itemsTable(incident: Incident, items: IncidentItem[]): DataTable {
  return {
    caption: 'Items',
    columns: [{ text: 'Item' }, { text: 'What it is' }, { text: 'Numbers' }, { text: 'What happened' }],
    rows: items.map((item) => ({
      cells: [
        { text: item.tag, href: itemUrl(item.tag) },
        { text: modelOf(item) },
        { text: numbersOf(item).join(', ') },
        item.found_at === null || incident.kind === 'found'
          ? { tag: kindTag(incident.kind) }
          : { tag: kindTag('found'), hint: `${formatShortDate(londonDate(item.found_at))}, ${item.finder}` },
      ],
    })),
  }
}

/** What a network, a provider or the police ask for. */
export function numbersOf(item: IncidentItem): string[] {
  const numbers: [string, string | null][] = [
    ['Serial', item.serial],
    ['IMEI', item.imei],
    ['SIM', item.iccid],
    ['Phone', item.phone_number],
  ]
  return numbers.flatMap(([name, number]) => (number === null || number === '' ? [] : [`${name} ${number}`]))
}

function aboutRows(incident: Incident, may: IncidentShown['may']): SummaryRow[] {
  const { service_user_id, loan_id, replacement_loan_id } = incident
  const isTold = !isNameless(incident)
  const person = may.seeNames && service_user_id !== null && isTold ? { href: `/service-users/${service_user_id}` } : {}
  const loanRow = (key: string, id: number | null): SummaryRow | null =>
    id === null ? null : { key, value: `Loan ${id}`, ...(may.seeLoans && isTold && { href: `/loans/${id}` }) }
  const rows: (SummaryRow | null)[] = [
    { key: 'Who had it', value: borrowerName(incident, may.seeNames) || 'Nobody', ...person },
    loanRow('Loan', loan_id),
    loanRow('Replacement', replacement_loan_id),
    { key: 'Reported', value: `${formatInstant(incident.reported_at)} by ${incident.reporter}` },
    incident.happened_on === null ? null : { key: 'Day it happened', value: formatDate(incident.happened_on) },
    incident.crime_reference === '' ? null : { key: 'Crime reference', value: incident.crime_reference },
    incident.story === '' ? null : { key: 'What is known', lines: incident.story.split('\n') },
  ]
  return rows.filter((row) => row !== null)
}

type EventDetails = {
  task?: string
  item?: string
  note?: string
  items?: string[]
  old?: { owner?: string }
  new?: { owner?: string; replacement_loan_id?: number }
} | null

function presentEvent(event: IncidentEvent): TimelineEntry {
  const details = event.details as EventDetails
  return {
    text: eventSentence(event.verb, event.staff_member ?? 'Somebody', details),
    lines: event.verb === 'incident:task-done' && details?.note ? [details.note] : [],
    at: formatInstant(event.at),
    datetime: new Date(event.at).toISOString(),
  }
}

function eventSentence(verb: string, who: string, details: EventDetails): string {
  const task = `“${[details?.task, details?.item].filter((part) => part !== undefined).join(': ')}”`
  switch (verb) {
    case 'incident:reported':
      return `${who} reported it.`
    case 'incident:task-done':
      return `${who} ticked ${task}.`
    case 'incident:task-undone':
      return `${who} took back ${task}.`
    case 'incident:found':
      return `${who} marked ${tagsInWords(details?.items ?? [])} as found.`
    default:
      return changeSentence(who, task, details)
  }
}

function changeSentence(who: string, task: string, details: EventDetails): string {
  if (details?.new?.owner !== undefined) return `${who} gave ${task} to ${details.new.owner}.`
  if (details?.new?.replacement_loan_id !== undefined) {
    return `${who} lent a replacement: loan ${details.new.replacement_loan_id}.`
  }
  return `${who} changed the details.`
}

export type FoundPage = Page & { caption: string; action: string; lead: string; items: CheckboxesField; cancel: string }

/** What is found, and what then happens. */
export function presentFound(incident: Incident, items: IncidentItem[], errors: FieldError[] = []): FoundPage {
  const missing = items.filter(({ found_at }) => found_at === null)
  return {
    title: 'It is found',
    caption: titleOf(incident, items),
    back: { href: incidentUrl(incident.id), text: `Incident ${incident.id}` },
    errors,
    action: `${incidentUrl(incident.id)}/found`,
    lead: 'It comes back into the stock, and is made ready before anyone has it. How the loan ended stays in its history.',
    items: {
      id: 'item',
      name: 'item',
      label: 'What is found?',
      labelSize: 'm',
      error: errors.find(({ field }) => field === 'item')?.text,
      values: missing.length === 1 ? missing.map(({ id }) => id) : [],
      items: missing.map((item) => ({ value: item.id, text: `${item.tag}, ${modelOf(item)}` })),
    },
    cancel: incidentUrl(incident.id),
  }
}
