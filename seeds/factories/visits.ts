import type { Database } from '../../src/database/connection.ts'
import { exampleNow, insertOne } from './example.ts'
import type { Item } from './items.ts'
import type { ServiceUser } from './service-users.ts'

export interface PlannedLoanOverrides {
  serviceUser: ServiceUser
  items: Item[]
  plannedBy: { id: number }
  plannedAt?: Date
  isWithoutCharger?: boolean
  from?: Date
  dueOn?: string
  visitTime?: string | null
  visitPlace?: string
}

/** A loan that is to be handed over at a visit: this afternoon, unless something else is said. Gives its id and its lines'. */
export async function plannedLoan(
  db: Database,
  story: PlannedLoanOverrides,
): Promise<{ id: number; lineIds: number[] }> {
  const { serviceUser, items, plannedBy, from = exampleNow, dueOn = '2026-10-26' } = story
  const { organisation_id } = serviceUser
  const loan = await insertOne(db, 'loans', {
    organisation_id,
    service_user_id: serviceUser.id,
    lent_at: story.plannedAt ?? exampleNow,
    lent_by: plannedBy.id,
    lent_without_charger: story.isWithoutCharger ?? true,
    visit_time: story.visitTime ?? null,
    visit_place: story.visitPlace ?? '',
  })
  const lineIds: number[] = []
  for (const item of items) {
    const line = { organisation_id, loan_id: loan.id, item_id: item.id, from_at: from, due_on: dueOn }
    lineIds.push((await insertOne(db, 'loan_lines', line)).id)
  }
  return { id: loan.id, lineIds }
}
