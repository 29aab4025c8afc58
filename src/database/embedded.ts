import { rename, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { chooseAccount, ownerOf } from './embedded/account.ts'
import {
  type Cluster,
  checkVersion,
  clusterFolder,
  findServer,
  hasCluster,
  makeCluster,
  type Settings,
  startServer,
  stopServer,
} from './embedded/cluster.ts'
import { makeHome, openDatabaseFolder } from './embedded/home.ts'
import { withLock } from './embedded/lock.ts'
import { findPrograms } from './embedded/programs.ts'
import { type DatabaseRecord, newRecord, newUser, readRecord, writeRecord } from './embedded/record.ts'
import { APP_ROLE, OWNER_ROLE, prepareDatabase, RETENTION_ROLE } from './embedded/roles.ts'

export { APP_ROLE, RETENTION_ROLE } from './embedded/roles.ts'

export interface EmbeddedDatabase {
  /** The app's own role, which owns nothing. */
  appUrl: string
  /** The role that empties what is kept no longer. */
  retentionUrl: string
  /** The role that owns the database and migrates it. */
  ownerUrl: string
  /** The server's superuser, signed in to the database `postgres`: for tests and repairs, never for the app. */
  adminUrl: string
  port: number
  /** Whether this process started the server, or found it running with nobody left to stop it. */
  startedHere: boolean
  /** Stops the server, unless another process still uses it: then the last of them does. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  dataDir: string
  log?: Log
  /** Settings of the server's own (`fsync` and the like), for when this call is the one that starts it. */
  settings?: Settings
  databaseName?: string
}

type Log = (message: string) => void

const ANSWER_PATIENCE_MS = 60_000

/**
 * Starts the PostgreSQL that comes with the app, with its files under `dataDir`, or joins the one that already runs
 * there: a command works beside the running app, and a server that outlived its app is taken over. The first start
 * makes the files, the roles and an empty database; whatever part of that was cut short is done again by the next.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  try {
    const folder = await openDatabaseFolder(options.dataDir)
    return await withLock(lockIn(folder), () => startOrJoin(folder, options))
  } catch (error) {
    throw isRefused(error) ? notOurs(error) : error
  }
}

/** Ends the server under `dataDir`, whoever uses it, and deletes everything there is about its database. */
export async function removeEmbedded(dataDir: string): Promise<void> {
  const folder = await openDatabaseFolder(dataDir)
  await withLock(lockIn(folder), async () => {
    const record = await readRecord(recordIn(folder))
    if (record === undefined) return
    const home = resolve(folder, record.home)
    if (hasCluster(home)) await stopServer(await describeCluster(folder, home))
    for (const files of [home, asideOf(home)]) await rm(files, { recursive: true, force: true, maxRetries: 5 })
  })
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function startOrJoin(folder: string, options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { log = () => {}, settings = {}, databaseName = 'loans' } = options
  const { cluster, record } = await openCluster(folder, log, settings)
  const { admin, port, isNew } = await reachServer(cluster, record, settings)
  try {
    await prepareDatabase(admin, databaseName, record.passwords)
  } finally {
    await admin.end()
  }
  const user = newUser()
  await writeRecord(recordIn(folder), { ...record, port, initialised: true, users: [...record.users, user] })
  const startedHere = isNew || record.users.length === 0
  log(startedHere ? `The database runs on port ${port}.` : `Using the database that already runs on port ${port}.`)

  let leaving: Promise<void> | undefined
  return {
    appUrl: urlFor(APP_ROLE, record.passwords.app, port, databaseName),
    retentionUrl: urlFor(RETENTION_ROLE, record.passwords.retention, port, databaseName),
    ownerUrl: urlFor(OWNER_ROLE, record.passwords.owner, port, databaseName),
    adminUrl: adminUrlFor(record, port),
    port,
    startedHere,
    stop: () => {
      leaving ??= leave(folder, cluster, user.token)
      return leaving
    },
  }
}

async function openCluster(folder: string, log: Log, settings: Settings) {
  const record = await readRecord(recordIn(folder))
  if (record !== undefined && hasCluster(homeOf(record, folder))) {
    const cluster = await describeCluster(folder, homeOf(record, folder))
    await checkVersion(cluster)
    return { cluster, record }
  }
  if (record?.initialised) throw lost(homeOf(record, folder), folder)
  log('Preparing the database for the first time. This takes a few seconds.')
  return await makeFirst(folder, log, settings)
}

/** The record is written before the files are made, so there are never files whose passwords nobody knows. */
async function makeFirst(folder: string, log: Log, settings: Settings) {
  const account = await chooseAccount()
  const { folder: home, elsewhere } = await makeHome(folder, account)
  if (elsewhere !== undefined) log(`The database files are kept in ${home}, because ${elsewhere}.`)
  if (hasCluster(home)) {
    if (elsewhere === undefined) throw withoutRecord(home, folder)
    log(`The database that was in ${home} is now in ${await setAside(folder, home)}.`)
    await makeHome(folder, account)
  }
  const record = newRecord(elsewhere === undefined ? relative(folder, home) : home)
  await writeRecord(recordIn(folder), record)

  const cluster = { home, account, logFile: logIn(folder), programs: await findPrograms(account, home) }
  await makeCluster(cluster, record.passwords.admin, settings.fsync !== 'off')
  return { cluster, record }
}

/**
 * People delete the data folder to begin again, and do not know of files that had to be kept elsewhere. Without the
 * passwords that were in the folder those are of little use, but they are somebody's data: the last of them are kept.
 */
async function setAside(folder: string, home: string): Promise<string> {
  await stopServer(await describeCluster(folder, home))
  await rm(asideOf(home), { recursive: true, force: true })
  await rename(home, asideOf(home))
  return asideOf(home)
}

async function describeCluster(folder: string, home: string): Promise<Cluster> {
  const account = await ownerOf(clusterFolder(home))
  return { home, account, logFile: logIn(folder), programs: await findPrograms(account, home) }
}

/** Signs in to the server, which is started unless it runs. One that is starting, recovering or stopping is waited for. */
async function reachServer(cluster: Cluster, record: DatabaseRecord, settings: Settings) {
  const deadline = Date.now() + ANSWER_PATIENCE_MS
  while (Date.now() < deadline) {
    const running = await findServer(cluster.home)
    const port = running ?? (await startServer(cluster, record.port, settings))
    const admin = await signIn(adminUrlFor(record, port))
    if (admin !== undefined) return { admin, port, isNew: running === undefined }
    await pause(200)
  }
  throw new Error(`The database server that runs in ${cluster.home} does not answer (see ${cluster.logFile})`)
}

/** Undefined when the server does not take connections at the moment. */
async function signIn(url: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url, application_name: 'embedded', connectionTimeoutMillis: 5_000 })
  // A connection that breaks between two statements shows in the next of them; unheard, it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    if (isPassing(error as Error & { code?: string })) return undefined
    throw error
  }
}

