import type { Change } from '../database/change.ts'
import { leftAs } from '../items/rules.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { lockWithLoans } from '../loans/ending-actions.ts'
import type { HeldItem } from '../loans/held-queries.ts'
import { isOverWhenFound, type PlannedTask, playbook, tasksAfterFound } from './playbook-rules.ts'
import { listIncidentItems, listIncidentTasks, listLastIncidents, listOwners, lockIncident } from './queries.ts'
import { listPlansFor } from './report-queries.ts'
import { firstOwner, holderOf, type IncidentKind, incidentKinds, isLoss, kindsFor, MOST_ITEMS } from './rules.ts'
import { bringBack, takeOutOfStock, takeToBench } from './stock-actions.ts'

/** Somebody was quicker: this is the incident that they reported. */
export class AlreadyReported extends RuleBroken {
  readonly report: { item_id: number; tag: string; incident_id: number }
  constructor(report: AlreadyReported['report']) {
    super(`Someone reported ${report.tag} before you.`)
    this.report = report
  }
}

/** It is so already: a second click, or a colleague was quicker. Nothing is written. */
export class AlreadySo extends Error {}

/** What an incident says about itself, besides what kind it is. */
export interface IncidentDetails {
  happened_on: string | null
  story: string
  crime_reference: string
}

export interface Report extends IncidentDetails {
  kind: IncidentKind
  /** Everything it befell, all of it in one loan or none. */
  itemIds: number[]
  /** The line the first item was in when the form was shown. */
  lineId: number | null
  /** The newest incident of these items that whoever reports knew of; 0: none. */
  seen: number
}

/**
 * Reports what befell items, with what follows from it at once: whoever had them has them no more, they leave the stock
 * or go to the bench, and the playbook begins to count. Gives the incident's id. Refuses what was reported by somebody
 * else a moment before (AlreadyReported), what has been lent or has come back since the form was shown (Stale), and a kind
 * that does not fit (RuleBroken).
 */
