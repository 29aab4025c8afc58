import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { identify, isRunning } from './processes.ts'

const PATIENCE_MS = 120_000
const NAMING_MS = 10_000

/**
 * Runs `work` while no other process holds the lock file at `path`. A lock whose holder has died is taken over.
 *
 * Node has no lock that the operating system lets go when a process dies, so the file names its holder.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  await acquire(path)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function acquire(path: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!(await claim(path))) {
    const lock = await readLock(path)
    if (lock !== undefined && isAbandoned(lock)) await discard(path)
    else if (Date.now() < deadline) await pause(50)
    else throw new Error(`Another process (${lock?.holder}) has held ${path} for two minutes`)
  }
}

/** The file is made only if there is none: of two processes that try at the same moment, one succeeds. */
async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, identify(process.pid) ?? '', { flag: 'wx' })
    return true
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Two processes may both see that the holder died. If both simply removed the file, the second would remove the lock
 * the first has just made. So removing takes a lock of its own, and looks again under it.
 */
async function discard(path: string): Promise<void> {
  await withLock(`${path}.stale`, async () => {
    const lock = await readLock(path)
    if (lock !== undefined && isAbandoned(lock)) await rm(path)
  })
}

interface Lock {
  holder: string
  since: Date
}

async function readLock(path: string): Promise<Lock | undefined> {
  try {
    return { holder: await readFile(path, 'utf8'), since: (await stat(path)).mtime }
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined
    throw error
  }
}

/** A lock without a holder's name was made a moment ago, or its maker died between making and naming it. */
function isAbandoned({ holder, since }: Lock): boolean {
  return holder === '' ? Date.now() - since.getTime() > NAMING_MS : !isRunning(holder)
}

function isFileError(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code
}
