import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { canBeLent } from '../items/rules.ts'
import { londonDate, londonInstant, londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import type { AgreementWay } from './rules.ts'
import { dueDateProblem, needsCharger, staysWhereItIs, unsupportedBy, wardGiftRefused } from './rules.ts'

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
  const lentOn = londonToday(lentAt)
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
        from_at: lentAt,
        due_on: dueOn,
        taken_at: lentAt,
        ended_at: isGift ? lentAt : null,
        ended_as: isGift ? 'given' : null,
        unsupported_reason: unsupportedBy([item], supportedUntil).length > 0 ? order.unsupportedReason : null,
      })),
    )
    .execute()
  if (isGift) await giveAway(change, order.itemIds, lentAt)
  change.audit({
    verb: isGift ? 'loan:given' : 'loan:lent',
    subject: ['loan', loan.id],
    ...('serviceUserId' in order.borrower && { serviceUserId: order.borrower.serviceUserId }),
    details: {
      items: items.map((item) => item.tag),
      dueOn,
      ...(order.lentAt && { lentAt: order.lentAt.toISOString() }),
      ...(order.imported && { import: order.imported.id }),
    },
  })
  return { id: loan.id, dueOn }
}

export interface Extension {
  lineIds: number[]
  dueOn: string
  version: number
}

/** Moves the review date of open lines. Refuses a day that is not later than each line's present one. */
export async function extendLoan(
  change: Change,
  loanId: number,
  { lineIds, dueOn: asked, version }: Extension,
): Promise<string> {
  const { loan, lines } = await lockOpenLines(change, loanId, lineIds, version)
  const dueOn = workingDueDate(asked, londonToday(change.now()))
  const notLater = lines.find((line) => line.due_on !== null && line.due_on >= dueOn)
  if (notLater) throw new RuleBroken(`${notLater.tag} is already with them until then. Choose a later date.`)
  await change.trx.updateTable('loan_lines').set({ due_on: dueOn }).where('id', 'in', lineIds).execute()
  change.audit({
    verb: 'loan:extended',
    ...subjectOf(loan),
    details: { items: lines.map((line) => line.tag), dueOn, before: lines.map((line) => line.due_on) },
  })
  return dueOn
}

export interface Return {
  lineIds: number[]
  /** The day it came back, when that was not today. */
  returnedOn: string | null
  version: number
}

/** Takes lines back. What came back is not available yet: each item goes to turnaround from the moment it is back. */
export async function returnItems(
  change: Change,
  loanId: number,
  { lineIds, returnedOn, version }: Return,
): Promise<void> {
  const { loan, lines } = await lockOpenLines(change, loanId, lineIds, version)
  const now = change.now()
  const notTaken = lines.find((line) => line.taken_at === null)
  if (notTaken) throw new RuleBroken(`${notTaken.tag} was never handed over, so it cannot come back.`)
  const endedAt = returnedOn === null ? now : momentOfReturn(returnedOn, await withLastUse(change, lines), now)
  await endLines(change, lineIds, 'returned', endedAt)
  await change.trx
    .insertInto('item_holds')
    .values(
      lines.map((line) => ({
        organisation_id: change.by.organisationId,
        item_id: line.item_id,
        kind: 'turnaround',
        taken_at: endedAt,
      })),
    )
    .execute()
  change.audit({
    verb: 'loan:returned',
    ...subjectOf(loan),
    details: { items: lines.map((line) => line.tag), returnedAt: endedAt.toISOString() },
  })
}

/** The items are theirs from now on: the line ends as given, and the item leaves the stock. */
export async function giveItems(
  change: Change,
  loanId: number,
  { lineIds, version }: { lineIds: number[]; version: number },
): Promise<void> {
  const { loan, lines } = await lockOpenLines(change, loanId, lineIds, version)
  const now = change.now()
  if (loan.ward_id !== null) throw new RuleBroken(wardGiftRefused)
  const notTaken = lines.find((line) => line.taken_at === null)
  if (notTaken) throw new RuleBroken(`${notTaken.tag} was not handed over yet.`)
  await endLines(change, lineIds, 'given', now)
  const itemIds = lines.map((line) => line.item_id)
  await giveAway(change, itemIds, now)
  change.audit({ verb: 'loan:given', ...subjectOf(loan), details: { items: lines.map((line) => line.tag) } })
}

function borrowerColumns(borrower: Borrower) {
  if ('serviceUserId' in borrower) return { service_user_id: borrower.serviceUserId }
  return 'wardId' in borrower ? { ward_id: borrower.wardId } : { staff_id: borrower.staffId }
}

