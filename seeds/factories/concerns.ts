import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Concerns } from '../../src/database/schema.ts'
import { exampleNow, insertAll, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

export interface ConcernOverrides {
  person: { id: number; organisation_id: number }
  by: { id: number }
  what?: string
  raisedAt?: Date
  /** Who was told; nobody where it is null. */
  told?: string | null
  /** Whoever closed it; made where nobody is named. */
  closedBy?: { id: number }
}

const DAY = 86_400_000

/** Somebody was told, and it waits to be followed up until the day after. */
export async function openConcern(
  db: Database,
  { person, by, what = 'They were afraid to talk', raisedAt = exampleNow, told = 'The duty team' }: ConcernOverrides,
): Promise<Selectable<Concerns>> {
  const { organisation_id } = person
  const made = await insertOne(db, 'concerns', {
    ...{ organisation_id, service_user_id: person.id, what, raised_at: raisedAt, raised_by: by.id },
    ...{ due_at: new Date(raisedAt.getTime() + DAY), closed_words: '' },
  })
  if (told === null) return made
  await insertAll(db, 'concern_tellings', [
    {
      ...{ organisation_id, concern_id: made.id, is_follow_up: false, who: told, how: 'phone', told_at: raisedAt },
      ...{ note: 'They ring them today', written_at: raisedAt, written_by: by.id },
    },
  ])
  return made
}

/** Somebody in information governance has closed it. */
export async function closedConcern(db: Database, overrides: ConcernOverrides): Promise<Selectable<Concerns>> {
  const { person, raisedAt = exampleNow } = overrides
  const concern = await openConcern(db, overrides)
  const role = 'information-governance'
  const { closedBy = await staffMember(db, { organisation_id: person.organisation_id, role }) } = overrides
  const closed = { closed_at: raisedAt, closed_by: closedBy.id, closed_words: 'The team visited them' }
  await db.updateTable('concerns').set(closed).where('id', '=', concern.id).execute()
  return concern
}
