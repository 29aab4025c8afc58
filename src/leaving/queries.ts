import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonInReach, isPersonOfTheirs } from '../service-users/reach-queries.ts'
import type { Leaver } from './rules.ts'

/** More than any ward has beds. */
const MOST_PEOPLE = 200

interface Asked {
  wardId: number
  now: Date
}

/** What a ward has of its own: what is placed with it, and what is kept there. */
const itemsOf = (wardId: number) => sql`
  select item_id from loan_lines where placed_with_ward_id = ${wardId} and taken_at is not null and ended_at is null
  union
  select id from items where kept_at_ward_id = ${wardId} and left_at is null`

/** Who has something of a ward, or is to have it, wherever they are now. */
const holdersOf = ({ wardId, now }: Asked) => sql`
  select coalesce(bookings.service_user_id, loans.service_user_id)
  from (${itemsOf(wardId)}) own
  join item_holds hold on hold.item_id = own.item_id and hold.taken_at is not null and hold.ended_at is null
    and hold.ward_id = ${wardId}
  left join bookings on bookings.id = hold.booking_id
  left join loan_lines line on line.id = hold.loan_line_id
  left join loans on loans.id = line.loan_id
  union
  select bookings.service_user_id
  from item_holds hold join bookings on bookings.id = hold.booking_id
  where hold.ward_id = ${wardId} and hold.kind = 'booking' and hold.cancelled_at is null and hold.taken_at is null
    and lower(hold.plan) > ${now}::timestamptz - interval '1 day' and upper(hold.plan) > ${now}
  union
  select service_user_id from locker_deposits where ward_id = ${wardId} and ended_at is null`

/**
 * What a person has. Of somebody who is with them now this ward's staff see all of it; of somebody who has left, what is the
 * ward's own.
 */
function thingsOf({ role, wardIds }: Actor, { wardId, now }: Asked): RawBuilder<unknown> {
  const isSeen = role === 'champion' ? sql<SqlBool>`true` : sql<SqlBool>`(is_here or thing.ward_id = ${wardId})`
  const mayOpen =
    role === 'champion'
      ? sql<SqlBool>`true`
      : sql<SqlBool>`(thing.kind <> 'loan' and thing.ward_id = any(${wardIds}::bigint[]))`
  return sql`(
    select coalesce(json_agg(json_build_object(
      'kind', thing.kind, 'id', thing.id, 'ward_id', thing.ward_id, 'ward', owner.name, 'tag', items.tag,
      'maker', models.maker, 'model', models.name, 'at', thing.at, 'may_open', ${mayOpen}
    ) order by thing.kind = 'coming', thing.at, items.tag_key), '[]')
    from (
      select case when hold.taken_at is null then 'coming' else 'out' end as kind, bookings.id, hold.ward_id, hold.item_id,
             lower(hold.plan) as at
      from bookings join item_holds hold on hold.booking_id = bookings.id
      where bookings.service_user_id = person.id and hold.cancelled_at is null and hold.ended_at is null
        and (hold.taken_at is not null or upper(hold.plan) > ${now})
      union all
      select 'locker', id, ward_id, bay_id, ready_at from locker_deposits
      where service_user_id = person.id and ended_at is null
      union all
      select 'loan', loans.id, hold.ward_id, line.item_id, line.taken_at
      from loans
      join loan_lines line on line.loan_id = loans.id and line.taken_at is not null and line.ended_at is null
      left join item_holds hold on hold.loan_line_id = line.id
      where loans.service_user_id = person.id
    ) thing
    join items on items.id = thing.item_id
    join models on models.id = items.model_id
    left join wards owner on owner.id = thing.ward_id
    where ${isSeen}
  )`
}

function leavers(actor: Actor, asked: Asked, ids: RawBuilder<unknown>) {
  const isSeen =
    actor.role === 'champion'
      ? isPersonInReach(actor, 'person.id')
      : sql<SqlBool>`(${isPersonOfTheirs(actor, 'person')} or person.id = any(array(${holdersOf(asked)})))`
  return sql<Leaver>`
    select person.id, details.name, details.known_as, person.state, wards.name as now_on, is_here,
           ${thingsOf(actor, asked)} as things
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    left join wards on wards.id = person.ward_id and person.state = 'admitted'
    cross join lateral (
      select person.state = 'admitted' and person.ward_id is not distinct from ${asked.wardId}::bigint as is_here
    ) place
    where person.id = any(array(${ids})) and person.organisation_id = ${actor.organisationId}
      and person.merged_into is null and ${isSeen}
    order by details.name_key, person.id
    limit ${MOST_PEOPLE}`
}

/** Everybody who is on a ward, and everybody who has something of it, with what they have. */
export async function listLeavers(db: Database, actor: Actor, asked: Asked): Promise<Leaver[]> {
  const ids = sql`
    select id from service_users where ward_id = ${asked.wardId} and state = 'admitted'
    union ${holdersOf(asked)}`
  return (await leavers(actor, asked, ids).execute(db)).rows
}

/** Those who are not on the ward any more and have something of it, as a question for a page that asks others with it. */
export function gonePeople(actor: Actor, asked: Asked): RawBuilder<Leaver> {
  return sql<Leaver>`select * from (${leavers(actor, asked, holdersOf(asked))}) leaver where not is_here`
}

/** One of them; of anybody who neither is on the ward nor has something of it: none. */
export async function findLeaver(
  db: Database,
  actor: Actor,
  { personId, ...asked }: Asked & { personId: number },
): Promise<Leaver | undefined> {
  const { rows } = await leavers(actor, asked, sql`select survivor_of(${personId})`).execute(db)
  const [found] = rows
  if (found?.is_here) return found
  return found?.things.some(({ ward_id }) => ward_id === asked.wardId) ? found : undefined
}

/** The code of a ward that somebody is not on any more and has something of; null: they are there, or have nothing of it. */
export async function findWardLeft(
  db: Database,
  actor: Actor,
  asked: Asked & { personId: number },
): Promise<string | null> {
  const leaver = await findLeaver(db, actor, asked)
  if (!leaver || leaver.is_here) return null
  const ward = await db.selectFrom('wards').select('code').where('id', '=', asked.wardId).executeTakeFirstOrThrow()
  return ward.code
}
