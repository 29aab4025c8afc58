import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { closedWard } from '../factories/places.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/** A ward that was opened for a winter and closed after it: on no list to choose from, and still known. */
export async function closeAWard(db: Database, trust: Trust, today: string): Promise<PastEvent[]> {
  const [beside] = trust.wards
  if (!beside) return []
  const { id: by } = trust.administrator
  const details = { name: 'Alder Winter Ward', code: 'alder', kind: 'inpatient ward', site_id: beside.site_id }
  const openedAt = timeOn(lastWorkingDay(addDays(today, -320)), 10, 20)
  const closedAt = timeOn(lastWorkingDay(addDays(today, -190)), 15, 45)
  const organisationId = trust.organisation.id
  const ward = await closedWard(db, {
    ...details,
    organisation_id: organisationId,
    by: { id: by },
    closedAt,
    version: 2,
  })
  const about = { organisationId, by, subject: ['ward', ward.id] as ['ward', number] }
  return [
    { ...about, at: openedAt, verb: 'ward:added', details: { new: details } },
    { ...about, at: closedAt, verb: 'ward:closed' },
  ]
}
