import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { APP_ROLE, removeEmbedded, startEmbedded } from '../embedded.ts'
import { type Restored, restoreBackup } from './restore-backup.ts'

/**
 * Restores a copy into a PostgreSQL server that is made for it, and throws that away: a copy that was never restored is a
 * hope. Takes no part of the server that is in use, and sends nothing, since nobody works through the queue there.
 */
export async function drill(file: string): Promise<Restored> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loans-drill-'))
  // root's server runs as another account, which has to get to its files
  await chmod(dataDir, 0o711)
  try {
    const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
    const { ownerUrl } = await startEmbedded({ dataDir, settings })
    return await restoreBackup({ ownerUrl, appRole: APP_ROLE }, file)
  } finally {
    await removeEmbedded(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  }
}
