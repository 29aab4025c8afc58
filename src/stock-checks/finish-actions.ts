import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { markFound, reportIncident } from '../incidents/actions.ts'
import { listLastIncidents } from '../incidents/queries.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { lockWithLoans } from '../loans/ending-actions.ts'
import type { HeldItem } from '../loans/held-queries.ts'
import { AlreadySo } from './actions.ts'
import { type CheckItem, listDifferences, lockStockCheck } from './queries.ts'
import {
  choicesFor,
  type MissingChoice,
  MOST_CHOICES,
  type Outcome,
  placeInWords,
  type UnexpectedChoice,
} from './rules.ts'

/** What somebody decided about each item that was looked at; of what else there is, everything is left as it is. */
export interface Decisions {
  missing: { itemId: number; choice: MissingChoice; where: string }[]
  unexpected: { itemId: number; choice: UnexpectedChoice }[]
  /** Too much is missing to look at one by one, and all of it is left as it is. */
  leavesAll: boolean
  /** What whoever decides may do about something unexpected. */
  may: { move: boolean; find: boolean }
}

/** What became of the differences. */
export interface Result {
  reported: number
  moved: number
  foundAgain: number
  missing: number
}

/**
 * Ends a check: each missing item is reported lost, said to be elsewhere or left, each unexpected one is kept here from now
 * on, found again or left, and how every item stood is kept. Refuses (Stale) when something is missing or unexpected that
 * nobody has decided about, because it was scanned or taken back meanwhile; AlreadySo when the check is finished.
 */
export async function finishStockCheck(change: Change, checkId: number, decisions: Decisions): Promise<Result> {
  const { trx, by } = change
  const check = await lockStockCheck(trx, by, checkId, 'alone')
  if (!check) throw new NotFound()
  if (check.finished_at !== null) throw new AlreadySo()
  const held = await lockConcerned(change, decisions)
  const differences = await listDifferences(trx, by, checkId)
  const missing = differences.filter(({ standing }) => standing === 'missing')
  const unexpected = differences.filter(({ standing }) => standing === 'unexpected')
  checkDecided(missing, unexpected, decisions)

  const result: Result = { reported: 0, moved: 0, foundAgain: 0, missing: missing.length }
  const now = change.now()
  for (const item of missing) {
    const decided = decisions.missing.find(({ itemId }) => itemId === item.id)
    if (decided?.choice === 'report') {
      await keepOutcome(change, checkId, item, 'reported', '', await reportMissing(change, item, held))
      result.reported += 1
    } else if (decided?.choice === 'elsewhere') await keepOutcome(change, checkId, item, 'elsewhere', decided.where)
  }
  for (const item of unexpected) {
    const decided = decisions.unexpected.find(({ itemId }) => itemId === item.id)
    if (decided?.choice === 'move') {
      await moveHere(change, item, check.ward_id)
      await keepOutcome(change, checkId, item, 'moved')
      result.moved += 1
    } else if (decided?.choice === 'found-again') {
      await keepOutcome(change, checkId, item, 'found-again', '', await bringBackFound(change, item, held))
      result.foundAgain += 1
    }
  }
  await keepRest(change, checkId, differences)
  await trx
    .updateTable('stock_checks')
    .set({ finished_at: now, finished_by: by.staffId })
    .where('id', '=', checkId)
    .execute()
  change.audit({ verb: 'stock-check:finished', subject: ['stock-check', checkId], details: { ...result } })
  return result
}

/** Everything that something is done to, with its loans, in the order everybody else locks them in. */
async function lockConcerned(change: Change, { missing, unexpected }: Decisions): Promise<HeldItem[]> {
  const ids = [
    ...missing.filter(({ choice }) => choice === 'report'),
    ...unexpected.filter(({ choice }) => choice !== 'leave'),
  ].map(({ itemId }) => itemId)
  if (ids.length > 2 * MOST_CHOICES) throw new RuleBroken(`Decide about ${MOST_CHOICES} items at most.`)
  return ids.length === 0 ? [] : await lockWithLoans(change, [...new Set(ids)])
}

