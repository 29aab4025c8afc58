import { addAppointment } from '../appointments/making-actions.ts'
import type { Author, Change } from '../database/change.ts'
import type { AppointmentPlan } from './appointment-plan-rules.ts'
import type { Writing } from './item-write-actions.ts'

/** Makes every appointment of a plan that has no problems, by the rule and with the audit row of any other. */
export async function writeAppointments(
  change: Change<Author>,
  { appointments }: AppointmentPlan,
  { onProgress = () => {} }: Writing,
): Promise<void> {
  // person by person in the order of their ids, since whoever makes one takes their row first: nobody waits in a ring
  const ordered = appointments.toSorted((one, other) => one.serviceUserId - other.serviceUserId)
  for (const [at, { serviceUserId, order, joinLink }] of ordered.entries()) {
    await addAppointment(change, serviceUserId, order, joinLink)
    onProgress(at + 1)
  }
}
