import type { Author, Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { writeAppointments } from './appointment-write-actions.ts'
import { writeCountPlan } from './count-write-actions.ts'
import { writeReadingPlan, writeStockPlan } from './data-write-actions.ts'
import { warningsOn } from './headings-rules.ts'
import { type Writing, waitForTurn, writeItems } from './item-write-actions.ts'
import type { FileKind, ImportKind } from './kinds-rules.ts'
import { writeLoans } from './loan-write-actions.ts'
import {
  applyMapFile,
  checkColumns,
  emptyMeanings,
  type Mapping,
  mappingFrom,
  parseMapFile,
  storedMapping,
} from './mapping-rules.ts'
import { writePeople } from './person-write-actions.ts'
import { type Counts, countsOf, type Plan } from './plan-rules.ts'
import { planImport, printOf, type ReadFile } from './planning-actions.ts'
import { findImport, type ImportResult, listPlaces, lockImport, type StagedImport } from './queries.ts'
import { isUnderWay } from './run-queries.ts'
import { guessMapping, type Progress, readSheet, type Sheet } from './sheet-actions.ts'
import { Places, type WordMeanings } from './words-rules.ts'
import type { FileToKeep } from './workbook-actions.ts'

export { type FileKind, fileKinds, type ImportKind, isImportKind, mostBytes } from './kinds-rules.ts'
export { type Counts, countsInWords, countsOf, type Plan } from './plan-rules.ts'
export { planImport } from './planning-actions.ts'
export { findOrganisation, listOrganisationCodes } from './queries.ts'
export { problemInWords } from './rows-rules.ts'
export { readSheet, type Sheet } from './sheet-actions.ts'
export { forgetOldImports } from './tidying-actions.ts'
export { keepFile, keepSheet, sheetsOf } from './workbook-actions.ts'

export interface FileToStage extends FileToKeep {
  kind: ImportKind
  name: string
}

/** Keeps a file that could be read until it is applied, discarded or forgotten. */
export async function stageImport(change: Change, file: FileToStage): Promise<number> {
  const { trx, by } = change
  const { id } = await trx
    .insertInto('imports')
    .values({
      organisation_id: by.organisationId,
      staff_id: by.staffId,
      kind: file.kind,
      file_name: file.name,
      bytes: file.bytes,
      format: file.format,
      sheet: file.sheet,
      created_at: change.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'import:uploaded', subject: ['import', id], details: { kind: file.kind, file: file.name } })
  return id
}

export interface OpenImport extends StagedImport {
  bytes: Buffer
}

/** An import that waits to be finished. One that is done is a {@link Done}, and another organisation's is not there. */
export async function openImport(db: Database, scope: Scope, kind: ImportKind, id: number): Promise<OpenImport> {
  const found = waiting(await findImport(db, { ...scope, kind }, id))
  if (await isUnderWay(db, id)) throw new UnderWay()
  return found
}

/** The import went in before: whoever asks again is shown what came of it. */
export class Done extends Stale {
  constructor() {
    super('This spreadsheet has been imported already.')
  }
}

function waiting(found: StagedImport | undefined): OpenImport {
  if (!found) throw new NotFound()
  const { bytes } = found
  if (bytes === null) throw new Done()
  return { ...found, bytes }
}

/** A long import that waits for its job, or whose job is at work: nothing else is done with it meanwhile. */
export class UnderWay extends Stale {
  constructor() {
    super('This spreadsheet is being brought in.')
  }
}

/** Holds an import that waits for somebody. */
export async function lockWaiting({ trx, by }: Change<Author>, kind: ImportKind, id: number): Promise<OpenImport> {
  if (await isUnderWay(trx, id)) throw new UnderWay()
  return waiting(await lockImport(trx, { ...by, kind }, id))
}

/** A file that was read before it was staged can be read again. */
export async function readStaged(staged: OpenImport, kind: FileKind): Promise<Sheet> {
  if (staged.format === 'workbook') throw new Stale('Choose the sheet first.')
  const { value, error } = await readSheet(staged.bytes, kind, staged.format)
  if (error) throw new Error(`A staged file can no longer be read: ${error.reason}`)
  return value
}

/** How the file is read until somebody says otherwise: by its headings, and its words by ours. */
export function mappingOf(staged: StagedImport, sheet: Sheet, kind: FileKind): Mapping {
  if (staged.mapping) return mappingFrom(staged.mapping, kind)
  return { columns: guessMapping(sheet, kind), meanings: emptyMeanings() }
}

/** Keeps one sheet of a workbook in place of the whole. */
export async function saveSheet(change: Change, kind: ImportKind, id: number, file: FileToKeep): Promise<void> {
  const staged = await lockWaiting(change, kind, id)
  if (staged.format !== 'workbook') throw new Stale('Somebody has chosen the sheet already.')
  await change.trx
    .updateTable('imports')
    .set({ bytes: file.bytes, format: file.format, sheet: file.sheet })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'import:matched', subject: ['import', id], details: { sheet: file.sheet } })
}

