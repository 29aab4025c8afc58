import { sql } from 'kysely'
import { carryCaseload, returnCaseload } from '../caseloads/merge-actions.ts'
import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, NotUnique, RuleBroken, Stale } from '../lib/refusals.ts'
import { findMerge, findMergeValues, listPlannedTwice, lockTwo, type PlannedRow } from './merge-queries.ts'
import {
  fingerprint,
  lastDayToUndo,
  tablesOfPeople,
  type Unit,
  units,
  unitsTaken,
  unitsToChoose,
  unitsToRestore,
  valuesOf,
} from './merge-rules.ts'
import { lockAnswers } from './section-queries.ts'
import type { Known } from './section-rules.ts'

const moving = Object.keys(tablesOfPeople).filter((table) => tablesOfPeople[table] === 'moves')

/** Both records have something at the same time, and nobody is in two places at once. */
export class PlannedTwice extends RuleBroken {
  readonly planned: readonly PlannedRow[]
  constructor(planned: readonly PlannedRow[]) {
    super('Both records have something at the same time.')
    this.planned = planned
  }
}

/**
 * Makes two records one: what happened to the person goes over to the record that is kept, and so does what it lacks and
 * what was `chosen` from the other. Both are as somebody saw them at `seen` (see fingerprint), or it is refused (Stale); so is
 * (PlannedTwice) what would have the person in two places at once.
 */
