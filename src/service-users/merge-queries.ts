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