export async function saveColumns(
  change: Change,
  kind: FileKind,
  id: number,
  columns: Map<string, string>,
): Promise<Mapping> {
  const staged = await lockWaiting(change, kind.kind, id)
  const meanings = staged.mapping ? mappingFrom(staged.mapping, kind).meanings : emptyMeanings()
  return await saveMapping(change, id, { columns, meanings })
}

export async function saveMeanings(change: Change, kind: FileKind, id: number, said: WordMeanings): Promise<Mapping> {
  const staged = await lockWaiting(change, kind.kind, id)
  const { columns, meanings } = staged.mapping
    ? mappingFrom(staged.mapping, kind)
    : mappingOf(staged, await readStaged(staged, kind), kind)
  const together = {
    categories: new Map([...meanings.categories, ...said.categories]),
    places: new Map([...meanings.places, ...said.places]),
  }
  return await saveMapping(change, id, { columns, meanings: together })
}

async function saveMapping(change: Change, id: number, mapping: Mapping): Promise<Mapping> {
  const stored = JSON.stringify(storedMapping(mapping))
  await change.trx.updateTable('imports').set({ mapping: stored }).where('id', '=', id).execute()
  change.audit({ verb: 'import:matched', subject: ['import', id] })
  return mapping
}

/** Lets go of a file without bringing it in. Gives its name. */
export async function discardImport(change: Change, kind: ImportKind, id: number): Promise<string> {
  const { file_name } = await lockWaiting(change, kind, id)
  await change.trx.deleteFrom('imports').where('id', '=', id).execute()
  change.audit({ verb: 'import:discarded', subject: ['import', id], details: { file: file_name } })
  return file_name
}

/** What would be done is not what somebody agreed to: the file has problems, or something changed since they looked. */
export class ImportRefused extends Stale {
  readonly plan: Plan
  constructor(plan: Plan) {
    super('Something changed after you looked at the preview. Nothing was imported.')
    this.plan = plan
  }
}

interface Applying {
  /** By the job that was asked for it, and not by a press of the button. */
  isAskedFor?: boolean
  onPlanned?: Progress
  onWritten?: (done: number, of: number) => void
}

/**
 * Puts a staged file in: all of it or nothing. It is planned again on what there is now, and goes no further unless the
 * plan is the one whose print is given, which somebody has seen.
 */
export async function applyImport(
  change: Change<Author>,
  kind: FileKind,
  id: number,
  seen: string,
  { isAskedFor = false, onPlanned, onWritten = () => {} }: Applying = {},
): Promise<Counts> {
  const { trx, by } = change
  await waitForTurn(trx, by.organisationId)
  const staged = isAskedFor
    ? waiting(await lockImport(trx, { ...by, kind: kind.kind }, id))
    : await lockWaiting(change, kind.kind, id)
  const sheet = await readStaged(staged, kind)
  const file = { kind, sheet, mapping: mappingOf(staged, sheet, kind) }
  const plan = await planImport(trx, by, file, { now: change.now(), lockIn: trx, onProgress: onPlanned })
  if (plan.problems.length > 0 || printOf(plan) !== seen) throw new ImportRefused(plan)

  const result = resultOf(plan)
  await trx
    .updateTable('imports')
    .set({ bytes: null, applied_at: change.now(), result: JSON.stringify(result) })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'import:applied', subject: ['import', id], details: { file: staged.file_name, ...result } })
  const counts = countsOf(plan)
  const toWrite = counts.created + counts.updated
  await writePlan(change, plan, { importId: id, onProgress: (done) => onWritten(done, toWrite) })
  return counts
}

