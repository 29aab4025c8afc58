import type { Change } from '../database/change.ts'
import { reportIncident } from '../incidents/actions.ts'
import { listIncidentTasks, listLastIncidents } from '../incidents/queries.ts'
import { doTask } from '../incidents/task-actions.ts'
import { canBeLent } from '../items/rules.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { isLoanInReach } from '../service-users/reach-queries.ts'
import { beginTurnarounds, endLinesAt } from './ending-actions.ts'
import { listHeldItems } from './held-queries.ts'
import { dueFromNow, needsCharger, staysWhereItIs, unsupportedBy } from './rules.ts'

export interface Swap {
  lineId: number
  /** The item that takes the place of the line's. */
  itemId: number
  version: number
  /** What became of the old one: it came back, or it came back broken, and how. */
  old: 'returned' | 'broken'
  story: string
  withoutCharger: boolean
  unsupportedReason: string | null
}

/**
 * Puts another item in the place of one line's: the line ends as returned and a new one begins at that very moment, in the
 * same loan, with the same agreement and review date (or today, where that has gone by). The old item goes to turnaround;
 * one that came back broken is reported as damaged, with its playbook, and this counts as its replacement.
 *
 * Refuses: a loan or item that is not there, and a line that is not open and handed over (NotFound); a loan that somebody
 * changed meanwhile (Stale); an item that is only ever booked, the same item, a device then without a charger and one
 * whose updates end before the review, unless confirmed (RuleBroken); an item that is not free until then,
 * and a ward's item that is not on the ward (Taken).
 */
export async function swapItem(change: Change, loanId: number, swap: Swap): Promise<{ id: number; dueOn: string }> {
  const loan = await lockLoan(change, loanId, swap.version)
  const { line, item, rest } = await lockSwapped(change, loanId, swap)
  const now = change.now()
  const dueOn = dueFromNow(line.due_on, londonToday(now))
  const isWithoutCharger = needsCharger([...rest, item])
  if (line.item_id === item.id) throw new RuleBroken(`${item.tag} is what they have.`)
  if (!canBeLent(item.category)) throw new RuleBroken(staysWhereItIs(item.tag))
  if (isWithoutCharger && !loan.lent_without_charger && !swap.withoutCharger) {
    throw new RuleBroken('There is a device without a charger.')
  }
  const isUnsupported = unsupportedBy([item], dueOn).length > 0
  if (isUnsupported && !swap.unsupportedReason) {
    throw new RuleBroken(`The security updates of ${item.tag} end on or before the review date.`)
  }

  const at = await takeOldBack(change, loanId, line, swap, now)
  await change.trx
    .insertInto('loan_lines')
    .values({
      organisation_id: change.by.organisationId,
      loan_id: loanId,
      item_id: item.id,
      placed_with_ward_id: loan.ward_id,
      from_at: at,
      taken_at: at,
      due_on: dueOn,
      follows_line_id: line.id,
      unsupported_reason: isUnsupported ? swap.unsupportedReason : null,
    })
    .execute()
  if (isWithoutCharger && !loan.lent_without_charger) {
    await change.trx.updateTable('loans').set({ lent_without_charger: true }).where('id', '=', loanId).execute()
  }
  change.audit({
    verb: 'loan:swapped',
    subject: ['loan', loanId],
    ...(loan.service_user_id !== null && { serviceUserId: loan.service_user_id }),
    details: { items: [line.tag], with: [item.tag], dueOn },
  })
  return { id: loanId, dueOn }
}

async function lockLoan({ trx, by }: Change, loanId: number, version: number) {
  const loan = await trx
    .updateTable('loans')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', loanId)
    .where('organisation_id', '=', by.organisationId)
    .where(isLoanInReach(by))
    .returning(['version', 'service_user_id', 'ward_id', 'lent_without_charger'])
    .executeTakeFirst()
  if (!loan) throw new NotFound()
  if (loan.version !== version + 1) throw new Stale('Someone changed this loan after you opened it.')
  return loan
}

/** Locks both items, in the order of their ids; gives the line with its item, the new item, and what else they have. */
async function lockSwapped({ trx, by }: Change, loanId: number, { lineId, itemId }: Swap) {
  const open = await trx
    .selectFrom('loan_lines as line')
    .innerJoin('items', 'items.id', 'line.item_id')
    .select(['line.id', 'line.item_id', 'line.due_on', 'items.tag', 'items.category', 'line.placed_with_ward_id'])
    .where('line.loan_id', '=', loanId)
    .where('line.taken_at', 'is not', null)
    .where('line.ended_at', 'is', null)
    .execute()
  const line = open.find(({ id }) => id === lineId)
  const ids = [line?.item_id ?? 0, itemId]
  const items = await trx
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .select(['items.id', 'items.tag', 'items.category', 'models.support_ends_on'])
    .where((eb) => eb('items.id', '=', eb.fn.any(eb.val(ids))))
    .where('items.organisation_id', '=', by.organisationId)
    .orderBy('items.id')
    .forNoKeyUpdate('items')
    .execute()
  const item = items.find(({ id }) => id === itemId)
  if (!line || !item) throw new NotFound()
  return { line, item, rest: open.filter(({ id }) => id !== lineId) }
}

type OldLine = Awaited<ReturnType<typeof lockSwapped>>['line']

/** Gives the moment at which it was back, which is when the new one is theirs. */
async function takeOldBack(
  change: Change,
  loanId: number,
  line: OldLine,
  { old, story }: Swap,
  now: Date,
): Promise<Date> {
  if (old === 'returned') {
    await endLinesAt(change, [{ lineId: line.id, at: now }], 'returned')
    await beginTurnarounds(change, [{ itemId: line.item_id, at: now }])
    return now
  }
  await refuseElsewhere(change, line)
  const [last] = await listLastIncidents(change.trx, change.by, [line.item_id])
  const incident = await reportIncident(change, {
    kind: 'repairable',
    itemIds: [line.item_id],
    lineId: line.id,
    seen: last?.incident_id ?? 0,
    happened_on: null,
    story,
    crime_reference: '',
  })
  const tasks = await listIncidentTasks(change.trx, change.by, incident.id)
  const replacement = tasks.find(({ task }) => task === 'replacement')
  if (replacement)
    await doTask(change, incident.id, replacement.id, { note: `Swapped in loan ${loanId}`, crimeReference: null })
  // what is broken stays in its ward's pool while it is put right; here something else takes its place
  if (line.placed_with_ward_id !== null) await endLinesAt(change, [{ lineId: line.id, at: now }], 'returned')
  const { ended_at } = await change.trx
    .selectFrom('loan_lines')
    .select('ended_at')
    .where('id', '=', line.id)
    .executeTakeFirstOrThrow()
  return ended_at === null ? now : new Date(ended_at)
}

/**
 * What its ward has lent on, or what is on the bench or in repair already, is not on the ward to be swapped: its coming
 * back has a moment and a story of its own. What comes back from a slot on the ward may be broken.
 */
async function refuseElsewhere({ trx, by }: Change, line: OldLine): Promise<void> {
  if (line.placed_with_ward_id === null) return
  const [held] = await listHeldItems(trx, by, [line.item_id])
  if (held?.hold_kind != null && held.hold_kind !== 'booking') throw new Taken('item_in_one_pair_of_hands')
}
