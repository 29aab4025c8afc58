import type { Author, Change } from '../database/change.ts'
import { canBeLent } from '../items/rules.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { giveAway } from './ending-actions.ts'
import type { AgreementWay } from './rules.ts'
import { needsCharger, staysWhereItIs, unsupportedBy, wardGiftRefused, workingDueDate } from './rules.ts'

export type Borrower = { serviceUserId: number } | { wardId: number } | { staffId: number }

export interface LoanOrder {
  borrower: Borrower
  itemIds: number[]
  /** null: a gift, theirs from now on. */
  dueOn: string | null
  agreement: { way: AgreementWay; versionId: number; witness: string | null } | null
  /** The lender has seen that a device goes without a charger, and means it. */
  withoutCharger: boolean
  /** Why a device that gets no more security updates is lent all the same; null where nobody said. */
  unsupportedReason: string | null
  notes: string
  /** Not now: it is handed over at a visit, and held for them from then on. */
  planned?: { from: Date; time: string | null; place: string }
  /** When they got it, where that was before now. Its review may then have gone by already. */
  lentAt?: Date
  /** A loan that a spreadsheet brought in, and who lent it, where anybody knows. */
  imported?: { id: number; lentBy: number | null }
}

/**
 * Lends the items, together, from now or from the time that is given. Whether each is free is left to PostgreSQL alone: to
 * look first and write after would be a race, and would be slower. Its refusal names no item; `explainTaken` finds out
 * after the rollback.
 *
 * Refuses (RuleBroken): what is only ever booked; a device without a charger, and one whose updates end before the
 * review, unless confirmed. Gives the loan's id. A due date on a weekend or bank holiday moves to the next working day.
 */
export async function lendItems(
  change: Change<Author>,
  order: LoanOrder,
): Promise<{ id: number; dueOn: string | null }> {
  await findBorrower(change, order.borrower)
  const items = await lockItems(change, order.itemIds)
  const now = change.now()
  const lentAt = order.lentAt ?? now
  if (lentAt > now) throw new RuleBroken('The day it was lent cannot be after today.')
  const lentOn = londonToday(order.planned?.from ?? lentAt)
  const dueOn = order.dueOn === null ? null : workingDueDate(order.dueOn, lentOn)
  const supportedUntil = dueOn ?? lentOn
  checkOrder(items, order, supportedUntil)

  const loan = await change.trx
    .insertInto('loans')
    .values({
      organisation_id: change.by.organisationId,
      ...borrowerColumns(order.borrower),
      lent_at: lentAt,
      lent_by: order.imported ? order.imported.lentBy : change.by.staffId,
      import_id: order.imported?.id ?? null,
      agreement_version_id: order.agreement?.versionId ?? null,
      agreement_how: order.agreement?.way ?? null,
      agreement_witness: order.agreement?.witness ?? null,
      lent_without_charger: needsCharger(items),
      notes: order.notes,
      visit_time: order.planned?.time ?? null,
      visit_place: order.planned?.place ?? '',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const isGift = dueOn === null
  await change.trx
    .insertInto('loan_lines')
    .values(
      items.map((item) => ({
        organisation_id: change.by.organisationId,
        loan_id: loan.id,
        item_id: item.id,
        placed_with_ward_id: 'wardId' in order.borrower ? order.borrower.wardId : null,
        from_at: order.planned?.from ?? lentAt,
        due_on: dueOn,
        taken_at: order.planned ? null : lentAt,
        ended_at: isGift ? lentAt : null,
        ended_as: isGift ? 'given' : null,
        unsupported_reason: unsupportedBy([item], supportedUntil).length > 0 ? order.unsupportedReason : null,
      })),
    )
    .execute()
  if (isGift) await giveAway(change, order.itemIds, lentAt)
  change.audit({
    verb: isGift ? 'loan:given' : order.planned ? 'loan:planned' : 'loan:lent',
    subject: ['loan', loan.id],
    ...('serviceUserId' in order.borrower && { serviceUserId: order.borrower.serviceUserId }),
    details: {
      items: items.map((item) => item.tag),
      dueOn,
      ...(order.planned && { day: lentOn }),
      ...(order.lentAt && { lentAt: order.lentAt.toISOString() }),
      ...(order.imported && { import: order.imported.id }),
    },
  })
  return { id: loan.id, dueOn }
}

/** The borrower as a loan keeps it. */
export function borrowerColumns(borrower: Borrower) {
  if ('serviceUserId' in borrower) return { service_user_id: borrower.serviceUserId }
  return 'wardId' in borrower ? { ward_id: borrower.wardId } : { staff_id: borrower.staffId }
}

interface LockedItem {
  id: number
  tag: string
  category: string
  support_ends_on: string | null
}

/** Another organisation's ward or person is nobody, and a member of staff who has left borrows nothing. */
export async function findBorrower({ trx, by }: Change<Author>, borrower: Borrower): Promise<void> {
  const ours = (table: 'service_users' | 'wards' | 'staff', id: number) =>
    trx.selectFrom(table).select('id').where('id', '=', id).where('organisation_id', '=', by.organisationId)
  if ('serviceUserId' in borrower) await ours('service_users', borrower.serviceUserId).executeTakeFirstOrThrow(nobody)
  else if ('wardId' in borrower) await ours('wards', borrower.wardId).executeTakeFirstOrThrow(nobody)
  else await ours('staff', borrower.staffId).where('disabled_at', 'is', null).executeTakeFirstOrThrow(nobody)
}

const nobody = () => new NotFound()

/** Locks the items in the order of their ids, so that two people after the same kit queue and never wait in a ring. */
async function lockItems(change: Change<Author>, itemIds: number[]): Promise<LockedItem[]> {
  const ids = [...new Set(itemIds)]
  const items = await change.trx
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .select(['items.id', 'items.tag', 'items.category', 'models.support_ends_on'])
    .where('items.organisation_id', '=', change.by.organisationId)
    .where((eb) => eb('items.id', '=', eb.fn.any(eb.val(ids))))
    .orderBy('items.id')
    .forNoKeyUpdate('items')
    .execute()
  if (items.length !== ids.length || ids.length === 0) throw new NotFound()
  return items
}

function checkOrder(items: LockedItem[], order: LoanOrder, supportedUntil: string): void {
  const fixed = items.find((item) => !canBeLent(item.category))
  if (fixed) throw new RuleBroken(staysWhereItIs(fixed.tag))
  if (order.dueOn === null && 'wardId' in order.borrower) throw new RuleBroken(wardGiftRefused)
  if (needsCharger(items) && !order.withoutCharger) throw new RuleBroken('There is a device without a charger.')
  const [tooOld] = unsupportedBy(items, supportedUntil)
  if (tooOld && !order.unsupportedReason) {
    throw new RuleBroken(`The security updates of ${tooOld.tag} end on or before the review date.`)
  }
}
