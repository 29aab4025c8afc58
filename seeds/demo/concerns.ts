import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { closedConcern, openConcern } from '../factories/concerns.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/** A worry that nobody has followed up in time, and one that is closed. Gives what the audit tells of them. */
export async function raiseConcerns(
  db: Database,
  { trust, people }: { trust: Trust; people: ServiceUser[] },
  today: string,
): Promise<PastEvent[]> {
  const [champion] = trust.champions
  const known = people.filter(
    ({ created_at }) => new Date(created_at) < timeOn(lastWorkingDay(addDays(today, -30)), 8, 0),
  )
  const [first, second] = [known.at(-3), known.at(-4)]
  if (!champion || !first || !second || !trust.governance) return []
  const told = 'Dr Sample-Clinician, team office'
  const late = timeOn(lastWorkingDay(addDays(today, -5)), 15, 10)
  const over = timeOn(lastWorkingDay(addDays(today, -25)), 10, 30)
  const open = await openConcern(db, {
    ...{ person: first, by: champion, raisedAt: late, told },
    what: 'On the phone they said that they have not eaten since the weekend, and that nobody comes by.',
  })
  const closed = await closedConcern(db, {
    ...{ person: second, by: champion, closedBy: trust.governance, raisedAt: over, told },
    what: 'They stopped talking whenever somebody came into the room.',
  })
  const about = (concern: { id: number; service_user_id: number }) => ({
    organisationId: trust.organisation.id,
    subject: ['concern', concern.id] as ['concern', number],
    serviceUserId: concern.service_user_id,
  })
  return [
    { ...about(open), at: late, by: champion.id, verb: 'concern:raised' },
    { ...about(closed), at: over, by: champion.id, verb: 'concern:raised' },
    { ...about(closed), at: over, by: trust.governance.id, verb: 'concern:closed' },
  ]
}
