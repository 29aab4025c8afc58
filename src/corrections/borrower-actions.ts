import { type SqlBool, sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import type { Borrower } from '../loans/actions.ts'
import { needsCharger, wardGiftRefused } from '../loans/rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import {
  beginCorrection,
  type CorrectedLoan,
  type Correction,
  chosenLines,
  recordCorrection,
} from './correction-actions.ts'
import { beginLoanWithItsLines } from './date-actions.ts'
import { type LineFacts, whyLinked } from './rules.ts'

export interface BorrowerCorrection extends Correction {
  /** The lines that went to somebody else; all of them, or only some. */
  lineIds: number[]
  /** Who had them in truth. */
  borrower: Borrower
}

/**
 * Puts right who had a loan. Where all of it went to another person and no ward comes in, the loan itself says so. Where
 * only some lines did, or a ward comes in on either side (a line to a ward is a placement in its pool and nothing else),
 * those lines never were, and a new loan with the same dates tells the truth; each names the other. Gives the loan that
 * the lines are in now.
 *
 * Refuses (NotFound) a borrower of another organisation; (RuleBroken) the borrower who is written down; and of what goes
 * into a new loan a line with a report to it, one that was part of a swap or a transfer, one that was given, and one not
 * handed over yet that is to go to a ward.
 * Refused by PostgreSQL (Taken): for a ward, another ward has the item in its pool, or somebody outside the ward is to
 * have it; from a ward, that ward lent on or used the item.
 */
export async function correctBorrower(change: Change, asked: BorrowerCorrection): Promise<{ loanId: number }> {
  const { loan, lines } = await beginCorrection(change, asked)
  const chosen = chosenLines(lines, asked.lineIds)
  const borrower = columnsOf(asked.borrower)
  await requireBorrower(change, borrower)
  const isSame = (['service_user_id', 'ward_id', 'staff_id'] as const).every((key) => loan[key] === borrower[key])
  if (isSame) throw new RuleBroken('That is who is written down already.')
  const isWhole = chosen.length === lines.length && loan.ward_id === null && borrower.ward_id === null
  if (isWhole) return renameBorrower(change, { loan, lines: chosen, reason: asked.reason, borrower })
  return moveLines(change, { loan, lines: chosen, reason: asked.reason, borrower })
}

type BorrowerColumns = ReturnType<typeof columnsOf>

function columnsOf(borrower: Borrower) {
  return {
    service_user_id: 'serviceUserId' in borrower ? borrower.serviceUserId : null,
    ward_id: 'wardId' in borrower ? borrower.wardId : null,
    staff_id: 'staffId' in borrower ? borrower.staffId : null,
  }
}

/** Ours; somebody who has left since may have had it all the same. */
async function requireBorrower({ trx, by }: Change, { service_user_id, ward_id, staff_id }: BorrowerColumns) {
  const table = service_user_id !== null ? 'service_users' : ward_id !== null ? 'wards' : 'staff'
  await trx
    .selectFrom(table as 'wards')
    .select('id')
    .where('id', '=', service_user_id ?? ward_id ?? staff_id ?? 0)
    .where('organisation_id', '=', by.organisationId)
    .where(service_user_id === null ? sql<SqlBool>`true` : isPersonInReach(by, 'service_users.id'))
    .executeTakeFirstOrThrow(() => new NotFound())
}

interface NewBorrower {
  loan: CorrectedLoan
  lines: LineFacts[]
  reason: string
  borrower: BorrowerColumns
}

async function renameBorrower(change: Change, { loan, lines, reason, borrower }: NewBorrower) {
  const right = { ...loan, service_user_id: borrower.service_user_id }
  await recordCorrection(change, { loan: right, reason, lines }, 'borrower')
  tellWhoHadItNot(change, loan, reason)
  const { service_user_id, staff_id } = borrower
  await change.trx.updateTable('loans').set({ service_user_id, staff_id }).where('id', '=', loan.id).execute()
  return { loanId: loan.id }
}

