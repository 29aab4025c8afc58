import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { andLoanInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'
import type { ReadinessFacts } from './rules.ts'

const stillPlanned = sql`line.taken_at is null and line.ended_at is null and line.cancelled_at is null`

/** One item that is to be handed over on a day. */
export interface PackingRow extends BorrowerFacts, ReadinessFacts {
  loan_id: number
  item_id: number
  tag: string
  category: string
  maker: string
  model: string
  kit: string | null
  kept_at: string | null
  visit_time: string | null
  visit_place: string
  /** What everybody should do who is in touch with the person; never why. */
  contact_instruction: string | null
}

/** What is handed over between two moments, visit by visit: the earliest first, those without a time after them. */
export async function listPacking(
  db: Database,
  actor: Actor,
  days: { from: Date; until: Date },
  limit: number,
): Promise<PackingRow[]> {
  const { rows } = await sql<PackingRow>`
    select loans.id as loan_id, items.id as item_id, items.tag, items.category, models.maker, models.name as model,
           kits.name as kit, kept.name as kept_at, to_char(loans.visit_time, 'HH24:MI') as visit_time, loans.visit_place,
           items.left_as, hold.kind as hold_kind, loans.service_user_id, person.name as service_user,
           person.contact_instruction,
           loans.ward_id, null as ward, loans.staff_id, staff.name as staff_member
    from loan_lines line
    join loans on loans.id = line.loan_id
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    left join kits on kits.id = items.kit_id
    left join wards kept on kept.id = items.kept_at_ward_id
    left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join staff on staff.id = loans.staff_id
    where line.organisation_id = ${actor.organisationId} and ${stillPlanned}
      and line.from_at >= ${days.from} and line.from_at < ${days.until} ${andLoanInReach(actor)}
    order by loans.visit_time nulls last, loans.id, kits.name nulls last, items.tag_key
    limit ${limit}
  `.execute(db)
  return rows
}

/** How the items of planned lines are held now, by line. */
export async function listReadiness(db: Database, actor: Actor, loanId: number) {
  const { rows } = await sql<ReadinessFacts & { line_id: number; hold_id: number | null; item_id: number }>`
    select line.id as line_id, line.item_id, items.left_as, hold.kind as hold_kind, hold.id as hold_id
    from loan_lines line
    join items on items.id = line.item_id
    left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
    where line.loan_id = ${loanId} and line.organisation_id = ${actor.organisationId} and ${stillPlanned}
    order by line.id
  `.execute(db)
  return rows
}

/** One visit for the worklist. */
export interface HandOverRow extends BorrowerFacts {
  loan_id: number
  from_at: string
  visit_time: string | null
  visit_place: string
  tags: string[]
}

/**
 * The visits until a moment on which something is still to be handed over, the longest due first. Through the index of what
 * is planned: few of all lines are.
 */
export function handOversUntil(actor: Reach, until: Date, limit: number) {
  return sql<HandOverRow>`
    select loans.id as loan_id, min(line.from_at) as from_at, to_char(loans.visit_time, 'HH24:MI') as visit_time,
           loans.visit_place, array_agg(items.tag order by line.id) as tags, loans.service_user_id,
           person.name as service_user, loans.ward_id, null as ward, loans.staff_id, staff.name as staff_member
    from loan_lines line
    join loans on loans.id = line.loan_id
    join items on items.id = line.item_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join staff on staff.id = loans.staff_id
    where line.organisation_id = ${actor.organisationId} and ${stillPlanned} and line.from_at < ${until}
      ${andLoanInReach(actor)}
    group by loans.id, person.name, staff.name
    order by min(line.from_at), loans.visit_time nulls last, loans.id
    limit ${limit}`
}
