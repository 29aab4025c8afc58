import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { restriction } from '../factories/restrictions.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/** What care plans keep from two people on wards: one to be looked at again, one not yet. Gives what the audit tells of them. */
export async function restrictSome(db: Database, trust: Trust, today: string): Promise<PastEvent[]> {
  const [champion] = trust.champions
  const onWards = db
    .selectFrom('service_users')
    .select(['id', 'organisation_id'])
    .where('organisation_id', '=', trust.organisation.id)
    .where('state', '=', 'admitted')
    .where('merged_into', 'is', null)
  const [first, second] = await onWards.orderBy('id').limit(2).execute()
  if (!champion || !first || !second) return []
  const writtenAt = timeOn(lastWorkingDay(addDays(today, -21)), 11, 20)
  const common = { by: champion, writtenAt }
  const made = [
    await restriction(db, {
      ...{ ...common, person: first, categories: ['smartphone', 'sim'], reviewOn: today },
      words: 'Calls on the ward’s tablet, with a nurse in the room',
    }),
    await restriction(db, {
      ...{ ...common, person: second, categories: ['headset'], reviewOn: addDays(today, 20) },
      words: 'Use the speaker in the private room',
    }),
  ]
  return made.map((one) => ({
    organisationId: trust.organisation.id,
    subject: ['restriction', one.id] as ['restriction', number],
    serviceUserId: one.service_user_id,
    ...{ at: writtenAt, by: champion.id, verb: 'restriction:written' },
  }))
}
