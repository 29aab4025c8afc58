import { spawn } from 'node:child_process'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { APP_ROLE, RETENTION_ROLE, startEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { announceCluster, TEMPLATE } from './database.ts'

/** Nothing here has to outlive a power cut, so nothing waits for the disk. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/** Before the first test of a run: one server, and in it one migrated database that every test file gets a copy of. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export
export default async function startCluster(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loans-test-'))
  // Root's server runs as another account, which has to reach its files.
  await chmod(dataDir, 0o711)
  removeWhenRunEnds(dataDir)
  const { adminUrl, ownerUrl, appUrl, retentionUrl } = await startEmbedded({
    dataDir,
    settings,
    databaseName: TEMPLATE,
  })
  await migrate(ownerUrl, { appRole: APP_ROLE, retentionRole: RETENTION_ROLE })
  await closeTemplate(adminUrl)
  announceCluster({ dataDir, adminUrl, ownerUrl, appUrl, retentionUrl })
}

/** A database that somebody is signed in to cannot be copied. */
async function closeTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`ALTER DATABASE ${TEMPLATE} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`)
  await admin.end()
}

/** For a run that is interrupted or killed, and so never comes to its end. */
function removeWhenRunEnds(dataDir: string): void {
  const program = fileURLToPath(new URL('cluster-watch.ts', import.meta.url))
  const watch = spawn(process.execPath, [program, dataDir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  // Neither the process nor the pipe to it keeps the run from ending.
  watch.unref()
  ;(watch.stdin as unknown as { unref(): void }).unref()
}
