import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { recordOpening } from '../factories/openings.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/**
 * Two records that a community champion opened outside their caseload: one that information governance has looked at, and
 * one that waits for it. Gives what the audit tells of them.
 */
export async function openRecords(
  db: Database,
  { trust, people }: { trust: Trust; people: ServiceUser[] },
  today: string,
): Promise<PastEvent[]> {
  const [by] = trust.communityChampions
  if (!by || !trust.governance) return []
  const organisationId = trust.organisation.id
  const yesterday = lastWorkingDay(addDays(today, -1))
  const known = people.filter(({ created_at }) => new Date(created_at) < timeOn(yesterday, 8, 0))
  const [first, second] = [known.at(-1), known.at(-2)]
  if (!first || !second) return []
  const opened = [
    { serviceUser: first, at: timeOn(yesterday, 11, 40), reason: 'They rang the hub: their tablet does not start' },
    { serviceUser: second, at: timeOn(yesterday, 16, 5), reason: 'Devon is ill, and their visit is today' },
  ]
  const events: PastEvent[] = []
  for (const [place, { serviceUser, at, reason }] of opened.entries()) {
    const seenBy = place === 0 ? trust.governance : undefined
    const opening = await recordOpening(db, {
      organisationId,
      by,
      serviceUser,
      openedAt: at,
      reason,
      ...(seenBy && { seenBy }),
    })
    const about = {
      organisationId,
      subject: ['opening', opening.id] as ['opening', number],
      serviceUserId: serviceUser.id,
    }
    events.push({ ...about, at, by: by.id, verb: 'opening:made', details: { reason } })
    if (seenBy) events.push({ ...about, at, by: seenBy.id, verb: 'opening:seen' })
  }
  return events
}
