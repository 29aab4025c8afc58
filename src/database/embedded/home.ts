import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, realpath, rmdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Account, isRoot, run } from './account.ts'

const APP = 'manage-digital-inclusion-loans'

export interface Home {
  folder: string
  /** Why the files are not in the data folder, where people would look for them. */
  elsewhere?: string
}

/** The folder within the data folder that holds all there is about the database. Made when missing. */
export async function openDatabaseFolder(dataDir: string): Promise<string> {
  // Root's server runs as another account, which must be able to walk through; nobody but the owner may look inside.
  const mode = isRoot() ? 0o711 : 0o700
  const folder = join(dataDir, 'postgres')
  for (const missing of [dataDir, folder]) {
    const made = await mkdir(missing, { recursive: true })
    if (made !== undefined) await chmod(missing, mode)
  }
  return await realpath(folder)
}

/**
 * Finds and makes a folder for the server's files, which must belong to the account it runs as and be closed to others:
 * PostgreSQL insists. Below root's own folder the account cannot reach it; a drive shared with Windows or with a virtual
 * machine may know no owners.
 */
export async function makeHome(databaseFolder: string, account: Account | undefined): Promise<Home> {
  const own = join(databaseFolder, 'home')
  if (await fits(own, account)) return { folder: own }

  const reason = account ? `the account ${account.name} cannot use ${own}` : `${own} cannot be closed to other people`
  const shared = join(isRoot() ? '/var/lib' : join(homedir(), '.local', 'share'), APP, nameFor(databaseFolder))
  if (await fits(shared, account)) return { folder: shared, elsewhere: reason }

  const passing = await mkdtemp(`/var/tmp/${APP}-`)
  if (await fits(passing, account)) return { folder: passing, elsewhere: `${reason}, nor ${shared}` }
  throw new Error(`There is no place for the database files: ${reason}, nor ${shared}, nor ${passing}`)
}

async function fits(folder: string, account: Account | undefined): Promise<boolean> {
  try {
    await makePrivate(folder, account)
    const { mode } = await stat(folder)
    const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0
    if (isPrivate && (await canWrite(folder, account))) return true
  } catch {
    // Not possible here: the next place is tried, and the last one's failure is told.
  }
  // Only if it is empty: what is in it may be a database.
  await rmdir(folder).catch(() => {})
  return false
}

async function makePrivate(folder: string, account: Account | undefined): Promise<void> {
  const parent = dirname(folder)
  const made = await mkdir(parent, { recursive: true })
  if (made !== undefined && account !== undefined) await chmod(parent, 0o711)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o700)
  if (account !== undefined) await chown(folder, account.uid, account.gid)
}

/** Asked of the account itself: rights can also come from access lists and mount options. */
async function canWrite(folder: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true
  const { succeeded } = await run('/bin/sh', ['-c', 'test -x "$0" && test -w "$0"', folder], { account })
  return succeeded
}

/** The same data folder finds the same place again, and two checkouts never share one. */
function nameFor(databaseFolder: string): string {
  return createHash('sha256').update(databaseFolder).digest('hex').slice(0, 16)
}
