import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { answerBy } from '../../src/subject-access/rules.ts'
import { accessRequest, legalHold } from '../factories/own-data.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/** Somebody who asked for a copy of what is kept about them, and a record that is held. Gives what the audit tells of them. */
export async function askForOwnData(
  db: Database,
  { trust, people }: { trust: Trust; people: ServiceUser[] },
  today: string,
): Promise<PastEvent[]> {
  const by = trust.governance
  const day = lastWorkingDay(addDays(today, -3))
  const known = people.filter(({ created_at }) => new Date(created_at) < timeOn(day, 8, 0))
  const [asking, held] = [known.at(3), known.at(4)]
  if (!by || !asking || !held) return []
  const at = timeOn(day, 10, 20)
  const days = { received_on: day, due_on: answerBy(day, 1), recorded_at: at }
  const request = await accessRequest(db, { person: asking, by, ...days })
  await legalHold(db, { person: held, by, reason: 'A complaint to the Ombudsman is under way', placed_at: at })
  const common = { organisationId: trust.organisation.id, at, by: by.id }
  return [
    { ...common, verb: 'subject-access:recorded', subject: ['subject-access', request.id], serviceUserId: asking.id },
    { ...common, verb: 'retention:hold-placed', subject: ['service-user', held.id], serviceUserId: held.id },
  ]
}
