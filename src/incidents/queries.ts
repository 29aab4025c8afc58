import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { isLoanInReach, peopleInReach, type Reach, reachesEveryLoan } from '../service-users/reach-queries.ts'
import { andIncidentInReach, andOfIncidentInReach } from './reach-queries.ts'
import type { IncidentKind, Owner } from './rules.ts'

/** Who had the items of the row of `incidents` at hand, with what it takes to name them. */
const borrower = (actor: Reach) => sql`
  left join loans on loans.id = incidents.loan_id
  left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
  left join wards on wards.id = loans.ward_id
  left join staff on staff.id = loans.staff_id`

const borrowerColumns = sql`
  loans.service_user_id, person.name as service_user, loans.ward_id, wards.name as ward, loans.staff_id,
  staff.name as staff_member`

const isOpenTask = sql`done_at is null and dropped_at is null`

/** A champion with a caseload names no line of a loan out of reach. Ward staff go by the item, which is on their ward. */
function andOfLoanInReach(actor: Actor) {
  if (actor.role === 'ward-staff' || reachesEveryLoan(actor)) return sql``
  return sql`and exists (select from loans where loans.id = line.loan_id and ${isLoanInReach(actor)})`
}

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

export interface Incident extends BorrowerFacts {
  id: number
  kind: IncidentKind
  reported_at: string
  reporter: string
  happened_on: string | null
  story: string
  crime_reference: string
  version: number
  loan_id: number | null
  replacement_loan_id: number | null
}

/** One incident, with who reported it and who had the items. Another organisation's: none. */
export async function findIncident(db: Database, actor: Actor, id: number) {
  const { rows } = await sql<Incident>`
    select incidents.id, incidents.kind, incidents.reported_at, reporter.name as reporter, incidents.happened_on,
           incidents.story, incidents.crime_reference, incidents.version, incidents.loan_id,
           incidents.replacement_loan_id, ${borrowerColumns}
    from incidents
    join staff reporter on reporter.id = incidents.reported_by
    ${borrower(actor)}
    where incidents.id = ${id} and incidents.organisation_id = ${actor.organisationId} ${andIncidentInReach(actor)}
  `.execute(db)
  return rows[0]
}

/** The items of an incident, as they are now. */
export function listIncidentItems(db: Database, actor: Actor, incidentId: number) {
  return db
    .selectFrom('incident_items as of_it')
    .innerJoin('items', 'items.id', 'of_it.item_id')
    .innerJoin('models', 'models.id', 'items.model_id')
    .leftJoin('staff as finder', 'finder.id', 'of_it.found_by')
    .select([
      'items.id',
      'items.tag',
      'items.category',
      'items.serial',
      'items.imei',
      'items.iccid',
      'items.phone_number',
      'items.left_as',
      'models.maker',
      'models.name as model',
      'of_it.found_at',
      'finder.name as finder',
    ])
    .where('of_it.incident_id', '=', incidentId)
    .where('of_it.organisation_id', '=', actor.organisationId)
    .orderBy('items.id')
    .execute()
}

export type IncidentItem = Awaited<ReturnType<typeof listIncidentItems>>[number]

/** The tasks of an incident, each with who is to do it and who did. */
export function listIncidentTasks(db: Database, actor: Actor, incidentId: number) {
  return db
    .selectFrom('incident_tasks as task')
    .innerJoin('staff as owner', 'owner.id', 'task.owned_by')
    .leftJoin('staff as doer', 'doer.id', 'task.done_by')
    .leftJoin('items', 'items.id', 'task.item_id')
    .select([
      'task.id',
      'task.task',
      'task.item_id',
      'items.tag',
      'task.due_at',
      'task.owned_by',
      'owner.name as owner',
      'owner.disabled_at as owner_left_at',
      'task.done_at',
      'doer.name as doer',
      'task.note',
      'task.dropped_at',
    ])
    .where('task.incident_id', '=', incidentId)
    .where('task.organisation_id', '=', actor.organisationId)
    .orderBy('task.id')
    .execute()
}

