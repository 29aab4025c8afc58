import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { OnwardPlans, Rescues } from '../../src/database/schema.ts'
import type { OnwardChoice } from '../../src/onward-plans/rules.ts'
import { exampleNow, insertOne } from './example.ts'
import type { Loan, LoanLine } from './loans.ts'

export interface OnwardPlanOverrides {
  loan: Loan
  recordedBy: { id: number }
  recordedAt?: Date
  choices?: OnwardChoice[]
  notes?: string
  agreedOn?: string
  coversUntil?: string
  toKeep?: 'something' | 'nothing' | 'not-asked'
}

/** What was agreed about the time after a loan: that it is extended, unless something else is said. */
export function onwardPlan(db: Database, story: OnwardPlanOverrides): Promise<Selectable<OnwardPlans>> {
  const { loan, recordedBy, recordedAt = exampleNow, choices = ['extend'], notes = '', toKeep = 'nothing' } = story
  const reviews = loan.lines.map(({ due_on }) => due_on).filter((day) => day !== null)
  return insertOne(db, 'onward_plans', {
    organisation_id: loan.organisation_id,
    loan_id: loan.id,
    choices,
    notes,
    agreed_with: 'person',
    agreed_on: story.agreedOn ?? '2026-08-03',
    to_keep: toKeep,
    covers_until: story.coversUntil ?? reviews.sort().at(-1) ?? '2026-08-31',
    recorded_at: recordedAt,
    recorded_by: recordedBy.id,
  })
}

export interface RescueOverrides {
  line: LoanLine
  askedBy: { id: number }
  askedAt?: Date
  what?: string
}

/** Something on a lent device that the person wants to keep, and nobody has saved yet. */
export function openRescue(
  db: Database,
  { line, askedBy, askedAt = exampleNow, what = 'Photos' }: RescueOverrides,
): Promise<Selectable<Rescues>> {
  const { organisation_id, id, item_id } = line
  return insertOne(db, 'rescues', {
    organisation_id,
    loan_line_id: id,
    item_id,
    what,
    asked_at: askedAt,
    asked_by: askedBy.id,
  })
}
