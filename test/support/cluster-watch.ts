/**
 * Runs beside the tests, in a process of its own. When the test run's process ends, however it ends, its side of the
 * pipe closes; if the cluster is still there, it is stopped and removed.
 *
 *     node test/support/cluster-watch.ts DATA_DIR
 */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { removeEmbedded } from '../../src/database/embedded.ts'

const dataDir = process.argv[2] ?? ''

process.stdin.resume()
process.stdin.once('close', async () => {
  if (!existsSync(dataDir)) return
  await removeEmbedded(dataDir)
  await rm(dataDir, { recursive: true, force: true })
})
