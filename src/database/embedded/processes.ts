import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Names a process so that it can be recognised later, or answers undefined when there is none.
 *
 * The id alone will not do: ids are given out again, and in a container every start gives out the same ones. So on
 * Linux and macOS the moment the process began stands beside it; where that cannot be had, the id must do.
 */
export function identify(pid: number): string | undefined {
  if (!isTaken(pid)) return undefined
  if (process.platform === 'linux') return identifyFromProc(pid)
  if (process.platform === 'darwin') return `${pid} ${askPs(pid, 'lstart=')}`
  return `${pid}`
}

/** Whether the process that {@link identify} named still runs. */
export function isRunning(identity: string): boolean {
  return identify(Number.parseInt(identity, 10)) === identity
}

/**
 * Whether this process is a PostgreSQL server at work in `folder`. Says yes where it cannot tell, since the answer no
 * leads to a second server being started on the same files.
 */
export function isServerIn(folder: string, pid: number): boolean {
  if (!isTaken(pid)) return false
  if (process.platform === 'win32') return true
  if (process.platform !== 'linux') return basename(askPs(pid, 'comm=')) === 'postgres'
  // A server's working folder is its data folder, and the kernel's answer stays true when that folder is renamed.
  try {
    const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(folder)]
    return there.ino === here.ino && there.dev === here.dev
  } catch (error) {
    if (isMissing(error)) return false
  }
  // Inside a container root may not look at another account's working folder, but may see what it runs.
  return basename(readProc(pid, 'cmdline').split('\0')[0] ?? '') === 'postgres'
}

/** Whether any process has this id, be it one that has ended and was never collected. */
export function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

let boot: string | undefined

function identifyFromProc(pid: number): string | undefined {
  // pid (name) state parent ...: the name may hold spaces and brackets, so count from the last bracket on.
  const [state, ...rest] = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')
  // A zombie has ended; where nobody collects it (a container without an init) its id stays taken for ever.
  if (state === '' || state === 'Z' || state === undefined) return undefined
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${pid} ${rest[18]} ${boot}`
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

function askPs(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', `${pid}`], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim()
  } catch {
    return ''
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ESRCH'
}
