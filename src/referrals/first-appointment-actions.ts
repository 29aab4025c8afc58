import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'

/**
 * The open referrals of a person follow the first appointment that is made for them: the day of the earliest one since they were
 * referred. `before`: the day of one that was moved or cancelled just now, which a referral forgets where none takes its place. A
 * day that somebody typed stays as long as no appointment is made.
 */
export async function followFirstAppointment(
  change: Change<Author>,
  serviceUserId: number,
  before: string | null,
): Promise<void> {
  const { rows } = await sql<{ id: number; old: string | null; day: string | null }>`
    with standing as (
      select referral.id, referral.first_appointment_on as old, (
        select min((appointment.starts_at at time zone 'Europe/London')::date) from appointments appointment
        where appointment.service_user_id = ${serviceUserId} and appointment.is_first and appointment.cancelled_at is null
          and (appointment.starts_at at time zone 'Europe/London')::date >= referral.referred_on
      ) as day
      from referrals referral where referral.service_user_id = ${serviceUserId} and referral.is_open
      for no key update of referral
    )
    update referrals set first_appointment_on = standing.day, version = version + 1
    from standing
    where referrals.id = standing.id and standing.old is distinct from standing.day
      and (standing.day is not null or standing.old = ${before}::date)
    returning referrals.id, standing.old, standing.day
  `.execute(change.trx)
  for (const { id, old, day } of rows) {
    const details = { old: { first_appointment_on: old }, new: { first_appointment_on: day } }
    change.audit({ verb: 'referral:changed', subject: ['referral', id], serviceUserId, details })
  }
}
