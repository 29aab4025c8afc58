import type { Database } from '../../src/database/connection.ts'
import { onCaseload } from '../factories/caseloads.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import type { Trust } from './trusts.ts'

const SIZE = 12

/** A community champion looks after a few people: some with something on loan, and some without. */
export async function fillCaseload(
  db: Database,
  { trust, people, borrowers }: { trust: Trust; people: ServiceUser[]; borrowers: Set<number> },
): Promise<void> {
  const [champion] = trust.communityChampions
  if (!champion) return
  const having = people.filter(({ id }) => borrowers.has(id)).slice(0, SIZE / 2)
  const without = people.filter(({ id }) => !borrowers.has(id)).slice(0, SIZE / 2)
  for (const serviceUser of [...having, ...without]) {
    await onCaseload(db, { organisationId: trust.organisation.id, champion, serviceUser })
  }
}