export async function reportIncident(change: Change, report: Report): Promise<{ id: number }> {
  const items = await lockWithLoans(change, report.itemIds)
  const main = items.find(({ id }) => id === report.itemIds[0])
  if (!main) throw new NotFound()
  await refuseRepeated(change, items, report.seen)
  checkReport(report, main, items)

  const now = change.now()
  const { kind, happened_on, story, crime_reference } = report
  const { id } = await change.trx
    .insertInto('incidents')
    .values({
      organisation_id: change.by.organisationId,
      kind,
      loan_id: main.loan_id,
      reported_at: now,
      reported_by: change.by.staffId,
      happened_on,
      story,
      crime_reference: isLoss(kind) ? crime_reference : '',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const plans = await listPlansFor(change.trx, change.by, report.itemIds, now)
  await befall(change, id, kind, items, now)
  const affected = items.map((item) => ({ ...item, isPlanned: plans.some((plan) => plan.item_id === item.id) }))
  await addTasks(change, id, playbook(kind, holderOf(main), affected, now), main.lent_by)
  change.audit({
    verb: 'incident:reported',
    subject: ['incident', id],
    ...(main.service_user_id !== null && { serviceUserId: main.service_user_id }),
    details: { kind: incidentKinds[kind].text, items: items.map((item) => item.tag), story, crime_reference },
  })
  return { id }
}

/** Whoever waited for the items' rows sees here what whoever was first has written. */
async function refuseRepeated({ trx, by }: Change, items: HeldItem[], seen: number): Promise<void> {
  const ids = items.map(({ id }) => id)
  const last = await listLastIncidents(trx, by, ids)
  const before = last.find((row) => row.incident_id > seen || row.lost_in !== null)
  const item = items.find(({ id }) => id === before?.item_id)
  if (!before || !item) return
  throw new AlreadyReported({ ...before, tag: item.tag, incident_id: before.lost_in ?? before.incident_id })
}

function checkReport({ kind, lineId, itemIds }: Report, main: HeldItem, items: HeldItem[]): void {
  if (itemIds.length > MOST_ITEMS)
    throw new RuleBroken(`Report ${MOST_ITEMS} items at most, and the rest by themselves.`)
  if (main.line_id !== lineId) throw new Stale(`${main.tag} was lent or came back after you opened the page.`)
  for (const item of items) {
    if (!kindsFor(item).includes(kind)) throw new RuleBroken(whyNot(item, kind))
    if (item.loan_id !== main.loan_id) throw new Stale(`${item.tag} was lent or came back after you opened the page.`)
  }
}

function whyNot({ tag, left_as }: HeldItem, kind: IncidentKind): string {
  if (left_as !== null) return `${tag} is no longer ours: ${(leftAs[left_as] ?? left_as).toLowerCase()}.`
  return kind === 'found' ? `${tag} is not lost.` : `${tag} stays where it is. It can be damaged, but not lost.`
}

async function befall(
  change: Change,
  incidentId: number,
  kind: IncidentKind,
  items: HeldItem[],
  at: Date,
): Promise<void> {
  if (kind === 'repairable') await takeToBench(change, items, at)
  else if (kind !== 'found') await takeOutOfStock(change, items, kind, at)
  const found = kind === 'found' ? { found_at: at, found_by: change.by.staffId } : {}
  const rows = items.map((item) => ({
    organisation_id: change.by.organisationId,
    incident_id: incidentId,
    kind,
    item_id: item.id,
    loan_line_id: item.line_id,
    pool_line_id: item.pool_line_id,
    ...found,
  }))
  await change.trx.insertInto('incident_items').values(rows).execute()
  if (kind === 'found') {
    await bringBack(
      change,
      items.map(({ id }) => id),
      at,
    )
  }
}

async function addTasks(
  change: Change,
  incidentId: number,
  tasks: PlannedTask[],
  lenderId: number | null,
): Promise<void> {
  if (tasks.length === 0) return
  const owners = await listOwners(change.trx, change.by)
  const ownerId = firstOwner(owners, change.by.staffId, lenderId) ?? change.by.staffId
  const rows = tasks.map(({ task, itemId, dueAt }) => ({
    organisation_id: change.by.organisationId,
    incident_id: incidentId,
    task,
    item_id: itemId,
    due_at: dueAt,
    owned_by: ownerId,
  }))
  await change.trx
    .insertInto('incident_tasks')
    .values(rows)
    .onConflict((conflict) => conflict.constraint('one_task_of_a_kind').doNothing())
    .execute()
}

/**
 * Items of an incident are found again: they are back in the stock and on the bench. How their loan ended stays as it
 * was. What nobody need do any more is taken off the list, and what was suspended or locked is put right. Gives the tags.
 * Refuses what is none of the incident's lost items (NotFound); AlreadySo when all of them are found.
 */
export async function markFound(change: Change, incidentId: number, itemIds: number[]): Promise<string[]> {
  const { trx, by } = change
  await trx
    .selectFrom('items')
    .select('id')
    .where('id', 'in', itemIds)
    .where('organisation_id', '=', by.organisationId)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const incident = await lockIncident(trx, by, incidentId)
  if (!incident || !isLoss(incident.kind)) throw new NotFound()
  const items = await listIncidentItems(trx, by, incidentId)
  const asked = items.filter(({ id }) => itemIds.includes(id))
  if (asked.length !== new Set(itemIds).size || asked.length === 0) throw new NotFound()
  const found = asked.filter(({ found_at }) => found_at === null)
  if (found.length === 0) throw new AlreadySo()

  const now = change.now()
  const foundIds = found.map(({ id }) => id)
  await trx
    .updateTable('incident_items')
    .set({ found_at: now, found_by: by.staffId })
    .where('incident_id', '=', incidentId)
    .where('item_id', 'in', foundIds)
    .execute()
  await bringBack(change, foundIds, now)
  const isAllFound = items.every(({ id, found_at }) => found_at !== null || foundIds.includes(id))
  await turnTasksRound(change, incidentId, foundIds, isAllFound, now)
  const tags = found.map(({ tag }) => tag)
  change.audit({ verb: 'incident:found', ...subjectOf(incident), details: { items: tags } })
  return tags
}

async function turnTasksRound(change: Change, incidentId: number, foundIds: number[], isAllFound: boolean, now: Date) {
  const tasks = await listIncidentTasks(change.trx, change.by, incidentId)
  const over = tasks.filter((task) => isOverWhenFound(task, foundIds, isAllFound))
  const left = over.filter(({ done_at, dropped_at }) => done_at === null && dropped_at === null).map(({ id }) => id)
  if (left.length > 0) {
    await change.trx.updateTable('incident_tasks').set({ dropped_at: now }).where('id', 'in', left).execute()
  }
  await addTasks(change, incidentId, tasksAfterFound(tasks, foundIds, isAllFound, now), over[0]?.owned_by ?? null)
}

/** Changes what is said about an incident, as somebody saw it at `version`. What kind it was stays. */
export async function editIncident(
  change: Change,
  id: number,
  version: number,
  details: IncidentDetails,
): Promise<void> {
  const incident = await lockIncident(change.trx, change.by, id)
  if (!incident) throw new NotFound()
  if (incident.version !== version) throw new Stale()
  await change.trx
    .updateTable('incidents')
    .set({ ...details, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'incident:changed', ...subjectOf(incident), details: changedValues(incident, details) })
}

/** Of which incident an audit row is, and of which person. */
export function subjectOf(incident: { id: number; service_user_id: number | null }) {
  return {
    subject: ['incident', incident.id] as ['incident', number],
    ...(incident.service_user_id !== null && { serviceUserId: incident.service_user_id }),
  }
}
