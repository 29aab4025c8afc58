import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { AuditFilter } from './rules.ts'

/** Events of one organisation. */
function eventsOf(db: Database, scope: Scope) {
  return db
    .selectFrom('audit_events')
    .select(['id', 'at', 'verb', 'subject_type', 'subject_id', 'service_user_id', 'staff_id', 'tablet_id'])
    .where('audit_events.organisation_id', '=', scope.organisationId)
}

export interface AuditRow {
  id: number
  at: string
  verb: string
  subject_type: string | null
  subject_id: number | null
  service_user_id: number | null
  staff_member: string | null
  /** The ward's tablet that they were at. */
  tablet: string | null
  details: unknown
}

/**
 * The events of a page, in its order, each with who did it and what is kept beside it: looked up for all of them at once,
 * since events of one time stand together.
 */
async function readEvents(db: Database, page: ReturnType<typeof eventsOf>): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    with page as materialized (select *, row_number() over () as place from (${page}) ordered),
    kept as materialized (
      select audit_event_id, details from audit_details where audit_event_id = any(array(select id from page))
    )
    select page.id, page.at, page.verb, page.subject_type, page.subject_id, page.service_user_id,
           staff.name as staff_member, ward_tablets.name as tablet, kept.details
    from page
    left join staff on staff.id = page.staff_id
    left join ward_tablets on ward_tablets.id = page.tablet_id
    left join kept on kept.audit_event_id = page.id
    order by page.place
  `.execute(db)
  return rows
}

const byTime = sql`(audit_events.at, audit_events.id)`

/**
 * One page of the audit, the newest first. A cursor is an event's id, but the order is by time and then id: only so can
 * one index answer both a page and a span of days, however long ago. There is an index for each of time, kind and staff.
 */
export async function listAudit(db: Database, scope: Scope, filter: AuditFilter, asked: PageAsked) {
  let query = eventsOf(db, scope).limit(rowsToRead(asked))
  if (filter.staffId !== undefined) query = query.where('audit_events.staff_id', '=', filter.staffId)
  if (filter.serviceUserId !== undefined) {
    query = query.where('audit_events.service_user_id', '=', filter.serviceUserId)
  }
  if (filter.kind !== undefined) query = query.where(sql`split_part(audit_events.verb, ':', 1)`, '=', filter.kind)
  if (filter.from) query = query.where('audit_events.at', '>=', filter.from.toISOString())
  if (filter.until) query = query.where('audit_events.at', '<', filter.until.toISOString())
  if (asked.before !== undefined) {
    query = query.where(sql<boolean>`${byTime} > (${timeOf(scope, asked.before)})`)
    query = query.orderBy('audit_events.at').orderBy('audit_events.id')
  } else {
    if (asked.after !== undefined) query = query.where(sql<boolean>`${byTime} < (${timeOf(scope, asked.after)})`)
    query = query.orderBy('audit_events.at', 'desc').orderBy('audit_events.id', 'desc')
  }
  return pageOf(await readEvents(db, query), asked, (row) => String(row.id))
}

/** Where the event of a cursor stands. A cursor that names none of this organisation's leads to an empty page. */
function timeOf(scope: Scope, cursor: string) {
  return sql`select cursor_event.at, cursor_event.id from audit_events cursor_event
    where cursor_event.id = ${idIn(cursor)} and cursor_event.organisation_id = ${scope.organisationId}`
}

function idIn(cursor: string): number {
  return /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
}

/** Who opens or writes private notes, or raises a concern, is for the audit: in a history it would tell that there are any. */
const isForHistory = sql<boolean>`audit_events.verb not like all (array['safe-contact:private-%', 'concern:%'])`

/**
 * What was done that concerns a person, by the ids of all the records that are theirs, the newest first; who only looked,
 * and what was refused, if asked for. Hardly anybody has two, and one id alone is found in the order of the index.
 */
export async function listEventsAbout(
  db: Database,
  scope: Scope,
  [serviceUserId = 0, ...merged]: readonly number[],
  { withViews, ...asked }: PageAsked & { withViews: boolean },
) {
  const ids = [serviceUserId, ...merged]
  const isTheirs = merged.length === 0 ? sql`= ${serviceUserId}` : sql`= any(${ids}::bigint[])`
  let query = eventsOf(db, scope)
    .where(sql<boolean>`audit_events.service_user_id ${isTheirs}`)
    .where(isForHistory)
    .limit(rowsToRead(asked))
  if (!withViews) query = query.where(sql<boolean>`audit_events.verb not like all (array['%:viewed', 'refused:%'])`)
  if (asked.before !== undefined) {
    query = query.where('audit_events.id', '>', idIn(asked.before)).orderBy('audit_events.id')
  } else {
    if (asked.after !== undefined) query = query.where('audit_events.id', '<', idIn(asked.after))
    query = query.orderBy('audit_events.id', 'desc')
  }
  return pageOf(await readEvents(db, query), asked, (row) => String(row.id))
}

/** Whose NHS number it is, by id alone: whoever reads the audit is told no name. */
export async function findPersonByNumber(db: Database, scope: Scope, nhsNumber: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('service_user_details')
    .select('service_user_id')
    .where('organisation_id', '=', scope.organisationId)
    .where('nhs_number', '=', nhsNumber)
    .where('is_merged', '=', false)
    .executeTakeFirst()
  return row?.service_user_id
}

/** Everybody who has or had an account, to choose from. */
export function listStaffNames(db: Database, scope: Scope) {
  return db
    .selectFrom('staff')
    .select(['id', 'name', 'disabled_at'])
    .where('organisation_id', '=', scope.organisationId)
    .orderBy('name')
    .orderBy('id')
    .execute()
}

export type StaffName = Awaited<ReturnType<typeof listStaffNames>>[number]
