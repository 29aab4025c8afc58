import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { peopleInReach } from '../service-users/reach-queries.ts'
import type { LineFacts } from './rules.ts'

/**
 * The lines of a loan that can be corrected, in the order of their items' ids: all but those that were called off. Each
 * with what has become of its item since, as far as that stands in the way.
 */
export async function listLineFacts(db: Database, scope: Scope, loanId: number): Promise<LineFacts[]> {
  const { rows } = await sql<LineFacts>`
    select line.id, line.item_id, items.tag, items.category, items.left_as, items.left_at, models.maker,
           models.name as model, line.from_at, line.due_on, line.taken_at, line.ended_at, line.ended_as,
           line.placed_with_ward_id, line.unsupported_reason,
           (select max(incident_id) from incident_items where loan_line_id = line.id) as incident_id,
           bench.id as bench_id, bench.ended_at as bench_ended_at, bench.ended_as as bench_ended_as,
           (select min(done_at) from turnaround_steps where hold_id = bench.id) as first_step_at,
           before.loan_id as came_from_loan_id, next.loan_id as went_to_loan_id
    from loan_lines line
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    left join lateral (
      select id, ended_at, ended_as from item_holds
      where item_id = line.item_id and kind = 'turnaround' and taken_at = line.ended_at
        and ended_as is distinct from 'not-returned' and line.ended_as = 'returned'
      order by id desc
      limit 1
    ) bench on true
    left join loan_lines before on before.id = line.follows_line_id
    left join loan_lines next on next.follows_line_id = line.id
    where line.loan_id = ${loanId} and line.organisation_id = ${scope.organisationId} and line.cancelled_at is null
    order by line.item_id
  `.execute(db)
  return rows
}

/** Until when each item was last held by anybody before a moment; an item that nobody had is left out. */
export async function listLastEnds(db: Database, lineIds: number[]) {
  const { rows } = await sql<{ line_id: number; ended_at: string }>`
    select line.id as line_id, max(hold.ended_at) as ended_at
    from loan_lines line
    join item_holds hold on hold.item_id = line.item_id and hold.loan_line_id is distinct from line.id
    where line.id = any(${lineIds}::bigint[]) and hold.ended_at <= line.taken_at
      and hold.ended_as <> 'not-returned'
    group by line.id
  `.execute(db)
  return new Map(rows.map((row) => [row.line_id, row.ended_at]))
}

/** Who or what had an item at a time that a correction wants for somebody else. */
export interface InTheWay extends BorrowerFacts {
  tag: string
  kind: 'loan' | 'booking' | 'turnaround' | 'repair' | 'placement' | 'gone'
  left_as: string | null
  since: string | null
  until: string | null
  is_planned: boolean
}

/** From when until when an item is claimed: in hands, and as planned. No end: it is still there. */
export interface Claim {
  itemId: number
  from: Date | string
  until: Date | string | null
  plannedUntil: Date | string | null
}

/**
 * What stands in the way of claims, the first thing for each item, or no row. Asked after the rollback, so the answer may
 * be newer than the refusal. `wardId`: what is claimed is a placement with that ward, and what the ward has itself is not
 * in its way.
 */
export async function listInTheWay(
  db: Database,
  actor: Actor,
  claims: Claim[],
  { except, wardId }: { except: { lineIds: number[]; benchIds: number[] }; wardId: number | null },
): Promise<InTheWay[]> {
  const found = await Promise.all(claims.map((claim) => findInTheWay(db, actor, claim, except, wardId)))
  return found.flat()
}

async function findInTheWay(
  db: Database,
  actor: Actor,
  claim: Claim,
  except: { lineIds: number[]; benchIds: number[] },
  wardId: number | null,
) {
  const { itemId, from, until, plannedUntil } = claim
  const { rows } = await sql<InTheWay>`
    select items.tag, coalesce(held.kind, 'gone') as kind, items.left_as, held.since, held.until,
           coalesce(held.is_planned, false) as is_planned, loans.service_user_id, person.name as service_user,
           coalesce(loans.ward_id, held.ward_id) as ward_id, wards.name as ward, loans.staff_id,
           staff.name as staff_member
    from items
    left join lateral (
      select kind, coalesce(taken_at, lower(plan)) as since, coalesce(ended_at, upper(plan)) as until, loan_line_id,
             ward_id, taken_at is null as is_planned
      from item_holds
      where item_id = items.id and cancelled_at is null and ended_as is distinct from 'not-returned'
        and not (coalesce(loan_line_id, 0) = any(${except.lineIds}::bigint[]))
        and not (id = any(${except.benchIds}::bigint[]))
        and case when taken_at is null
          then plan && tstzrange(${from}, ${plannedUntil})
            and (${wardId}::bigint is null or ward_id is distinct from ${wardId}::bigint)
          else tstzrange(taken_at, ended_at) && tstzrange(${from}, ${until}) end
      union all
      select 'placement', taken_at, ended_at, id, placed_with_ward_id, false
      from loan_lines
      where item_id = items.id and placed_with_ward_id is not null and taken_at is not null
        and not (id = any(${except.lineIds}::bigint[]))
        and (${wardId}::bigint is not null or taken_at > ${from}) and tstzrange(taken_at, ended_at) && tstzrange(${from}, ${until})
      order by is_planned, since
      limit 1
    ) held on true
    left join loan_lines line on line.id = held.loan_line_id
    left join loans on loans.id = line.loan_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = coalesce(loans.ward_id, held.ward_id)
    left join staff on staff.id = loans.staff_id
    where items.id = ${itemId} and items.organisation_id = ${actor.organisationId}
      and (held.kind is not null or items.left_at is not null)
  `.execute(db)
  return rows
}
