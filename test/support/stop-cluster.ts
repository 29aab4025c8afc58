import { rm } from 'node:fs/promises'
import { removeEmbedded } from '../../src/database/embedded.ts'
import { readCluster } from './database.ts'
import { atRunEnd } from './endings.js'

/** After the last test of a run. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export
export default async function stopCluster(): Promise<void> {
  for (const ending of atRunEnd) await ending()
  const { dataDir } = readCluster()
  await removeEmbedded(dataDir)
  await rm(dataDir, { recursive: true, force: true })
}
