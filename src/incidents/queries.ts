import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { isLoanInReach, peopleInReach, type Reach, reachesEveryLoan } from '../service-users/reach-queries.ts'
import { andIncidentInReach } from './reach-queries.ts'
import type { IncidentKind, Owner } from './rules.ts'

/** Who had the items of the row of `incidents` at hand, with what it takes to name them. */
export const borrower = (actor: Reach) => sql`
  left join loans on loans.id = incidents.loan_id
  left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
  left join wards on wards.id = loans.ward_id
  left join staff on staff.id = loans.staff_id`

export const borrowerColumns = sql`
  loans.service_user_id, person.name as service_user, loans.ward_id, wards.name as ward, loans.staff_id,
  staff.name as staff_member`

export const isOpenTask = sql`done_at is null and dropped_at is null`

/** A champion with a caseload names no line of a loan out of reach. Ward staff go by the item, which is on their ward. */
export function andOfLoanInReach(actor: Actor) {
  if (actor.role === 'ward-staff' || reachesEveryLoan(actor)) return sql``
  return sql`and exists (select from loans where loans.id = line.loan_id and ${isLoanInReach(actor)})`
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
