import { sql } from 'kysely'
import { correctionVerbs, findCorrectionsTold } from '../corrections/told-queries.ts'
import type { CorrectionTold } from '../corrections/told-rules.ts'
import type { Database } from '../database/connection.ts'
import type { Columns } from '../database/lists.ts'
import { incidentIdInReach } from '../incidents/reach-queries.ts'
import { loanIdInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'

/**
 * Every time somebody had the row of `items` at hand, or it was being made ready, or is planned to be away: newest first.
 * (One line follows another: see the index of that name.)
 */
export const holdsOfItem = (reach: Reach, limit: number) => sql<ItemHoldRow>`
  select held.*, ${loanIdInReach(reach)} as loan_id, loans.service_user_id, person.name as service_user, wards.name as ward, staff.name as staff_member,
         (select before_item.tag from loan_lines before join items before_item on before_item.id = before.item_id
          where before.id = held.follows_line_id and before.loan_id = held.of_loan_id) as in_place_of,
         case when after.loan_id = held.of_loan_id then after.tag end as swapped_for,
         case when after.loan_id <> held.of_loan_id then after.loan_id end as moved_to
  from (
    select kind, ward_id, lower(plan) as from_at, upper(plan) as until_at, taken_at, ended_at, ended_as, cancelled_at,
           null::date as due_on, null::bigint as of_loan_id, null::bigint as line_id, null::bigint as follows_line_id,
           id as ordinal
    from item_holds
    where item_id = items.id and kind <> 'loan'
    union all
    select 'loan', placed_with_ward_id, from_at, null, taken_at, ended_at, ended_as, cancelled_at, due_on, loan_id, id,
           follows_line_id, id
    from loan_lines
    where item_id = items.id and moved_to_line_id is null
    order by from_at desc nulls last
  ) held
  left join loans on loans.id = held.of_loan_id and loans.organisation_id = ${reach.organisationId}
  left join ${peopleInReach(reach)} person on person.service_user_id = loans.service_user_id
  left join wards on wards.id = coalesce(loans.ward_id, held.ward_id)
  left join staff on staff.id = loans.staff_id
  left join lateral (
    select next.loan_id, next_item.tag from loan_lines next join items next_item on next_item.id = next.item_id
    where next.follows_line_id = held.line_id
  ) after on true
  order by coalesce(held.taken_at, held.from_at) desc, held.ordinal desc
  limit ${limit}`

export interface ItemHoldRow {
  kind: 'loan' | 'booking' | 'turnaround' | 'repair'
  from_at: string | null
  until_at: string | null
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  due_on: string | null
  loan_id: number | null
  service_user_id: number | null
  service_user: string | null
  ward: string | null
  staff_member: string | null
  /** Of a swap within a loan: the item before it, and the one after it. */
  in_place_of: string | null
  swapped_for: string | null
  /** The loan it went on to, without coming back between. */
  moved_to: number | null
}

export const itemHoldColumns: Columns<ItemHoldRow> = {
  kind: true,
  from_at: true,
  until_at: true,
  taken_at: true,
  ended_at: true,
  ended_as: true,
  cancelled_at: true,
  due_on: true,
  loan_id: true,
  service_user_id: true,
  service_user: true,
  ward: true,
  staff_member: true,
  in_place_of: true,
  swapped_for: true,
  moved_to: true,
}

/**
 * What was done to the record itself of the row of `items` at hand (added, changed, moved into a kit), and what was
 * reported of it, newest first. Each part comes from its own index, so neither reads what the other has.
 */
export const eventsOfItem = (reach: Reach, limit: number) => sql<ItemEventRead>`
  select event.at, event.verb, staff.name as staff_member, audit_details.details,
         ${incidentIdInReach(reach, sql<number | null>`event.incident_id`)} as incident_id
  from (
    (
      select id, at, verb, staff_id, null::bigint as incident_id
      from audit_events
      where subject_type = 'item' and subject_id = items.id and organisation_id = ${reach.organisationId}
      order by id desc
      limit ${limit}
    )
    union all
    select audit_events.id, at, verb, staff_id, subject_id
    from incident_items join audit_events on subject_type = 'incident' and subject_id = incident_id
    where item_id = items.id and audit_events.organisation_id = ${reach.organisationId}
      -- of several things that one incident is about, each is found when it is found
      and (verb = 'incident:reported' or verb = 'incident:found' and found_at = at)
  ) event
  left join staff on staff.id = event.staff_id
  left join audit_details on audit_details.audit_event_id = event.id
  order by event.id desc
  limit ${limit}`

export interface ItemEventRead {
  at: string
  verb: string
  staff_member: string | null
  details: unknown
  /** The incident it is about, when it is not about the item's record. */
  incident_id: number | null
}

export interface ItemEventRow extends ItemEventRead {
  /** What was corrected, when it is about a loan of the item. */
  correction: CorrectionTold | null
}

export const itemEventColumns: Columns<ItemEventRead> = {
  at: true,
  verb: true,
  staff_member: true,
  details: true,
  incident_id: true,
}

/**
 * The events, each with the correction it is about. By itself, since few items were ever in one: in the question for the
 * item, PostgreSQL got thirty more steps ready for every item that anybody looked at.
 */
export async function withCorrections(db: Database, reach: Reach, events: ItemEventRead[]): Promise<ItemEventRow[]> {
  const told = await findCorrectionsTold(
    db,
    reach,
    events.map(correctionOf).filter((id) => id !== null),
  )
  return events.map((event) => ({ ...event, correction: told.get(correctionOf(event) ?? 0) ?? null }))
}

function correctionOf({ verb, details }: ItemEventRead): number | null {
  if (!correctionVerbs.includes(verb) || typeof details !== 'object' || details === null) return null
  return 'correction' in details ? Number(details.correction) : null
}
