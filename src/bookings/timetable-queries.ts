import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { bookedPeople, maySeeWhom, peopleOfWard } from './people-queries.ts'
import type { Span } from './rules.ts'
import { openWaits, type WaitRow } from './waiting-queries.ts'

export interface WardRow {
  id: number
  code: string
  name: string
  kind: string
  closed_at: string | null
  site: string
}

const wardColumns = [
  'wards.id',
  'wards.code',
  'wards.name',
  'wards.kind',
  'wards.closed_at',
  'sites.name as site',
] as const

/** The wards of the organisation that are not closed, by site and name. */
export function listWardsToBook(db: Database, actor: Actor): Promise<WardRow[]> {
  return wardsOfOrganisation(db, actor)
    .where('wards.closed_at', 'is', null)
    .orderBy('sites.name')
    .orderBy('wards.name')
    .execute()
}

/** A ward of the organisation by its code. Everybody who books sees what is taken where; who books there is another question. */
export function findWardByCode(db: Database, actor: Actor, code: string): Promise<WardRow | undefined> {
  return wardsOfOrganisation(db, actor).where('wards.code', '=', code).executeTakeFirst()
}

/** The same, with who is on it now as far as this person may see them: what a form of a booking asks for. */
export function findWardWithPeople(db: Database, actor: Actor, code: string) {
  return wardsOfOrganisation(db, actor)
    .where('wards.code', '=', code)
    .select(peopleOfWard(actor).as('people'))
    .executeTakeFirst()
}

/** The same, with who waits there for something on a day: of other wards than one's own that is nobody's to know. */
export function findWardWithWaits(db: Database, actor: Actor, code: string, asked: { on: string; now: Date }) {
  const wardIds = sql`array[wards.id]`
  const waits = sql<WaitRow>`select * from (${openWaits(actor, { wardIds, now: asked.now, today: asked.on })}) wait where wanted_on = ${asked.on}::date`
  return wardsOfOrganisation(db, actor)
    .where('wards.code', '=', code)
    .select(asList<WaitRow>(waits).as('waits'))
    .executeTakeFirst()
}

function wardsOfOrganisation(db: Database, actor: Actor) {
  return db
    .selectFrom('wards')
    .innerJoin('sites', 'sites.id', 'wards.site_id')
    .select(wardColumns)
    .where('wards.organisation_id', '=', actor.organisationId)
}

/** Something that a ward may book, and what has become of it at this moment. */
export interface WardItem {
  id: number
  tag: string
  category: string
  model_id: number
  maker: string
  model: string
  connector: string | null
  /** Whether its cable is longer than the ward permits; and until when the nurse in charge has signed for it all the same. */
  is_cable_too_long: boolean
  cable_signed_until: string | null
  is_placed: boolean
  /** Who has it now, if anybody. */
  hold_kind: string | null
  hold_booking_id: number | null
  hold_until: string | null
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
}

/** Of what is on a ward: some by their ids, those of some kinds, or one with others of its kind after it. */
export type OnlyItems = { ids: number[] } | { categories: string[] } | { like: number }

function onlyThese(only: OnlyItems | undefined) {
  if (!only) return sql``
  if ('ids' in only) return sql`and items.id = any(${only.ids}::bigint[])`
  if ('categories' in only) return sql`and items.category = any(${only.categories}::text[])`
  return sql`and items.category = (select category from items where id = ${only.like})`
}

/**
 * What a ward may book: what is placed with it, and what is kept there and placed with nobody. Locker bays are not booked by
 * time. Found by the indexes of what is there now, however long the history is.
 */
