import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { APP_ROLE, admitOurRoles, OWNER_ROLE } from '../src/database/embedded/roles.ts'
import { type EmbeddedDatabase, startEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { fillDatabase } from './fill.ts'
import { findBroken } from './invariants.ts'
import { fillReference } from './reference-data.ts'

type Log = (message: string) => void

/** A PostgreSQL of the benchmark's own, as the app starts one for its users, with the data kept from run to run. */
export interface Bench {
  server: EmbeddedDatabase
  log: Log
}

/** The data says "84 days ago" and means today; older than this it has too many overdue loans to be typical. */
const KEPT_DAYS = 3

export async function openBench(folder: string, log: Log): Promise<Bench> {
  mkdirSync(folder, { recursive: true })
  // root's server runs as another account, which has to reach its files
  chmodSync(folder, 0o711)
  // Filling writes gigabytes: fewer checkpoints save a third of it. While pages are measured there is none.
  const settings = { shared_buffers: '1GB', max_wal_size: '4GB', checkpoint_timeout: '30min' }
  const server = await startEmbedded({ dataDir: folder, settings, databaseName: 'bench' })
  return { server, log }
}

export interface KeptDatabase {
  name: string
  appUrl: string
  adminUrl: string
}

/** The database with so many loan lines: the one of last time, with today's schema, or a new one. */
export async function keptDatabase(bench: Bench, lines: number, fresh: boolean): Promise<KeptDatabase> {
  const name = `lines_${lines}`
  const kept = addressesOf(bench, name)
  const isKept = await keepOrMake(bench, name, linesVersion(), fresh)
  const isCurrent = await migrated(bench, name)
  // made under migrations that have been renamed or put in another order since
  if (!isCurrent && isKept) return await keptDatabase(bench, lines, true)
  if (!isCurrent) throw new Error('The migrations do not run on an empty database')
  if (isKept) return kept
  bench.log(`Making ${lines.toLocaleString('en')} loan lines`)
  await fillDatabase(kept.adminUrl, lines, bench.log)
  const broken = await findBroken(kept.adminUrl)
  if (broken.length > 0) throw new Error(`The data breaks what the app keeps:\n${broken.join('\n')}`)
  await noteMade(bench, name, linesVersion())
  return kept
}

async function migrated(bench: Bench, name: string): Promise<boolean> {
  const url = withDatabase(bench.server.ownerUrl, name)
  return await migrate(url, { appRole: APP_ROLE }).then(
    () => true,
    (error: Error) => {
      bench.log(`${name}: ${error.message}`)
      return false
    },
  )
}

/** The tables behind the reference pages. */
export async function keptReference(bench: Bench, items: number, fresh: boolean): Promise<KeptDatabase> {
  const name = `reference_${items}`
  const kept = addressesOf(bench, name)
  if (await keepOrMake(bench, name, referenceVersion(), fresh)) return kept
  bench.log('Making the data of the reference pages')
  await fillReference(kept.adminUrl, items)
  await noteMade(bench, name, referenceVersion())
  return kept
}

/** A copy to write into: what is measured always begins with the same data. */
export async function copyOf(bench: Bench, kept: KeptDatabase): Promise<KeptDatabase> {
  const copy = addressesOf(bench, `${kept.name}_copy`)
  await asAdmin(bench, async (admin) => {
    await admin.query(`drop database if exists ${copy.name} with (force)`)
    await admin.query(`create database ${copy.name} template ${kept.name} strategy file_copy owner ${OWNER_ROLE}`)
    await admitOurRoles(admin, copy.name)
  })
  return copy
}

export async function dropCopy(bench: Bench, copy: KeptDatabase): Promise<void> {
  await asAdmin(bench, async (admin) => void (await admin.query(`drop database if exists ${copy.name} with (force)`)))
}

/** Whether the database is there and of this version; if not, an empty one is. */
async function keepOrMake(bench: Bench, name: string, version: string, fresh: boolean): Promise<boolean> {
  let isKept = false
  await asAdmin(bench, async (admin) => {
    const note = await noteOf(admin, name)
    isKept = !fresh && note?.version === version && Date.now() - note.madeAt < KEPT_DAYS * 24 * 3_600_000
    if (isKept) return
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(`create database ${name} owner ${OWNER_ROLE}`)
    await admitOurRoles(admin, name)
  })
  return isKept
}

async function noteOf(admin: pg.Client, name: string): Promise<{ version: string; madeAt: number } | undefined> {
  const { rows } = await admin.query<{ note: string | null }>(
    `select shobj_description(oid, 'pg_database') as note from pg_database where datname = $1`,
    [name],
  )
  const [version, madeAt] = rows[0]?.note?.split(' ') ?? []
  return version === undefined ? undefined : { version, madeAt: Number(madeAt) }
}

/** Written when all else is done: what was cut short has no note, and is made anew. */
async function noteMade(bench: Bench, name: string, version: string): Promise<void> {
  await asAdmin(bench, async (admin) => {
    await admin.query(`comment on database ${name} is ${admin.escapeLiteral(`${version} ${Date.now()}`)}`)
  })
}

const linesVersion = () => hashOf('fill.ts')
const referenceVersion = () => hashOf('reference-data.ts')

function hashOf(file: string): string {
  return createHash('sha256')
    .update(readFileSync(new URL(file, import.meta.url)))
    .digest('hex')
    .slice(0, 16)
}

async function asAdmin({ server }: Bench, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: server.adminUrl, application_name: 'bench' })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

function addressesOf({ server }: Bench, name: string): KeptDatabase {
  return { name, appUrl: withDatabase(server.appUrl, name), adminUrl: withDatabase(server.adminUrl, name) }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
