import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import type { SlotFacts } from '../diary/question-rules.ts'
import { slotFactsOf } from '../diary/slot-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import type { StepAnswer } from './checklist-rules.ts'

const columns = sql`entry.id, entry.service_user_id, entry.appointment_id, entry.way, entry.starts_at, entry.ends_at,
  entry.cancelled_at, entry.champion_id, entry.version as entry_version, trial.is_check, trial.supporter_joins,
  trial.interpreter_joins, trial.got_in, trial.heard, trial.seen, trial.charged, trial.private_place, trial.light,
  trial.location, trial.back_up, trial.note, trial.outcome, trial.outcome_at, trial.version`

export interface TrialRecord {
  id: number
  service_user_id: number
  appointment_id: number | null
  way: string
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  champion_id: number
  entry_version: number
  is_check: boolean
  supporter_joins: boolean
  interpreter_joins: boolean
  got_in: StepAnswer | null
  heard: StepAnswer | null
  seen: StepAnswer | null
  charged: StepAnswer | null
  private_place: StepAnswer | null
  light: StepAnswer | null
  location: StepAnswer | null
  back_up: StepAnswer | null
  note: string
  outcome: string | null
  outcome_at: string | null
  version: number
}

export interface TrialDetail extends TrialRecord {
  service_user: string
  language: string
  interpreter: string | null
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  champion: string
  outcome_by: string | null
  /** When the appointment is that it prepares for; null where there is none, or it was cancelled. */
  appointment_at: string | null
  appointment_way: string | null
  agreed_back_up: string | null
  back_up_number: string | null
  call_back_number: string | null
}

/** One trial-run call with somebody in reach, with what whoever makes it has to know. */
export async function findTrialCall(db: Database, actor: Actor, id: number): Promise<TrialDetail | undefined> {
  const { rows } = await sql<TrialDetail>`
    select ${columns}, who.name as service_user, who.language, person.interpreter, person.state, person.parent_contact,
           who.contact_instruction, champion.name as champion, teller.name as outcome_by,
           appointment.starts_at as appointment_at, appointment.way as appointment_way,
           appointment.back_up as agreed_back_up, details.back_up_number, details.call_back_number,
           (select ${contactFactsOf('person.id')} from service_user_details details
            where details.service_user_id = person.id) as contact
    from diary_entries entry
    join trial_calls trial on trial.diary_entry_id = entry.id
    join service_users person on person.id = entry.service_user_id
    join service_user_details who on who.service_user_id = person.id
    join staff champion on champion.id = entry.champion_id
    left join staff teller on teller.id = trial.outcome_by
    left join appointments appointment on appointment.id = entry.appointment_id and appointment.cancelled_at is null
    left join appointment_details details on details.appointment_id = appointment.id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'entry.service_user_id')}
  `.execute(db)
  return rows[0]
}

/** The same as it stands, with its entry in the diary, held against other changes until this transaction ends. */
export async function lockTrialCall(trx: InTransaction, actor: Actor, id: number): Promise<TrialRecord | undefined> {
  const { rows } = await sql<TrialRecord>`
    select ${columns} from diary_entries entry
    join trial_calls trial on trial.diary_entry_id = entry.id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'entry.service_user_id')}
    for no key update of entry, trial
  `.execute(trx)
  return rows[0]
}

export interface TrialRow {
  id: number
  service_user_id: number
  service_user: string
  champion: string
  way: string
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  is_check: boolean
  outcome: string | null
  appointment_at: string | null
}

const rowColumns = sql`entry.id, entry.service_user_id, who.name as service_user, champion.name as champion, entry.way,
  entry.starts_at, entry.ends_at, entry.cancelled_at, trial.is_check, trial.outcome,
  appointment.starts_at as appointment_at`

const rowTables = sql`diary_entries entry
  join trial_calls trial on trial.diary_entry_id = entry.id
  join service_user_details who on who.service_user_id = entry.service_user_id
  join staff champion on champion.id = entry.champion_id
  left join appointments appointment on appointment.id = entry.appointment_id and appointment.cancelled_at is null`

export interface TrialLists {
  toCome: TrialRow[]
  waiting: TrialRow[]
  over: TrialRow[]
}

/** Calls with people in reach: those to come, those of which nobody wrote down how they went, and the newest that are over. */
export async function listTrialCalls(
  db: Database,
  actor: Actor,
  { now, most }: { now: Date; most: number },
): Promise<TrialLists> {
  const which = sql`entry.organisation_id = ${actor.organisationId} and entry.kind = 'trial-run-call'
    and entry.cancelled_at is null and ${isPersonInReach(actor, 'entry.service_user_id')}`
  const select = sql`select ${rowColumns} from ${rowTables} where ${which}`
  const { rows } = await asLists<TrialLists>({
    toCome: sql`${select} and trial.outcome is null and entry.ends_at > ${now} order by entry.starts_at, entry.id limit ${most}`,
    waiting: sql`${select} and trial.outcome is null and entry.ends_at <= ${now} order by entry.starts_at, entry.id limit ${most}`,
    over: sql`${select} and trial.outcome is not null order by entry.starts_at desc, entry.id desc limit ${most}`,
  }).execute(db)
  return rows[0] ?? { toCome: [], waiting: [], over: [] }
}

export interface ArrangeFacts {
  champions: { id: number; name: string }[]
  /** Calls for this appointment so far, the newest first. */
  calls: TrialRow[]
  /** What decides when a call can be. */
  slotFacts: SlotFacts[]
}

/** Who could make a call for this appointment of somebody in reach, and the calls that there were. */
export async function findArrangeFacts(
  db: Database,
  actor: Actor,
  appointmentId: number,
  now: Date,
): Promise<ArrangeFacts> {
  const { rows } = await asLists<ArrangeFacts>({
    champions: sql`
      select id, name from staff
      where organisation_id = ${actor.organisationId} and role = 'champion' and disabled_at is null order by name, id`,
    calls: sql`
      select ${rowColumns} from ${rowTables}
      where entry.appointment_id = ${appointmentId} and entry.organisation_id = ${actor.organisationId}
        and ${isPersonInReach(actor, 'entry.service_user_id')}
      order by entry.starts_at desc, entry.id desc`,
    slotFacts: slotFactsOf(actor, appointmentId, now),
  }).execute(db)
  return rows[0] ?? { champions: [], calls: [], slotFacts: [] }
}
