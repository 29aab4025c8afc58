import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'

/** A merge that was not undone, by its id. Another organisation's: none. */
export function findMerge(db: Database, scope: Scope, id: number) {
  return db
    .selectFrom('service_user_merges as merge')
    .innerJoin('service_user_details as other', 'other.service_user_id', 'merge.merged_id')
    .innerJoin('staff', 'staff.id', 'merge.merged_by')
    .select(['merge.id', 'merge.kept_id', 'merge.merged_id', 'merge.merged_at'])
    .select(['other.name as merged_name', 'other.date_of_birth', 'other.nhs_number', 'staff.name as staff_member'])
    .where('merge.id', '=', id)
    .where('merge.organisation_id', '=', scope.organisationId)
    .where('merge.undone_at', 'is', null)
    .executeTakeFirst()
}

export type Merge = NonNullable<Awaited<ReturnType<typeof findMerge>>>

/** What a merge changed in the record that stays. */
export function findMergeValues(db: Database, mergeId: number) {
  return db
    .selectFrom('service_user_merge_values')
    .select(['before', 'after'])
    .where('merge_id', '=', mergeId)
    .executeTakeFirstOrThrow()
}

/** Something that one of two records has at a time when the other has something too. */
export interface PlannedRow {
  record_id: number
  kind: string
  id: number
  starts_at: string
  ends_at: string
}

/** What two records have at the same time, the soonest first: each pair as two rows. What is cancelled or over is not among it. */
export async function listPlannedTwice(db: Database, scope: Scope, ids: readonly number[]): Promise<PlannedRow[]> {
  const { rows } = await sql<PlannedRow>`
    with planned as (
      select service_user_id as record_id, 'appointment' as kind, id, starts_at, ends_at from appointments
      where service_user_id = any(${ids}::bigint[]) and organisation_id = ${scope.organisationId}
        and cancelled_at is null and outcome is null
      union all
      select service_user_id, kind, id, starts_at, ends_at from diary_entries
      where service_user_id = any(${ids}::bigint[]) and organisation_id = ${scope.organisationId} and cancelled_at is null
    )
    select one.* from planned one
    where exists (
      select from planned other where other.record_id <> one.record_id
        and tstzrange(other.starts_at, other.ends_at) && tstzrange(one.starts_at, one.ends_at)
    )
    order by one.starts_at, one.record_id, one.id`.execute(db)
  return rows
}

/**
 * Holds two records, in the order of their ids, against everything: also against what is about to be written about them,
 * which waits, and then finds where it belongs.
 */
export async function lockTwo(trx: InTransaction, scope: Scope, ids: readonly number[]): Promise<void> {
  await trx
    .selectFrom('service_users')
    .select('id')
    .where('id', '=', sql<number>`any(${ids}::bigint[])`)
    .where('organisation_id', '=', scope.organisationId)
    .orderBy('id')
    .forUpdate()
    .execute()
}
