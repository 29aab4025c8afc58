import { type ChildProcess, spawn } from 'node:child_process'
import { chown, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** PostgreSQL refuses to run as root. When the app is started as root, its server runs as this account. */
export interface Account {
  name: string
  uid: number
  gid: number
}

/** An account made for PostgreSQL where there is one, else the one made for owning nothing. */
const preferred = ['postgres', '_postgres', 'nobody']

/**
 * The account a new server is to run as; undefined means as whoever runs the app. The account must be listed, because
 * initdb asks for its name and stops when there is none.
 */
export async function chooseAccount(): Promise<Account | undefined> {
  if (!isRoot()) return undefined
  const accounts = (await listAccounts()).filter(({ uid }) => uid !== 0)
  const chosen = preferred.map((name) => accounts.find((account) => account.name === name)).find(Boolean) ?? accounts[0]
  if (chosen !== undefined) return chosen
  throw new Error(
    'PostgreSQL does not run as root, and /etc/passwd lists no other account for it. ' +
      'Start the app from another account, or set DATABASE_URL to a PostgreSQL server',
  )
}

/** The account that a server with existing files must run as: their owner. */
export async function ownerOf(folder: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined
  const { uid, gid } = await stat(folder)
  if (uid === 0)
    throw new Error(`PostgreSQL does not run as root, and ${folder} belongs to root: give it another owner`)
  const listed = (await listAccounts()).find((account) => account.uid === uid)
  return { name: listed?.name ?? `account ${uid}`, uid, gid }
}

/** What root writes in somebody's folder stays readable to them: `sudo npm start`, once, must not lock them out. */
export async function giveToFolderOwner(path: string): Promise<void> {
  if (!isRoot()) return
  const { uid, gid } = await stat(dirname(path))
  await chown(path, uid, gid)
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function listAccounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n')
  return lines.flatMap((line) => {
    const [name = '', , uid, gid] = line.split(':')
    return name !== '' && Number.isInteger(Number(uid)) ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}

interface RunOptions {
  account: Account | undefined
  /** An open file to write everything to, for a program that leaves a server behind. */
  outputTo?: number
}

export interface Outcome {
  succeeded: boolean
  output: string
}

/** Runs one of PostgreSQL's programs to its end. Never throws: a program that cannot be started has failed. */
export async function run(program: string, args: string[], { account, outputTo }: RunOptions): Promise<Outcome> {
  const child = spawn(program, args, {
    ...(account && { uid: account.uid, gid: account.gid }),
    // The app's own folder may be closed to the account, and a program cannot start in a folder it may not enter.
    ...(account && { cwd: '/' }),
    env: plainEnvironment(),
    stdio: ['ignore', outputTo ?? 'pipe', outputTo ?? 'pipe'],
  })
  return await outcomeOf(child)
}

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = ''
    const collect = (part: Buffer) => {
      output += part.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', (error) => resolve({ succeeded: false, output: error.message }))
    child.on('close', (code) => resolve({ succeeded: code === 0, output: output.trim() }))
  })
}

/**
 * What a program of PostgreSQL's needs of the environment, and no more: the server may run as another account, which
 * should not be able to read the app's secrets, and settings such as PGPORT or PGDATA are meant for another server.
 * Messages are in English, since some are acted on.
 */
function plainEnvironment(): NodeJS.ProcessEnv {
  const needed = ['PATH', 'SystemRoot', 'TEMP', 'TMP']
  const kept = needed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