function workingDueDate(asked: string, today: string): string {
  const problem = dueDateProblem(asked, today)
  if (problem) throw new RuleBroken(problem)
  return nextWorkingDay(asked)
}

interface LockedItem {
  id: number
  tag: string
  category: string
  support_ends_on: string | null
}

/** Another organisation's ward or person is nobody, and a member of staff who has left borrows nothing. */
async function findBorrower({ trx, by }: Change<Author>, borrower: Borrower): Promise<void> {
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

/** Locks the loan, then the items of the lines asked for; every one must be an open line of this very loan. */
async function lockOpenLines(change: Change, loanId: number, lineIds: number[], version: number) {
  const loan = await change.trx
    .updateTable('loans')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', loanId)
    .where('organisation_id', '=', change.by.organisationId)
    .returning(['id', 'version', 'service_user_id', 'ward_id'])
    .executeTakeFirst()
  if (!loan) throw new NotFound()
  if (loan.version !== version + 1) throw new Stale('Someone changed this loan after you opened it.')
  const lines = await change.trx
    .selectFrom('loan_lines')
    .innerJoin('items', 'items.id', 'loan_lines.item_id')
    .select(['loan_lines.id', 'loan_lines.item_id', 'loan_lines.due_on', 'loan_lines.taken_at', 'items.tag'])
    .where('loan_lines.loan_id', '=', loanId)
    .where((eb) => eb('loan_lines.id', '=', eb.fn.any(eb.val(lineIds))))
    .where('loan_lines.ended_at', 'is', null)
    .where('loan_lines.cancelled_at', 'is', null)
    .orderBy('items.id')
    .forNoKeyUpdate('items')
    .execute()
  if (lines.length !== new Set(lineIds).size || lines.length === 0) throw new NotFound()
  return { loan, lines }
}

function subjectOf(loan: { id: number; service_user_id: number | null }) {
  return {
    subject: ['loan', loan.id] as ['loan', number],
    ...(loan.service_user_id !== null && { serviceUserId: loan.service_user_id }),
  }
}

interface UsedLine {
  tag: string
  taken_at: string | null
  last_used_at: string | null
}

/** A ward lends on and makes ready what is in its pool, so its items may have been in use long after it got them. */
async function withLastUse<T extends { item_id: number }>({ trx }: Change, lines: T[]) {
  const itemIds = lines.map((line) => line.item_id)
  const uses = await trx
    .selectFrom('item_holds')
    .select((eb) => ['item_id', eb.fn.max('ended_at').as('last_used_at')])
    .where('item_id', 'in', itemIds)
    .where('ended_at', 'is not', null)
    .groupBy('item_id')
    .execute()
  const lastUse = new Map(uses.map((use) => [use.item_id, use.last_used_at]))
  return lines.map((line) => ({ ...line, last_used_at: lastUse.get(line.item_id) ?? null }))
}

/** Noon in London on a day gone by; never before it was taken or last used, and never after now. */
function momentOfReturn(day: string, lines: UsedLine[], now: Date): Date {
  const today = londonToday(now)
  if (day > today) throw new RuleBroken('The day it came back cannot be after today.')
  const tooEarly = lines.find((line) => line.taken_at !== null && day < londonDate(line.taken_at))
  if (tooEarly) throw new RuleBroken(`${tooEarly.tag} was lent after that day.`)
  const stillUsed = lines.find((line) => line.last_used_at !== null && day < londonDate(line.last_used_at))
  if (stillUsed) throw new RuleBroken(`${stillUsed.tag} was in use on the ward after that day.`)
  const noon = day === today ? now : (londonInstant(day, '12:00').value ?? now)
  const times = lines.flatMap((line) => [line.taken_at, line.last_used_at]).flatMap((at) => (at ? Date.parse(at) : []))
  return new Date(Math.max(noon.getTime(), ...times))
}

async function endLines(change: Change, lineIds: number[], endedAs: string, endedAt: Date): Promise<void> {
  await change.trx
    .updateTable('loan_lines')
    .set({ ended_at: endedAt, ended_as: endedAs })
    .where('id', 'in', lineIds)
    .execute()
}

/** The items leave the stock as given. PostgreSQL refuses it while somebody has one, or is promised one. */
async function giveAway({ trx }: Change<Author>, itemIds: number[], at: Date): Promise<void> {
  await trx
    .updateTable('items')
    .set({ left_at: at, left_as: 'given', version: sql`version + 1` })
    .where('id', 'in', itemIds)
    .execute()
}
