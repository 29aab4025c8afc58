import { builtOnce } from '../database/built-once.ts'
import type { Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { londonDate, londonInstant, londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { isLoanInReach, type Reach, reachOf } from '../service-users/reach-queries.ts'
import { beginTurnarounds, giveAway, readLastUses } from './ending-actions.ts'
import { wardGiftRefused, workingDueDate } from './rules.ts'

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
  await change.trx
    .updateTable('loan_lines')
    .set({ due_on: dueOn })
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(lineIds))))
    .execute()
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
  await endLines(change.trx, { lineIds, endedAs: 'returned', endedAt })
  await beginTurnarounds(
    change,
    lines.map((line) => ({ itemId: line.item_id, at: endedAt })),
  )
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
  await endLines(change.trx, { lineIds, endedAs: 'given', endedAt: now })
  const itemIds = lines.map((line) => line.item_id)
  await giveAway(change, itemIds, now)
  change.audit({ verb: 'loan:given', ...subjectOf(loan), details: { items: lines.map((line) => line.tag) } })
}

/** Locks the loan, then the items of the lines asked for; every one must be an open line of this very loan. */
export async function lockOpenLines({ trx, by }: Change, loanId: number, lineIds: number[], version: number) {
  const [loan] = await raiseVersion(trx, { ...reachOf(by), loanId })
  if (!loan) throw new NotFound()
  if (loan.version !== version + 1) throw new Stale('Someone changed this loan after you opened it.')
  const lines = await lockItemsOfLines(trx, { loanId, lineIds })
  if (lines.length !== new Set(lineIds).size || lines.length === 0) throw new NotFound()
  return { loan, lines }
}

const raiseVersion = builtOnce(['role', 'caseloadOnly'], (db: Database, asked: Reach & { loanId: number }) =>
  db
    .updateTable('loans')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', asked.loanId)
    .where('organisation_id', '=', asked.organisationId)
    .where(isLoanInReach(asked))
    .returning(['id', 'version', 'service_user_id', 'ward_id', 'staff_id']),
)

const lockItemsOfLines = builtOnce([], (db: Database, asked: { loanId: number; lineIds: number[] }) =>
  db
    .selectFrom('loan_lines')
    .innerJoin('items', 'items.id', 'loan_lines.item_id')
    .innerJoin('models', 'models.id', 'items.model_id')
    .select(['loan_lines.id', 'loan_lines.item_id', 'loan_lines.due_on', 'loan_lines.taken_at', 'items.tag'])
    .select(['items.category', 'models.support_ends_on', 'loan_lines.unsupported_reason'])
    .where('loan_lines.loan_id', '=', asked.loanId)
    .where((eb) => eb('loan_lines.id', '=', eb.fn.any(eb.val(asked.lineIds))))
    .where('loan_lines.ended_at', 'is', null)
    .where('loan_lines.cancelled_at', 'is', null)
    .orderBy('items.id')
    .forNoKeyUpdate('items'),
)

export function subjectOf(loan: { id: number; service_user_id: number | null }) {
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
  const lastUse = await readLastUses(
    trx,
    lines.map((line) => line.item_id),
  )
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

const endLines = builtOnce([], (db: Database, asked: { lineIds: number[]; endedAs: string; endedAt: Date }) =>
  db
    .updateTable('loan_lines')
    .set({ ended_at: asked.endedAt, ended_as: asked.endedAs })
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(asked.lineIds)))),
)
