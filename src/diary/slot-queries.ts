import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import type { SlotFacts } from './question-rules.ts'
import type { Diary } from './slot-conditions-rules.ts'

const devices = sql`items.category = any('{tablet,smartphone,laptop}'::text[])`

const openDeviceLines = sql`
  from loans
  join loan_lines line on line.loan_id = loans.id and line.cancelled_at is null
    and (line.ended_at is null or line.ended_as = 'given')
  join items on items.id = line.item_id and ${devices}
  where loans.service_user_id = person.id`

const span = (from: string, until: string) => sql`json_build_object(
  'from', round(extract(epoch from ${sql.ref(from)}) * 1000), 'until', round(extract(epoch from ${sql.ref(until)}) * 1000))`

/** An appointment that is to come, of somebody in reach. */
export async function findSlotFacts(
  db: Database,
  actor: Actor,
  appointmentId: number,
  now: Date,
): Promise<SlotFacts | undefined> {
  const { rows } = await sql<SlotFacts>`${slotFactsOf(actor, appointmentId, now)}`.execute(db)
  return rows[0]
}

/** The same, as a part of whatever else is asked. */
export function slotFactsOf(actor: Actor, appointmentId: number, now: Date): RawBuilder<unknown> {
  return sql`
    select appointment.id as appointment_id, person.id as service_user_id, details.name as service_user, person.state,
           person.parent_contact, details.contact_instruction, ${contactFactsOf('person.id')} as contact,
           appointment.starts_at, appointment.way, appointment.interpreter, person.interpreter as persons_interpreter,
           organisation.break_minutes, organisation.trial_call_days, organisation.interpreter_days,
           not exists (select ${openDeviceLines} and line.taken_at is not null) and (
             exists (select ${openDeviceLines}) or exists (
               select from referrals join referral_asks ask on ask.referral_id = referrals.id
               where referrals.service_user_id = person.id and referrals.ended_at is null and ask.met_at is null
                 and ask.ask = 'device'
             )
           ) as waits_for_device,
           (select min(line.from_at) ${openDeviceLines} and line.taken_at is null) as device_from,
           array(
             select substr(question, 7) from (
               select distinct on (question) question, chosen from conversation_answers
               where service_user_id = person.id and kind = 'answered' and question like 'skill-%'
               order by question, said_on desc, id desc
             ) skill where chosen && '{not-yet,with-help}'::text[]
           ) as skills_wanted,
           (select min(entry.ends_at) from diary_entries entry
            left join training_sessions session on session.diary_entry_id = entry.id
            where entry.service_user_id = person.id and entry.kind = 'training-session' and entry.cancelled_at is null
              and session.came is distinct from false and session.supporter_id is null) as trained_by,
           (select staff_id from caseload_entries where service_user_id = person.id and ended_at is null) as carer_id,
           coalesce((
             select json_agg(busy) from (
               select ${span('meeting.starts_at', 'meeting.ends_at')} as busy from appointments meeting
               where meeting.service_user_id = person.id and meeting.cancelled_at is null and meeting.ends_at > ${now}
               union all
               select ${span('entry.starts_at', 'entry.ends_at')} from diary_entries entry
               where entry.service_user_id = person.id and entry.cancelled_at is null and entry.ends_at > ${now}
             ) planned
           ), '[]') as person_busy
    from appointments appointment
    join service_users person on person.id = appointment.service_user_id
    join service_user_details details on details.service_user_id = person.id
    join organisations organisation on organisation.id = appointment.organisation_id
    where appointment.id = ${appointmentId} and appointment.organisation_id = ${actor.organisationId}
      and appointment.cancelled_at is null and appointment.outcome is null and appointment.starts_at > ${now}
      and ${isPersonInReach(actor, 'person.id')}`
}

export type NamedDiary = Diary & { name: string }

/**
 * The diaries of everybody who has one, from a moment on: whoever looks after the person first, then who asks, then by name.
 * Somebody who sees the people on their caseload alone is among them for those people. What each entry is about is not told.
 */
export async function listDiaries(
  db: Database,
  actor: Actor,
  { from, until, today, carerId }: { from: Date; until: Date; today: string; carerId: number | null },
): Promise<NamedDiary[]> {
  const { rows } = await sql<NamedDiary>`
    select staff.id as "championId", staff.name,
           coalesce((
             select json_agg(json_build_object('weekday', weekday, 'from', from_minute, 'until', until_minute))
             from diary_hours where organisation_id = staff.organisation_id and champion_id = staff.id
           ), '[]') as hours,
           coalesce((
             select json_agg(json_build_object('kind', kind, 'firstOn', first_on, 'lastOn', last_on,
                                               'from', from_minute, 'until', until_minute))
             from diary_exceptions
             where organisation_id = staff.organisation_id and champion_id = staff.id and cancelled_at is null
               and last_on >= ${today}
           ), '[]') as exceptions,
           coalesce((
             select json_agg(${span('entry.leaves_at', 'entry.back_at')} order by entry.starts_at)
             from diary_entries entry
             where entry.champion_id = staff.id and entry.cancelled_at is null and entry.group_entry_id is null
               and entry.starts_at >= ${new Date(from.getTime() - 24 * 3_600_000)} and entry.starts_at < ${until}
           ), '[]') as busy
    from staff
    where staff.organisation_id = ${actor.organisationId} and staff.role = 'champion' and staff.disabled_at is null
      and (not staff.caseload_only or coalesce(staff.id = ${carerId}, false))
    order by coalesce(staff.id = ${carerId}, false) desc, (staff.id = ${actor.staffId}) desc, staff.name, staff.id
  `.execute(db)
  return rows
}
