import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

export interface TrainedMember {
  id: number
  name: string
  /** The last day on which they were trained, by topic. */
  trained: Record<string, string>
}

/** The wards and teams that somebody works on, by name. */
export async function listStaffedWards(db: Database, actor: Actor): Promise<{ id: number; name: string }[]> {
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from wards
    where organisation_id = ${actor.organisationId} and closed_at is null and exists (
      select from staff_wards on_ward join staff on staff.id = on_ward.staff_id and staff.disabled_at is null
      where on_ward.ward_id = wards.id
    )
    order by name, id
  `.execute(db)
  return rows
}

/** Everybody who works on a ward or team now, with the newest training in each topic. */
export async function listTrainedStaff(db: Database, actor: Actor, wardId: number): Promise<TrainedMember[]> {
  const { rows } = await sql<TrainedMember>`
    select staff.id, staff.name, coalesce((
      select json_object_agg(topic, newest) from (
        select topic, max(trained_on) as newest from staff_trainings
        where staff_id = staff.id and cancelled_at is null group by topic
      ) each_topic
    ), '{}') as trained
    from staff_wards on_ward join staff on staff.id = on_ward.staff_id
    where on_ward.ward_id = ${wardId} and on_ward.organisation_id = ${actor.organisationId} and staff.disabled_at is null
    order by staff.name, staff.id
  `.execute(db)
  return rows
}

export interface WrittenTraining {
  id: number
  name: string
  topic: string
  trained_on: string
  recorded_by: string
}

/** What was written down last for people of a ward, so that a slip can be taken off. */
export async function listWrittenTrainings(
  db: Database,
  actor: Actor,
  { wardId, most }: { wardId: number; most: number },
): Promise<WrittenTraining[]> {
  const { rows } = await sql<WrittenTraining>`
    select training.id, member.name, training.topic, training.trained_on, writer.name as recorded_by
    from staff_trainings training
    join staff member on member.id = training.staff_id
    join staff writer on writer.id = training.recorded_by
    where training.organisation_id = ${actor.organisationId} and training.cancelled_at is null
      and exists (select from staff_wards where staff_id = training.staff_id and ward_id = ${wardId})
    order by training.recorded_at desc, training.id desc limit ${most}
  `.execute(db)
  return rows
}
