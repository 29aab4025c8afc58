import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { insertOne } from '../factories/example.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

/** The administrator put one message into words of their own, and stopped another. */
export async function wordMessages(db: Database, { organisation, administrator }: Trust, today: string): Promise<void> {
  const changed = (days: number) => ({
    ...{ organisation_id: organisation.id, version: 1, changed_by: administrator.id },
    changed_at: timeOn(lastWorkingDay(addDays(today, -days)), 11, 20),
  })
  const body =
    'Hello {{name}},\n\nOn {{day}} we look together at whether you still need what you borrowed. You can keep it for longer: ring us, or tell us when we next meet.\n\nIt is no trouble, and it costs nothing.\n\n{{signed}}'
  await insertOne(db, 'message_settings', { ...changed(40), kind: 'review-in-a-week', body })
  await insertOne(db, 'message_settings', { ...changed(12), kind: 'overdue-second', is_on: false })
}
