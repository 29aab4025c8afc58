import { sql } from 'kysely'
import { bookedPeople, maySeeWhom } from '../bookings/people-queries.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { Reach } from '../service-users/reach-queries.ts'
import type { BayFacts, DepositFacts } from './rules.ts'

/** More than any ward has. */
const MOST_BAYS = 200

/** A bay, and what is in it now. */
export interface BayRow extends BayFacts {
  maker: string
  model: string
  ready_at: string | null
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
  description: string | null
}

// somebody's device is told to whom their name is
const seen = (column: string) =>
  sql`case when deposit.service_user_id is null or person.service_user_id is not null then ${sql.ref(column)} end`

/** The bays of a ward by tag: those that are kept there, and any other in which something was left there. */
export async function listBays(db: Database, actor: Actor, wardId: number): Promise<BayRow[]> {
  return (await baysOf(actor, wardId).execute(db)).rows
}

/** The same as a question, for a page that asks others with it. */
export function baysOf(actor: Actor, wardId: number) {
  const maySee = maySeeWhom(actor, 'deposit.ward_id')
  return sql<BayRow>`
    with bays as (
      select id from items where kept_at_ward_id = ${wardId} and left_at is null and category = 'locker-bay'
      union
      select bay_id from locker_deposits where ward_id = ${wardId} and ended_at is null
    )
    select items.id, items.tag, models.connector, models.maker, models.name as model,
           items.left_at is null and items.kept_at_ward_id is not distinct from ${wardId}::bigint as kept_here,
           exists (
             select from item_holds where item_id = items.id and taken_at is not null and ended_at is null
           ) as is_out_of_service,
           deposit.id as deposit_id, deposit.ready_at, ${maySee} as may_see,
           case when ${maySee} then deposit.service_user_id end as service_user_id,
           case when ${maySee} then person.name end as service_user,
           case when ${maySee} then deposit.initials end as initials,
           case when ${maySee} then ${seen('deposit.description')} end as description
    from bays
    join items on items.id = bays.id
    join models on models.id = items.model_id
    left join locker_deposits deposit on deposit.bay_id = items.id and deposit.ended_at is null
    left join ${bookedPeople(actor)} person on person.service_user_id = deposit.service_user_id
    where items.organisation_id = ${actor.organisationId}
    order by items.tag_key
    limit ${MOST_BAYS}
  `
}

/** What should have been collected by then, and was not: the oldest first. Ward staff: on their own wards. */
export function uncollectedDeposits({ role, organisationId, wardIds }: Reach, readyBefore: Date, limit: number) {
  const isOurs = role === 'ward-staff' ? sql`and deposit.ward_id = any(${wardIds}::bigint[])` : sql``
  return sql`
    select deposit.id, items.tag, wards.name as ward, deposit.ready_at
    from locker_deposits deposit
    join items on items.id = deposit.bay_id
    join wards on wards.id = deposit.ward_id
    where deposit.organisation_id = ${organisationId} and deposit.ended_at is null and deposit.ready_at <= ${readyBefore} ${isOurs}
    order by deposit.ready_at, deposit.id
    limit ${limit}`
}

export interface UncollectedRow {
  id: number
  tag: string
  ward: string
  ready_at: string
}

export interface DepositRow extends DepositFacts {
  id: number
  ward_id: number
  ward: string
  ward_code: string
  site: string
  tag: string
  connector: string
  bay_id: number
  /** What is in the bay now, where this is over. */
  next_deposit_id: number | null
  /** Whether something can be put in there. */
  is_bay_free: boolean
  key_with: string
  deposited_at: string
  depositor: string
  ender: string | null
  witness: string | null
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  known_as: string | null
  initials: string | null
  description: string | null
  handed_to: string | null
  allowed_by: string | null
  opened_because: string | null
}

/** A deposit, for champions, administrators and the staff of its ward; to anybody else there is none. */
export async function findDeposit(db: Database, actor: Actor, id: number): Promise<DepositRow | undefined> {
  const isOurs = actor.role === 'ward-staff' ? sql`deposit.ward_id = any(${actor.wardIds}::bigint[])` : sql`true`
  const maySee = maySeeWhom(actor, 'deposit.ward_id')
  const { rows } = await sql<DepositRow>`
    select deposit.id, deposit.ward_id, wards.name as ward, wards.code as ward_code, sites.name as site, items.tag,
           deposit.connector, deposit.bay_id, inside.id as next_deposit_id,
           inside.id is null and items.left_at is null and items.kept_at_ward_id = deposit.ward_id and not exists (
             select from item_holds where item_id = items.id and taken_at is not null and ended_at is null
           ) as is_bay_free, deposit.key_with, deposit.ready_at, deposit.deposited_at, depositor.name as depositor,
           deposit.ended_at, deposit.ended_as, ender.name as ender, witness.name as witness, ${maySee} as may_see,
           case when ${maySee} then deposit.service_user_id end as service_user_id,
           case when ${maySee} then person.name end as service_user,
           case when ${maySee} then person.known_as end as known_as,
           case when ${maySee} then deposit.initials end as initials,
           case when ${maySee} then ${seen('deposit.description')} end as description,
           case when ${maySee} then ${seen('deposit.handed_to')} end as handed_to,
           case when ${maySee} then ${seen('deposit.allowed_by')} end as allowed_by,
           case when ${maySee} then ${seen('deposit.opened_because')} end as opened_because
    from locker_deposits deposit
    join wards on wards.id = deposit.ward_id
    join sites on sites.id = wards.site_id
    join items on items.id = deposit.bay_id
    join staff depositor on depositor.id = deposit.deposited_by
    left join locker_deposits inside on inside.bay_id = deposit.bay_id and inside.ended_at is null and inside.id <> deposit.id
    left join staff ender on ender.id = deposit.ended_by
    left join staff witness on witness.id = deposit.witnessed_by
    left join ${bookedPeople(actor)} person on person.service_user_id = deposit.service_user_id
    where deposit.id = ${id} and deposit.organisation_id = ${actor.organisationId} and ${isOurs}
  `.execute(db)
  return rows[0]
}

export interface Witness {
  id: number
  name: string
}

/** Who may be there when a bay of a ward is opened without the owner: the staff of the ward, and never whoever asks. */
export async function listWitnesses(
  db: Database,
  { organisationId, staffId }: Actor,
  wardId: number,
): Promise<Witness[]> {
  const { rows } = await sql<Witness>`
    select staff.id, staff.name
    from staff
    join staff_wards own on own.staff_id = staff.id and own.ward_id = ${wardId}
    where staff.organisation_id = ${organisationId} and staff.disabled_at is null and staff.id <> ${staffId}
      and staff.role = 'ward-staff'
    order by staff.name, staff.id
    limit 500
  `.execute(db)
  return rows
}
