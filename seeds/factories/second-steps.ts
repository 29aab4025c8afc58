import type { Database } from '../../src/database/connection.ts'
import { seal } from '../../src/lib/sealed.ts'
import { aboutSecretOf } from '../../src/second-step/queries.ts'
import { longAgo } from './example.ts'

/** The secret of every phone that is set up without naming another. */
export const exampleSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** A phone that was set up for the second step of signing in, sealed with the app's key. */
export function secondStep(
  db: Database,
  staff: { id: number; organisation_id: number },
  { key, secret = exampleSecret }: { key: string; secret?: string },
): Promise<{ id: number }> {
  return db
    .insertInto('second_steps')
    .values({
      organisation_id: staff.organisation_id,
      staff_id: staff.id,
      secret: seal(key, secret, aboutSecretOf(staff.id)),
      confirmed_at: longAgo,
      last_time_step: 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
}
