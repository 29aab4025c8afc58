import { requireOwnWard } from '../bookings/actions.ts'
import type { Change } from '../database/change.ts'
import type { NoteForm } from './rules.ts'

/** Writes down how the connection on a ward was. */
export async function noteConnectivity(change: Change, wardId: number, note: NoteForm): Promise<{ id: number }> {
  const { trx, by } = change
  requireOwnWard(change, wardId)
  const made = await trx
    .insertInto('connectivity_notes')
    .values({
      organisation_id: by.organisationId,
      ward_id: wardId,
      what: note.what,
      happened_on: note.happenedOn,
      megabits: note.megabits,
      place: note.place,
      noted_at: change.now(),
      noted_by: by.staffId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'ward:connectivity-noted', subject: ['ward', wardId], details: { what: note.what } })
  return made
}
