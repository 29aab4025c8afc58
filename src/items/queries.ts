import { type SqlBool, sql } from 'kysely'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import { asColumns, rowsOf } from '../database/lists.ts'
import type { DB } from '../database/schema.ts'
import { incidentIdInReach } from '../incidents/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { loanIdInReach, peopleInReach, type Reach, reachOf } from '../service-users/reach-queries.ts'
import { eventsOfItem, holdsOfItem, itemEventColumns, itemHoldColumns, withCorrections } from './history-queries.ts'

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

/** The same with its history, in one question: what somebody who looks at an item waits for. */
export async function findItemWithHistory(db: Database, actor: Actor, tag: string, historyLimit: number) {
  const [item] = await readItemWithHistory(db, { ...reachOf(actor), tag, historyLimit })
  if (!item) return undefined
  const events = await withCorrections(db, actor, rowsOf(item.events))
  return { ...item, holds: rowsOf(item.holds), events }
}

const readItemWithHistory = builtOnce(
  ['role', 'caseloadOnly', 'historyLimit'],
  (db: Database, wanted: Reach & { tag: string; historyLimit: number }) =>
    itemByTag(db, wanted).select([
      asColumns(holdsOfItem(wanted, wanted.historyLimit), itemHoldColumns).as('holds'),
      asColumns(eventsOfItem(wanted, wanted.historyLimit), itemEventColumns).as('events'),
    ]),
)

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
