import { type SqlBool, sql } from 'kysely'
import { joinCorrectionTold } from '../corrections/told-queries.ts'
import type { CorrectionTold } from '../corrections/told-rules.ts'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import type { DB } from '../database/schema.ts'
import { incidentIdInReach } from '../incidents/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { loanIdInReach, peopleInReach, type Reach, reachOf } from '../service-users/reach-queries.ts'

/**
 * Items, each with the hold it is taken under now and the ward it is placed with. Both joins go through partial unique
 * indexes of what is out now, so they find one row or none however long the history is.
 */
export function itemsWithHolder(db: Database, actor: Reach) {
  const items = db
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .leftJoin('item_holds as hold', (join) =>
      join.onRef('hold.item_id', '=', 'items.id').on('hold.taken_at', 'is not', null).on('hold.ended_at', 'is', null),
    )
    .leftJoin('loan_lines as line', 'line.id', 'hold.loan_line_id')
    .leftJoin('loan_lines as placement', (join) =>
      join
        .onRef('placement.item_id', '=', 'items.id')
        .on('placement.placed_with_ward_id', 'is not', null)
        .on('placement.taken_at', 'is not', null)
        .on('placement.ended_at', 'is', null),
    )
    .leftJoin('wards as placed', 'placed.id', 'placement.placed_with_ward_id')
    .leftJoin('wards as kept', 'kept.id', 'items.kept_at_ward_id')
    .where('items.organisation_id', '=', actor.organisationId)
  if (actor.role !== 'ward-staff') return items
  // ward staff reach what is kept at, or placed with, their own wards
  return items.where((eb) =>
    eb.or([
      eb('placement.placed_with_ward_id', '=', eb.fn.any(eb.val(actor.wardIds))),
      eb.and([
        eb('placement.placed_with_ward_id', 'is', null),
        eb('items.kept_at_ward_id', '=', eb.fn.any(eb.val(actor.wardIds))),
      ]),
    ]),
  )
}

const listColumns = [
  'items.id',
  'items.tag',
  'items.tag_key',
  'items.category',
  'items.serial',
  'items.left_as',
  'models.maker',
  'models.name as model',
  'hold.kind as hold_kind',
  'placed.name as placed_with',
  'kept.name as kept_at',
] as const

/** Everything an item's own page shows, but its history. Another organisation's, or out of reach: none. */
export async function findItem(db: Database, actor: Actor, tag: string) {
  const [item] = await readItem(db, { ...reachOf(actor), tag })
  return item
}

const readItem = builtOnce(['role', 'caseloadOnly'], itemByTag)

function itemByTag(db: Database, wanted: Reach & { tag: string }) {
  return itemsWithHolder(db, wanted)
    .leftJoin('kits', 'kits.id', 'items.kit_id')
    .leftJoin('loans', (join) =>
      join.on((eb) => eb('loans.id', '=', eb.fn.coalesce('line.loan_id', 'placement.loan_id'))),
    )
    .leftJoin(
      sql<DB['service_user_details']>`${peopleInReach(wanted)}`.as('person'),
      'person.service_user_id',
      'loans.service_user_id',
    )
    .leftJoin('staff', 'staff.id', 'loans.staff_id')
    .select(listColumns)
    .select((eb) => [
      eb.fn.coalesce('line.due_on', 'placement.due_on').as('due_on'),
      eb.fn.coalesce('hold.taken_at', 'placement.taken_at').as('taken_at'),
      'items.imei',
      'items.iccid',
      'items.phone_number',
      'items.bought_on',
      'items.cost_pence',
      'items.order_number',
      'items.notes',
      'items.left_at',
      'hold.id as hold_id',
      'items.version',
      'models.id as model_id',
      'models.operating_system',
      'models.support_ends_on',
      'models.connector',
      'models.cable_length_cm',
      'models.is_suitable_for_video',
      'kits.id as kit_id',
      'kits.name as kit',
      'kits.tag as kit_tag',
      loanIdInReach(wanted).as('loan_id'),
      'loans.service_user_id',
      'person.name as service_user',
      'staff.name as staff_member',
      // the incident in which it was lost, until somebody has found it
      incidentIdInReach(
        wanted,
        sql<number | null>`(
          select incident_id from incident_items
          where item_id = items.id and kind in ('lost', 'stolen') and found_at is null
        )`,
      ).as('lost_in'),
    ])
    .where(sql<SqlBool>`items.tag_key = lower(trim(${wanted.tag}))`)
}

