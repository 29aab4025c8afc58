import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { isNothingNew, type Warning } from '../lib/warnings.ts'
import { type AppointmentOrder, extraMinutes, minutesAfter } from './rules.ts'
import { type CallAfter, callAfterInWords, clinicianBusyInWords } from './warning-rules.ts'

/** What speaks against an appointment and was not seen yet: nothing is done before it is meant. */
export class ToBeMeant extends RuleBroken {
  readonly warnings: Warning[]
  constructor(warnings: Warning[]) {
    super(warnings.map(({ text }) => text).join('. '))
    this.warnings = warnings
  }
}

interface Asked {
  order: AppointmentOrder
  serviceUserId: number
  /** The appointment that is changed; left out: a new one. */
  id?: number
  /** The codes of the warnings that were seen. */
  seen: string
}

/**
 * Refuses (ToBeMeant) what one may go on in spite of, until it was seen: another appointment of the same clinician at that time, who
 * is a name that anybody types and so may be somebody else; and calls before it that would come after it then.
 */
export async function requireMeant(change: Change, asked: Asked): Promise<void> {
  const warnings = [...(await clinicianWarnings(change, asked)), ...(await callWarnings(change, asked))]
  if (!isNothingNew(warnings, asked.seen)) throw new ToBeMeant(warnings)
}

async function clinicianWarnings({ trx, by }: Change, { order, serviceUserId, id = 0 }: Asked): Promise<Warning[]> {
  const { clinician, startsAt, minutes, purpose } = order
  // several people meet in a group at the same time
  if (clinician === '' || purpose === 'group') return []
  const until = minutesAfter(startsAt, minutes + extraMinutes(order))
  const { rows } = await sql<{ starts_at: string; ends_at: string }>`
    select appointment.starts_at, appointment.ends_at
    from appointments appointment join appointment_details details on details.appointment_id = appointment.id
    where appointment.organisation_id = ${by.organisationId} and appointment.cancelled_at is null
      and appointment.outcome is null and appointment.purpose <> 'group' and appointment.id <> ${id}
      and appointment.service_user_id <> ${serviceUserId}
      and appointment.starts_at < ${until} and appointment.ends_at > ${startsAt}
      and appointment.starts_at > ${minutesAfter(startsAt, -24 * 60)}
      and lower(details.clinician) = lower(${clinician})
    order by appointment.starts_at limit 1
  `.execute(trx)
  return rows.map((row) => ({ code: 'clinician', text: clinicianBusyInWords(clinician, row) }))
}

async function callWarnings(change: Change, { order, id }: Asked): Promise<Warning[]> {
  if (id === undefined) return []
  const { trx, by } = change
  const { rows } = await sql<CallAfter>`
    select kind, starts_at from diary_entries
    where appointment_id = ${id} and organisation_id = ${by.organisationId} and cancelled_at is null
      and starts_at > ${change.now()} and ends_at > ${order.startsAt}
    order by starts_at
  `.execute(trx)
  return rows.map((row) => ({ code: 'call', text: callAfterInWords(row) }))
}
