/**
 * Is `src/database/schema.ts` what the migrations make? Migrates an empty database on a PostgreSQL of its own, writes
 * down its types, and compares. `npm run schema` (`--write`) saves them.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cli } from 'kysely-codegen'
import { removeEmbedded, startEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'

const file = 'src/database/schema.ts'

const made = await describeMigrated()

if (process.argv.includes('--write')) await writeFile(file, made)
else compare(await readFile(file, 'utf8'), made)

async function describeMigrated(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'schema-'))
  try {
    const postgres = await startEmbedded({ dataDir: folder, settings: { fsync: 'off' } })
    try {
      await migrate(postgres.ownerUrl, { appRole: new URL(postgres.appUrl).username })
      return await describeTables(postgres.ownerUrl)
    } finally {
      await postgres.stop()
    }
  } finally {
    await removeEmbedded(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

/** The types are those that the connection reads: see the parsers of `src/database/connection.ts`. */
function describeTables(url: string): Promise<string> {
  return new Cli().generate({
    url,
    outFile: null,
    dialect: 'postgres',
    camelCase: false,
    dateParser: 'string',
    numericParser: 'number',
    typeMapping: { int8: 'number', timestamptz: 'ColumnType<string, Date | string, Date | string>' },
    excludePattern: '{kysely_*,graphile_worker.*}',
    runtimeEnums: false,
    logLevel: 'silent',
  })
}

function compare(saved: string, wanted: string): void {
  if (saved === wanted) return
  console.error(`${file} is not what the migrations make:`)
  for (const line of linesOnlyIn(saved, wanted)) console.error(`- ${line}`)
  for (const line of linesOnlyIn(wanted, saved)) console.error(`+ ${line}`)
  console.error('Run npm run schema, and commit what it writes')
  process.exitCode = 1
}

/** Good enough to point at the column: each line with the table that it stands under. */
function linesOnlyIn(text: string, other: string): string[] {
  const known = new Set(linesWithTable(other))
  return linesWithTable(text).filter((line) => !known.has(line))
}

function linesWithTable(text: string): string[] {
  let table = ''
  return text.split('\n').map((line) => {
    table = /^export (?:interface|type) (\w+)/.exec(line)?.[1] ?? table
    return `${table}: ${line.trim()}`
  })
}