export type ItemDetail = NonNullable<Awaited<ReturnType<typeof findItem>>>

/** Every time somebody had the item, or it was being made ready, or is planned to be away: newest first. */
export async function listItemHolds(db: Database, actor: Actor, itemId: number, limit: number) {
  const { rows } = await sql<ItemHoldRow>`
    select held.*, ${loanIdInReach(actor)} as loan_id, loans.service_user_id, person.name as service_user, wards.name as ward, staff.name as staff_member,
           (select tag from loan_lines line join loan_lines before on before.id = line.follows_line_id
              join items on items.id = before.item_id
            where line.id = held.loan_line_id and before.loan_id = held.of_loan_id) as in_place_of,
           (select tag from loan_lines after join items on items.id = after.item_id
            where after.follows_line_id = held.loan_line_id and after.loan_id = held.of_loan_id) as swapped_for,
           (select after.loan_id from loan_lines after
            where after.follows_line_id = held.loan_line_id and after.loan_id <> held.of_loan_id) as moved_to
    from (
      select kind, loan_line_id, ward_id, lower(plan) as from_at, upper(plan) as until_at,
             taken_at, ended_at, ended_as, cancelled_at, null::date as due_on, null::bigint as of_loan_id, id as ordinal
      from item_holds
      where item_id = ${itemId} and kind <> 'loan'
      union all
      select 'loan', id, placed_with_ward_id, from_at, null, taken_at, ended_at, ended_as, cancelled_at, due_on, loan_id, id
      from loan_lines
      where item_id = ${itemId} and moved_to_line_id is null
      order by from_at desc nulls last
    ) held
    left join loans on loans.id = held.of_loan_id and loans.organisation_id = ${actor.organisationId}
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = coalesce(loans.ward_id, held.ward_id)
    left join staff on staff.id = loans.staff_id
    order by coalesce(held.taken_at, held.from_at) desc, held.ordinal desc
    limit ${limit}
  `.execute(db)
  return rows
}

export interface ItemHoldRow {
  kind: 'loan' | 'booking' | 'turnaround' | 'repair'
  from_at: string | null
  until_at: string | null
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  due_on: string | null
  loan_id: number | null
  service_user_id: number | null
  service_user: string | null
  ward: string | null
  staff_member: string | null
  /** Of a swap within a loan: the item before it, and the one after it. */
  in_place_of: string | null
  swapped_for: string | null
  /** The loan it went on to, without coming back between. */
  moved_to: number | null
}

/**
 * What was done to the item's record itself (added, changed, moved into a kit), and what was reported of it, newest
 * first. Each part comes from its own index, so neither reads what the other has.
 */
export async function listItemEvents(db: Database, actor: Actor, itemId: number, limit: number) {
  const { rows } = await sql<ItemEventRow>`
    select event.at, event.verb, staff.name as staff_member, audit_details.details,
           ${incidentIdInReach(actor, sql<number | null>`event.incident_id`)} as incident_id, correction.told as correction
    from (
      (
        select id, at, verb, staff_id, null::bigint as incident_id
        from audit_events
        where subject_type = 'item' and subject_id = ${itemId} and organisation_id = ${actor.organisationId}
        order by id desc
        limit ${limit}
      )
      union all
      select audit_events.id, at, verb, staff_id, subject_id
      from incident_items join audit_events on subject_type = 'incident' and subject_id = incident_id
      where item_id = ${itemId} and audit_events.organisation_id = ${actor.organisationId}
        -- of several things that one incident is about, each is found when it is found
        and (verb = 'incident:reported' or verb = 'incident:found' and found_at = at)
    ) event
    left join staff on staff.id = event.staff_id
    left join audit_details on audit_details.audit_event_id = event.id
    ${joinCorrectionTold(actor)}
    order by event.id desc
    limit ${limit}
  `.execute(db)
  return rows
}

export interface ItemEventRow {
  at: string
  verb: string
  staff_member: string | null
  details: unknown
  /** The incident it is about, when it is not about the item's record. */
  incident_id: number | null
  /** What was corrected, when it is about a loan of the item. */
  correction: CorrectionTold | null
}