/** The loan goes from this person's record, and the record says why. */
function tellWhoHadItNot(change: Change, loan: CorrectedLoan, reason: string): void {
  if (loan.service_user_id === null) return
  change.audit({
    verb: 'loan:corrected-away',
    subject: ['loan', loan.id],
    serviceUserId: loan.service_user_id,
    details: { reason },
  })
}

async function moveLines(change: Change, { loan, lines, reason, borrower }: NewBorrower) {
  const problem = lines.map((line) => whyLinked(line, loan.id, 'either') ?? moveProblem(line, borrower)).find(Boolean)
  if (problem) throw new RuleBroken(problem)
  const { id } = await change.trx
    .insertInto('loans')
    .values(newLoan(loan, lines, borrower))
    .returning('id')
    .executeTakeFirstOrThrow()
  const correction = await recordCorrection(change, { loan, reason, lines }, 'borrower', id)
  await takeBackLines(change, lines)
  await writeLines(change, id, lines, borrower)
  await beginLoanWithItsLines(change, loan.id)
  change.audit({
    verb: 'loan:made-by-correction',
    subject: ['loan', id],
    ...(borrower.service_user_id !== null && { serviceUserId: borrower.service_user_id }),
    details: { correction, items: lines.map((line) => line.tag), reason },
  })
  return { loanId: id }
}

function moveProblem(line: LineFacts, { ward_id }: BorrowerColumns): string | null {
  const { tag, incident_id } = line
  if (incident_id !== null) return `Incident ${incident_id} is about ${tag} in this loan, so it stays in it.`
  if (line.ended_as === 'given') {
    return ward_id === null
      ? `${tag} was given to keep. Undo the gift first, then correct who had it.`
      : wardGiftRefused
  }
  return ward_id !== null && line.taken_at === null
    ? `${tag} was not handed over yet. Lend it to the ward instead.`
    : null
}

/** The loan as it was, to whoever had it in truth. A ward accepts no agreement, and none that a ward's loan had. */
function newLoan(loan: CorrectedLoan, lines: LineFacts[], borrower: BorrowerColumns) {
  const { id: _, version: __, ...rest } = loan
  const agreed = borrower.ward_id === null && loan.ward_id === null
  return {
    ...rest,
    ...borrower,
    lent_at: lines.map((line) => line.taken_at ?? line.from_at).sort()[0] ?? loan.lent_at,
    agreement_version_id: agreed ? loan.agreement_version_id : null,
    agreement_how: agreed ? loan.agreement_how : null,
    agreement_witness: agreed ? loan.agreement_witness : null,
    lent_without_charger: needsCharger(lines),
    unwiped_reason: null,
    notes: '',
  }
}

async function takeBackLines(change: Change, lines: LineFacts[]): Promise<void> {
  await change.trx
    .updateTable('loan_lines')
    .set({ taken_at: null, ended_at: null, ended_as: null, cancelled_at: change.now() })
    .where('id', 'in', idsOf(lines))
    .execute()
}

async function writeLines({ trx, by }: Change, loanId: number, lines: LineFacts[], { ward_id }: BorrowerColumns) {
  const rows = lines.map((line) => ({
    organisation_id: by.organisationId,
    loan_id: loanId,
    item_id: line.item_id,
    placed_with_ward_id: ward_id,
    from_at: line.from_at,
    due_on: line.due_on,
    taken_at: line.taken_at,
    ended_at: line.ended_at,
    ended_as: line.ended_as,
    unsupported_reason: line.unsupported_reason,
  }))
  await trx.insertInto('loan_lines').values(rows).execute()
  await sql`
    update loan_lines never set moved_to_line_id = moved.id
    from loan_lines moved
    where moved.loan_id = ${loanId} and moved.item_id = never.item_id and moved.from_at = never.from_at
      and never.id = any(${idsOf(lines)}::bigint[])
  `.execute(trx)
}

function idsOf(lines: LineFacts[]): number[] {
  return lines.map((line) => line.id)
}
