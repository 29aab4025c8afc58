import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { AuditFilter } from './rules.ts'

/** Events of one organisation, each with who did it and what is kept beside it. */
function eventsOf(db: Database, scope: Scope) {
  return db
    .selectFrom('audit_events')
    .leftJoin('staff', 'staff.id', 'audit_events.staff_id')
    .leftJoin('audit_details', 'audit_details.audit_event_id', 'audit_events.id')
    .select([
      'audit_events.id',
      'audit_events.at',
      'audit_events.verb',
      'audit_events.subject_type',
      'audit_events.subject_id',
      'audit_events.service_user_id',
      'staff.name as staff_member',
      'audit_details.details',
    ])
    .where('audit_events.organisation_id', '=', scope.organisationId)
}

const byTime = sql`(audit_events.at, audit_events.id)`

/**
 * One page of the audit, the newest first. A cursor is an event's id, but the order is by time and then id: only so can
 * one index answer both a page and a span of days, however long ago. There is an index for each of time, kind and staff.
 */
export async function listAudit(db: Database, scope: Scope, filter: AuditFilter, asked: PageAsked) {
  let query = eventsOf(db, scope).limit(rowsToRead(asked))
  if (filter.staffId !== undefined) query = query.where('audit_events.staff_id', '=', filter.staffId)
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
  return pageOf(await query.execute(), asked, (row) => String(row.id))
}

/** Where the event of a cursor stands. A cursor that names none of this organisation's leads to an empty page. */
function timeOf(scope: Scope, cursor: string) {
  return sql`select cursor_event.at, cursor_event.id from audit_events cursor_event
    where cursor_event.id = ${idIn(cursor)} and cursor_event.organisation_id = ${scope.organisationId}`
}

function idIn(cursor: string): number {
  return /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
}

export type AuditRow = Awaited<ReturnType<typeof listAudit>>['rows'][number]

/** What was done that concerns a person, the newest first; who only looked, and what was refused, if asked for. */
export async function listEventsAbout(
  db: Database,
  scope: Scope,
  serviceUserId: number,
  { withViews, ...asked }: PageAsked & { withViews: boolean },
) {
  let query = eventsOf(db, scope).where('audit_events.service_user_id', '=', serviceUserId).limit(rowsToRead(asked))
  if (!withViews) query = query.where(sql<boolean>`audit_events.verb not like all (array['%:viewed', 'refused:%'])`)
  if (asked.before !== undefined) {
    query = query.where('audit_events.id', '>', idIn(asked.before)).orderBy('audit_events.id')
  } else {
    if (asked.after !== undefined) query = query.where('audit_events.id', '<', idIn(asked.after))
    query = query.orderBy('audit_events.id', 'desc')
  }
  return pageOf(await query.execute(), asked, (row) => String(row.id))
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
