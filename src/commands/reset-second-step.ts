/**
 * Takes the phone off an account, for an administrator who lost it and has no colleague who could: they set up another when
 * they next sign in, and an email tells them.
 *
 *     npm run reset-second-step -- EMAIL
 */
import { ConfigProblem } from '../config.ts'
import { makeChange } from '../database/change.ts'
import { NotFound, Refusal } from '../lib/refusals.ts'
import { resetSecondStep } from '../second-step/actions.ts'
import { findWhoSignsIn } from '../second-step/queries.ts'
import { findStaffForSignIn } from '../sign-in/queries.ts'
import { withDatabase } from './database.ts'

const email = (process.argv[2] ?? '').trim().toLowerCase()

try {
  if (email === '') throw new ConfigProblem('Whose? npm run reset-second-step -- EMAIL')
  await withDatabase(async (db, { publicUrl }) => {
    const found = await findStaffForSignIn(db, email)
    const staff = found && (await findWhoSignsIn(db, found.id))
    if (!staff) throw new ConfigProblem(`No open account has the address ${email}`)
    const by = { organisationId: staff.organisation_id, staffId: null }
    await makeChange({ db, by, clock: () => new Date() }, (change) => resetSecondStep(change, staff, publicUrl))
    console.log(`${email} sets up another phone when they next sign in. An email tells them`)
  })
} catch (error) {
  const isExplained = error instanceof ConfigProblem || (error instanceof Refusal && !(error instanceof NotFound))
  console.error(isExplained ? error.message : error)
  process.exitCode = 1
}
