import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { NoteFacts } from './rules.ts'

export interface NoteRow extends NoteFacts {
  id: number
  noter: string
  /** Of the same ward, or another one at its site. */
  ward: string
}

/** The last notes of a ward, as a question for a page that asks others with it. */
export function lastNotesOf(wardId: number, limit: number) {
  return sql<NoteFacts>`
    select what, happened_on, megabits::float8 as megabits, place from connectivity_notes
    where ward_id = ${wardId}
    order by happened_on desc, id desc
    limit ${limit}`
}

/** The last notes of every ward at a ward's site: what fails in one room seldom fails there alone. */
export async function listNotesOfSite(db: Database, wardId: number, limit: number): Promise<NoteRow[]> {
  const { rows } = await sql<NoteRow>`
    select note.id, note.what, note.happened_on, note.megabits::float8 as megabits, note.place, staff.name as noter,
           beside.name as ward
    from wards
    join wards beside on beside.site_id = wards.site_id and beside.organisation_id = wards.organisation_id
    cross join lateral (
      select * from connectivity_notes where ward_id = beside.id order by happened_on desc, id desc limit ${limit}
    ) note
    join staff on staff.id = note.noted_by
    where wards.id = ${wardId}
    order by note.happened_on desc, note.id desc
    limit ${limit}
  `.execute(db)
  return rows
}
