import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

export interface PrivateNote {
  id: number
  note: string
  recorded_at: string
  recorder: string
  recorded_by: number
  cleared_at: string | null
  clearer: string | null
  cleared_note: string | null
}

/**
 * Who looks after a person and who wrote private notes about them: what decides whether somebody may know. Says nothing of
 * what they say.
 */
export async function findCircle(db: Database, actor: Actor, id: number): Promise<number[]> {
  const { rows } = await sql<{ staff_id: number }>`
    select staff_id from caseload_entries
    where service_user_id = ${id} and organisation_id = ${actor.organisationId} and ended_at is null
    union
    select recorded_by from contact_risks where service_user_id = ${id} and organisation_id = ${actor.organisationId}
  `.execute(db)
  return rows.map(({ staff_id }) => staff_id)
}

/** The notes themselves, the newest first. Whoever calls this has asked `mayKnowWhy` and written down who looks. */
export async function listPrivateNotes(db: Database, actor: Actor, id: number): Promise<PrivateNote[]> {
  const { rows } = await sql<PrivateNote>`
    select risk.id, notes.note, risk.recorded_at, recorder.name as recorder, risk.recorded_by, risk.cleared_at,
           clearer.name as clearer, notes.cleared_note
    from contact_risks risk
    join contact_risk_notes notes on notes.risk_id = risk.id
    join staff recorder on recorder.id = risk.recorded_by
    left join staff clearer on clearer.id = risk.cleared_by
    where risk.service_user_id = ${id} and risk.organisation_id = ${actor.organisationId}
    order by risk.id desc`.execute(db)
  return rows
}
