import type { Author, Change } from '../database/change.ts'
import { createServiceUser } from '../service-users/actions.ts'
import type { Writing } from './item-write-actions.ts'
import type { NewPerson } from './people-rules.ts'
import type { PersonPlan } from './person-plan-rules.ts'

/** The preview has shown that nobody much like them is here. Gives their id. */
export async function addPerson(
  change: Change<Author>,
  { name, date_of_birth, nhs_number, phone, email = '' }: NewPerson,
): Promise<number> {
  return await createServiceUser(change, { name, date_of_birth, nhs_number, phone, email }, true)
}

/** Adds everybody of a plan that has no problems, each with the audit row of any other. */
export async function writePeople(
  change: Change<Author>,
  plan: PersonPlan,
  { onProgress = () => {} }: Writing,
): Promise<void> {
  for (const [at, person] of plan.newPeople.entries()) {
    await addPerson(change, person)
    onProgress(at + 1)
  }
}
