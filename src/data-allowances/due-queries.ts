import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonInReach, peopleInReach } from '../service-users/reach-queries.ts'
import type { Contact, DataRates } from './contacts-rules.ts'
import type { DueFacts } from './due-rules.ts'
import { contactsOf, factColumns, ratesOf } from './forecast-queries.ts'
import { overdueColumns } from './overdue-queries.ts'

export interface DueDataRow extends DueFacts {
  kind: string
  provider: string
  service_user: string | null
  ward: string | null
  staff_member: string | null
  contacts: Contact[]
  rates: DataRates
}

/** As many calls to come are looked at: nobody knows before it is worked out for which of them the data does not last. */
const MOST_CALLS = 200
/** And as many of each other kind, nearly all of which stand on the worklist. */
const MOST = 30

/**
 * For the worklist, in one question: every allowance of whoever has one that may need something done, of people in reach, wards
 * and staff. Nothing is asked of somebody who died.
 */
export async function readDueData(
  db: Database,
  actor: Actor,
  { now, today, until }: { now: Date; today: string; until: string },
): Promise<DueDataRow[]> {
  const { organisationId } = actor
  const isRunning = sql`allowance.organisation_id = ${organisationId} and allowance.cancelled_at is null`
  const isInReach = sql`(allowance.service_user_id is null or ${isPersonInReach(actor, 'allowance.service_user_id')})`
  const { rows } = await sql<DueDataRow>`
    with soon as (
      (
        select allowance.id, allowance.service_user_id from data_allowances allowance
        where ${isRunning} and allowance.ends_on between ${today} and ${until} and ${isInReach}
        order by allowance.ends_on, allowance.id limit ${MOST}
      ) union all (
        select allowance.id, allowance.service_user_id
        from data_allowances allowance join loan_lines line on line.id = allowance.loan_line_id
        where ${isRunning} and allowance.suspended_at is null and line.ended_at is not null and line.ended_as <> 'given'
          and (allowance.ends_on is null or allowance.ends_on >= ${today}) and ${isInReach}
        order by allowance.id limit ${MOST}
      ) union all (
        select allowance.id, allowance.service_user_id
        from appointments booked join data_allowances allowance on allowance.service_user_id = booked.service_user_id
        where booked.organisation_id = ${organisationId} and booked.cancelled_at is null and booked.outcome is null
          and booked.starts_at > ${now} and booked.starts_at < ${until}::date + 1
          and booked.way = any('{video,phone,text}'::text[]) and ${isRunning} and ${isInReach}
          -- what has no limit and no end lasts, unless it is suspended
          and (allowance.megabytes is not null or allowance.ends_on is not null or allowance.suspended_at is not null)
        order by booked.starts_at, allowance.id limit ${MOST_CALLS}
      ) union all (
        select allowance.id, allowance.service_user_id
        from data_readings reading join data_allowances allowance on allowance.id = reading.data_allowance_id
        where reading.organisation_id = ${organisationId} and reading.megabytes_left < 500
          and reading.read_at > ${now}::timestamptz - interval '15 days' and allowance.megabytes is not null
          and allowance.suspended_at is null and ${isRunning} and ${isInReach}
          and not exists (select from data_readings newer where newer.data_allowance_id = allowance.id
                          and newer.read_at > reading.read_at)
        order by reading.read_at desc limit ${MOST}
      ) union all (
        select allowance.id, allowance.service_user_id
        from data_readings reading join data_allowances allowance on allowance.id = reading.data_allowance_id
        where reading.organisation_id = ${organisationId} and reading.read_at - reading.unchanged_since >= interval '30 days'
          and reading.read_at > ${now}::timestamptz - interval '15 days'
          and allowance.suspended_at is null and ${isRunning} and ${isInReach}
          and not exists (select from data_readings newer where newer.data_allowance_id = allowance.id
                          and newer.read_at > reading.read_at)
        order by reading.read_at desc limit ${MOST}
      ) union all (
        select allowance.id, allowance.service_user_id
        from loan_lines line join data_allowances allowance on allowance.loan_line_id = line.id
        where line.organisation_id = ${organisationId} and line.taken_at is not null and line.ended_at is null
          and line.cancelled_at is null and line.due_on <= ${today}::date
            - (select data_suspend_after_days from organisations where id = ${organisationId})::integer
          and allowance.suspended_at is null and ${isRunning} and ${isInReach}
        order by line.due_on, allowance.id limit ${MOST}
      )
    ), whole as (
      select id from soon where service_user_id is null
      union
      select allowance.id from data_allowances allowance
      where allowance.service_user_id = any(array(select service_user_id from soon where service_user_id is not null))
        and allowance.cancelled_at is null
    )
    select ${factColumns}, allowance.kind, allowance.provider, allowance.service_user_id, who.name as service_user,
           wards.name as ward, staff.name as staff_member,
           ${contactsOf('allowance.service_user_id', now)} as contacts, ${ratesOf('allowance.organisation_id')} as rates,
           coalesce(line.ended_at is not null and line.ended_as <> 'given', false) as has_loan_ended,
           (select unchanged_since from data_readings where data_allowance_id = allowance.id
            order by read_at desc limit 1) as unused_since,
           ${overdueColumns}
    from whole
    join data_allowances allowance on allowance.id = whole.id
    left join service_users person on person.id = allowance.service_user_id
    left join ${peopleInReach(actor)} who on who.service_user_id = allowance.service_user_id
    left join wards on wards.id = allowance.ward_id
    left join staff on staff.id = allowance.staff_id
    left join loan_lines line on line.id = allowance.loan_line_id
    where allowance.service_user_id is null or person.state <> 'died'
  `.execute(db)
  return rows
}