/** How a server answers, or fails to, while it starts, stops or breaks down. */
function isPassing({ code = '', message }: Error & { code?: string }): boolean {
  return ['ECONNREFUSED', 'ECONNRESET'].includes(code) || code.startsWith('57P') || /terminated|timeout/.test(message)
}

async function leave(folder: string, cluster: Cluster, token: string): Promise<void> {
  await withLock(lockIn(folder), async () => {
    const record = await readRecord(recordIn(folder))
    if (record === undefined) return
    const users = record.users.filter((user) => user.token !== token)
    if (users.length === 0) await stopServer(cluster)
    await writeRecord(recordIn(folder), { ...record, users })
  })
}

function urlFor(role: string, password: string, port: number, database: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

function adminUrlFor({ passwords }: DatabaseRecord, port: number): string {
  return urlFor('postgres', passwords.admin, port, 'postgres')
}

function homeOf(record: DatabaseRecord, folder: string): string {
  return resolve(folder, record.home)
}

const asideOf = (home: string) => `${home}.old`
const lockIn = (folder: string) => join(folder, 'lock')
const logIn = (folder: string) => join(folder, 'server.log')
const recordIn = (folder: string) => join(folder, 'connection.json')

function isRefused(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException).code === 'EACCES'
}

function notOurs(error: NodeJS.ErrnoException): Error {
  return new Error(
    `This account may not use ${error.path}. Start the app from the account that first started it, ` +
      'or set DATA_DIR to a folder of your own',
    { cause: error },
  )
}

function lost(home: string, folder: string): Error {
  return new Error(
    `The database files in ${home} are gone. Put them back from a copy, or delete ${folder} to begin with an empty database`,
  )
}

function withoutRecord(home: string, folder: string): Error {
  return new Error(
    `There is a database in ${home}, but ${recordIn(folder)} with its passwords is gone. ` +
      'Put that back from a copy, or move the database away to begin with an empty one',
  )
}
