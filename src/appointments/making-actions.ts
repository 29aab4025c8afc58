import type { Author, Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { followFirstAppointment } from '../referrals/first-appointment-actions.ts'
import { lockPersonToMeet } from './queries.ts'
import { type AppointmentOrder, extraMinutes, minutesAfter, timeProblem } from './rules.ts'

/**
 * Makes an appointment for somebody in reach. A first remote one is given some minutes more. Refuses (RuleBroken) a time that is
 * over and somebody who has died; (Taken, by PostgreSQL) a time at which they have another one. Gives its id.
 */
export async function makeAppointment(
  change: Change,
  serviceUserId: number,
  order: AppointmentOrder,
): Promise<{ id: number }> {
  const person = await lockPersonToMeet(change.trx, change.by, serviceUserId)
  if (!person) throw new NotFound()
  if (person.state === 'died') throw new RuleBroken('This person has died. Make no appointment for them.')
  await requireTeam(change, order.teamId)
  return await addAppointment(change, person.id, order)
}

/** Adds it for somebody of whom it is known already that they may be met. */
export async function addAppointment(
  change: Change<Author>,
  serviceUserId: number,
  order: AppointmentOrder,
  joinLink = '',
): Promise<{ id: number }> {
  const { trx, by } = change
  const { organisationId: organisation_id, staffId } = by
  if (staffId === null)
    throw new RuleBroken('An appointment names who made it: bring it in signed in, and not by a command.')
  const now = requireTime(change, order.startsAt)
  const made = await trx
    .insertInto('appointments')
    .values({
      ...{ organisation_id, service_user_id: serviceUserId, made_at: now, made_by: staffId },
      ...{ ...plannedColumns(order), way_since: now, way_by: staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('appointment_details')
    .values({ appointment_id: made.id, organisation_id, clinician: order.clinician, join_link: joinLink })
    .execute()
  await followFirstAppointment(change, serviceUserId, null)
  const details = { new: inAudit(order) }
  change.audit({ verb: 'appointment:made', subject: ['appointment', made.id], serviceUserId, details })
  return made
}

/** What is planned, as the table has it. */
export function plannedColumns(order: AppointmentOrder) {
  const extra = extraMinutes(order)
  return {
    is_first: order.isFirst,
    purpose: order.purpose,
    way: order.way,
    starts_at: order.startsAt,
    ends_at: minutesAfter(order.startsAt, order.minutes + extra),
    extra_minutes: extra,
    team_id: order.teamId,
    interpreter: order.interpreter,
  }
}

function inAudit({ startsAt, minutes, way, purpose, isFirst, clinician }: AppointmentOrder) {
  return { starts_at: startsAt.toISOString(), minutes, way, purpose, is_first: isFirst, clinician }
}

/** A team that is chosen is one of the organisation's, for a care team one of its own. */
export async function requireTeam({ trx, by }: Change, teamId: number | null): Promise<void> {
  if (teamId === null) return
  const team = await trx
    .selectFrom('wards')
    .select('id')
    .where('id', '=', teamId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirst()
  if (!team || (by.role === 'care-team' && !by.wardIds.includes(teamId))) throw new NotFound()
}

/** The moment it is made or moved; refuses (RuleBroken) a time that is over or too far off. */
export function requireTime(change: Change<Author>, startsAt: Date): Date {
  const now = change.now()
  const problem = timeProblem(startsAt, now)
  if (problem) throw new RuleBroken(`${problem}.`)
  return now
}
