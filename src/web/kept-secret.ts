import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A secret that is made once and kept beside the data: the one that signs session cookies, so that a restart signs nobody
 * out, and the one that second steps are encrypted with.
 */
export async function keptSecret(dataDir: string, name: 'session-secret' | 'second-step-key'): Promise<string> {
  const file = join(dataDir, name)
  await mkdir(dataDir, { recursive: true })
  try {
    // wx: the first of two processes to start makes it, and both read the same
    await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(file, 'utf8')).trim()
}