export async function listWardItems(
  db: Database,
  actor: Actor,
  wardId: number,
  limit: number,
  only?: OnlyItems,
): Promise<WardItem[]> {
  const { rows } = await sql<WardItem>`
    with here as (
      select item_id as id, true as is_placed from loan_lines
      where placed_with_ward_id = ${wardId} and taken_at is not null and ended_at is null
      union all
      select id, false from items kept
      where kept_at_ward_id = ${wardId} and left_at is null and not exists (
        select from loan_lines
        where item_id = kept.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
      )
    )
    select items.id, items.tag, items.category, items.model_id, models.maker, models.name as model, models.connector,
           coalesce(models.cable_length_cm > ward.longest_cable_cm, false) as is_cable_too_long,
           case when models.cable_length_cm > ward.longest_cable_cm then (
             select max(until) from cable_permits where item_id = items.id and ward_id = ward.id
           ) end as cable_signed_until,
           here.is_placed, hold.kind as hold_kind, hold.booking_id as hold_booking_id, upper(hold.plan) as hold_until,
           ${maySeeWhom(actor, 'hold.ward_id')} as may_see,
           coalesce(bookings.service_user_id, case when ${maySeeWhom(actor, 'hold.ward_id')} then loans.service_user_id end)
             as service_user_id,
           person.name as service_user, bookings.initials
    from here
    join items on items.id = here.id
    join models on models.id = items.model_id
    join wards ward on ward.id = ${wardId}
    join item_categories on item_categories.code = items.category
    left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
    left join bookings on bookings.id = hold.booking_id and ${maySeeWhom(actor, 'bookings.ward_id')}
    left join loan_lines line on line.id = hold.loan_line_id
    left join loans on loans.id = line.loan_id
    left join ${bookedPeople(actor)} person
      on person.service_user_id = coalesce(bookings.service_user_id, loans.service_user_id)
      and ${maySeeWhom(actor, 'hold.ward_id')}
    where items.organisation_id = ${actor.organisationId} and items.category <> 'locker-bay' ${onlyThese(only)}
    order by ${only && 'like' in only ? sql`items.id = ${only.like} desc,` : sql``} item_categories.sort_order, items.tag_key
    limit ${limit}
  `.execute(db)
  return rows
}

/** A time in which an item cannot be had, as far as whoever looks may know why. */
export interface PlanRow {
  item_id: number
  /** Of what is no longer on the ward: nothing else tells what it is. */
  tag: string | null
  booking_id: number | null
  kind: string
  starts_at: string
  ends_at: string
  taken_at: string | null
  ended_at: string | null
  cleaning_minutes: number | null
  purpose: string | null
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
}

/**
 * What is planned for these items in this time, in the order of its beginning: one look into the index of plans for each item, so
 * that a day costs the same after a million bookings. With a ward also what it has booked of things that are no longer there.
 */
export async function listPlans(
  db: Database,
  actor: Actor,
  itemIds: number[],
  span: Span,
  strayOf?: { wardId: number; since: Date },
): Promise<PlanRow[]> {
  const columns = sql`id, organisation_id, item_id, booking_id, kind, ward_id, plan, taken_at, ended_at`
  const strays =
    strayOf === undefined
      ? sql``
      : sql`union all
        select ${columns}, (select tag from items where items.id = item_id) as tag from item_holds
        where ward_id = ${strayOf.wardId} and kind = 'booking' and cancelled_at is null and taken_at is null
          and lower(plan) >= ${strayOf.since} and lower(plan) < ${span.until} and plan && tstzrange(${span.from}, ${span.until})
          and not (item_id = any(${itemIds}::bigint[]))`
  const { rows } = await sql<PlanRow>`
    select hold.item_id, hold.tag, hold.booking_id, hold.kind, lower(hold.plan) as starts_at,
           upper(hold.plan) as ends_at, hold.taken_at, hold.ended_at, bookings.cleaning_minutes, bookings.purpose,
           ${maySeeWhom(actor, 'hold.ward_id')} as may_see, bookings.service_user_id, person.name as service_user,
           bookings.initials
    from (
      select planned.*, null::text as tag from unnest(${itemIds}::bigint[]) wanted (wanted_id)
      cross join lateral (
        select ${columns} from item_holds
        where item_id = wanted_id and plan && tstzrange(${span.from}, ${span.until}) and cancelled_at is null
      ) planned
      ${strays}
    ) hold
    left join bookings on bookings.id = hold.booking_id and ${maySeeWhom(actor, 'bookings.ward_id')}
    left join ${bookedPeople(actor)} person on person.service_user_id = bookings.service_user_id
    where hold.organisation_id = ${actor.organisationId}
    order by lower(hold.plan), hold.id
  `.execute(db)
  return rows
}
