import { existsSync } from 'node:fs'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Account, giveToFolderOwner, type Outcome, run } from './account.ts'
import { isServerIn, isTaken } from './processes.ts'
import type { Programs } from './programs.ts'

/** One PostgreSQL server: its files, the programs that work on them, and the account they run as. */
export interface Cluster {
  home: string
  logFile: string
  account: Account | undefined
  programs: Programs
}

export type Settings = Record<string, string>

const START_PATIENCE_MS = 60_000
/** Far above the highest process id that any system gives out. */
const NO_PROCESS = 2_147_483_646

/**
 * How text sorts and compares comes from PostgreSQL itself, so it is the same on every machine. Which bytes are letters
 * still comes from the system for similarity search: without a UTF-8 locale it takes "Zoë" for "zo". Not every system
 * has the first of these, none lacks the last.
 */
const letterLocales = ['C.UTF-8', 'en_US.UTF-8', 'C']

const usualSettings: Settings = {
  listen_addresses: '127.0.0.1',
  // The path of a socket may be at most 107 characters long, and a checkout can lie deeper than that.
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  shared_buffers: '128MB',
  max_connections: '100',
  // An error's text can hold what somebody typed or who somebody is. The app reports its own errors; this log is for
  // the server's, and keeps statements and row contents out of those as well.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

export function clusterFolder(home: string): string {
  return join(home, 'cluster')
}

export function hasCluster(home: string): boolean {
  return existsSync(join(clusterFolder(home), 'PG_VERSION'))
}

/** Makes the server's files beside their place and then renames them: what initdb left half done is never used. */
export async function makeCluster(cluster: Cluster, adminPassword: string, synced: boolean): Promise<void> {
  const { home, account } = cluster
  await removeHalfDone(home)
  const draft = join(home, `cluster.new-${process.pid}`)
  const passwordFile = `${draft}.password`
  await writePrivately(passwordFile, adminPassword, account)
  const made = await runInitdb(cluster, draft, passwordFile, synced)
  await rm(passwordFile)
  if (!made.succeeded) throw notMade(home, made.output)
  await rename(draft, clusterFolder(home))
}

function notMade(home: string, output: string): Error {
  const isNameless = output.includes('could not look up effective user ID')
  const advice = isNameless ? '. List the account in /etc/passwd, or set DATABASE_URL to a PostgreSQL server' : ''
  return new Error(`The database files could not be made in ${home}: ${output}${advice}`)
}

async function runInitdb({ account, programs }: Cluster, folder: string, passwordFile: string, synced: boolean) {
  const options = ['--pgdata', folder, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  options.push('--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C')
  options.push('--no-instructions', ...(synced ? [] : ['--no-sync']))
  let outcome: Outcome = { succeeded: false, output: '' }
  for (const locale of letterLocales) {
    outcome = await run(programs.initdb, [...options, `--lc-ctype=${locale}`], { account })
    if (!outcome.output.includes('invalid locale name')) break
  }
  return outcome
}

async function removeHalfDone(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('cluster.new-')) await rm(join(home, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

async function writePrivately(path: string, text: string, account: Account | undefined): Promise<void> {
  // Made new, never an existing file: the folder is the account's, and a link that it put there could point anywhere.
  const file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
  if (account !== undefined) await file.chown(account.uid, account.gid)
  await file.close()
}

/** Refuses files of another major version, which PostgreSQL does not read. */
export async function checkVersion({ home, programs }: Cluster): Promise<void> {
  const version = (await readFile(join(clusterFolder(home), 'PG_VERSION'), 'utf8')).trim()
  if (version === programs.majorVersion) return
  throw new Error(
    `The database in ${clusterFolder(home)} was made by PostgreSQL ${version}, and this version of the app brings ` +
      `PostgreSQL ${programs.majorVersion}, which cannot read it. Start the version of the app that made it and copy ` +
      'the data out with pg_dump, or move the folder away to begin with an empty database',
  )
}

/** The port of the server that works on these files, or undefined when none does. */
export async function findServer(home: string): Promise<number | undefined> {
  const path = join(clusterFolder(home), 'postmaster.pid')
  // The server writes one thing a line: process id, folder, start time, port, ...
  const [pid, , , port] = (await readFile(path, 'utf8').catch(() => '')).split('\n').map(Number)
  if (pid === undefined || !(pid > 0)) return undefined
  return isServerIn(clusterFolder(home), pid) ? port : undefined
}

/**
 * Starts a server, where {@link findServer} found none, on `port` if that is free, else on another, and answers with the port. The settings are given anew at
 * every start, so that a later version of the app can change them.
 */
export async function startServer(cluster: Cluster, port: number, settings: Settings): Promise<number> {
  await disownOldPid(cluster)
  const deadline = Date.now() + START_PATIENCE_MS
  for (let wanted = await freePort(port); ; wanted = await freePort(0)) {
    const started = await tryStart(cluster, { ...usualSettings, ...settings, port: `${wanted}` })
    if (started.succeeded) return wanted
    if (!canTryAgain(started.output) || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start (see ${cluster.logFile}): ${started.output}`)
    }
    await pause(200)
  }
}

async function tryStart({ home, logFile, account, programs }: Cluster, settings: Settings): Promise<Outcome> {
  const log = await open(logFile, 'a+', 0o600)
  try {
    await giveToFolderOwner(logFile)
    const { size } = await log.stat()
    const options = ['start', '--wait', '--timeout=300', '--silent', '--pgdata', clusterFolder(home)]
    options.push('--options', commandLine(settings))
    const { succeeded } = await run(programs.pgCtl, options, { account, outputTo: log.fd })
    const { buffer, bytesRead } = await log.read({ position: size })
    return { succeeded, output: buffer.toString('utf8', 0, bytesRead).trim() }
  } finally {
    await log.close()
  }
}

/** pg_ctl hands this to a shell, so a value that a shell would read something into is refused. */
function commandLine(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      if (!/^[\w./, :-]*$/.test(value)) throw new Error(`The setting ${name} cannot be ${value}`)
      return `-c "${name}=${value}"`
    })
    .join(' ')
}

/**
 * Somebody may have taken the port since it was found free; and after a server was killed its own processes take a
 * moment to notice and to let go of the memory they shared.
 */
function canTryAgain(output: string): boolean {
  return /could not bind|could not create any TCP\/IP sockets|pre-existing shared memory block/.test(output)
}

/**
 * After a crash the id in postmaster.pid may by now be another program's, and PostgreSQL would take that for a running
 * server: in a container, where every start gives out the same ids, that is the rule. The id is replaced by one that no
 * process can have. The rest stays, because it tells PostgreSQL what memory to look at for processes of the old server
 * that are still writing; simply removing the file would let two servers' processes write to the same files.
 */
async function disownOldPid({ home, account }: Cluster): Promise<void> {
  const path = join(clusterFolder(home), 'postmaster.pid')
  const content = await readFile(path, 'utf8').catch(() => '')
  const pid = Number.parseInt(content, 10)
  if (!(pid > 0) || !isTaken(pid)) return
  await rm(`${path}.new`, { force: true })
  await writePrivately(`${path}.new`, content.replace(/^\d+/, `${NO_PROCESS}`), account)
  await rename(`${path}.new`, path)
}

/** Lets statements be cut off and rolled back, and waits for the end. Does nothing when no server runs. */
export async function stopServer({ home, account, programs }: Cluster): Promise<void> {
  if ((await findServer(home)) === undefined) return
  const options = ['stop', '--wait', '--silent', '--mode=fast', '--pgdata', clusterFolder(home)]
  const stopped = await run(programs.pgCtl, options, { account })
  // It may also have ended by itself in the meantime.
  if (!stopped.succeeded && (await findServer(home)) !== undefined) {
    throw new Error(`PostgreSQL did not stop: ${stopped.output}`)
  }
}

function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted))
    })
  })
}
