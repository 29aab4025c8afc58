import { rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { chooseAccount, ownerOf } from './embedded/account.ts'
import * as cluster from './embedded/cluster.ts'
import { makeHome, openDatabaseFolder } from './embedded/home.ts'
import { withLock } from './embedded/lock.ts'
import { findPrograms } from './embedded/programs.ts'
import { type DatabaseRecord, newRecord, newUser, readRecord, writeRecord } from './embedded/record.ts'
import { APP_ROLE, OWNER_ROLE, prepareDatabase } from './embedded/roles.ts'

export interface EmbeddedDatabase {
  /** The app's own role, which owns nothing. */
  appUrl: string
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
  log?: (message: string) => void
  /** Settings of the server's own (`fsync` and the like), for when this call is the one that starts it. */
  settings?: Record<string, string>
  databaseName?: string
}

const ANSWER_PATIENCE_MS = 60_000

/**
 * Starts the PostgreSQL that comes with the app, with its files under `dataDir`, or joins the one that already runs
 * there: a command works beside the running app, and a server that outlived its app is taken over. The first start
 * makes the files, the roles and an empty database; whatever part of that was cut short is done again by the next.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const folder = await openDatabaseFolder(options.dataDir)
  return await withLock(lockIn(folder), () => startOrJoin(folder, options))
}

/** Ends the server under `dataDir`, whoever uses it, and deletes everything there is about its database. */
export async function removeEmbedded(dataDir: string): Promise<void> {
  const folder = await openDatabaseFolder(dataDir)
  await withLock(lockIn(folder), async () => {
    const record = await readRecord(recordIn(folder))
    if (record === undefined) return
    const home = resolve(folder, record.home)
    if (cluster.hasCluster(home)) await cluster.stopServer(await describeCluster(folder, home))
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  })
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

type Log = (message: string) => void

async function startOrJoin(
  folder: string,
  { log = () => {}, settings = {}, databaseName = 'loans' }: EmbeddedOptions,
): Promise<EmbeddedDatabase> {
  const record = (await readRecord(recordIn(folder))) ?? newRecord('home')
  const server = await openCluster(folder, record, { log, isSynced: settings.fsync !== 'off' })
  const isAlone = record.users.length === 0
  const { admin, port, isNew } = await reachServer(server, record, settings, log)
  try {
    await prepareDatabase(admin, databaseName, record.passwords)
  } finally {
    await admin.end()
  }

  const user = newUser()
  await writeRecord(recordIn(folder), { ...record, port, users: [...record.users, user] })
  let leaving: Promise<void> | undefined
  return {
    appUrl: urlFor(APP_ROLE, record.passwords.app, port, databaseName),
    ownerUrl: urlFor(OWNER_ROLE, record.passwords.owner, port, databaseName),
    adminUrl: adminUrlFor(record, port),
    port,
    startedHere: isNew || isAlone,
    stop: () => {
      leaving ??= leave(folder, server, user.token)
      return leaving
    },
  }
}

/** Answers with the server's files, made if need be. The record is written first: files always have their passwords. */
async function openCluster(
  folder: string,
  record: DatabaseRecord,
  { log, isSynced }: { log: Log; isSynced: boolean },
): Promise<cluster.Cluster> {
  const known = resolve(folder, record.home)
  if (record.initialised || cluster.hasCluster(known)) {
    refuseLost(folder, record, known)
    const existing = await describeCluster(folder, known)
    await cluster.checkVersion(existing)
    return existing
  }

  log('Preparing the database for the first time. This takes a few seconds.')
  const account = await chooseAccount()
  const { folder: home, elsewhere } = await makeHome(folder, account)
  if (elsewhere !== undefined) log(`The database files are kept in ${home}, because ${elsewhere}.`)
  if (cluster.hasCluster(home)) throw withoutPasswords(folder, home)
  record.home = elsewhere === undefined ? relative(folder, home) : home
  await writeRecord(recordIn(folder), record)

  const fresh = { home, account, logFile: logIn(folder), programs: await findPrograms(account, home) }
  await cluster.makeCluster(fresh, record.passwords.admin, isSynced)
  record.initialised = true
  await writeRecord(recordIn(folder), record)
  return fresh
}