function checkDecided(missing: CheckItem[], unexpected: CheckItem[], decisions: Decisions): void {
  const isDecided = (list: { itemId: number }[]) => (item: CheckItem) => list.some(({ itemId }) => itemId === item.id)
  const newlyMissing = missing.filter((item) => !isDecided(decisions.missing)(item))
  if (newlyMissing[0] && !decisions.leavesAll) {
    throw new Stale(`${newlyMissing[0].tag} is missing too since you opened the page. Say what to do about it.`)
  }
  for (const item of unexpected.slice(0, MOST_CHOICES)) {
    const choices = choicesFor(item, decisions.may)
    const decided = decisions.unexpected.find(({ itemId }) => itemId === item.id)
    const isAsked = item.is_in_reach && choices.length > 1
    if (isAsked && !decided) {
      throw new Stale(`${item.tag} was scanned since you opened the page. Say what to do about it.`)
    }
    if (decided && decided.choice !== 'leave' && !(isAsked && choices.includes(decided.choice))) {
      throw new Stale(`${item.tag} was lent, moved or reported since you opened the page. Look at it again.`)
    }
  }
}

const STORY = 'Missing at stock check'

async function reportMissing(change: Change, item: CheckItem, held: HeldItem[]): Promise<number> {
  const line = held.find(({ id }) => id === item.id)?.line_id ?? null
  const [last] = await listLastIncidents(change.trx, change.by, [item.id])
  const { id } = await reportIncident(change, {
    kind: 'lost',
    itemIds: [item.id],
    lineId: line,
    seen: last?.incident_id ?? 0,
    happened_on: null,
    story: STORY,
    crime_reference: '',
  })
  return id
}

/** In the incident in which it was lost; or in one of its own, where it was only ever written down as lost. */
async function bringBackFound(change: Change, item: CheckItem, held: HeldItem[]): Promise<number> {
  const [last] = await listLastIncidents(change.trx, change.by, [item.id])
  if (last?.lost_in != null) {
    await markFound(change, last.lost_in, [item.id])
    return last.lost_in
  }
  const { id } = await reportIncident(change, {
    kind: 'found',
    itemIds: [item.id],
    lineId: held.find(({ id: heldId }) => heldId === item.id)?.line_id ?? null,
    seen: last?.incident_id ?? 0,
    happened_on: null,
    story: 'Found at stock check',
    crime_reference: '',
  })
  return id
}

async function moveHere(change: Change, item: CheckItem, wardId: number): Promise<void> {
  await change.trx
    .updateTable('items')
    .set({ kept_at_ward_id: wardId, version: sql`version + 1` })
    .where('id', '=', item.id)
    .execute()
  change.audit({
    verb: 'item:moved',
    subject: ['item', item.id],
    details: { old: { kept_at_ward_id: item.kept_at_ward_id }, new: { kept_at_ward_id: wardId } },
  })
}

function keepOutcome(
  { trx }: Change,
  checkId: number,
  item: CheckItem,
  outcome: Outcome,
  note = '',
  incidentId: number | null = null,
) {
  return trx
    .updateTable('stock_check_items')
    .set({ outcome, note, incident_id: incidentId })
    .where('stock_check_id', '=', checkId)
    .where('item_id', '=', item.id)
    .execute()
}

/** How everything else stood, and where it was instead: in one statement, however much there is. */
async function keepRest({ trx }: Change, checkId: number, differences: CheckItem[]): Promise<void> {
  const ids = differences.map(({ id }) => id)
  const standings = differences.map(({ standing }) => standing)
  const notes = differences.map((item) => (item.standing === 'missing' ? '' : placeInWords(item)))
  await sql`
    update stock_check_items listed
    set outcome = coalesce(difference.standing, 'found'), note = coalesce(difference.note, '')
    from stock_check_items every_one
    left join unnest(${ids}::bigint[], ${standings}::text[], ${notes}::text[]) difference (item_id, standing, note)
      on difference.item_id = every_one.item_id
    where every_one.stock_check_id = ${checkId} and every_one.outcome is null
      and listed.stock_check_id = every_one.stock_check_id and listed.item_id = every_one.item_id
  `.execute(trx)
}
