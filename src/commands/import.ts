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
  type FileKind,
  type FileToImport,
  fileKinds,
  findOrganisation,
  ImportRefused,
  importFile,
  isImportKind,
  keepFile,
  keepSheet,
  listOrganisationCodes,
  mappingForCommand,
  mostBytes,
  type Plan,
  planImport,
  problemInWords,
  readingInWords,
  readSheet,
  type Sheet,
  sheetsOf,
} from '../imports/actions.ts'
import type { Reading } from '../lib/reading.ts'
import { Refusal, TooBusy } from '../lib/refusals.ts'
import { readBytes } from '../lib/text-file.ts'
import { withDatabase } from './database.ts'
import { ProgressBar } from './progress.ts'

const usage = `npm run import -- items FILE --organisation CODE [--dry-run] [--map FILE] [--sheet NAME]
npm run import -- loans FILE --organisation CODE [--dry-run] [--map FILE] [--sheet NAME]
npm run import -- people FILE --organisation CODE [--dry-run] [--map FILE] [--sheet NAME]
npm run import -- counts FILE --organisation CODE [--dry-run] [--map FILE] [--sheet NAME]

  items FILE            a CSV or Excel file of items
  loans FILE            a CSV or Excel file of open loans
  people FILE           a CSV or Excel file of service users
  counts FILE           a CSV or Excel file of caseload counts
  --organisation CODE   whose they are
  --dry-run             say what would happen, and write nothing
  --map FILE            JSON that says what columns, categories and places mean: see docs/import.md
  --sheet NAME          which sheet of an Excel file that has several`

const busy = 'The database is away or busy. Nothing was imported. Try again in a minute'

/** What stops the command before any row is looked at. */
class Stop extends Error {}

interface Asked {
  kind: FileKind
  file: string
  organisation: string
  map: string | undefined
  sheet: string | undefined
  isDryRun: boolean
}

try {
  const asked = readArguments(process.argv.slice(2))
  const counts = await withDatabase((db) => runImport(db, asked))
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
    sheet: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  } as const
  const { values, positionals } = parseOrStop(() => parseArgs({ args: given, options, allowPositionals: true }))
  const [kind, file, ...more] = positionals
  if (kind === undefined || !isImportKind(kind) || file === undefined || more.length > 0) throw new Stop(usage)
  if (kind === 'appointments')
    throw new Stop('An appointment names who made it: bring them in signed in, under Appointments')
  if (kind === 'data-stock' || kind === 'data-readings')
    throw new Stop('Stock and readings name who brought them in: bring them in signed in, under Data')
  if (!values.organisation) throw new Stop(`Say whose ${kind} they are, with --organisation CODE\n\n${usage}`)
  const { organisation, map, sheet } = values
  return { kind: fileKinds[kind], file, organisation, map, sheet, isDryRun: values['dry-run'] }
}

function parseOrStop<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

async function runImport(db: Database, asked: Asked): Promise<Counts> {
  const { kind } = asked
  const by = { organisationId: await organisationId(db, asked.organisation), staffId: null }
  const sheet = await readFileAsked(asked)
  const mapFile =
    asked.map === undefined ? null : await readFile(asked.map, 'utf8').catch((error) => stopUnread(asked.map, error))
  const mapping = await mappingForCommand(db, by, { kind, sheet, mapFile })
  if (mapping.errors) throw new Stop(mapping.errors.join('\n'))

  const file: FileToImport = { kind, name: basename(asked.file), sheet, mapping: mapping.value }
  for (const line of readingInWords(file)) console.log(line)
  const bar = new ProgressBar(sheet.rowCount)
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

async function readFileAsked({ kind, file, sheet }: Asked): Promise<Sheet> {
  const read = await readBytes(createReadStream(file), mostBytes).catch((error: unknown) => stopUnread(file, error))
  if (read.error) throw new Stop(`${file}: ${read.error.text}`)
  const kept = await keepFile(read.value, kind)
  if (kept.error) throw new Stop(`${file}: ${kept.error.text}`)
  const { format, bytes } = kept.value
  if (format !== 'workbook') return await readOrStop<Sheet>(file, readSheet(bytes, kind, format))
  const one = await chooseSheet({ file, sheet, kind, bytes })
  return await readOrStop<Sheet>(file, readSheet(one.bytes, kind, 'sheet'))
}

/** A workbook with several sheets: the one that was named. Which one it is, is not guessed. */
async function chooseSheet({ file, sheet, kind, bytes }: Pick<Asked, 'file' | 'sheet' | 'kind'> & { bytes: Buffer }) {
  const names = (await readOrStop(file, sheetsOf(bytes, kind))).map(({ name }) => name)
  const list = names.join(', ')
  if (sheet === undefined) throw new Stop(`${file}: Say which sheet it is, with --sheet NAME. There is ${list}`)
  if (!names.includes(sheet)) throw new Stop(`${file}: There is no sheet ${sheet} with rows. There is ${list}`)
  return await readOrStop(file, keepSheet(bytes, sheet, kind))
}

async function readOrStop<T>(file: string, reading: Promise<Reading<T>>): Promise<T> {
  const read = await reading
  if (read.error) throw new Stop(`${file}: ${read.error.text}`)
  return read.value
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
