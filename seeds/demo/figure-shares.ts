import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

/** The other trust shows its published figures to the commissioners of the demo's, who pay for both. */
export async function shareFigures(
  db: Database,
  { demo, other }: { demo: Trust; other: Trust },
  today: string,
): Promise<void> {
  await db
    .insertInto('figure_shares')
    .values({
      ...{ organisation_id: other.organisation.id, with_organisation_id: demo.organisation.id },
      ...{ shared_at: timeOn(lastWorkingDay(addDays(today, -20)), 15, 10), shared_by: other.administrator.id },
    })
    .execute()
}
