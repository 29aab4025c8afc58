import type { Author, Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { type Field, fields } from './fields-rules.ts'
import { warningsOn } from './headings-rules.ts'
import {
  applyMapFile,
  checkColumns,
  emptyMeanings,
  type Mapping,
  mappingFrom,
  parseMapFile,
  storedMapping,
} from './mapping-rules.ts'
import { type Counts, countsOf, type Plan } from './plan-rules.ts'
import { findImport, type ImportResult, listPlaces, lockImport, type StagedImport } from './queries.ts'
import { guessMapping, type Progress, planImport, printOf, readStaged, type Sheet } from './sheet-actions.ts'
import { Places, type WordMeanings } from './words-rules.ts'
import { waitForTurn, writePlan } from './write-actions.ts'

export { type Counts, countsInWords, countsOf, type Plan } from './plan-rules.ts'
export { findOrganisation, listOrganisationCodes } from './queries.ts'
export { problemInWords } from './rows-rules.ts'
export { largestFile, planImport, readSheet } from './sheet-actions.ts'

/** How long a file waits for somebody to finish. It may hold names that have no place here. */
const DAYS_KEPT = 7

/** Keeps a file that could be read until it is applied, discarded or forgotten. */
export async function stageImport(change: Change, file: { name: string; bytes: Buffer }): Promise<number> {
  const { trx, by } = change
  const now = change.now()
  const { id } = await trx
    .insertInto('imports')
    .values({
      organisation_id: by.organisationId,
      staff_id: by.staffId,
      kind: 'items',
      file_name: file.name,
      bytes: file.bytes,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'import:uploaded', subject: ['import', id], details: { file: file.name } })
  await forgetOldFiles(change, now)
  return id
}

async function forgetOldFiles({ trx, by }: Change, now: Date): Promise<void> {
  const before = new Date(now.getTime() - DAYS_KEPT * 86_400_000)
  await trx
    .deleteFrom('imports')
    .where('organisation_id', '=', by.organisationId)
    .where('applied_at', 'is', null)
    .where('created_at', '<', before.toISOString())
    .execute()
}

export interface OpenImport extends StagedImport {
  bytes: Buffer
}

/** An import that waits to be finished. One that is done is a {@link Done}, and another organisation's is not there. */
export async function openImport(db: Database, scope: Scope, id: number): Promise<OpenImport> {
  return waiting(await findImport(db, scope, id))
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

/** How the file is read until somebody says otherwise: by its headings, and its words by ours. */
export function mappingOf(staged: StagedImport, sheet: Sheet): Mapping {
  return staged.mapping ? mappingFrom(staged.mapping) : { columns: guessMapping(sheet), meanings: emptyMeanings() }
}

export async function saveColumns(change: Change, id: number, columns: Map<string, Field>): Promise<Mapping> {
  const staged = waiting(await lockImport(change.trx, change.by, id))
  const meanings = staged.mapping ? mappingFrom(staged.mapping).meanings : emptyMeanings()
  return await saveMapping(change, id, { columns, meanings })
}

export async function saveMeanings(change: Change, id: number, said: WordMeanings): Promise<Mapping> {
  const staged = waiting(await lockImport(change.trx, change.by, id))
  const { columns, meanings } = staged.mapping
    ? mappingFrom(staged.mapping)
    : mappingOf(staged, await readStaged(staged.bytes))
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
export async function discardImport(change: Change, id: number): Promise<string> {
  const { file_name } = waiting(await lockImport(change.trx, change.by, id))
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

/**
 * Puts a staged file in: all of it or nothing. It is planned again on what there is now, and goes no further unless the
 * plan is the one whose print is given, which somebody has seen.
 */
export async function applyImport(change: Change, id: number, seen: string): Promise<Counts> {
  await waitForTurn(change.trx, change.by.organisationId)
  const staged = waiting(await lockImport(change.trx, change.by, id))
  const sheet = await readStaged(staged.bytes)
  const file = { sheet, mapping: mappingOf(staged, sheet) }
  const plan = await planImport(change.trx, change.by, file, { now: change.now(), lockIn: change.trx })
  if (plan.problems.length > 0 || printOf(plan) !== seen) throw new ImportRefused(plan)

  const result = resultOf(plan)
  await change.trx
    .updateTable('imports')
    .set({ bytes: null, applied_at: change.now(), result: JSON.stringify(result) })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'import:applied', subject: ['import', id], details: { file: staged.file_name, ...result } })
  await writePlan(change, plan, { importId: id })
  return countsOf(plan)
}

export interface FileToImport {
  name: string
  sheet: Sheet
  mapping: Mapping
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
      kind: 'items',
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

function resultOf(plan: Plan): ImportResult {
  return { ...countsOf(plan), newModels: plan.newModels.length, completedModels: plan.completedModels.length }
}

/** How a command reads a file: by its headings, and by its map file where there is one. Gives what is wrong as lines. */
export async function mappingForCommand(
  db: Database,
  scope: Scope,
  { sheet, mapFile }: { sheet: Sheet; mapFile: string | null },
): Promise<{ value: Mapping; errors?: undefined } | { value?: undefined; errors: string[] }> {
  const guess = guessMapping(sheet)
  let mapping: Mapping = { columns: guess, meanings: emptyMeanings() }
  if (mapFile !== null) {
    const places = new Places(await listPlaces(db, scope))
    const map = parseMapFile(mapFile, { headings: sheet.table.headings, places })
    if (map.error) return { errors: [map.error.text] }
    mapping = applyMapFile(guess, map.value)
  }
  const problems = checkColumns([...mapping.columns])
  return problems.length > 0 ? { errors: problems.map(({ text }) => text) } : { value: mapping }
}

/** How the file is read, for the person who reads the terminal: what each column is taken for, and what is left out. */
export function readingInWords({ sheet, mapping }: FileToImport): string[] {
  const { headings } = sheet.table
  const taken = headings.flatMap((heading) => {
    const field = mapping.columns.get(heading)
    return field === undefined ? [] : [`${heading} (${fields[field].label})`]
  })
  const leftOut = headings.filter((heading) => !mapping.columns.has(heading))
  const rest = leftOut.length > 0 ? [`Left out: ${leftOut.join(', ')}`, ...warningsOn(leftOut)] : []
  return [`Columns: ${taken.join(', ')}`, ...rest]
}
