import type { Server } from 'node:http'
import type pino from 'pino'
import { demoSignIns, demoTablet, isDemo, seedDemo } from '../seeds/demo.ts'
import { createApp } from './app.ts'
import { type Config, ConfigProblem, readConfig } from './config.ts'
import { findDatabase, refuseOwner } from './database/addresses.ts'
import { type Database, openDatabase, openPool, openRetention } from './database/connection.ts'
import { isSchemaCurrent, migrate } from './database/migrate.ts'
import { tasks } from './features.ts'
import { forgetOldImports } from './imports/tidying-actions.ts'
import type { JobServices } from './jobs/tasks.ts'
import { openWorkerPool, startWorker, type Worker } from './jobs/worker.ts'
import { countGuesses } from './sign-in/actions.ts'
import { clearOldGuesses } from './sign-in/queries.ts'
import { keptSecret } from './web/kept-secret.ts'
import { createLog } from './web/log.ts'
import { createMetrics } from './web/metrics.ts'
import { clearOldSessions } from './web/session.ts'

const NEEDED_NODE = 24
const HOUR = 3_600_000

if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE) {
  console.error(`This service needs Node ${NEEDED_NODE} or newer; this is ${process.version}. Run it with npm start.`)
  process.exit(1)
}

try {
  await serve(readConfig(process.env))
} catch (error) {
  console.error(error instanceof ConfigProblem ? `Not started:\n${error.message}` : error)
  process.exit(1)
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const database = await findDatabase(config, (message) => log.info(message))
  const pool = openPool({
    url: database.appUrl,
    applicationName: 'app',
    connections: config.databaseConnections,
    onError: (error) => log.error({ err: error }, 'a database connection broke'),
  })
  const metrics = config.metricsToken === null ? null : createMetrics()
  const db = openDatabase(pool, metrics?.countQuery)
  metrics?.watch(pool, db)
  if (config.isProduction) await refuseOwner(pool)
  else if (database.ownerUrl) {
    await migrate(database.ownerUrl, { ...database, log: (line) => log.info(line) })
  }
  if (!(await isSchemaCurrent(db))) throw new ConfigProblem('The schema is behind this version: run npm run migrate')
  if (config.demoData) await seedDemoIfEmpty(db)
  await clearUp(db)
  setInterval(() => {
    clearUp(db).catch((error: unknown) => log.error({ err: error }, 'what is old could not be cleared away'))
  }, HOUR).unref()

  const sessionSecret = config.sessionSecret ?? (await keptSecret(config.dataDir, 'session-secret'))
  const secondStepKey = config.secondStepKey ?? (await keptSecret(config.dataDir, 'second-step-key'))
  const clock = () => new Date()
  const app = createApp({ config, db, clock, log, sessionSecret, secondStepKey, guesses: countGuesses(pool), metrics })
  const server = app.listen(config.port, config.host)
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  await new Promise<void>((listening, fail) => server.once('listening', listening).once('error', fail))
  const retention = config.runJobs ? openRetention(database.retentionUrl, log) : undefined
  const worker = config.runJobs ? workBeside(database.appUrl, { config, db, retention, clock, log }) : null
  const stop = gracefulStop(server, worker, async () => {
    await Promise.all([db.destroy(), retention?.destroy()])
    await database.stop()
  })
  process.on('SIGTERM', () => stop(0)).on('SIGINT', () => stop(0))
  outliveMistakes(log, stop)
  announce(config, config.demoData && (await isDemo(db)))
}

async function clearUp(db: Database): Promise<void> {
  const now = new Date()
  await clearOldSessions(db, now)
  await clearOldGuesses(db, now)
  await forgetOldImports(db, now)
}

/** Jobs run in this process too, on connections of their own: a job that waits keeps no page waiting. */
function workBeside(url: string, services: JobServices): Worker {
  const pool = openWorkerPool(url, services.log)
  const worker = startWorker(tasks, services, pool)
  return { stop: () => worker.stop().then(() => pool.end()) }
}

/** Finishes what is in flight, then closes the database. What hangs after 8 seconds is cut; after 9 it is left behind. */
function gracefulStop(server: Server, worker: Worker | null, close: () => Promise<void>): (exitCode: number) => void {
  let isStopping = false
  return (exitCode) => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => server.closeAllConnections(), 8_000).unref()
    // a statement that waits for a lock keeps its connection, and with it the pool, open
    setTimeout(() => process.exit(exitCode), 9_000).unref()
    // whoever is answered from now on is kept on the line no longer
    server.keepAliveTimeout = 1
    const answered = new Promise((done) => server.close(done))
    const worked = worker?.stop()
    void Promise.all([answered, worked])
      .then(close)
      .then(() => process.exit(exitCode))
    server.closeIdleConnections()
  }
}

/**
 * A mistake of ours is no reason to break off what everybody else is doing. A promise that nobody waited for is written
 * down; after an error that nobody caught nothing can be relied on for long, so the process finishes what is in flight
 * and ends as failed, for whatever keeps it running to start another.
 */
function outliveMistakes(log: pino.Logger, stop: (exitCode: number) => void): void {
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'something failed that nobody waited for'))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'something failed that nobody caught: the service stops')
    stop(1)
  })
}

async function seedDemoIfEmpty(db: Database): Promise<void> {
  const organisation = await db.selectFrom('organisations').select('id').limit(1).executeTakeFirst()
  if (organisation) return
  await seedDemo(db, new Date())
}

/** For the person at the keyboard, beside the log. */
function announce(config: Config, hasDemoPeople: boolean): void {
  console.log(`Manage digital inclusion loans is at ${config.publicUrl}`)
  if (!hasDemoPeople) return
  for (const { email, password } of demoSignIns) console.log(`Sign in as ${email} with password ${password}`)
  const { code, pin } = demoTablet
  console.log(
    `To try a ward's tablet, open ${config.publicUrl}/tablet in another browser with code ${code}, then PIN ${pin}`,
  )
}
