import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { copyOut } from './copy-protocol.ts'
import { BackupProblem, codeOf, END_OF_TABLE, type Manifest, TITLE } from './format.ts'
import { listTables, measure, readAlike, readCounters, type Table } from './tables.ts'

/**
 * Copies one moment of the whole database into a file, while people work. The file is there whole or not at all, and
 * nobody but its owner may read it. Refuses (BackupProblem) to write over another.
 */
export async function writeBackup(ownerUrl: string, file: string, now: Date): Promise<Manifest> {
  // said before the work; the link below keeps whoever was quicker
  if (existsSync(file)) throw isThere(file)
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'backup' })
  owner.on('error', () => {})
  await owner.connect()
  try {
    const manifest = await writeSnapshot(owner, part, now)
    // in place of a rename, which would silently take the place of what is there
    await link(part, file)
    return manifest
  } catch (error) {
    throw whyNotWritten(error, file)
  } finally {
    await rm(part, { force: true })
    await owner.end()
  }
}

async function writeSnapshot(owner: pg.Client, part: string, now: Date): Promise<Manifest> {
  await readAlike(owner)
  const tables = await listTables(owner)
  await owner.query('begin isolation level repeatable read read only')
  // Whoever wants to change a table's columns waits until it has been read.
  const names = [...tables.map(({ name }) => name), 'kysely_migration']
  await owner.query(`lock table ${names.join(', ')} in access share mode`)
  const manifest = await describe(owner, tables, now)

  const gzip = createGzip({ level: 6 })
  const output = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true })
  const written = pipeline(gzip, output)
  // waited for below: what goes wrong before then must not end the process
  written.catch(() => {})
  const write = async (bytes: string | Buffer) => {
    if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), written])
  }
  try {
    await write(`${TITLE}\n${JSON.stringify(manifest)}\n`)
    for (const { name, columns } of tables) {
      await copyOut(owner, `copy ${name} (${columns.join(', ')}) to stdout`, write)
      await write(END_OF_TABLE)
    }
    gzip.end()
    await written
  } catch (error) {
    gzip.destroy()
    await written.catch(() => {})
    throw error
  }
  await owner.query('commit')
  return manifest
}

async function describe(owner: pg.Client, tables: Table[], now: Date): Promise<Manifest> {
  const measured = []
  for (const table of tables) measured.push({ ...table, ...(await measure(owner, table)) })
  const { rows: made } = await owner.query<{ name: string }>('select name from kysely_migration order by name')
  const { rows: queue } = await owner.query<{ version: number }>(
    'select coalesce(max(id), 0)::int as version from graphile_worker.migrations',
  )
  const { rows: server } = await owner.query<{ server_version: string }>('show server_version')
  return {
    made_at: now.toISOString(),
    server: server[0]?.server_version ?? '',
    migrations: made.map(({ name }) => name),
    queue: queue[0]?.version ?? 0,
    tables: measured,
    counters: await readCounters(owner),
  }
}

function whyNotWritten(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code === 'EEXIST') return isThere(file)
  if (code === 'ENOENT') return new BackupProblem(`There is no folder ${dirname(file)}`)
  if (code === 'EACCES' || code === 'EROFS') return new BackupProblem(`Nothing may be written into ${dirname(file)}`)
  if (code === 'ENOSPC') return new BackupProblem('The disk is full. No copy was made')
  if (code === '42P01') return new BackupProblem('There is nothing to copy yet: the database has no tables')
  return error
}

function isThere(file: string): BackupProblem {
  return new BackupProblem(`There is a file ${file}. Copies are not written over: name another`)
}
