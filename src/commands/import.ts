import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigProblem } from '../config.ts'
import { makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import {
  type Counts,
  countsInWords,
  countsOf,
  type FileToImport,
  findOrganisation,
  ImportRefused,
  importFile,
  listOrganisationCodes,
  mappingForCommand,
  type Plan,
  planImport,
  problemInWords,
  readingInWords,
  readSheet,
} from '../imports/actions.ts'
import { Refusal, TooBusy } from '../lib/refusals.ts'
import { withDatabase } from './database.ts'
import { ProgressBar } from './progress.ts'

const usage = `npm run import -- items FILE --organisation CODE [--dry-run] [--map FILE]

  items FILE            a CSV file of items
  --organisation CODE   whose items they are
  --dry-run             say what would happen, and write nothing
  --map FILE            JSON that says what columns, categories and places mean: see docs/import.md`

const busy = 'The database is away or busy. Nothing was imported. Try again in a minute'

/** What stops the command before any row is looked at. */
class Stop extends Error {}

interface Asked {
  file: string
  organisation: string
  map: string | undefined
  isDryRun: boolean
}

try {
  const asked = readArguments(process.argv.slice(2))
  const counts = await withDatabase((db) => importItems(db, asked))
  if (counts.errors > 0) process.exitCode = 1
  console.log(countsInWords(counts))
} catch (error) {
  const isExplained = error instanceof Stop || error instanceof ConfigProblem || error instanceof Refusal
  console.error(error instanceof TooBusy ? busy : isExplained ? error.message : error)
  if (isExplained) console.log(countsInWords({ created: 0, updated: 0, unchanged: 0, errors: 1 }))
  process.exitCode = 1
}

function readArguments(given: string[]): Asked {
  const options = {
    organisation: { type: 'string' },
    map: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  } as const
  const { values, positionals } = parseOrStop(() => parseArgs({ args: given, options, allowPositionals: true }))
  const [kind, file, ...more] = positionals
  if (kind !== 'items' || file === undefined || more.length > 0) throw new Stop(usage)
  if (!values.organisation) throw new Stop(`Say whose items they are, with --organisation CODE\n\n${usage}`)
  return { file, organisation: values.organisation, map: values.map, isDryRun: values['dry-run'] }
}

function parseOrStop<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

async function importItems(db: Database, asked: Asked): Promise<Counts> {
  const by = { organisationId: await organisationId(db, asked.organisation), staffId: null }
  const sheet = await readSheet(createReadStream(asked.file)).catch((error: unknown) => stopUnread(asked.file, error))
  if (sheet.error) throw new Stop(`${asked.file}: ${sheet.error.text}`)
  const mapFile =
    asked.map === undefined ? null : await readFile(asked.map, 'utf8').catch((error) => stopUnread(asked.map, error))
  const mapping = await mappingForCommand(db, by, { sheet: sheet.value, mapFile })
  if (mapping.errors) throw new Stop(mapping.errors.join('\n'))

  const file: FileToImport = { name: basename(asked.file), sheet: sheet.value, mapping: mapping.value }
  for (const line of readingInWords(file)) console.log(line)
  const bar = new ProgressBar(sheet.value.table.rows.length)
  try {
    if (asked.isDryRun)
      return await tellPlan(await planImport(db, by, file, { now: new Date(), onProgress: bar.phase('Checking') }))
    return await makeChange({ db, by, clock: () => new Date() }, (change) =>
      importFile(change, file, { planned: bar.phase('Checking'), written: bar.phase('Writing') }),
    )
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
    bar.stop()
    tellProblems(error.plan)
    return { ...countsOf(error.plan), created: 0, updated: 0 }
  } finally {
    bar.stop()
  }

  function tellPlan(plan: Plan): Counts {
    bar.stop()
    tellProblems(plan)
    console.log('Dry run: nothing was written')
    return countsOf(plan)
  }
}

function tellProblems(plan: Plan): void {
  for (const problem of plan.problems) console.log(problemInWords(problem))
}

async function organisationId(db: Database, code: string): Promise<number> {
  const found = await findOrganisation(db, code.toUpperCase())
  if (found) return found.id
  const codes = (await listOrganisationCodes(db)).map((organisation) => organisation.code)
  throw new Stop(`No organisation has the code ${code}. There is ${codes.join(', ') || 'none yet'}`)
}

function stopUnread(file: string | undefined, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT') throw new Stop(`There is no file ${file}`)
  if (code === 'EISDIR') throw new Stop(`${file} is a folder`)
  if (code === 'EACCES') throw new Stop(`${file} may not be read`)
  throw error
}
