import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { migrate, migrationNames } from '../migrate.ts'
import { copyIn } from './copy-protocol.ts'
import { BackupProblem, BackupReader, codeOf, damaged, type Manifest } from './format.ts'
import { listTables, measure, readAlike } from './tables.ts'

export interface Restored {
  manifest: Manifest
  /** What the database has, table by table; it is what the copy says, or nothing would have been restored. */
  tables: Manifest['tables']
}

/** What a migration fills by itself: these may have rows in a database that counts as empty. */
const filledByMigrations = ['public.item_categories', 'public.turnaround_step_rules']

/**
 * Puts a copy into an empty database, as the role that owns it: the schema as it was, the rows, what counts them on, and
 * then the migrations made since. Compares every table with the manifest before anything is kept. Refuses (BackupProblem)
 * a file that is damaged or of a newer version, and a database with rows or with another schema.
 */
export async function restoreBackup(
  database: { ownerUrl: string; appRole: string; retentionRole?: string | null },
  file: string,
  log: (message: string) => void = () => {},
): Promise<Restored> {
  return await readBackup(file, async (reader) => {
    const manifest = await reader.manifest()
    await refuseNewer(manifest)
    await refuseOtherSchema(database.ownerUrl, manifest)
    await migrate(database.ownerUrl, { appRole: database.appRole, until: manifest.migrations.at(-1) })
    const tables = await withOwner(database.ownerUrl, (owner) => load(owner, reader, manifest, log))
    await migrate(database.ownerUrl, { ...database, log })
    await withOwner(database.ownerUrl, async (owner) => void (await owner.query('analyze')))
    return { manifest, tables }
  })
}

async function readBackup<T>(file: string, read: (reader: BackupReader) => Promise<T>): Promise<T> {
  const gunzip = createGunzip()
  const input = createReadStream(file)
  const opened = pipeline(input, gunzip)
  // heard here, and told by whoever reads
  opened.catch(() => {})
  try {
    return await read(new BackupReader(gunzip))
  } catch (error) {
    throw whyNotRead(error, file)
  } finally {
    input.destroy()
    gunzip.destroy()
  }
}

function whyNotRead(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code === 'ENOENT') return new BackupProblem(`There is no file ${file}`)
  if (code === 'EISDIR') return new BackupProblem(`${file} is a folder`)
  if (code === 'EACCES') return new BackupProblem(`${file} may not be read`)
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code.startsWith('Z_')) return damaged()
  return error
}

async function refuseNewer({ migrations }: Manifest): Promise<void> {
  const known = new Set(await migrationNames())
  const unknown = migrations.filter((name) => !known.has(name))
  if (unknown.length === 0) return
  throw new BackupProblem(
    `The copy is of a newer version of this service (it has ${unknown.at(-1)}). Restore it with that version`,
  )
}

async function refuseOtherSchema(ownerUrl: string, { migrations }: Manifest): Promise<void> {
  const made = await withOwner(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ is_there: boolean }>(
      `select to_regclass('public.kysely_migration') is not null as is_there`,
    )
    if (!rows[0]?.is_there) return []
    const { rows: names } = await owner.query<{ name: string }>('select name from kysely_migration order by name')
    return names.map(({ name }) => name)
  })
  const more = made.filter((name) => !migrations.includes(name))
  if (more.length === 0) return
  throw new BackupProblem(
    `The database has tables of a newer version than the copy (it has ${more.at(-1)}). Restore into a database that was just created`,
  )
}

/** All of it in one transaction: what does not come out as the manifest says leaves the database as empty as it was. */
async function load(
  owner: pg.Client,
  reader: BackupReader,
  manifest: Manifest,
  log: (message: string) => void,
): Promise<Manifest['tables']> {
  await readAlike(owner)
  await owner.query('begin')
  const tables = new Map((await listTables(owner)).map((table) => [table.name, table]))
  refuseStrangeTables(manifest, new Set(tables.keys()))
  const names = [...tables.keys()]
  await owner.query(`lock table ${names.join(', ')} in access exclusive mode`)
  await refuseRows(owner, names)
  // The rows agreed with every rule when they were written, in an order that nobody remembers.
  for (const name of names) await owner.query(`alter table ${name} disable trigger user`)
  const references = await dropReferences(owner)
  for (const name of filledByMigrations) await owner.query(`delete from ${name}`)

  for (const { name, columns } of manifest.tables) {
    log(`Restoring ${name}`)
    await copyIn(owner, `copy ${name} (${columns.join(', ')}) from stdin`, reader.rows()).catch((error: unknown) => {
      throw isOurs(error) ? error : damaged()
    })
  }
  await reader.end()
  for (const { name, value, isCalled } of manifest.counters) {
    await owner.query('select setval($1::regclass, $2, $3)', [name, value, isCalled])
  }
  const restored = await compare(owner, manifest)
  for (const { table, name, definition } of references) {
    await owner.query(`alter table ${table} add constraint ${name} ${definition}`)
  }
  for (const name of names) await owner.query(`alter table ${name} enable trigger user`)
  await owner.query('commit')
  return restored
}

/** A gzip error, or one that we worded. What PostgreSQL refuses to read as rows can only be damage. */
function isOurs(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true
  return !/^(?:22|23)/.test(error.code ?? '')
}

function refuseStrangeTables(manifest: Manifest, here: Set<string>): void {
  const strange = manifest.tables.find(({ name }) => !here.has(name))
  if (strange) throw new BackupProblem(`The copy has a table that this version does not know: ${strange.name}`)
}

async function refuseRows(owner: pg.Client, names: string[]): Promise<void> {
  for (const name of names) {
    if (filledByMigrations.includes(name)) continue
    const { rows } = await owner.query<{ has_rows: boolean }>(`select exists (select from ${name}) as has_rows`)
    if (rows[0]?.has_rows) {
      throw new BackupProblem(
        `The database is not empty (${name} has rows). Nothing was changed: restore into a new one`,
      )
    }
  }
}

/** Tables refer to each other in circles, so that no order of filling them would do. Put back, each is checked as a whole. */
async function dropReferences(owner: pg.Client) {
  const { rows } = await owner.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(pg_constraint.oid) as definition
     from pg_constraint join pg_namespace on pg_namespace.oid = connamespace
     where contype = 'f' and nspname in ('public', 'graphile_worker') and conparentid = 0`,
  )
  for (const { table, name } of rows) await owner.query(`alter table ${table} drop constraint ${name}`)
  return rows
}

async function compare(owner: pg.Client, manifest: Manifest): Promise<Manifest['tables']> {
  const restored: Manifest['tables'] = []
  for (const { name, columns, rows, checksum } of manifest.tables) {
    const now = await measure(owner, { name, columns })
    if (now.rows !== rows || now.checksum !== checksum) {
      throw new BackupProblem(
        `${name} came out with ${now.rows} rows, and should have ${rows} with the same checksum. Nothing was restored`,
      )
    }
    restored.push({ name, columns, ...now })
  }
  return restored
}

async function withOwner<T>(ownerUrl: string, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'restore' })
  owner.on('error', () => {})
  await owner.connect()
  try {
    return await work(owner)
  } finally {
    await owner.end()
  }
}