export async function mergeRecords(
  change: Change,
  { keptId, mergedId, seen, chosen }: { keptId: number; mergedId: number; seen: number; chosen: ReadonlySet<string> },
): Promise<number> {
  if (keptId === mergedId) throw new RuleBroken('A record cannot be merged with itself.')
  const { trx, by } = change
  await lockTwo(trx, by, [keptId, mergedId])
  const [kept, merged] = [await lockRecord(change, keptId), await lockRecord(change, mergedId)]
  if (fingerprint(kept, merged) !== seen) throw new Stale()
  const planned = await listPlannedTwice(trx, by, [keptId, mergedId])
  if (planned.length > 0) throw new PlannedTwice(planned)
  const taken = unitsTaken(kept, merged, chosen)

  const { id } = await trx
    .insertInto('service_user_merges')
    .values({
      ...{ organisation_id: by.organisationId, kept_id: keptId, merged_id: mergedId },
      ...{ merged_at: change.now(), merged_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  // the record that goes lets go of its numbers first, so that the other can have them
  await trx.updateTable('service_users').set({ merged_into: keptId }).where('id', '=', mergedId).execute()
  const [before, after] = [valuesOf(taken, kept), valuesOf(taken, merged)]
  await trx
    .insertInto('service_user_merge_values')
    .values({ merge_id: id, before: JSON.stringify(before), after: JSON.stringify(after) })
    .execute()
  await writeColumns(change, keptId, after)
  await bumpVersions(change, keptId, taken)
  for (const table of moving) await moveRows(change, id, table, mergedId, keptId)
  await carryCaseload(change, { mergeId: id, keptId, mergedId })
  const left = unitsToChoose(kept, merged).filter((unit) => !taken.includes(unit))
  change.audit({
    verb: 'service-user:merged',
    subject: ['service-user', keptId],
    serviceUserId: keptId,
    details: { old: before, new: after, other_record: mergedId, not_taken_over: valuesOf(left, merged) },
  })
  return id
}

/** A record as it stands, and not one that became part of another. */
async function lockRecord({ trx, by }: Change, id: number) {
  const record = await lockAnswers(trx, by, id)
  if (!record) throw new NotFound()
  if (record.id !== id) throw new Stale()
  return record
}

async function moveRows({ trx }: Change, mergeId: number, table: string, from: number, to: number): Promise<void> {
  await sql`
    with moved as (
      update ${sql.table(table)} set service_user_id = ${to} where service_user_id = ${from} returning id
    )
    insert into service_user_merge_moves (merge_id, table_name, row_id)
    select ${mergeId}, ${table}, id from moved
  `.execute(trx)
}

/** Rows that a merge moved over go back, but for those that are somebody else's by now. */
async function moveBack({ trx }: Change, mergeId: number, table: string, from: number, to: number): Promise<void> {
  await sql`
    update ${sql.table(table)} moved set service_user_id = ${to}
    from service_user_merge_moves move
    where move.merge_id = ${mergeId} and move.table_name = ${table} and moved.id = move.row_id
      and moved.service_user_id = ${from}
  `.execute(trx)
}

const columnTables = new Map(units.flatMap(({ questions }) => questions.map(({ column, table }) => [column, table])))

async function writeColumns({ trx }: Change, id: number, values: Known): Promise<void> {
  const of = (table: string) =>
    Object.fromEntries(Object.entries(values).filter(([column]) => columnTables.get(column) === table))
  const [story, details] = [of('story'), of('details')]
  if (Object.keys(story).length > 0) await trx.updateTable('service_users').set(story).where('id', '=', id).execute()
  if (Object.keys(details).length > 0)
    await trx.updateTable('service_user_details').set(details).where('service_user_id', '=', id).execute()
}

/** Whoever has a form of the record open that shows something else now must be told. */
async function bumpVersions(change: Change, id: number, changed: readonly Unit[]): Promise<void> {
  if (changed.length === 0) return
  const { trx, by } = change
  await trx
    .updateTable('service_users')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
  const names = new Set(changed.flatMap(({ section }) => (section ? [section.name] : [])))
  for (const section of names) {
    const noted = { changed_at: change.now(), changed_by: by.staffId }
    await trx
      .insertInto('service_user_sections')
      .values({ service_user_id: id, organisation_id: by.organisationId, section, version: 2, ...noted })
      .onConflict((row) =>
        row
          .columns(['service_user_id', 'section'])
          .doUpdateSet((eb) => ({ ...noted, version: eb('service_user_sections.version', '+', 1) })),
      )
      .execute()
  }
}

/**
 * Makes one record two again. What moved over goes back; what was written since stays where it was written, and an answer
 * that somebody changed since stays as it is.
 */
export async function undoMerge(change: Change, mergeId: number): Promise<void> {
  const { trx, by } = change
  const asked = await findMerge(trx, by, mergeId)
  if (!asked) throw new NotFound()
  const { kept_id: keptId, merged_id: mergedId } = asked
  await lockTwo(trx, by, [keptId, mergedId])
  const merge = await findMerge(trx, by, mergeId)
  if (!merge) throw new Stale('This was undone already.')
  const now = change.now()
  if (londonToday(now) > lastDayToUndo(merge.merged_at)) throw new RuleBroken('This can no longer be undone.')
  const kept = await lockAnswers(trx, by, keptId)
  if (!kept) throw new NotFound()
  if (kept.id !== keptId) throw new RuleBroken('This record was merged into another one since. Undo that first.')

  await trx
    .updateTable('service_user_merges')
    .set({ undone_at: now, undone_by: by.staffId })
    .where('id', '=', mergeId)
    .execute()
  const { before, after } = (await findMergeValues(trx, mergeId)) as { before: Known; after: Known }
  const restored = unitsToRestore(after, kept)
  await writeColumns(change, keptId, valuesOf(restored, before))
  await bumpVersions(change, keptId, restored)
  await standAlone(change, mergedId)
  for (const table of moving) await moveBack(change, mergeId, table, keptId, mergedId)
  await returnCaseload(change, { mergeId, keptId, mergedId })
  const about = { subject: ['service-user', keptId] as ['service-user', number], serviceUserId: keptId }
  change.audit({ verb: 'service-user:merge-undone', ...about, details: { other_record: mergedId } })
  change.audit({
    verb: 'service-user:stands-alone',
    subject: ['service-user', mergedId],
    serviceUserId: mergedId,
    details: { other_record: keptId },
  })
}

async function standAlone({ trx }: Change, id: number): Promise<void> {
  await trx.updateTable('service_users').set({ merged_into: null }).where('id', '=', id).execute()
}

/** A number that the record had before and somebody else has by now. */
export function isNumberTaken(error: unknown): boolean {
  return error instanceof NotUnique && /_(?:nhs_number|local_id)_key$/.test(error.constraint)
}
