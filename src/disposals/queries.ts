import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'

/** Which item a tag means. Another organisation's: none. */
export function findItemId(db: Database, scope: Scope, tag: string) {
  return db
    .selectFrom('items')
    .select('id')
    .where('organisation_id', '=', scope.organisationId)
    .where(sql<boolean>`tag_key = lower(trim(${tag}))`)
    .executeTakeFirst()
}

/** The last record of an item that was retired, brought back or not. */
export function findLastDisposal(db: Database, scope: Scope, itemId: number) {
  return db
    .selectFrom('disposals')
    .innerJoin('staff', 'staff.id', 'disposals.retired_by')
    .select([
      'disposals.id',
      'disposals.how',
      'disposals.to_whom',
      'disposals.wiped_how',
      'disposals.wiped_by',
      'disposals.certificate',
      'disposals.disposed_on',
      'disposals.note',
      'disposals.retired_at',
      'disposals.undone_at',
      'staff.name as retired_by',
    ])
    .where('disposals.item_id', '=', itemId)
    .where('disposals.organisation_id', '=', scope.organisationId)
    .orderBy('disposals.id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export type Disposal = NonNullable<Awaited<ReturnType<typeof findLastDisposal>>>

/** When somebody is next to have an item. What was never collected is over. */
export async function findNextPlan(db: Database, itemId: number, now: Date) {
  const { rows } = await sql<{ starts_at: string }>`
    select lower(plan) as starts_at from item_holds
    where item_id = ${itemId} and taken_at is null and cancelled_at is null and upper(plan) > ${now}
    order by lower(plan)
    limit 1
  `.execute(db)
  return rows[0]
}

/** The kit an item is in. */
export function findKitOf(db: Database, scope: Scope, kitId: number) {
  return db
    .selectFrom('kits')
    .select(['id', 'tag'])
    .where('id', '=', kitId)
    .where('organisation_id', '=', scope.organisationId)
    .executeTakeFirst()
}
