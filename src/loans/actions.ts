import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import type { InTransaction } from '../database/connection.ts'
import { canBeLent } from '../items/rules.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
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
  const items = await lockItems(change, order)
  const now = change.now()
  const lentAt = order.lentAt ?? now
  if (lentAt > now) throw new RuleBroken('The day it was lent cannot be after today.')
  const lentOn = londonToday(order.planned?.from ?? lentAt)
  const dueOn = order.dueOn === null ? null : workingDueDate(order.dueOn, lentOn)
  const supportedUntil = dueOn ?? lentOn
  checkOrder(items, order, supportedUntil)

  const isGift = dueOn === null
  const isWithThem = !isGift && !order.planned
  const loan = await change.trx
    .with('loan', (db) =>
      db
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
          // PostgreSQL sees to it whatever is said here; said rightly, the row is written once and not twice
          lacks_charger: isWithThem && needsCharger(items),
          has_charger: !order.planned && items.some(({ category }) => category === 'charger'),
          notes: order.notes,
          visit_time: order.planned?.time ?? null,
          visit_place: order.planned?.place ?? '',
        })
        .returning(['id', 'organisation_id', 'ward_id']),
    )
    .insertInto('loan_lines')
    .columns([
      ...(['organisation_id', 'loan_id', 'placed_with_ward_id', 'item_id', 'unsupported_reason'] as const),
      ...(['from_at', 'due_on', 'taken_at', 'ended_at', 'ended_as'] as const),
    ])
    .expression((db) =>
      db
        .selectFrom(['loan', linesOf(items, order, supportedUntil)])
        .select(['loan.organisation_id', 'loan.id', 'loan.ward_id', 'line.item_id', 'line.unsupported_reason'])
        .select([
          sql<Date>`${order.planned?.from ?? lentAt}::timestamptz`.as('from_at'),
          sql<string | null>`${dueOn}::date`.as('due_on'),
          sql<Date | null>`${order.planned ? null : lentAt}::timestamptz`.as('taken_at'),
          sql<Date | null>`${isGift ? lentAt : null}::timestamptz`.as('ended_at'),
          sql<string | null>`${isGift ? 'given' : null}::text`.as('ended_as'),
        ]),
    )
    .returning('loan_id as id')
    .executeTakeFirstOrThrow()
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
  await borrowerOf(trx, by, borrower).executeTakeFirstOrThrow(nobody)
}

const nobody = () => new NotFound()

function borrowerOf(trx: InTransaction, by: Author, borrower: Borrower) {
  const ours = (table: 'service_users' | 'wards' | 'staff', id: number) =>
    trx.selectFrom(table).select('id').where('id', '=', id).where('organisation_id', '=', by.organisationId)
  if ('serviceUserId' in borrower) {
    return ours('service_users', borrower.serviceUserId).where(isPersonInReach(by, 'service_users.id'))
  }
  if ('wardId' in borrower) return ours('wards', borrower.wardId)
  return ours('staff', borrower.staffId).where('disabled_at', 'is', null)
}

/**
 * Locks the items in the order of their ids, so that two people after the same kit queue and never wait in a ring. For a
 * borrower who is nobody there are none.
 */
async function lockItems({ trx, by }: Change<Author>, { itemIds, borrower }: LoanOrder): Promise<LockedItem[]> {
  const ids = [...new Set(itemIds)]
  const items = await trx
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .select(['items.id', 'items.tag', 'items.category', 'models.support_ends_on'])
    .where('items.organisation_id', '=', by.organisationId)
    .where((eb) => eb('items.id', '=', eb.fn.any(eb.val(ids))))
    .where((eb) => eb.exists(borrowerOf(trx, by, borrower)))
    .orderBy('items.id')
    .forNoKeyUpdate('items')
    .execute()
  if (items.length !== ids.length || ids.length === 0) throw new NotFound()
  return items
}

/** The items as rows to select from, each with why it is lent although its security updates end. */
function linesOf(items: LockedItem[], order: LoanOrder, supportedUntil: string) {
  const ids = items.map(({ id }) => id)
  const reasons = items.map((item) =>
    unsupportedBy([item], supportedUntil).length > 0 ? order.unsupportedReason : null,
  )
  return sql<{ item_id: number; unsupported_reason: string | null }>`(
    select * from unnest(${ids}::bigint[], ${reasons}::text[]) as line (item_id, unsupported_reason)
  )`.as('line')
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
