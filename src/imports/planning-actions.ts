import { createHash } from 'node:crypto'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { londonToday } from '../lib/dates.ts'
import { planAppointments } from './appointment-planning-actions.ts'
import { planCounts } from './count-planning-actions.ts'
import { planItems } from './item-planning-actions.ts'
import type { FileKind } from './kinds-rules.ts'
import { planLoans } from './loan-planning-actions.ts'
import type { Mapping } from './mapping-rules.ts'
import { planPeople } from './person-planning-actions.ts'
import type { Plan } from './plan-rules.ts'
import { listPlaces } from './queries.ts'
import { planReadings } from './reading-planning-actions.ts'
import { type PrintedRow, plannedRows } from './run-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import { planStock } from './stock-planning-actions.ts'
import { Places } from './words-rules.ts'

/** A file, what kind it is, and how it is read. */
export interface ReadFile {
  kind: FileKind
  sheet: Sheet
  mapping: Mapping
}

const planners = {
  items: planItems,
  loans: planLoans,
  people: planPeople,
  counts: planCounts,
  appointments: planAppointments,
  'data-stock': planStock,
  'data-readings': planReadings,
}

/** Works out what a file would do, against what there is now, in a handful of queries. */
export async function planImport(db: Database, scope: Scope, file: ReadFile, options: PlanOptions): Promise<Plan> {
  const places = new Places(await listPlaces(db, scope))
  const vocabulary = { places, meanings: file.mapping.meanings, today: londonToday(options.now) }
  const plan = planners[file.kind.kind]
  return await plan(db, scope, file, { ...options, vocabulary })
}

/** Two plans with the same print do the same. What somebody saw in the preview is held against what would be done. */
export function printOf(plan: Plan): string {
  const hash = createHash('sha256')
  for (const part of partsOf(plan)) hash.update(JSON.stringify(part))
  return hash.digest('hex').slice(0, 32)
}

function* partsOf(plan: Plan): Generator<unknown> {
  if (plan.kind === 'items') {
    for (const { line, tag, model, columns } of plan.created) yield [line, tag, model.id, model.category, columns]
    for (const item of plan.updated) yield [item.line, item.id, item.old, item.new, item.model?.new.id ?? null]
    for (const model of plan.completedModels) yield [model.id, [...model.filledBy]]
  } else if (plan.kind === 'people') {
    for (const person of plan.newPeople) yield person
  } else if (plan.kind === 'appointments') {
    for (const appointment of plan.appointments) yield appointment
  } else if (plan.kind === 'data-stock') {
    for (const stock of plan.created) yield stock
  } else if (plan.kind === 'data-readings') {
    for (const reading of plan.readings) yield reading
  } else if (plan.kind === 'counts') {
    for (const count of [...plan.created, ...plan.updated]) yield count
  } else {
    for (const { items, borrower, lentOn, dueOn, agreement, ...loan } of plan.loans) {
      yield [items, borrower, lentOn, dueOn, agreement, loan.notes, loan.unsupportedReason, loan.lentBy]
    }
  }
  for (const { line } of plan.unchanged) yield [line]
  for (const problem of plan.problems) yield [problem]
}

/** The rows of a plan, each with a print of its own: where the whole has another, they tell which of them changed. */
export function printRows(plan: Plan): PrintedRow[] {
  return Array.from(plannedRows(plan), ({ content, ...row }) => {
    const hash = createHash('sha256').update(JSON.stringify(content))
    return { ...row, print: hash.digest('base64url').slice(0, 10) }
  })
}
