import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { isLoanInReach } from '../service-users/reach-queries.ts'
import { lockRescue } from './queries.ts'
import {
  type AgreedWith,
  choicesInWords,
  holdsTheirs,
  lastReview,
  type OnwardChoice,
  type RescueOutcome,
  type ToKeep,
  withThem,
} from './rules.ts'

export interface OnwardOrder {
  choices: OnwardChoice[]
  notes: string
  agreedWith: AgreedWith
  agreedWho: string
  agreedOn: string
  toKeep: ToKeep
  keeps: { lineId: number; what: string }[]
}

/**
 * Writes down what was agreed about the time after a loan, and what is to be saved before a device is wiped. Refuses
 * (RuleBroken) a loan to anybody but a person, and one of which they have nothing any more. Gives the loan's id.
 */
export async function planOnward(change: Change, loanId: number, order: OnwardOrder): Promise<number> {
  const { trx, by } = change
  const { loan, lines } = await lockLoan(change, loanId)
  const theirs = withThem(lines)
  const coversUntil = lastReview(theirs)
  if (loan.service_user_id === null)
    throw new RuleBroken('An onward plan is for a person, and this loan is not to one.')
  if (coversUntil === null) throw new RuleBroken('Nothing of this loan is with them any more.')
  const now = change.now()
  const { keeps, ...plan } = order
  await trx
    .insertInto('onward_plans')
    .values({
      organisation_id: by.organisationId,
      loan_id: loanId,
      choices: plan.choices,
      notes: plan.notes,
      agreed_with: plan.agreedWith,
      agreed_who: plan.agreedWho,
      agreed_on: plan.agreedOn,
      to_keep: plan.toKeep,
      covers_until: coversUntil,
      recorded_at: now,
      recorded_by: by.staffId,
    })
    .execute()
  const saved = await askToSave(change, theirs, keeps, now)
  change.audit({
    verb: 'loan:onward-planned',
    subject: ['loan', loanId],
    serviceUserId: loan.service_user_id,
    details: { choices: choicesInWords(plan.choices), toSave: saved },
  })
  return loanId
}

/** The loan first, then its items in the order of their ids, as everybody locks them. */
async function lockLoan({ trx, by }: Change, loanId: number) {
  const loan = await trx
    .selectFrom('loans')
    .select(['id', 'service_user_id'])
    .where('id', '=', loanId)
    .where('organisation_id', '=', by.organisationId)
    .where(isLoanInReach(by))
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!loan) throw new NotFound()
  const lines = await trx
    .selectFrom('loan_lines as line')
    .innerJoin('items', 'items.id', 'line.item_id')
    .select([
      'line.id',
      'line.item_id',
      'line.due_on',
      'line.taken_at',
      'line.ended_as',
      'line.cancelled_at',
      'line.moved_to_line_id',
    ])
    .select(['items.tag', 'items.category'])
    .where('line.loan_id', '=', loanId)
    .orderBy('items.id')
    .forNoKeyUpdate('items')
    .execute()
  return { loan, lines }
}

type LockedLine = Awaited<ReturnType<typeof lockLoan>>['lines'][number]

/** What is asked for already is not asked for twice. Gives the tags of the devices. */
async function askToSave(change: Change, theirs: LockedLine[], keeps: OnwardOrder['keeps'], now: Date) {
  const asked = keeps.map(({ lineId, what }) => {
    const line = theirs.find(({ id }) => id === lineId)
    if (!line || !holdsTheirs(line.category)) throw new RuleBroken('What you chose is not with them any more.')
    return { line, what }
  })
  if (asked.length === 0) return []
  await change.trx
    .insertInto('rescues')
    .values(
      asked.map(({ line, what }) => ({
        organisation_id: change.by.organisationId,
        loan_line_id: line.id,
        item_id: line.item_id,
        what,
        asked_at: now,
        asked_by: change.by.staffId,
      })),
    )
    .onConflict((conflict) => conflict.column('item_id').where('closed_at', 'is', null).doNothing())
    .execute()
  return asked.map(({ line }) => line.tag)
}

/**
 * Says what became of what somebody wanted to keep; from then on the device may be wiped. SaidBefore the second time. Gives the tag.
 */
export async function closeRescue(
  change: Change,
  rescueId: number,
  outcome: RescueOutcome,
  of: { loanId: number } | { itemId: number },
): Promise<string> {
  const rescue = await lockRescue({ trx: change.trx, scope: change.by }, rescueId)
  if (!rescue) throw new NotFound()
  if ('loanId' in of ? rescue.loan_id !== of.loanId : rescue.item_id !== of.itemId) throw new NotFound()
  if (rescue.closed_at !== null) throw new SaidBefore()
  await change.trx
    .updateTable('rescues')
    .set({ closed_at: change.now(), closed_by: change.by.staffId, closed_as: outcome })
    .where('id', '=', rescueId)
    .execute()
  change.audit({
    verb: outcome === 'saved' ? 'turnaround:photos-saved' : 'turnaround:photos-not-wanted',
    subject: ['item', rescue.item_id],
    ...(rescue.service_user_id !== null && { serviceUserId: rescue.service_user_id }),
  })
  return rescue.tag
}

/** Somebody said so before. Nothing is written. */
export class SaidBefore extends Error {}
