import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type CsvProblem, type CsvTable, readCsv } from '../lib/csv.ts'
import { londonToday } from '../lib/dates.ts'
import { codeKey } from '../lib/text.ts'
import type { Vocabulary } from './cells-rules.ts'
import type { Field } from './fields-rules.ts'
import { type Column, guessColumns } from './headings-rules.ts'
import type { Mapping } from './mapping-rules.ts'
import { type Known, type Plan, Planner } from './plan-rules.ts'
import {
  findIccidHolders,
  findImeiHolders,
  findItemsByTag,
  findKitTags,
  listKnownModels,
  listPlaces,
  lockKnownModels,
  type NumberHolder,
} from './queries.ts'
import { Mentions, mentionedFields, type Row, rowReader } from './rows-rules.ts'
import { Places } from './words-rules.ts'

export const largestFile = { maxBytes: 10_000_000, maxRows: 50_000 }

/** A spreadsheet that could be read: its table, and what stands in each column. */
export interface Sheet {
  table: CsvTable
  columns: Column[]
}

export type SheetReading = { value: Sheet; error?: undefined } | { value?: undefined; error: CsvProblem }

/** How many rows are read or planned before other requests get their turn. */
const ROWS_A_TURN = 500
const SAMPLES = 3
const ROWS_LOOKED_AT = 2_000

export async function readSheet(source: Buffer | AsyncIterable<Buffer>): Promise<SheetReading> {
  const read = await readCsv(source, largestFile)
  if (read.error) return { error: read.error }
  return { value: { table: read.value, columns: describeColumns(read.value) } }
}

/** A file that was read before it was staged can be read again. */
export async function readStaged(bytes: Buffer): Promise<Sheet> {
  const { value, error } = await readSheet(bytes)
  if (error) throw new Error(`A staged file can no longer be read: ${error.reason}`)
  return value
}

export function guessMapping(sheet: Sheet): Map<string, Field> {
  return guessColumns(sheet.columns)
}

function describeColumns({ headings, rows }: CsvTable): Column[] {
  return headings.map((heading, at) => {
    const samples = new Set<string>()
    for (let row = 0; row < rows.length && samples.size < SAMPLES; row += 1) {
      if (row >= ROWS_LOOKED_AT && samples.size > 0) break
      const cell = rows[row]?.cells[at]?.trim()
      if (cell) samples.add(cell)
    }
    return { heading, samples: [...samples] }
  })
}

export type Progress = (done: number) => void

export interface PlanOptions {
  now: Date
  /** Hold the models until the transaction ends. Items are held once it is known which change: see `writePlan`. */
  lockIn?: InTransaction
  onProgress?: Progress
}

/**
 * Works out what a file would do, against what there is now: six queries, however many rows. The rows are read twice, what
 * has to be looked up first, because keeping 10,000 of them in between costs more memory than reading them costs time.
 */
export async function planImport(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { now, lockIn, onProgress = () => {} }: PlanOptions,
): Promise<Plan> {
  const places = new Places(await listPlaces(db, scope))
  const vocabulary = { places, meanings: mapping.meanings, today: londonToday(now) }
  const mentions = new Mentions()
  await readRows(sheet, mentionedColumns(mapping), vocabulary, (row) => mentions.add(row))
  const planner = new Planner(await findKnown(db, scope, mentions, lockIn), mentions.makers)
  await readRows(sheet, mapping.columns, vocabulary, (row, at) => {
    planner.add(row)
    if (at % ROWS_A_TURN === 0) onProgress(at)
  })
  onProgress(sheet.table.rows.length)
  return planner.finish()
}

function mentionedColumns({ columns }: Mapping): Map<string, Field> {
  return new Map([...columns].filter(([, field]) => mentionedFields.includes(field)))
}

/** Reads every row and gives it to `take`, with a turn for other requests now and then. */
async function readRows(
  { table }: Sheet,
  columns: ReadonlyMap<string, Field>,
  vocabulary: Vocabulary,
  take: (row: Row, at: number) => void,
): Promise<void> {
  const read = rowReader(table.headings, columns, vocabulary)
  for (let at = 0; at < table.rows.length; at += 1) {
    const row = table.rows[at]
    if (row) take(read(row), at)
    if (at % ROWS_A_TURN === 0) await nextTurn()
  }
}

async function findKnown(
  db: Database,
  scope: Scope,
  { tags, imeis, iccids }: Mentions,
  lockIn: InTransaction | undefined,
): Promise<Known> {
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

/** Two plans with the same print do the same. What somebody saw in the preview is held against what would be done. */
export function printOf(plan: Plan): string {
  const hash = createHash('sha256')
  for (const { line, tag, model, columns } of plan.created) add(hash, [line, tag, model.id, model.category, columns])
  for (const item of plan.updated) add(hash, [item.line, item.id, item.old, item.new, item.model?.new.id ?? null])
  for (const { line } of plan.unchanged) add(hash, [line])
  for (const model of plan.completedModels) add(hash, [model.id, [...model.filledBy]])
  for (const problem of plan.problems) add(hash, [problem])
  return hash.digest('hex').slice(0, 32)
}

function add(hash: ReturnType<typeof createHash>, parts: unknown[]): void {
  hash.update(JSON.stringify(parts))
}
