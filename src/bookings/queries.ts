import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { restrictionsOf } from '../restrictions/person-queries.ts'
import type { RestrictionFacts } from '../restrictions/rules.ts'
import type { LastChange } from './changed-rules.ts'
import { bookedPeople, maySeeWhom } from './people-queries.ts'
import type { HoldFacts } from './rules.ts'

export interface BookingRow {
  id: number
  version: number
  ward_id: number
  ward: string
  ward_code: string
  purpose: string
  cleaning_minutes: number
  made_at: string
  maker: string
  cancelled_at: string | null
  cancelled_as: string | null
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string
  /** Whether the person is on that ward now, as their record has it; null where it is for nobody by name. */
  is_on_ward: boolean | null
  state: string | null
  /** What a care plan keeps from the person. */
  restrictions: RestrictionFacts[]
}

/** A booking, for champions, administrators and the staff of its ward; to anybody else there is none. */
export async function findBooking(db: Database, actor: Actor, id: number): Promise<BookingRow | undefined> {
  const isOurs = actor.role === 'ward-staff' ? sql`bookings.ward_id = any(${actor.wardIds}::bigint[])` : sql`true`
  const { rows } = await sql<BookingRow>`
    select bookings.id, bookings.version, bookings.ward_id, wards.name as ward, wards.code as ward_code,
           bookings.purpose, bookings.cleaning_minutes, bookings.made_at, staff.name as maker, bookings.cancelled_at,
           bookings.cancelled_as, ${maySeeWhom(actor, 'bookings.ward_id')} as may_see, bookings.service_user_id,
           person.name as service_user, bookings.initials,
           whom.state = 'admitted' and whom.ward_id = bookings.ward_id as is_on_ward, whom.state,
           case when ${maySeeWhom(actor, 'bookings.ward_id')} then ${restrictionsOf(sql`bookings.service_user_id`)}
             else '[]' end as restrictions
    from bookings
    join wards on wards.id = bookings.ward_id
    join staff on staff.id = bookings.made_by
    left join service_users whom on whom.id = bookings.service_user_id
    left join ${bookedPeople(actor)} person on person.service_user_id = bookings.service_user_id
    where bookings.id = ${id} and bookings.organisation_id = ${actor.organisationId} and ${isOurs}
  `.execute(db)
  return rows[0]
}

export interface BookedHold extends HoldFacts {
  id: number
  item_id: number
  tag: string
  category: string
  maker: string
  model: string
  model_id: number
  /** What has it now, where that is not this booking: it has to come back, or be made ready, first. */
  other_kind: string | null
}

/** What a booking takes. */
export async function listBookedHolds(db: Database, actor: Actor, bookingId: number): Promise<BookedHold[]> {
  const { rows } = await sql<BookedHold>`
    select hold.id, hold.item_id, items.tag, items.category, models.maker, models.name as model, items.model_id,
           lower(hold.plan) as starts_at, upper(hold.plan) as ends_at, hold.taken_at, hold.ended_at, hold.cancelled_at,
           other.kind as other_kind
    from item_holds hold
    join items on items.id = hold.item_id
    join models on models.id = items.model_id
    join item_categories on item_categories.code = items.category
    left join item_holds other on other.item_id = hold.item_id and other.id <> hold.id
      and other.taken_at is not null and other.ended_at is null
    where hold.booking_id = ${bookingId} and hold.organisation_id = ${actor.organisationId}
    order by item_categories.sort_order, items.tag_key
  `.execute(db)
  return rows
}

/** What was done last to a booking, to tell whoever was a moment too late. */
export async function findLastChange(db: Database, actor: Actor, id: number): Promise<LastChange | undefined> {
  const { rows } = await sql<LastChange>`
    select event.verb, event.at, staff.name as who
    from audit_events event
    left join staff on staff.id = event.staff_id
    where event.subject_type = 'booking' and event.subject_id = ${id}
      and event.organisation_id = ${actor.organisationId} and event.verb <> 'booking:viewed'
    order by event.id desc
    limit 1
  `.execute(db)
  return rows[0]
}
