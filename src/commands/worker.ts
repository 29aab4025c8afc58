/**
 * Runs jobs, and nothing else: beside app processes that were started with RUN_JOBS=no, or beside ones that run jobs
 * too. Each job runs once, however many of these there are.
 *
 *     npm run worker
 */
import { ConfigProblem, readConfig } from '../config.ts'
import { findDatabase, refuseOwner } from '../database/addresses.ts'
import { openDatabase, openPool, openRetention } from '../database/connection.ts'
import { isSchemaCurrent } from '../database/migrate.ts'
import { tasks } from '../features.ts'
import { openWorkerPool, startWorker } from '../jobs/worker.ts'
import { createLog } from '../web/log.ts'

try {
  await work()
} catch (error) {
  console.error(error instanceof ConfigProblem ? `Not started:\n${error.message}` : error)
  process.exit(1)
}

async function work(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const database = await findDatabase(config, (message) => log.info(message))
  const pool = openPool({
    url: database.appUrl,
    applicationName: 'worker',
    connections: 2,
    onError: (error) => log.error({ err: error }, 'a database connection broke'),
  })
  const db = openDatabase(pool)
  if (config.isProduction) await refuseOwner(pool)
  if (!(await isSchemaCurrent(db))) throw new ConfigProblem('The schema is behind this version: run npm run migrate')

  const workerPool = openWorkerPool(database.appUrl, log)
  const retention = openRetention(database.retentionUrl, log)
  const worker = startWorker(tasks, { config, db, retention, clock: () => new Date(), log }, workerPool)
  log.info({}, 'working')
  const stop = () => {
    setTimeout(() => process.exit(0), 9_000).unref()
    void worker
      .stop()
      .then(() => Promise.all([workerPool.end(), db.destroy(), retention?.destroy()]))
      .then(() => database.stop())
      .then(() => process.exit(0))
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
}
