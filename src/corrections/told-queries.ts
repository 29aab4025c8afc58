import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { isLoanInReach, peopleInReach, type Reach, reachesEveryLoan } from '../service-users/reach-queries.ts'
import type { CorrectionTold } from './told-rules.ts'

const borrower = (row: string) => sql`
  case when ${sql.raw(row)}.id is not null then jsonb_build_object(
    'service_user_id', ${sql.raw(row)}.service_user_id, 'service_user', ${sql.raw(row)}_person.name,
    'ward_id', ${sql.raw(row)}.ward_id, 'ward', ${sql.raw(row)}_ward.name,
    'staff_id', ${sql.raw(row)}.staff_id, 'staff_member', ${sql.raw(row)}_staff.name
  ) end`

const joinNames = (actor: Reach, row: string) => sql`
  left join ${peopleInReach(actor)} ${sql.raw(row)}_person on ${sql.raw(row)}_person.service_user_id = ${sql.raw(row)}.service_user_id
  left join wards ${sql.raw(row)}_ward on ${sql.raw(row)}_ward.id = ${sql.raw(row)}.ward_id
  left join staff ${sql.raw(row)}_staff on ${sql.raw(row)}_staff.id = ${sql.raw(row)}.staff_id`

/** A borrower as it stands in the columns of a change, which are those that differ; null for the changes of a line. */
const changedBorrower = (actor: Reach, row: string, columns: string) => sql`
  left join lateral (
    select change.id, (change.${sql.raw(columns)}->>'service_user_id')::bigint as service_user_id,
           null::bigint as ward_id, (change.${sql.raw(columns)}->>'staff_id')::bigint as staff_id
    where change.line_id is null and change.${sql.raw(columns)} ?| array['service_user_id', 'staff_id']
  ) ${sql.raw(row)} on true
  ${joinNames(actor, row)}`

/** Whether whoever asks reaches both loans. A reason may name whom they are with. */
function areAllInReach(actor: Reach) {
  if (reachesEveryLoan(actor)) return sql`true`
  return sql`not exists (
    select from loans where loans.id in (correction.loan_id, correction.other_loan_id) and not ${isLoanInReach(actor)}
  )`
}

/** Corrections as `CorrectionTold`, with names. */
const correctionsTold = (actor: Reach, which: RawBuilder<unknown>) => sql<{ id: number; told: CorrectionTold }>`
  select correction.id, jsonb_build_object(
    'kind', correction.kind, 'loan_id', correction.loan_id, 'other_loan_id', correction.other_loan_id,
    'other_borrower', ${borrower('other')},
    'is_in_reach', ${areAllInReach(actor)},
    'reason', (
      select reason from loan_correction_reasons where correction_id = correction.id and ${areAllInReach(actor)}
    ),
    'changes', array(
      select jsonb_build_object(
        'tag', items.tag, 'before', change.before, 'after', change.after, 'old_tag', old_item.tag,
        'new_tag', new_item.tag, 'old_borrower', ${borrower('old_one')}, 'new_borrower', ${borrower('new_one')}
      )
      from loan_correction_changes change
      left join loan_lines line on line.id = change.line_id
      left join items on items.id = line.item_id
      left join items old_item on old_item.id = (change.before->>'item_id')::bigint
      left join items new_item on new_item.id = (change.after->>'item_id')::bigint
      ${changedBorrower(actor, 'old_one', 'before')}
      ${changedBorrower(actor, 'new_one', 'after')}
      where change.correction_id = correction.id
      order by change.id
    )
  ) as told
  from loan_corrections correction
  left join loans other on other.id = correction.other_loan_id
  ${joinNames(actor, 'other')}
  where ${which}`

/**
 * The correction that an audit event is about, joined to a query that has the rows `event` and `audit_details`. Null for
 * every other event, and once the details of the event were removed.
 */
export const joinCorrectionTold = (actor: Reach) => sql`
  left join lateral (${correctionsTold(
    actor,
    sql`correction.id = (audit_details.details->>'correction')::bigint
      and event.verb in (${sql.join(correctionVerbs.map((verb) => sql.lit(verb)))})`,
  )}) correction on true`

/** The verbs of audit events whose details name a correction. */
export const correctionVerbs: readonly string[] = ['loan:corrected', 'loan:made-by-correction', 'item:loan-corrected']

/** Corrections by their ids. Few things were ever corrected, so a busy page asks for them by themselves. */
export async function findCorrectionsTold(
  db: Database,
  actor: Reach,
  ids: number[],
): Promise<Map<number, CorrectionTold>> {
  if (ids.length === 0) return new Map()
  const { rows } = await correctionsTold(
    actor,
    sql`correction.id = any(${ids}::bigint[]) and correction.organisation_id = ${actor.organisationId}`,
  ).execute(db)
  return new Map(rows.map(({ id, told }) => [id, told]))
}