export interface FileToImport extends ReadFile {
  name: string
}

/** Puts a file in without staging it, for a command: all of it or nothing. */
export async function importFile(
  change: Change<Author>,
  file: FileToImport,
  onProgress: { planned?: Progress; written?: Progress } = {},
): Promise<Counts> {
  await waitForTurn(change.trx, change.by.organisationId)
  const now = change.now()
  const options = { now, lockIn: change.trx, onProgress: onProgress.planned }
  const plan = await planImport(change.trx, change.by, file, options)
  if (plan.problems.length > 0) throw new ImportRefused(plan)

  const result = resultOf(plan)
  const { id } = await change.trx
    .insertInto('imports')
    .values({
      organisation_id: change.by.organisationId,
      staff_id: change.by.staffId,
      kind: file.kind.kind,
      file_name: file.name,
      mapping: JSON.stringify(storedMapping(file.mapping)),
      created_at: now,
      applied_at: now,
      result: JSON.stringify(result),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'import:applied', subject: ['import', id], details: { file: file.name, ...result } })
  await writePlan(change, plan, { importId: id, onProgress: onProgress.written })
  return countsOf(plan)
}

async function writePlan(change: Change<Author>, plan: Plan, writing: Writing): Promise<void> {
  if (plan.kind === 'items') await writeItems(change, plan, writing)
  else if (plan.kind === 'loans') await writeLoans(change, plan, writing)
  else if (plan.kind === 'people') await writePeople(change, plan, writing)
  else if (plan.kind === 'appointments') await writeAppointments(change, plan, writing)
  else if (plan.kind === 'data-stock') await writeStockPlan(change, plan, writing)
  else if (plan.kind === 'data-readings') await writeReadingPlan(change, plan, writing)
  else await writeCountPlan(change, plan, writing)
}

function resultOf(plan: Plan): ImportResult {
  const counts = countsOf(plan)
  if (plan.kind === 'people') return { ...counts, newPeople: plan.newPeople.length }
  if (plan.kind === 'loans') return { ...counts, newLoans: plan.loans.length, newPeople: plan.newPeople.length }
  if (plan.kind !== 'items') return counts
  return { ...counts, newModels: plan.newModels.length, completedModels: plan.completedModels.length }
}

/** How a command reads a file: by its headings, and by its map file where there is one. Gives what is wrong as lines. */
export async function mappingForCommand(
  db: Database,
  scope: Scope,
  { kind, sheet, mapFile }: { kind: FileKind; sheet: Sheet; mapFile: string | null },
): Promise<{ value: Mapping; errors?: undefined } | { value?: undefined; errors: string[] }> {
  const guess = guessMapping(sheet, kind)
  let mapping: Mapping = { columns: guess, meanings: emptyMeanings() }
  if (mapFile !== null) {
    const places = new Places(await listPlaces(db, scope))
    const map = parseMapFile(mapFile, { headings: sheet.headings, places, kind })
    if (map.error) return { errors: [map.error.text] }
    mapping = applyMapFile(guess, map.value)
  }
  const problems = checkColumns([...mapping.columns], kind)
  return problems.length > 0 ? { errors: problems.map(({ text }) => text) } : { value: mapping }
}

/** How the file is read, for the person who reads the terminal: what each column is taken for, and what is left out. */
export function readingInWords({ kind, sheet: { headings }, mapping }: ReadFile): string[] {
  const taken = headings.flatMap((heading) => {
    const field = mapping.columns.get(heading)
    return field === undefined ? [] : [`${heading} (${kind.fields[field]?.label ?? field})`]
  })
  const leftOut = headings.filter((heading) => !mapping.columns.has(heading))
  const rest = leftOut.length > 0 ? [`Left out: ${leftOut.join(', ')}`, ...warningsOn(leftOut, kind.headings)] : []
  return [`Columns: ${taken.join(', ')}`, ...rest]
}
