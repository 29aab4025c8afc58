import type { AppointmentPlan } from './appointment-plan-rules.ts'
import type { CountPlan } from './count-plan-rules.ts'
import type { ItemPlan } from './item-plan-rules.ts'
import type { LoanPlan } from './loan-plan-rules.ts'
import type { PersonPlan } from './person-plan-rules.ts'
import type { ReadingPlan } from './reading-plan-rules.ts'
import type { StockPlan } from './stock-plan-rules.ts'

/** Everything one file would do. It is done only if `problems` is empty. */
export type Plan = ItemPlan | LoanPlan | PersonPlan | CountPlan | AppointmentPlan | StockPlan | ReadingPlan

export interface Counts {
  created: number
  updated: number
  unchanged: number
  errors: number
}

/** How many rows the plan has of each. */
export function countsOf(plan: Plan): Counts {
  const { unchanged, problems } = plan
  const rest = { unchanged: unchanged.length, errors: problems.length }
  if (plan.kind === 'items' || plan.kind === 'counts')
    return { created: plan.created.length, updated: plan.updated.length, ...rest }
  if (plan.kind === 'data-stock') return { created: plan.created.length, updated: 0, ...rest }
  if (plan.kind === 'data-readings') return { created: plan.readings.length, updated: 0, ...rest }
  if (plan.kind === 'appointments') return { created: plan.appointments.length, updated: 0, ...rest }
  if (plan.kind === 'people') return { created: plan.newPeople.length, updated: 0, ...rest }
  return { created: plan.loans.reduce((count, { items }) => count + items.length, 0), updated: 0, ...rest }
}

/** The line that ends every import, on screen and in a terminal. Scripts read it, so it never changes its form. */
export function countsInWords({ created, updated, unchanged, errors }: Counts): string {
  return `${created} created, ${updated} updated, ${unchanged} unchanged, ${errors} errors`
}
