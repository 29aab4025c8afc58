import { sql } from 'kysely'
import type { Change } from '../database/change.ts'

export interface MergedPair {
  mergeId: number
  keptId: number
  mergedId: number
}

/**
 * Two records become one: whoever looked after the record that goes looks after the person now, unless somebody has them
 * already. Entries of a caseload are ended and begun, never changed, so both are noted with the merge.
 */
export async function carryCaseload(change: Change, { mergeId, keptId, mergedId }: MergedPair): Promise<void> {
  const { trx, by } = change
  const at = change.now()
  await sql`
    with gone as (
      update caseload_entries set ended_at = greatest(${at}, began_at), ended_by = ${by.staffId}
      where service_user_id = ${mergedId} and ended_at is null
      returning id, staff_id
    ), begun as (
      insert into caseload_entries (organisation_id, staff_id, service_user_id, began_at, began_by)
      select ${by.organisationId}::bigint, gone.staff_id, ${keptId}::bigint, ${at}::timestamptz, ${by.staffId}::bigint
      from gone join staff on staff.id = gone.staff_id and staff.role = 'champion' and staff.disabled_at is null
      where not exists (select from caseload_entries where service_user_id = ${keptId} and ended_at is null)
      returning id
    )
    insert into service_user_merge_moves (merge_id, table_name, row_id)
    select ${mergeId}::bigint, 'caseload_entries', id from gone
    union all select ${mergeId}::bigint, 'caseload_entries', id from begun
  `.execute(trx)
}

/** One record becomes two again: each is looked after by whom it was, as far as they still are champions. */
export async function returnCaseload(change: Change, { mergeId, keptId, mergedId }: MergedPair): Promise<void> {
  const { trx, by } = change
  const at = change.now()
  const noted = sql`select entry.* from service_user_merge_moves move
    join caseload_entries entry on entry.id = move.row_id
    where move.merge_id = ${mergeId} and move.table_name = 'caseload_entries'`
  await sql`
    update caseload_entries set ended_at = greatest(${at}, began_at), ended_by = ${by.staffId}
    where ended_at is null and id in (select id from (${noted}) noted where service_user_id = ${keptId})
  `.execute(trx)
  await sql`
    insert into caseload_entries (organisation_id, staff_id, service_user_id, began_at, began_by)
    select ${by.organisationId}::bigint, noted.staff_id, ${mergedId}::bigint, ${at}::timestamptz, ${by.staffId}::bigint
    from (${noted}) noted
    join staff on staff.id = noted.staff_id and staff.role = 'champion' and staff.disabled_at is null
    where noted.service_user_id = ${mergedId}
  `.execute(trx)
}
