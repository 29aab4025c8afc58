import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { giveToFolderOwner } from './account.ts'
import { identify, isRunning } from './processes.ts'

/** What must outlive the process: how to sign in to the server, where its files are, and who is using it. */
export interface DatabaseRecord {
  passwords: { admin: string; owner: string; app: string; retention: string }
  port: number
  /** The folder with the server's files, seen from the folder this record is in: the data folder may be moved. */
  home: string
  /** Once true, missing files are a loss to report, and no longer a beginning. */
  initialised: boolean
  /** The processes that use the server, so that the last of them stops it: a command may outlive the app it joined. */
  users: User[]
}

interface User {
  process: string
  /** Tells two uses by one process apart. */
  token: string
}

export async function readRecord(path: string): Promise<DatabaseRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as DatabaseRecord
    // a folder of before there was such a role
    const passwords = { ...record.passwords, retention: record.passwords.retention ?? newPassword() }
    return { ...record, passwords, users: record.users.filter((user) => isRunning(user.process)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces the whole file at once, so that a process killed here leaves the old record or the new one. */
export async function writeRecord(path: string, record: DatabaseRecord): Promise<void> {
  const draft = `${path}.new`
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true })
  await giveToFolderOwner(draft)
  await rename(draft, path)
}

export function newRecord(home: string): DatabaseRecord {
  const passwords = { admin: newPassword(), owner: newPassword(), app: newPassword(), retention: newPassword() }
  return { passwords, port: 0, home, initialised: false, users: [] }
}

export function newUser(): User {
  return { process: identify(process.pid) ?? '', token: randomBytes(8).toString('hex') }
}

function newPassword(): string {
  return randomBytes(24).toString('base64url')
}
