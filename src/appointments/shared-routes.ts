import type { Request } from 'express'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { type AppointmentDetail, findAppointment } from './queries.ts'
import { IS_OVER, isOpen } from './rules.ts'

/** The appointment that the path names, of somebody in reach; anything else is not there. */
export async function findOr404(req: Request): Promise<AppointmentDetail> {
  const { db, actor } = context(req)
  const appointment = await findAppointment(db, actor, idFrom(req))
  if (!appointment) throw new NotFound()
  return appointment
}

/** The same, and that it was looked at is in the audit. */
export async function viewAppointment(req: Request): Promise<AppointmentDetail> {
  const appointment = await findOr404(req)
  const subject: ['appointment', number] = ['appointment', appointment.id]
  await recordInAudit(req, { verb: 'appointment:viewed', subject, serviceUserId: appointment.service_user_id })
  return appointment
}

/** The same, as long as it may be changed. */
export async function viewOpen(req: Request): Promise<AppointmentDetail> {
  const appointment = await viewAppointment(req)
  if (!isOpen(appointment)) throw new RuleBroken(IS_OVER)
  return appointment
}

/** What is said to whoever was slower; what they typed stays on the page, ready to be sent again on purpose. */
export const overtaken =
  'Somebody changed this appointment after you opened it. Look at it again, and save once more if you still mean it'
