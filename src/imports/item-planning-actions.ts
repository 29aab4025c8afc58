import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { codeKey } from '../lib/text.ts'
import { itemCells } from './item-cells-rules.ts'
import { type ItemPlan, ItemPlanner, type KnownStock, Mentions, mentionedFields } from './item-plan-rules.ts'
import type { Mapping } from './mapping-rules.ts'
import {
  findIccidHolders,
  findImeiHolders,
  findItemsByTag,
  findKitTags,
  listKnownModels,
  lockKnownModels,
  type NumberHolder,
} from './queries.ts'
import { rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import type { Vocabulary } from './words-rules.ts'

const ROWS_A_STEP = 500

/**
 * Works out what a file of items would do: five queries, however many rows. The rows are read twice, what has to be looked
 * up first, because keeping 10,000 of them in between costs more memory than reading them costs time.
 */
export async function planItems(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { vocabulary, lockIn, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<ItemPlan> {
  const mentions = new Mentions()
  const readMentioned = rowReader(itemCells, sheet.headings, mentionedColumns(mapping), vocabulary)
  await sheet.eachRow((row) => mentions.add(readMentioned(row)))

  const planner = new ItemPlanner(await findKnown(db, scope, mentions, lockIn), mentions.makers)
  const read = rowReader(itemCells, sheet.headings, mapping.columns, vocabulary)
  let done = 0
  await sheet.eachRow((row) => {
    planner.add(read(row))
    done += 1
    if (done % ROWS_A_STEP === 0) onProgress(done)
  })
  onProgress(done)
  return planner.finish()
}

function mentionedColumns({ columns }: Mapping): Map<string, string> {
  const mentioned: readonly string[] = mentionedFields
  return new Map([...columns].filter(([, field]) => mentioned.includes(field)))
}

async function findKnown(
  db: Database,
  scope: Scope,
  { tags, imeis, iccids }: Mentions,
  lockIn: InTransaction | undefined,
): Promise<KnownStock> {
  const models = lockIn ? await lockKnownModels(lockIn, scope) : await listKnownModels(db, scope)
  const items = await findItemsByTag(db, scope, tags)
  return {
    models,
    items: new Map(items.map((item) => [codeKey(tags[item.at - 1] ?? ''), item])),
    imeis: byNumber(await findImeiHolders(db, scope, imeis)),
    iccids: byNumber(await findIccidHolders(db, scope, iccids)),
    kits: new Set((await findKitTags(db, scope, tags)).map((at) => codeKey(tags[at - 1] ?? ''))),
  }
}

function byNumber(holders: readonly NumberHolder[]): Map<string, { id: number; tag: string }> {
  return new Map(holders.map(({ id, tag, number }) => [number, { id, tag }]))
}
