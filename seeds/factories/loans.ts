import { type Insertable, type Selectable, sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ItemHolds, LoanLines, Loans, TurnaroundSteps } from '../../src/database/schema.ts'
import type { Step } from '../../src/turnaround/rules.ts'
import { insertAll } from './example.ts'
import type { Item } from './items.ts'

export type LoanLine = Selectable<LoanLines>
export type Loan = Selectable<Loans> & { lines: LoanLine[] }

export type LineEnding = 'returned' | 'lost' | 'stolen' | 'damaged' | 'given'

export type Borrower = { serviceUserId: number } | { wardId: number } | { staffId: number }

/** A loan from beginning to end, as far as it got: everything there is to write about it. */
export interface LoanStory {
  organisationId: number
  to: Borrower
  lentAt: Date
  lentBy: number
  lines: LineStory[]
  agreement?: { versionId: number; how: 'paper' | 'screen' } | { versionId: number; how: 'spoken'; witness: string }
  isWithoutCharger?: boolean
  notes?: string
}

export interface LineStory {
  item: Pick<Item, 'id' | 'category'>
  /** null for a gift from the beginning. */
  dueOn: string | null
  unsupportedReason?: string
  end?: { at: Date; as: Exclude<LineEnding, 'returned'> } | ReturnStory
}

/** A line that came back, and how far the item is in being made ready for the next person. */
export interface ReturnStory {
  at: Date
  as: 'returned'
  by: number
  /** What was done so far, each with its time. */
  steps: { step: Step; at: Date }[]
  /** When all of its steps were done; null while it is still being made ready. */
  readyAt: Date | null
}

/**
 * Writes loans that happened: with their lines, the turnaround after each return, and items that left the stock. Give
 * them in the order they were lent, so that ids and what each item went through come out in that order too.
 */
export async function writeLoans(db: Database, stories: LoanStory[]): Promise<Loan[]> {
  const loans = await insertAll(db, 'loans', stories.map(loanRow))
  const told = loans.map((loan, at) => ({ ...loan, lines: [] as LoanLine[], story: stories[at]! }))
  for (const batch of inBatches(told)) await writeLines(db, batch)
  return told.map(({ story: _, ...loan }) => loan)
}

interface ToldLoan extends Loan {
  story: LoanStory
}

function loanRow(story: LoanStory): Insertable<Loans> {
  const { organisationId, to, agreement, lentAt, lentBy } = story
  return {
    organisation_id: organisationId,
    service_user_id: 'serviceUserId' in to ? to.serviceUserId : null,
    ward_id: 'wardId' in to ? to.wardId : null,
    staff_id: 'staffId' in to ? to.staffId : null,
    lent_at: lentAt,
    lent_by: lentBy,
    agreement_version_id: agreement?.versionId ?? null,
    agreement_how: agreement?.how ?? null,
    agreement_witness: agreement && 'witness' in agreement ? agreement.witness : null,
    lent_without_charger: story.isWithoutCharger ?? false,
    notes: story.notes ?? '',
  }
}

/**
 * Runs of loans in which no item comes twice. What happens to an item is then written in the order it happened: the
 * hold of a loan on from a ward knows the ward's pool only when the placement is there before it.
 */
function inBatches(loans: ToldLoan[]): ToldLoan[][] {
  const batches: ToldLoan[][] = []
  let seen = new Set<number>()
  for (const loan of loans) {
    const ids = loan.story.lines.map((line) => line.item.id)
    if (batches.length === 0 || ids.some((id) => seen.has(id))) {
      batches.push([])
      seen = new Set()
    }
    for (const id of ids) seen.add(id)
    batches.at(-1)?.push(loan)
  }
  return batches
}

async function writeLines(db: Database, loans: ToldLoan[]): Promise<void> {
  const rows = loans.flatMap((loan) => loan.story.lines.map((line) => lineRow(loan, line)))
  const lines = await insertAll(db, 'loan_lines', rows)
  const stories = loans.flatMap((loan) => loan.story.lines)
  for (const loan of loans) loan.lines.push(...lines.filter((line) => line.loan_id === loan.id))
  await writeTurnarounds(db, lines, stories)
  await takeOutOfStock(db, lines)
}

function lineRow({ id, organisation_id, ward_id, lent_at }: ToldLoan, line: LineStory): Insertable<LoanLines> {
  return {
    organisation_id,
    loan_id: id,
    item_id: line.item.id,
    placed_with_ward_id: ward_id,
    from_at: lent_at,
    due_on: line.dueOn,
    taken_at: lent_at,
    ended_at: line.end?.at ?? null,
    ended_as: line.end?.as ?? null,
    unsupported_reason: line.unsupportedReason ?? null,
  }
}

async function writeTurnarounds(db: Database, lines: LoanLine[], stories: LineStory[]): Promise<void> {
  const returns = lines.flatMap((line, at) => {
    const end = stories[at]?.end
    return end?.as === 'returned' ? [{ line, end }] : []
  })
  const holds = await insertAll(
    db,
    'item_holds',
    returns.map(({ line, end }) => turnaroundRow(line, end)),
  )
  const steps = holds.flatMap((hold, at) => {
    const { end } = returns[at]!
    return end.steps.map((done) => stepRow(hold, done, end.by))
  })
  await insertAll(db, 'turnaround_steps', steps)
  await endTurnarounds(
    db,
    holds.map((hold, at) => ({ id: hold.id, ready_at: returns[at]!.end.readyAt })),
  )
}

function turnaroundRow(line: LoanLine, end: ReturnStory): Insertable<ItemHolds> {
  return { organisation_id: line.organisation_id, item_id: line.item_id, kind: 'turnaround', taken_at: end.at }
}

function stepRow(
  { id, organisation_id }: { id: number; organisation_id: number },
  done: ReturnStory['steps'][number],
  by: number,
): Insertable<TurnaroundSteps> {
  const method = done.step === 'wiped' ? 'factory-reset' : null
  return { organisation_id, hold_id: id, step: done.step, done_at: done.at, done_by: by, method }
}

/** Once their steps are there: PostgreSQL ends no turnaround before that. */
async function endTurnarounds(db: Database, turnarounds: { id: number; ready_at: Date | null }[]): Promise<void> {
  const ready = turnarounds.filter(({ ready_at }) => ready_at !== null)
  if (ready.length === 0) return
  await sql`
    update item_holds set ended_at = ready.ready_at, ended_as = 'ready'
    from jsonb_to_recordset(${JSON.stringify(ready)}::jsonb) as ready (id bigint, ready_at timestamptz)
    where item_holds.id = ready.id`.execute(db)
}

async function takeOutOfStock(db: Database, lines: LoanLine[]): Promise<void> {
  const gone = lines.filter((line) => line.ended_as !== null && line.ended_as !== 'returned')
  if (gone.length === 0) return
  const rows = gone.map(({ item_id, ended_at, ended_as }) => ({ item_id, ended_at, ended_as }))
  await sql`
    update items set left_at = gone.ended_at, left_as = gone.ended_as
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as gone (item_id bigint, ended_at timestamptz, ended_as text)
    where items.id = gone.item_id`.execute(db)
}
