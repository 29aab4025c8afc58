import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { Every } from './delivery-rules.ts'

export async function findDelivery(db: Database, { staffId, organisationId }: Actor): Promise<Every> {
  const row = await db
    .selectFrom('report_deliveries')
    .select('every')
    .where('staff_id', '=', staffId)
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst()
  return (row?.every ?? 'none') as Every
}

export interface DueDelivery {
  staff_id: number
  organisation_id: number
  organisation: string
  name: string
  email: string
  /** The newest period of the kind they chose that has come out since then. */
  period: string
}

/** To whom something is to be sent, by organisation and period. Of several periods that came out at once only the newest is. */
export async function listDueDeliveries(db: Database): Promise<DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    select delivery.staff_id, delivery.organisation_id, organisations.name as organisation, staff.name, staff.email, latest.period
    from report_deliveries delivery
    join staff on staff.id = delivery.staff_id and staff.disabled_at is null and staff.role = 'commissioner'
    join organisations on organisations.id = delivery.organisation_id
    cross join lateral (
      select max(period) as period from published_figures figure
      where figure.organisation_id = delivery.organisation_id and starts_with(period, delivery.every || '-')
        and published_at > delivery.since
    ) latest
    where delivery.every <> 'none' and latest.period is not null
      and not exists (select from messages where cause = 'reports:' || delivery.staff_id || ':' || latest.period)
    order by delivery.organisation_id, latest.period, delivery.staff_id`.execute(db)
  return rows
}
