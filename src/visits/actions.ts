import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { lockOpenLines, subjectOf } from '../loans/line-actions.ts'
import type { AgreementWay } from '../loans/rules.ts'
import { heldFrom, type Visit } from './rules.ts'

export interface HandOver {
  lineIds: number[]
  /** When they got it, where that was before now. */
  at: Date | null
  agreement: { way: AgreementWay; versionId: number; witness: string | null } | null
  version: number
}

/**
 * Writes down that planned items were handed over, now or at a time gone by: from then on they are lent. Whether each is free is
 * left to PostgreSQL. Refuses (RuleBroken) what was handed over before, and a day on which its review is over.
 */
export async function handOver(change: Change, loanId: number, order: HandOver): Promise<void> {
  const { lineIds, agreement } = order
  const { loan, lines } = await lockOpenLines(change, loanId, lineIds, order.version)
  const at = order.at ?? change.now()
  const before = lines.find((line) => line.taken_at !== null)
  if (before) throw new RuleBroken(`${before.tag} was handed over before.`)
  const late = lines.find((line) => line.due_on !== null && line.due_on < londonToday(at))
  if (late) throw new RuleBroken(`The review of ${late.tag} is over by then. Call this off and lend it anew.`)
  await change.trx.updateTable('loan_lines').set({ taken_at: at, from_at: at }).where('id', 'in', lineIds).execute()
  const isFirst = !(await wasHandedOver(change, loanId, lineIds))
  const signed = agreement && {
    agreement_version_id: agreement.versionId,
    agreement_how: agreement.way,
    agreement_witness: agreement.witness,
  }
  if (isFirst || signed) {
    const lent = isFirst && { lent_at: at, lent_by: change.by.staffId }
    await change.trx
      .updateTable('loans')
      .set({ ...lent, ...signed })
      .where('id', '=', loanId)
      .execute()
  }
  change.audit({
    verb: 'loan:delivered',
    ...subjectOf(loan),
    details: { items: lines.map((line) => line.tag), handedOverAt: at.toISOString() },
  })
}

async function wasHandedOver({ trx }: Change, loanId: number, exceptLineIds: number[]): Promise<boolean> {
  const before = await trx
    .selectFrom('loan_lines')
    .select('id')
    .where('loan_id', '=', loanId)
    .where('taken_at', 'is not', null)
    .where('id', 'not in', exceptLineIds)
    .limit(1)
    .executeTakeFirst()
  return before !== undefined
}

/** Moves what was not handed over to another day. Whether the items are free then is left to PostgreSQL. */
export async function putOff(change: Change, loanId: number, visit: Visit & { version: number }): Promise<void> {
  const { loan, lines } = await lockPlannedLines(change, loanId, visit.version)
  const early = lines.find((line) => line.due_on !== null && line.due_on <= visit.day)
  if (early) throw new RuleBroken(`The review of ${early.tag} is not after that day. Call this off and lend it anew.`)
  await change.trx
    .updateTable('loan_lines')
    .set({ from_at: heldFrom(visit, change.now()) })
    .where('id', 'in', idsOf(lines))
    .execute()
  await change.trx
    .updateTable('loans')
    .set({ visit_time: visit.time, visit_place: visit.place })
    .where('id', '=', loanId)
    .execute()
  const details = { items: lines.map((line) => line.tag), day: visit.day }
  change.audit({ verb: 'loan:put-off', ...subjectOf(loan), details })
}

/** Nothing that is still planned is handed over: the items are free again. */
export async function callOff(change: Change, loanId: number, version: number): Promise<void> {
  const { loan, lines } = await lockPlannedLines(change, loanId, version)
  await change.trx
    .updateTable('loan_lines')
    .set({ cancelled_at: change.now() })
    .where('id', 'in', idsOf(lines))
    .execute()
  change.audit({ verb: 'loan:called-off', ...subjectOf(loan), details: { items: lines.map((line) => line.tag) } })
}

const idsOf = (lines: { id: number }[]) => lines.map(({ id }) => id)

/** Everything of a loan that is still to be handed over. Refuses (RuleBroken) a loan of which nothing is. */
async function lockPlannedLines(change: Change, loanId: number, version: number) {
  const planned = await change.trx
    .selectFrom('loan_lines')
    .select('id')
    .where('loan_id', '=', loanId)
    .where('organisation_id', '=', change.by.organisationId)
    .where('taken_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
  if (planned.length === 0) throw new RuleBroken('Nothing of this loan is still to be handed over.')
  return lockOpenLines(change, loanId, idsOf(planned), version)
}
