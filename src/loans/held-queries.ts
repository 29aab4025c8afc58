import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { peopleInReach } from '../service-users/reach-queries.ts'
import type { BorrowerFacts } from './borrowers-rules.ts'

/** An item, and whoever has it at this moment. */
export interface HeldItem extends BorrowerFacts {
  id: number
  tag: string
  category: string
  imei: string | null
  iccid: string | null
  phone_number: string | null
  maker: string
  model: string
  left_at: string | null
  left_as: string | null
  hold_kind: string | null
  /** The line of the loan it is in, or else of its placement with a ward; and the loan of that line. */
  line_id: number | null
  loan_id: number | null
  /** Since when they have it. */
  line_taken_at: string | null
  is_placement: boolean
  /** The placement it was lent on from. */
  pool_line_id: number | null
  pool_loan_id: number | null
  lent_by: number | null
}

/**
 * Items with whoever has each, of those this person may see, in the order of their ids. Found by the indexes of what is
 * out now, so the length of an item's history does not matter.
 */
export async function listHeldItems(db: Database, actor: Actor, itemIds: number[]): Promise<HeldItem[]> {
  const { rows } = await sql<HeldItem>`
    select items.id, items.tag, items.category, items.imei, items.iccid, items.phone_number, models.maker,
           models.name as model, items.left_at, items.left_as, hold.kind as hold_kind,
           loans.id as loan_id, coalesce(line.id, placement.id) as line_id,
           coalesce(line.taken_at, placement.taken_at) as line_taken_at,
           line.id is null and placement.id is not null as is_placement,
           case when line.id is not null then placement.id end as pool_line_id,
           case when line.id is not null then placement.loan_id end as pool_loan_id,
           loans.lent_by, loans.service_user_id, person.name as service_user, loans.ward_id, wards.name as ward,
           loans.staff_id, staff.name as staff_member
    from items
    join models on models.id = items.model_id
    left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
    left join loan_lines line on line.id = hold.loan_line_id
    left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
      and placement.taken_at is not null and placement.ended_at is null
    left join loans on loans.id = coalesce(line.loan_id, placement.loan_id)
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = loans.ward_id
    left join staff on staff.id = loans.staff_id
    where items.id = any(${itemIds}::bigint[]) and items.organisation_id = ${actor.organisationId}
      and ${isInReach(actor)}
    order by items.id
  `.execute(db)
  return rows
}
