import { appointmentUrl } from '../appointments/links-rules.ts'
import { type EntryKind, kindNames } from '../diary/entry-rules.ts'
import { entryUrl } from '../diary/links-rules.ts'
import { formatInstant, formatLongDate, formatShortDate, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { DataTable, Page, PageError, RadiosField, SearchField, SummaryRow } from '../lib/view-model.ts'
import type { Merge, PlannedRow } from './merge-queries.ts'
import { fingerprint, lastDayToUndo, type Unit, units, unitsTaken, unitsToChoose } from './merge-rules.ts'
import type { ServiceUserRow } from './queries.ts'
import { placesOf } from './record-presenter.ts'
import { sectionRows } from './section-presenter.ts'
import type { PersonRecord } from './section-queries.ts'

export type MergeWithPage = Page & {
  caption: string
  action: string
  search: SearchField
  table: DataTable | null
  none: string | null
}

export interface MergeWithShown {
  person: PersonRecord
  /** What was looked for; empty: those are shown who are much like this person. */
  text: string
  people: ServiceUserRow[]
}

/** Which record is of the same person? */
export function presentMergeWith({ person, text, people }: MergeWithShown): MergeWithPage {
  const url = `/service-users/${person.id}`
  const others = people.filter(({ id }) => id !== person.id)
  const label = 'Find the other record by name, NHS number or phone number'
  return {
    title: 'Merge with another record',
    caption: person.name,
    back: { href: url, text: 'Back to the record' },
    action: `${url}/merge/search`,
    search: { id: 'search', name: 'search', label, value: text },
    table: others.length === 0 ? null : candidatesTable(url, others, text),
    none:
      others.length > 0 ? null : text === '' ? 'Nobody here is much like this person.' : `Nobody else fits “${text}”.`,
  }
}

function candidatesTable(url: string, people: ServiceUserRow[], text: string): DataTable {
  return {
    caption: text === '' ? 'These records are much like this one' : `These records fit “${text}”`,
    columns: ['Name', 'Date of birth', 'NHS number', 'Phone', 'Is it the same person?'].map((heading) => ({
      text: heading,
    })),
    rows: people.map((other) => ({
      cells: [
        { text: other.name },
        { text: other.date_of_birth === null ? 'Not known' : formatShortDate(other.date_of_birth) },
        { text: other.nhs_number === null ? 'Not known' : formatNhsNumber(other.nhs_number) },
        { text: other.phone || 'None' },
        { text: 'Compare', href: `${url}/merge/${other.id}`, visuallyHiddenText: `with ${other.name}` },
      ],
    })),
  }
}

export type MergePage = Page & {
  caption: string
  action: string
  version: number
  lead: string
  /** What both records have at the same time, where that keeps them from being one. */
  planned: DataTable | null
  choices: RadiosField[]
  taken: SummaryRow[]
  same: SummaryRow[]
  cancel: string
}

export interface MergeShown {
  kept: PersonRecord
  merged: PersonRecord
  values?: Typed
  errors?: PageError[]
  planned?: readonly PlannedRow[]
}

/** Two records side by side: what they agree on, what one adds, and what has to be chosen. */
export function presentMerge({ kept, merged, values = {}, errors, planned }: MergeShown): MergePage {
  const url = `/service-users/${kept.id}`
  const open = unitsToChoose(kept, merged)
  const taken = unitsTaken(kept, merged, new Set())
  const same = units.filter((unit) => !open.includes(unit) && !taken.includes(unit))
  return {
    title: 'Make these two records one',
    caption: kept.name,
    errors: planned ? [plannedTwice] : errors,
    back: { href: `${url}/merge`, text: 'Choose another record' },
    action: `${url}/merge/${merged.id}`,
    version: fingerprint(kept, merged),
    lead: `Everything that happened with record ${merged.id}, such as its loans, moves to record ${kept.id}, which stays. You can undo this for 30 days.`,
    planned: planned ? plannedTable(planned) : null,
    choices: open.map((unit) => choiceOf(unit, kept, merged, values)),
    taken: rowsOf(taken, merged),
    same: rowsOf(same, kept),
    cancel: url,
  }
}

const plannedTwice = {
  field: 'planned',
  text: 'Both records have something at the same time. Cancel or move one of the two, then merge. Nothing is merged yet',
}

function plannedTable(planned: readonly PlannedRow[]): DataTable {
  return {
    caption: 'Both have something at the same time',
    columns: [{ text: 'When' }, { text: 'What' }, { text: 'Record' }],
    rows: planned.map(({ record_id, kind, id, starts_at }) => ({
      cells: [
        { text: formatInstant(starts_at) },
        kind === 'appointment'
          ? { text: 'Appointment', href: appointmentUrl(id) }
          : { text: kindNames[kind as EntryKind], href: entryUrl(id) },
        { text: String(record_id) },
      ],
    })),
  }
}

function choiceOf(unit: Unit, kept: PersonRecord, merged: PersonRecord, values: Typed): RadiosField {
  const id = `choice-${unit.id}`
  const option = (value: string, record: PersonRecord) => ({
    value,
    text: unitText(unit, record),
    hint: `Record ${record.id}`,
  })
  const items = [option('kept', kept), option('merged', merged)]
  return { id, name: id, label: unit.label, value: values[id] || 'kept', items }
}

function rowsOf(some: readonly Unit[], record: PersonRecord): SummaryRow[] {
  return some.map((unit) => ({ key: unit.label, value: unitText(unit, record) })).filter(({ value }) => value !== '')
}

function unitText({ id, label, questions }: Unit, record: PersonRecord): string {
  if (id === 'nhs-number') return record.nhs_number === null ? '' : formatNhsNumber(record.nhs_number)
  const rows = sectionRows({ name: id, title: label, questions }, record, placesOf(record))
  return rows.flatMap(({ lines = [] }) => lines).join(', ')
}

export type MergeUndoPage = Page & { caption: string; lead: string[]; action: string; cancel: string }

/** Is one record to be two again? */
export function presentMergeUndo(person: { id: number; name: string }, merge: Merge): MergeUndoPage {
  const url = `/service-users/${person.id}`
  return {
    title: 'Undo this merge',
    caption: person.name,
    back: { href: url, text: 'Back to the record' },
    lead: [
      `${mergedSentence(merge)} Undo it if they are two different people.`,
      `What came from record ${merge.merged_id} goes back to it, and its answers with it. What was written down since stays here: look through it afterwards.`,
      `It can be undone until ${formatLongDate(lastDayToUndo(merge.merged_at))}.`,
    ],
    action: `${url}/merges/${merge.id}/undo`,
    cancel: url,
  }
}

export function mergedSentence({ merged_id, merged_name, merged_at, staff_member }: Omit<Merge, 'kept_id'>): string {
  return `${staff_member} made record ${merged_id} (${merged_name}) part of this one on ${formatLongDate(londonDate(merged_at))}.`
}
