import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { isLoanInReach } from '../service-users/reach-queries.ts'
import { listLineFacts } from './queries.ts'
import type { CorrectionKind, LineFacts } from './rules.ts'

/** What every correction says: which loan as it was seen, and why. */
export interface Correction {
  loanId: number
  version: number
  reason: string
}

export type CorrectedLoan = Awaited<ReturnType<typeof lockLoan>>

/**
 * Locks a loan, then its items and the others that are named, in the order of their ids; gives the loan and those of its
 * lines that can be corrected at all. Refuses another organisation's loan (NotFound), one that was changed since it was
 * seen (Stale), and a correction without a reason (RuleBroken).
 */
export async function beginCorrection(
  change: Change,
  { loanId, version, reason }: Correction,
  otherItemIds: number[] = [],
): Promise<{ loan: CorrectedLoan; lines: LineFacts[] }> {
  if (reason.trim() === '') throw new RuleBroken('Say why it is corrected.')
  const loan = await lockLoan(change, loanId)
  if (loan.version !== version + 1) throw new Stale('Someone changed this loan after you opened it.')
  const { trx, by } = change
  const itemIds = (await listLineFacts(trx, by, loanId)).map((line) => line.item_id)
  await trx
    .selectFrom('items')
    .select('id')
    .where((eb) => eb('id', '=', eb.fn.any(eb.val([...itemIds, ...otherItemIds]))))
    .where('organisation_id', '=', by.organisationId)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return { loan, lines: await listLineFacts(trx, by, loanId) }
}

async function lockLoan({ trx, by }: Change, loanId: number) {
  const loan = await trx
    .updateTable('loans')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', loanId)
    .where('organisation_id', '=', by.organisationId)
    .where(isLoanInReach(by))
    .returningAll()
    .executeTakeFirst()
  if (!loan) throw new NotFound()
  return loan
}

/** The lines that were named. Refuses none at all, and one that is not of this loan, or was called off. */
export function chosenLines(lines: LineFacts[], lineIds: number[]): LineFacts[] {
  const chosen = lines.filter((line) => lineIds.includes(line.id))
  if (chosen.length === 0 || chosen.length !== new Set(lineIds).size) throw new NotFound()
  return chosen
}

/**
 * Opens the record of a correction: who, when, why. PostgreSQL writes into it what each change replaces, and refuses the
 * changes without it. Tells the audit of it, for the loan and for each item. Gives its id.
 */
export async function recordCorrection(
  change: Change,
  { loan, reason, lines }: { loan: CorrectedLoan; reason: string; lines: { item_id: number; tag: string }[] },
  kind: CorrectionKind,
  otherLoanId: number | null = null,
): Promise<number> {
  const { trx, by } = change
  const { id } = await trx
    .insertInto('loan_corrections')
    .values({
      organisation_id: by.organisationId,
      loan_id: loan.id,
      kind,
      other_loan_id: otherLoanId,
      at: change.now(),
      corrected_by: by.staffId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('loan_correction_reasons')
    .values({ correction_id: id, organisation_id: by.organisationId, reason })
    .execute()
  change.audit({
    verb: 'loan:corrected',
    subject: ['loan', loan.id],
    ...(loan.service_user_id !== null && { serviceUserId: loan.service_user_id }),
    details: { correction: id, items: lines.map((line) => line.tag), reason },
  })
  for (const line of lines) {
    change.audit({ verb: 'item:loan-corrected', subject: ['item', line.item_id], details: { correction: id } })
  }
  return id
}
