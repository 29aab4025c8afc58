import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { borrower, borrowerColumns, isOpenTask } from './queries.ts'
import { andOfIncidentInReach } from './reach-queries.ts'
import type { IncidentKind } from './rules.ts'

export const incidentFilters = ['open', 'finished'] as const
export type IncidentFilter = (typeof incidentFilters)[number]

export interface IncidentRow extends BorrowerFacts {
  id: number
  kind: IncidentKind
  reported_at: string
  replacement_loan_id: number | null
  tags: string[]
  found_count: number
  open_tasks: number
  overdue_tasks: number
  /** The task that is due first. */
  task_id: number | null
  task: string | null
  task_tag: string | null
  due_at: string | null
}

/**
 * One page of incidents: those with something left to do, what is due first at the top; or those that are over, the newest
 * first. Open tasks are few however many incidents there were, and stand in an index of their own.
 */
export async function listIncidents(db: Database, actor: Actor, filter: IncidentFilter, now: Date, asked: PageAsked) {
  const { asPage, order } = filter === 'open' ? openPage(actor, now, asked) : finishedPage(actor, asked)
  const { rows } = await sql<IncidentRow>`
    with page as (${asPage})
    select incidents.id, incidents.kind, incidents.reported_at, incidents.replacement_loan_id, ${borrowerColumns},
           of_it.tags, of_it.found_count, page.open_tasks, page.overdue_tasks,
           page.task_id, page.task, task_item.tag as task_tag, page.due_at
    from page
    join incidents on incidents.id = page.incident_id
    join lateral (
      select array_agg(items.tag order by items.id) as tags, (count(*) filter (where found_at is not null))::int as found_count
      from incident_items join items on items.id = incident_items.item_id
      where incident_id = incidents.id
    ) of_it on true
    left join items task_item on task_item.id = page.item_id
    ${borrower(actor)}
    order by ${order}
  `.execute(db)
  return pageOf(rows, asked, filter === 'open' ? openCursor : (row) => String(row.id))
}

/** Where an open incident stands in its list: where its first open task does. */
function openCursor(row: IncidentRow): string {
  return `${row.due_at} ${row.task_id}`
}

function openPage(actor: Actor, now: Date, asked: PageAsked) {
  const isBackwards = asked.before !== undefined
  const at = openPlace(asked.before ?? asked.after ?? '')
  const beyond = isBackwards ? sql`<` : sql`>`
  const from =
    at === null ? sql`` : sql`and (first.due_at, first.id) ${beyond} (${at.dueAt}::timestamptz, ${at.id}::bigint)`
  const order = isBackwards ? sql`desc` : sql`asc`
  // an incident stands where its first open task does; its other tasks are passed over
  const asPage = sql`
    select first.incident_id, first.due_at, first.id as task_id, first.task, first.item_id, of_it.open_tasks,
           of_it.overdue_tasks
    from incident_tasks first
    cross join lateral (
      select count(*)::int as open_tasks, (count(*) filter (where due_at < ${now}))::int as overdue_tasks,
             bool_and((due_at, id) >= (first.due_at, first.id)) as is_first
      from incident_tasks
      where incident_id = first.incident_id and ${isOpenTask}
      offset 0
    ) of_it
    where first.organisation_id = ${actor.organisationId} and first.done_at is null and first.dropped_at is null
      and is_first ${andOfIncidentInReach(actor, 'first.incident_id')} ${from}
    order by first.due_at ${order}, first.id ${order}
    limit ${rowsToRead(asked)}`
  return { asPage, order: sql`page.due_at ${order}, page.task_id ${order}` }
}

/** A cursor that is none leads to the first page. */
function openPlace(cursor: string): { dueAt: Date; id: number } | null {
  const [, time = '', id] = /^([0-9: .+-]{22,26}) ([1-9]\d{0,14})$/.exec(cursor) ?? []
  const dueAt = new Date(Date.parse(time))
  return id === undefined || Number.isNaN(dueAt.getTime()) ? null : { dueAt, id: Number(id) }
}

function finishedPage(actor: Actor, asked: PageAsked) {
  const cursor = asked.before ?? asked.after ?? ''
  const id = /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : null
  const isBackwards = asked.before !== undefined
  const from = id === null ? sql`` : sql`and id ${isBackwards ? sql`>` : sql`<`} ${id}`
  const order = isBackwards ? sql`asc` : sql`desc`
  const asPage = sql`
    select id as incident_id, null::timestamptz as due_at, null::bigint as task_id, null as task, null::bigint as item_id,
           0 as open_tasks, 0 as overdue_tasks
    from incidents
    where organisation_id = ${actor.organisationId} ${from} ${andOfIncidentInReach(actor, 'incidents.id')}
      and not exists (select from incident_tasks where incident_id = incidents.id and ${isOpenTask})
    order by id ${order}
    limit ${rowsToRead(asked)}`
  return { asPage, order: sql`page.incident_id ${order}` }
}
