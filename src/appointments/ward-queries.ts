import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonOfTheirs } from '../service-users/reach-queries.ts'

/** What a ward has to know of an appointment, and no more: not what it is for, with whom, nor the link to it. */
export interface WardAppointment {
  id: number
  service_user_id: number
  service_user: string
  ward: string
  way: string
  starts_at: string
  ends_at: string
  place: string
  adaptations: string
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  /** What is booked for them at that time, a room first. */
  booked: { tag: string; category: string }[]
}

/** The appointments of a day, from one London midnight to the next, of the people on the wards of whoever asks. */
export async function listOnWards(
  db: Database,
  actor: Actor,
  { from, until, most }: { from: Date; until: Date; most: number },
): Promise<WardAppointment[]> {
  const { rows } = await sql<WardAppointment>`
    select appointment.id, appointment.service_user_id, who.name as service_user, ward.name as ward, appointment.way,
           appointment.starts_at, appointment.ends_at, details.place, details.adaptations, person.state,
           person.parent_contact, who.contact_instruction,
           (select ${contactFactsOf('person.id')} from service_user_details details
            where details.service_user_id = person.id) as contact,
           (select coalesce(json_agg(json_build_object('tag', items.tag, 'category', items.category)
                            order by items.category <> 'private-room', items.tag), '[]')
            from bookings
            join item_holds hold on hold.booking_id = bookings.id and hold.cancelled_at is null
              and hold.plan && tstzrange(appointment.starts_at, appointment.ends_at)
            join items on items.id = hold.item_id
            where bookings.service_user_id = person.id and bookings.cancelled_at is null) as booked
    from appointments appointment
    join appointment_details details on details.appointment_id = appointment.id
    join service_users person on person.id = appointment.service_user_id
    join service_user_details who on who.service_user_id = person.id
    join wards ward on ward.id = person.ward_id
    where appointment.organisation_id = ${actor.organisationId} and appointment.cancelled_at is null
      and appointment.starts_at >= ${from} and appointment.starts_at < ${until}
      and appointment.service_user_id = any(array(
        select person.id from service_users person
        where person.organisation_id = ${actor.organisationId} and ${isPersonOfTheirs(actor, 'person')}
      ))
    order by appointment.starts_at, who.name, appointment.id
    limit ${most}
  `.execute(db)
  return rows
}
