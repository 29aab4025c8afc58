import { sql } from 'kysely'
import { bookedPeople, maySeeWhom } from '../bookings/people-queries.ts'
import { oneWard, type WaitingGround, waitingGround } from '../bookings/waiting-queries.ts'
import { lastNotesOf } from '../connectivity/queries.ts'
import type { NoteFacts } from '../connectivity/rules.ts'
import type { Database } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import { gonePeople } from '../leaving/queries.ts'
import type { Leaver } from '../leaving/rules.ts'
import type { Actor } from '../lib/actor.ts'
import { type BayRow, baysOf } from '../lockers/queries.ts'
import { type RestrictedPerson, restrictedOnWard } from '../restrictions/queries.ts'
import { type LastCheck, lastChecksOf } from '../stock-checks/queries.ts'

/** A booking that begins soon, or has begun and was not collected. */
export interface NextBooking {
  id: number
  starts_at: string
  tags: string[]
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
}

export interface WardNews extends WaitingGround {
  next: NextBooking[]
  bays: BayRow[]
  /** Who has left with something of the ward. */
  gone: Leaver[]
  counts: LastCheck[]
  notes: NoteFacts[]
  /** Of those who are on it, what a care plan keeps from them. */
  restricted: RestrictedPerson[]
}

interface Asked {
  wardId: number
  now: Date
  today: string
  /** Until when a booking is among the next. */
  until: Date
}

const MOST_NEXT = 12
const MOST_COUNTS = 3

function nextBookings(actor: Actor, { wardId, now, until }: Asked) {
  return sql`
    select coming.id, coming.starts_at, coming.tags, ${maySeeWhom(actor, 'bookings.ward_id')} as may_see,
           bookings.service_user_id, person.name as service_user, bookings.initials
    from (
      select hold.booking_id as id, min(lower(hold.plan)) as starts_at, array_agg(items.tag order by items.tag_key) as tags
      from item_holds hold join items on items.id = hold.item_id
      where hold.ward_id = ${wardId} and hold.kind = 'booking' and hold.cancelled_at is null and hold.taken_at is null
        and lower(hold.plan) > ${now}::timestamptz - interval '1 day' and lower(hold.plan) < ${until}
        and upper(hold.plan) > ${now}
      group by hold.booking_id
      order by starts_at, id
      limit ${MOST_NEXT}
    ) coming
    join bookings on bookings.id = coming.id
    left join ${bookedPeople(actor)} person on person.service_user_id = bookings.service_user_id
    order by coming.starts_at, coming.id`
}

/** What a ward's page tells besides who has its things, in one statement. */
export async function readWardNews(db: Database, actor: Actor, asked: Asked): Promise<WardNews> {
  const { rows } = await asLists<WardNews>({
    next: nextBookings(actor, asked),
    bays: baysOf(actor, asked.wardId),
    gone: gonePeople(actor, asked),
    counts: lastChecksOf(asked.wardId, MOST_COUNTS),
    notes: lastNotesOf(asked.wardId, MOST_COUNTS),
    restricted: restrictedOnWard(actor, asked.wardId),
    ...waitingGround(actor, { wardIds: oneWard(asked.wardId), now: asked.now, today: asked.today }),
  }).execute(db)
  const [news] = rows
  if (!news) throw new Error('A select without from gives one row')
  return news
}