export type IncidentTask = Awaited<ReturnType<typeof listIncidentTasks>>[number]

/** What was done about an incident, newest first. */
export function listIncidentEvents(db: Database, actor: Actor, incidentId: number) {
  return db
    .selectFrom('audit_events')
    .leftJoin('staff', 'staff.id', 'audit_events.staff_id')
    .leftJoin('audit_details', 'audit_details.audit_event_id', 'audit_events.id')
    .select(['audit_events.at', 'audit_events.verb', 'staff.name as staff_member', 'audit_details.details'])
    .where('audit_events.subject_type', '=', 'incident')
    .where('audit_events.subject_id', '=', incidentId)
    .where('audit_events.organisation_id', '=', actor.organisationId)
    .where('audit_events.verb', '<>', 'incident:viewed')
    .orderBy('audit_events.id', 'desc')
    .limit(200)
    .execute()
}

export type IncidentEvent = Awaited<ReturnType<typeof listIncidentEvents>>[number]

/** Everybody who can be given a task: who works with incidents and still has an account. */
export async function listOwners(db: Database, scope: Scope): Promise<Owner[]> {
  return db
    .selectFrom('staff')
    .select(['id', 'name', 'role', 'is_lead_champion'])
    .where('organisation_id', '=', scope.organisationId)
    .where('role', 'in', ['champion', 'administrator'])
    .where('disabled_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
}

export interface LastIncident {
  item_id: number
  /** The newest incident of the item. */
  incident_id: number
  /** The incident in which it was lost, when nobody has found it. */
  lost_in: number | null
}

/** The last incident of each of these items that had any. */
export async function listLastIncidents(db: Database, scope: Scope, itemIds: number[]): Promise<LastIncident[]> {
  const { rows } = await sql<LastIncident>`
    select item_id, max(incident_id) as incident_id,
           max(incident_id) filter (where kind in ('lost', 'stolen') and found_at is null) as lost_in
    from incident_items
    where item_id = any(${itemIds}::bigint[]) and organisation_id = ${scope.organisationId}
    group by item_id
  `.execute(db)
  return rows
}

/**
 * The newest incident of these items that took them from one's own wards: where a colleague was a moment quicker, the thing
 * is out of one's reach already, and yet one may know why.
 */
export async function findReportFromOwnWards(db: Database, actor: Actor, itemIds: number[], seen: number) {
  const { rows } = await sql<{ item_id: number; tag: string; incident_id: number }>`
    select of_it.item_id, items.tag, of_it.incident_id
    from incident_items of_it
    join items on items.id = of_it.item_id
    join loan_lines line on line.id in (of_it.loan_line_id, of_it.pool_line_id)
    where of_it.item_id = any(${itemIds}::bigint[]) and of_it.organisation_id = ${actor.organisationId}
      and of_it.incident_id > ${seen} and line.placed_with_ward_id = any(${actor.wardIds}::bigint[])
    order by of_it.incident_id desc
    limit 1
  `.execute(db)
  return rows[0]
}

/** A line of a loan that somebody wants to report: what it was about, and whether it is over. */
export async function findReportedLine(db: Database, actor: Actor, lineId: number) {
  const { rows } = await sql<ReportedLine>`
    select line.item_id, items.tag, line.loan_id, line.taken_at, line.ended_at, line.ended_as, line.cancelled_at
    from loan_lines line join items on items.id = line.item_id
    where line.id = ${lineId} and line.organisation_id = ${actor.organisationId} and ${isInReach(actor)}
      ${andOfLoanInReach(actor)}
  `.execute(db)
  return rows[0]
}

export interface ReportedLine {
  item_id: number
  tag: string
  loan_id: number
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
}

/** What else somebody has in the same loan and may have lost with it. */
export async function listItemsInLoan(db: Database, actor: Actor, loanId: number, exceptItemId: number) {
  const { rows } = await sql<{ id: number; tag: string; maker: string; model: string }>`
    select items.id, items.tag, models.maker, models.name as model
    from loan_lines line
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    where line.loan_id = ${loanId} and line.organisation_id = ${actor.organisationId} and line.taken_at is not null
      and line.ended_at is null and items.id <> ${exceptItemId} and ${isInReach(actor)}
      ${andOfLoanInReach(actor)}
    order by line.id
  `.execute(db)
  return rows
}

export interface PlanRow {
  item_id: number
  tag: string
  starts_at: string
  ward: string | null
}

/** Who is to have these items later, the soonest first. */
export async function listPlansFor(db: Database, scope: Scope, itemIds: number[], now: Date) {
  const { rows } = await sql<PlanRow>`
    select item_holds.item_id, items.tag, lower(plan) as starts_at, wards.name as ward
    from item_holds
    join items on items.id = item_holds.item_id
    left join wards on wards.id = item_holds.ward_id
    where item_holds.item_id = any(${itemIds}::bigint[]) and item_holds.organisation_id = ${scope.organisationId}
      and taken_at is null and cancelled_at is null and upper(plan) > ${now}
    order by starts_at, item_holds.id
  `.execute(db)
  return rows
}

/** The incident, held against everybody else who changes it. Its items, if they are changed too, are locked before it. */
export async function lockIncident(trx: InTransaction, actor: Actor, id: number) {
  const { rows } = await sql<LockedIncident>`
    select incidents.id, incidents.kind, incidents.version, incidents.happened_on, incidents.story,
           incidents.crime_reference, incidents.loan_id, incidents.replacement_loan_id,
           loans.service_user_id, loans.ward_id, loans.staff_id
    from incidents left join loans on loans.id = incidents.loan_id
    where incidents.id = ${id} and incidents.organisation_id = ${actor.organisationId} ${andIncidentInReach(actor)}
    for no key update of incidents
  `.execute(trx)
  return rows[0]
}

export interface LockedIncident {
  id: number
  kind: IncidentKind
  version: number
  happened_on: string | null
  story: string
  crime_reference: string
  loan_id: number | null
  replacement_loan_id: number | null
  service_user_id: number | null
  ward_id: number | null
  staff_id: number | null
}

export interface DueTaskRow extends BorrowerFacts {
  task_id: number
  incident_id: number
  kind: IncidentKind
  task: string
  tag: string | null
  tags: string[]
  due_at: string
  owner: string
}

/** What is due by a moment, or overdue, the oldest first: for the worklist, as part of its statement. */
export function dueTasks(actor: Reach, until: Date, limit: number): RawBuilder<DueTaskRow> {
  return sql<DueTaskRow>`
    select open.id as task_id, open.incident_id, incidents.kind, open.task, items.tag,
           array(
             select every_item.tag from incident_items join items every_item on every_item.id = incident_items.item_id
             where incident_items.incident_id = open.incident_id order by every_item.id
           ) as tags,
           open.due_at, owner.name as owner, ${borrowerColumns}
    from (
      select id, incident_id, task, item_id, due_at, owned_by from incident_tasks
      where organisation_id = ${actor.organisationId} and ${isOpenTask} and due_at <= ${until}
        ${andOfIncidentInReach(actor, 'incident_tasks.incident_id')}
      order by due_at, id
      limit ${limit}
    ) open
    join incidents on incidents.id = open.incident_id
    join staff owner on owner.id = open.owned_by
    left join items on items.id = open.item_id
    ${borrower(actor)}
    order by open.due_at, open.id`
}

/** The same by itself, for a worklist that asks nothing else. */
export async function listDueTasks(db: Database, actor: Actor, until: Date, limit: number): Promise<DueTaskRow[]> {
  return (await dueTasks(actor, until, limit).execute(db)).rows
}
