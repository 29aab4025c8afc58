import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { loanIdInReach, peopleInReach } from '../service-users/reach-queries.ts'
import type { ReturnOutcome } from './rules.ts'

/** A batch that somebody scanned. Another organisation's: none. */
export function findReturnBatch(db: Database, actor: Actor, id: number) {
  return db
    .selectFrom('return_batches')
    .select(['id', 'made_by', 'made_at', 'returned_on'])
    .where('id', '=', id)
    .where('organisation_id', '=', actor.organisationId)
    .executeTakeFirst()
}

export type ReturnBatch = NonNullable<Awaited<ReturnType<typeof findReturnBatch>>>

export interface ReturnScanRow extends BorrowerFacts {
  place: number
  code: string
  outcome: ReturnOutcome
  item_id: number | null
  tag: string | null
  maker: string | null
  model: string | null
  left_as: string | null
  loan_id: number | null
  /** The ward whose pool it was lent on from, and is in still. */
  pool: string | null
}

const scanColumns = (actor: Actor) => sql`
  scan.place, scan.code, scan.outcome, items.id as item_id, items.tag, items.left_as, models.maker, models.name as model,
  ${loanIdInReach(actor)} as loan_id, loans.service_user_id, person.name as service_user, loans.ward_id, wards.name as ward,
  loans.staff_id, staff.name as staff_member, pool.name as pool`

const scanJoins = (actor: Actor) => sql`
  left join items on items.id = scan.item_id
  left join models on models.id = items.model_id
  left join loan_lines line on line.id = scan.loan_line_id
  left join loans on loans.id = line.loan_id
  left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
  left join wards on wards.id = loans.ward_id
  left join staff on staff.id = loans.staff_id
  left join item_holds hold on hold.loan_line_id = line.id
  left join wards pool on pool.id = hold.ward_id`

/** What was scanned in a batch, in order, and what became of each. */
export async function listReturnScans(db: Database, actor: Actor, batchId: number): Promise<ReturnScanRow[]> {
  const { rows } = await sql<ReturnScanRow>`
    select ${scanColumns(actor)}
    from return_scans scan ${scanJoins(actor)}
    where scan.batch_id = ${batchId} and scan.organisation_id = ${actor.organisationId}
    order by scan.place
  `.execute(db)
  return rows
}

export type RecentReturn = ReturnScanRow & { made_at: string }

/** What this person took back by scanning since a moment, the last first. */
export async function listRecentReturns(
  db: Database,
  actor: Actor,
  since: Date,
  limit: number,
): Promise<RecentReturn[]> {
  const { rows } = await sql<RecentReturn>`
    with scan as (
      select scan.*, batch.made_at from return_batches batch
      join return_scans scan on scan.batch_id = batch.id and scan.outcome = 'returned'
      where batch.made_by = ${actor.staffId} and batch.organisation_id = ${actor.organisationId}
        and batch.made_at >= ${since}
      order by batch.made_at desc, batch.id desc, scan.place desc
      limit ${limit}
    )
    select ${scanColumns(actor)}, scan.made_at
    from scan ${scanJoins(actor)}
    order by scan.made_at desc, scan.batch_id desc, scan.place desc
  `.execute(db)
  return rows
}
