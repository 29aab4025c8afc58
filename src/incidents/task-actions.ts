import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { AlreadySo, subjectOf } from './actions.ts'
import { isOverWhenFound, taskText } from './playbook-rules.ts'
import {
  type IncidentTask,
  type LockedIncident,
  listIncidentItems,
  listIncidentTasks,
  listOwners,
  lockIncident,
} from './queries.ts'
import { holderOf } from './rules.ts'

export interface TaskDone {
  note: string
  /** The number the police gave; null for a task that does not ask for one, or when there is none. */
  crimeReference: string | null
}

/**
 * Ticks a task off, with who and when. Refuses what nobody need do any more (RuleBroken); AlreadySo when it is done: who
 * did it first keeps it.
 */
export async function doTask(change: Change, incidentId: number, taskId: number, done: TaskDone): Promise<void> {
  const { incident, task } = await lockTask(change, incidentId, taskId)
  if (task.done_at !== null) throw new AlreadySo()
  if (task.dropped_at !== null) throw new RuleBroken('It was found again, so this need not be done any more.')
  const { note, crimeReference } = done
  await change.trx
    .updateTable('incident_tasks')
    .set({ done_at: change.now(), done_by: change.by.staffId, note })
    .where('id', '=', task.id)
    .execute()
  if (task.task === 'crime-reference' && crimeReference !== null) {
    await change.trx
      .updateTable('incidents')
      .set({ crime_reference: crimeReference, version: incident.version + 1 })
      .where('id', '=', incident.id)
      .execute()
  }
  change.audit({
    verb: 'incident:task-done',
    ...subjectOf(incident),
    details: { ...toldAs(incident, task), ...(crimeReference !== null && { crime_reference: crimeReference }), note },
  })
}

/** It is to be done after all. Who had ticked it stays in the history. AlreadySo when it is not done. */
export async function undoTask(change: Change, incidentId: number, taskId: number): Promise<void> {
  const { incident, task } = await lockTask(change, incidentId, taskId)
  if (task.done_at === null) throw new AlreadySo()
  const items = await listIncidentItems(change.trx, change.by, incidentId)
  const foundIds = items.filter(({ found_at }) => found_at !== null).map(({ id }) => id)
  const isOver = isOverWhenFound(task, foundIds, foundIds.length === items.length)
  await change.trx
    .updateTable('incident_tasks')
    .set({ done_at: null, done_by: null, note: '', dropped_at: isOver ? change.now() : null })
    .where('id', '=', task.id)
    .execute()
  change.audit({ verb: 'incident:task-undone', ...subjectOf(incident), details: toldAs(incident, task) })
}

/**
 * Gives a task to somebody else, as somebody saw it with `from`. Refuses it when it was given on meanwhile (Stale), and
 * whoever cannot work with incidents (NotFound); AlreadySo when it is theirs.
 */
export async function giveTask(
  change: Change,
  incidentId: number,
  taskId: number,
  { ownerId, from }: { ownerId: number; from: number },
): Promise<string> {
  const { incident, task } = await lockTask(change, incidentId, taskId)
  if (task.owned_by === ownerId) throw new AlreadySo()
  if (task.owned_by !== from) throw new Stale(`Someone gave this to ${task.owner} after you opened the page.`)
  if (task.done_at !== null) throw new RuleBroken(`${task.doer} has done it already.`)
  const owners = await listOwners(change.trx, change.by)
  const owner = owners.find(({ id }) => id === ownerId)
  if (!owner) throw new NotFound()
  await change.trx.updateTable('incident_tasks').set({ owned_by: ownerId }).where('id', '=', task.id).execute()
  change.audit({
    verb: 'incident:changed',
    ...subjectOf(incident),
    details: { ...toldAs(incident, task), old: { owner: task.owner }, new: { owner: owner.name } },
  })
  return owner.name
}

/**
 * Keeps which loan replaced what was lost, and ticks that task off. Called with the loan in one transaction. A loan to
 * somebody else replaces nothing, and is left as it is.
 */
export async function recordReplacement(change: Change, incidentId: number, loanId: number): Promise<void> {
  const incident = await lockIncident(change.trx, change.by, incidentId)
  if (!incident) throw new NotFound()
  const loan = await change.trx
    .selectFrom('loans')
    .select(['service_user_id', 'ward_id', 'staff_id'])
    .where('id', '=', loanId)
    .where('organisation_id', '=', change.by.organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
  if (incident.loan_id === null || !isSameBorrower(incident, loan)) return
  await change.trx
    .updateTable('incidents')
    .set({ replacement_loan_id: loanId, version: incident.version + 1 })
    .where('id', '=', incidentId)
    .execute()
  change.audit({
    verb: 'incident:changed',
    ...subjectOf(incident),
    details: changedValues(incident, { replacement_loan_id: loanId }),
  })
  const task = (await listIncidentTasks(change.trx, change.by, incidentId)).find(
    ({ task: name }) => name === 'replacement',
  )
  if (!task || task.done_at !== null) return
  await doTask(change, incidentId, task.id, { note: `Loan ${loanId}`, crimeReference: null })
}

function isSameBorrower(one: BorrowerIds, other: BorrowerIds): boolean {
  return (
    one.service_user_id === other.service_user_id && one.ward_id === other.ward_id && one.staff_id === other.staff_id
  )
}

type BorrowerIds = Pick<LockedIncident, 'service_user_id' | 'ward_id' | 'staff_id'>

/** The incident first, as everything that changes one does, and only then its task. */
async function lockTask({ trx, by }: Change, incidentId: number, taskId: number) {
  const incident = await lockIncident(trx, by, incidentId)
  if (!incident) throw new NotFound()
  const task = (await listIncidentTasks(trx, by, incidentId)).find(({ id }) => id === taskId)
  if (!task) throw new NotFound()
  return { incident, task }
}

/** In the words of the playbook, since they are read again in the history. */
function toldAs(incident: BorrowerIds, task: IncidentTask) {
  return { task: taskText(task.task, holderOf(incident)), ...(task.tag !== null && { item: task.tag }) }
}
