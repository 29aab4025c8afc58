import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import type { Reach } from '../service-users/reach-queries.ts'
import { bookedPeople, maySeeWhom } from './people-queries.ts'
import type { ForWhom } from './rules.ts'
import type { WaitEnd, WaitFacts, WaitItem } from './waiting-rules.ts'

/** Somebody who waits, as far as whoever looks may know whom it is for. */
export interface WaitRow extends WaitFacts, ForWhom {
  ward_id: number
  ward: string
  ward_code: string
  tag: string | null
  wanted_on: string
  purpose: string
  asked_at: string
}

interface Asked {
  /** An array of wards, as a value or a question. */
  wardIds: RawBuilder<unknown>
  now: Date
  today: string
}

/** More than wait on a ward at once. */
const MOST_WAITS = 100

/**
 * Who waits still, day by day and in the order in which they were written down. Nobody does whose time is over, or who by
 * their record is not on the ward any more: that is asked here, and nothing has to end it.
 */
export function openWaits(actor: Reach, { wardIds, now, today }: Asked): RawBuilder<WaitRow> {
  const maySee = maySeeWhom(actor, 'wait.ward_id')
  // the ward is "place" here, so that a question around this one may name its own "wards"
  const isOurs = actor.role === 'ward-staff' ? sql`and wait.ward_id = any(${actor.wardIds}::bigint[])` : sql``
  return sql<WaitRow>`
    select wait.id, wait.ward_id, place.name as ward, place.code as ward_code, wait.item_id, items.tag, wait.categories,
           wait.connector, wait.minutes, wait.earliest_at, wait.latest_at, wait.wanted_on, wait.purpose, wait.asked_at,
           ${maySee} as may_see, case when ${maySee} then wait.service_user_id end as service_user_id,
           person.name as service_user, case when ${maySee} then wait.initials end as initials
    from booking_waits wait
    join wards place on place.id = wait.ward_id
    left join items on items.id = wait.item_id
    left join service_users whom on whom.id = wait.service_user_id
    left join ${bookedPeople(actor)} person on person.service_user_id = wait.service_user_id and ${maySee}
    where wait.ward_id = any(${wardIds}) and wait.organisation_id = ${actor.organisationId} ${isOurs}
      and wait.ended_at is null and wait.wanted_on >= ${today}::date and wait.latest_at > ${now}::timestamptz
      and (wait.service_user_id is null or whom.state = 'admitted' and whom.ward_id = wait.ward_id)
    order by wait.wanted_on, wait.id
    limit ${MOST_WAITS}`
}

/**
 * What is on these wards of the kinds that somebody waits for. (Two hours more is the longest that cleaning may take.) What is planned is looked up item by item and day by day in the
 * index of plans, so that neither a long history nor a full ward costs anything where nobody waits.
 */
function itemsWaitedFor(actor: Reach, asked: Asked): RawBuilder<WaitItem> {
  return sql<WaitItem>`
    with waits as materialized (${openWaits(actor, asked)}),
    days as (
      select ward_id, greatest(min(earliest_at), ${asked.now}::timestamptz - interval '15 minutes') as since,
             max(latest_at) + interval '2 hours' as until
      from waits group by ward_id, wanted_on
    ),
    here as (
      select item_id as id, placed_with_ward_id as ward_id from loan_lines
      where placed_with_ward_id in (select ward_id from waits) and taken_at is not null and ended_at is null
      union all
      select id, kept_at_ward_id from items kept
      where kept_at_ward_id in (select ward_id from waits) and left_at is null and not exists (
        select from loan_lines
        where item_id = kept.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
      )
    )
    select items.id, here.ward_id, items.tag, items.category, items.model_id, models.connector,
           coalesce(models.cable_length_cm > ward.longest_cable_cm, false) as is_cable_too_long,
           case when models.cable_length_cm > ward.longest_cable_cm then (
             select max(until) from cable_permits where item_id = items.id and ward_id = ward.id
           ) end as cable_signed_until,
           hold.kind as hold_kind, upper(hold.plan) as hold_until,
           (
             select coalesce(json_agg(json_build_object('from', lower(planned.plan), 'until', upper(planned.plan))), '[]')
             from days
             cross join lateral (
               select plan from item_holds
               where item_id = items.id and plan && tstzrange(days.since, days.until) and cancelled_at is null
             ) planned
             where days.ward_id = here.ward_id
           ) as busy
    from here
    join items on items.id = here.id
    join models on models.id = items.model_id
    join wards ward on ward.id = here.ward_id
    join item_categories on item_categories.code = items.category
    left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
    where items.category <> 'locker-bay' and exists (
      select from waits where waits.ward_id = here.ward_id and items.category = any(waits.categories)
    )
    order by item_categories.sort_order, items.tag_key, items.id`
}

/** Who waits, and what there is that they could have: what every list of offers is worked out from. */
export interface WaitingGround {
  waits: WaitRow[]
  waitItems: WaitItem[]
}

/** Both as questions, for a page that asks others with them. */
export function waitingGround(actor: Reach, asked: Asked) {
  return { waits: openWaits(actor, asked), waitItems: itemsWaitedFor(actor, asked) }
}

export async function readWaitingGround(db: Database, actor: Reach, asked: Asked): Promise<WaitingGround> {
  const { rows } = await asLists<WaitingGround>(waitingGround(actor, asked)).execute(db)
  return rows[0] ?? { waits: [], waitItems: [] }
}

/** One ward, as the questions above take it. */
export const oneWard = (wardId: number) => sql`array[${wardId}]::bigint[]`

export interface FoundWait extends WaitFacts, ForWhom, WaitEnd {
  ward_id: number
  ward_code: string
  wanted_on: string
  purpose: string
  booking_id: number | null
}

/** One who waits, or waited: for champions, administrators and the staff of the ward; to anybody else there is none. */
export async function findWait(db: Database, actor: Reach, id: number): Promise<FoundWait | undefined> {
  const maySee = maySeeWhom(actor, 'wait.ward_id')
  const isOurs = actor.role === 'ward-staff' ? sql`wait.ward_id = any(${actor.wardIds}::bigint[])` : sql`true`
  const { rows } = await sql<FoundWait>`
    select wait.id, wait.ward_id, wards.code as ward_code, wait.item_id, wait.categories, wait.connector, wait.minutes,
           wait.earliest_at, wait.latest_at, wait.wanted_on, wait.purpose, wait.ended_as, wait.ended_at,
           ender.name as ender, wait.booking_id, ${maySee} as may_see, wait.service_user_id,
           person.name as service_user, wait.initials
    from booking_waits wait
    join wards on wards.id = wait.ward_id
    left join staff ender on ender.id = wait.ended_by
    left join ${bookedPeople(actor)} person on person.service_user_id = wait.service_user_id and ${maySee}
    where wait.id = ${id} and wait.organisation_id = ${actor.organisationId} and ${isOurs}
  `.execute(db)
  return rows[0]
}
