import type { Author, Change } from '../database/change.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { type Borrower, lendItems } from '../loans/actions.ts'
import type { Writing } from './item-write-actions.ts'
import { lockItemsToLend } from './lending-queries.ts'
import type { LoanPlan, NewLoan, PlannedBorrower } from './loan-plan-rules.ts'
import type { NewPerson } from './people-rules.ts'
import { addPerson } from './person-write-actions.ts'

/**
 * Writes all of a plan that has no problems: people first, then their loans, each lent by the rule and with the audit row of
 * any other. All items are locked before the first is lent, in the order of their ids, so that nobody waits in a ring.
 */
export async function writeLoans(change: Change<Author>, plan: LoanPlan, writing: Writing): Promise<void> {
  const { importId, onProgress = () => {} } = writing
  await lockItemsToLend(
    change.trx,
    change.by,
    plan.loans.flatMap(({ items }) => items.map(({ id }) => id)),
  )
  const added = new Map<NewPerson, number>()
  for (const person of plan.newPeople) added.set(person, await addPerson(change, person))
  let done = 0
  for (const loan of plan.loans) {
    await lend(change, loan, { borrower: borrowerOf(loan.borrower, added), importId })
    done += loan.items.length
    onProgress(done)
  }
}

function borrowerOf(borrower: PlannedBorrower, added: ReadonlyMap<NewPerson, number>): Borrower {
  if (!('person' in borrower)) return borrower
  const serviceUserId = added.get(borrower.person)
  if (serviceUserId === undefined) throw new Error('A person of the file was not added')
  return { serviceUserId }
}

/** The preview has said which devices go without a charger. */
async function lend(
  change: Change<Author>,
  loan: NewLoan,
  { borrower, importId }: { borrower: Borrower; importId: number },
): Promise<void> {
  try {
    await lendItems(change, {
      borrower,
      itemIds: loan.items.map(({ id }) => id),
      dueOn: loan.dueOn,
      agreement: loan.agreement,
      withoutCharger: true,
      unsupportedReason: loan.unsupportedReason,
      notes: loan.notes,
      ...(loan.lentAt && { lentAt: loan.lentAt }),
      imported: { id: importId, lentBy: loan.lentBy ?? change.by.staffId },
    })
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    throw new Stale('Somebody or something in the spreadsheet is no longer there. Nothing was imported.')
  }
}
