import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { beginTurnarounds, endLinesAt, lockWithLoans, readLastUses } from '../loans/ending-actions.ts'
import type { HeldItem } from '../loans/held-queries.ts'
import { type CodeMeaning, readCodes } from '../scan/queries.ts'
import { momentOfReturn, type ReturningItem, type ReturnOrder, type ReturnOutcome, returnOutcome } from './rules.ts'

/** One scanned code, and what became of it. */
interface JudgedScan {
  code: string
  outcome: ReturnOutcome
  item: (HeldItem & ReturningItem) | null
}

/**
 * Takes back everything that was scanned and can come back, in one transaction and a constant number of statements, and
 * writes down of every code what became of it. What nobody has, what is not known and what was scanned twice is left as it
 * is and said so: somebody with forty devices in front of them must not begin again for one. An item that a ward lent on
 * comes back from whoever it was lent on to, and stays in the ward's pool; scanned once more when it is ready, it comes
 * back from the ward. Each item goes to turnaround from the moment it is back; each loan is audited by itself.
 *
 * Refuses (Stale) when an item was lent at that very moment; nothing else. Gives the batch's id.
 */
export async function returnByScanning(change: Change, { codes, returnedOn }: ReturnOrder): Promise<{ id: number }> {
  const meanings = await readCodes(change.trx, change.by, codes)
  const itemIds = [...new Set(meanings.flatMap((meaning) => (meaning.itemId === null ? [] : meaning.itemId)))]
  const held = itemIds.length === 0 ? [] : await lockWithLoans(change, itemIds)
  const now = change.now()
  const uses = await readLastUses(change.trx, itemIds)
  const items = new Map(held.map((item) => [item.id, { ...item, last_used_at: uses.get(item.id) ?? null }]))
  const scans = judgeAll(codes, meanings, items, returnedOn)
  await takeBack(change, scans, returnedOn, now)
  return { id: await keepBatch(change, scans, returnedOn, now) }
}

function judgeAll(
  codes: string[],
  meanings: CodeMeaning[],
  items: Map<number, HeldItem & ReturningItem>,
  day: string | null,
): JudgedScan[] {
  const seen = new Set<number>()
  return codes.map((code, at) => {
    const { itemId, why } = meanings[at] ?? { itemId: null, why: 'unknown' }
    const item = itemId === null ? undefined : items.get(itemId)
    if (!item) return { code, outcome: why ?? 'unknown', item: null }
    const isRepeated = seen.has(item.id)
    seen.add(item.id)
    return { code, outcome: isRepeated ? 'repeated' : returnOutcome(item, day), item }
  })
}

async function takeBack(change: Change, scans: JudgedScan[], day: string | null, now: Date): Promise<void> {
  const returned = scans.flatMap(({ outcome, item }) =>
    outcome === 'returned' && item?.line_id && item.loan_id
      ? [{ ...item, line_id: item.line_id, loan_id: item.loan_id, at: momentOfReturn(item, day, now) }]
      : [],
  )
  if (returned.length === 0) return change.audit({ verb: 'loan:none-returned', details: { scanned: scans.length } })
  const ends = returned.map(({ line_id, at }) => ({ lineId: line_id, at }))
  await endLinesAt(change, ends, 'returned')
  await beginTurnarounds(
    change,
    returned.map(({ id, at }) => ({ itemId: id, at })),
  )
  for (const [loanId, lines] of Map.groupBy(returned, (line) => line.loan_id)) {
    const [first] = lines
    change.audit({
      verb: 'loan:returned',
      subject: ['loan', loanId],
      ...(first?.service_user_id && { serviceUserId: first.service_user_id }),
      details: {
        items: lines.map((line) => line.tag),
        returnedAt: new Date(Math.max(...lines.map(({ at }) => at.getTime()))).toISOString(),
      },
    })
  }
}

async function keepBatch({ trx, by }: Change, scans: JudgedScan[], day: string | null, now: Date): Promise<number> {
  const { id } = await trx
    .insertInto('return_batches')
    .values({ organisation_id: by.organisationId, made_by: by.staffId, made_at: now, returned_on: day })
    .returning('id')
    .executeTakeFirstOrThrow()
  const hasLine = (outcome: ReturnOutcome) => outcome === 'returned' || outcome === 'too-early'
  await sql`
    insert into return_scans (organisation_id, batch_id, place, code, outcome, item_id, loan_line_id)
    select ${by.organisationId}, ${id}, scan.place, scan.code, scan.outcome, scan.item_id, scan.line_id
    from unnest(
      ${scans.map(({ code }) => code)}::text[], ${scans.map(({ outcome }) => outcome)}::text[],
      ${scans.map(({ item }) => item?.id ?? null)}::bigint[],
      ${scans.map(({ outcome, item }) => (hasLine(outcome) ? (item?.line_id ?? null) : null))}::bigint[]
    ) with ordinality as scan (code, outcome, item_id, line_id, place)
  `.execute(trx)
  return id
}
