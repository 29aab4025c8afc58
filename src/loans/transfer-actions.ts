import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { borrowerColumns, findBorrower } from './actions.ts'
import { endLinesAt } from './ending-actions.ts'
import { lockOpenLines } from './line-actions.ts'
import { dueFromNow, needsCharger, unsupportedBy } from './rules.ts'
import { goUnwiped, type Transfer } from './transfer-rules.ts'

/**
 * Moves lines of a loan to a new loan for another borrower: each ends as returned and goes on at that very moment, with
 * the same review date (or today, where that has gone by), and is in nobody else's hands between. Gives the new loan's id.
 *
 * Refuses: a loan, line or borrower that is not there (NotFound); a loan that somebody changed meanwhile (Stale); the same
 * borrower, what was never handed over, a device that would go on unwiped, a device without a charger and one whose
 * updates end before its review, unless each is confirmed (RuleBroken); and what somebody else has or has planned,
 * such as a booking in the pool of the ward it leaves (Taken).
 */
export async function transferLoan(change: Change, loanId: number, transfer: Transfer): Promise<{ id: number }> {
  const { to } = transfer
  await findBorrower(change, to)
  const { loan, lines } = await lockOpenLines(change, loanId, transfer.lineIds, transfer.version)
  const now = change.now()
  const today = londonToday(now)
  const moved = lines.map((line) => ({ ...line, until: dueFromNow(line.due_on, today) }))
  checkTransfer(loan, moved, transfer)

  await endLinesAt(
    change,
    moved.map((line) => ({ lineId: line.id, at: now })),
    'returned',
  )
  const unwiped = goUnwiped(moved, loan.ward_id !== null, 'wardId' in to)
  const { id } = await change.trx
    .insertInto('loans')
    .values({
      organisation_id: change.by.organisationId,
      ...borrowerColumns(to),
      lent_at: now,
      lent_by: change.by.staffId,
      agreement_version_id: transfer.agreement?.versionId ?? null,
      agreement_how: transfer.agreement?.way ?? null,
      agreement_witness: transfer.agreement?.witness ?? null,
      lent_without_charger: needsCharger(moved),
      unwiped_reason: unwiped.length > 0 ? transfer.unwipedReason : null,
      notes: '',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await change.trx
    .insertInto('loan_lines')
    .values(
      moved.map((line) => ({
        organisation_id: change.by.organisationId,
        loan_id: id,
        item_id: line.item_id,
        placed_with_ward_id: 'wardId' in to ? to.wardId : null,
        from_at: now,
        taken_at: now,
        due_on: line.until,
        follows_line_id: line.id,
        unsupported_reason: reasonFor(line, transfer),
      })),
    )
    .execute()
  auditBoth(change, loan, id, transfer, moved)
  return { id }
}

type Locked = Awaited<ReturnType<typeof lockOpenLines>>
type MovedLine = Locked['lines'][number] & { until: string }

function checkTransfer(loan: Locked['loan'], lines: MovedLine[], transfer: Transfer): void {
  const { to } = transfer
  const isSame =
    'serviceUserId' in to
      ? loan.service_user_id === to.serviceUserId
      : 'wardId' in to
        ? loan.ward_id === to.wardId
        : loan.staff_id === to.staffId
  if (isSame) throw new RuleBroken('They have it already. Choose somebody else.')
  const notTaken = lines.find((line) => line.taken_at === null)
  if (notTaken) throw new RuleBroken(`${notTaken.tag} was not handed over yet.`)
  const [unwiped] = goUnwiped(lines, loan.ward_id !== null, 'wardId' in to)
  if (unwiped && !transfer.unwipedReason) {
    throw new RuleBroken(`${unwiped.tag} has to be wiped between two borrowers. Take it back first, or say why not.`)
  }
  if (needsCharger(lines) && !transfer.withoutCharger) throw new RuleBroken('There is a device without a charger.')
  const old = lines.find((line) => unsupportedBy([line], line.until).length > 0 && reasonFor(line, transfer) === null)
  if (old) throw new RuleBroken(`The security updates of ${old.tag} end on or before the review date.`)
}

function reasonFor(line: MovedLine, { unsupportedReason }: Transfer): string | null {
  if (unsupportedBy([line], line.until).length === 0) return null
  return line.unsupported_reason ?? unsupportedReason
}

/** One event of each loan, so that both tell where things went. */
function auditBoth(change: Change, loan: Locked['loan'], newId: number, { to }: Transfer, lines: MovedLine[]): void {
  const items = lines.map((line) => line.tag)
  change.audit({
    verb: 'loan:transferred',
    subject: ['loan', loan.id],
    ...(loan.service_user_id !== null && { serviceUserId: loan.service_user_id }),
    details: { items, to: newId },
  })
  change.audit({
    verb: 'loan:taken-over',
    subject: ['loan', newId],
    ...('serviceUserId' in to && { serviceUserId: to.serviceUserId }),
    details: { items, from: loan.id },
  })
}
