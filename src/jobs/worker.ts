import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, type Runner, run, runOnce, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import { openPool } from '../database/connection.ts'
import { forgetWorker, noteWorker, releaseAbandonedJobs } from '../database/jobs.ts'
import type { JobServices, Task } from './tasks.ts'

/**
 * At once. Jobs wait for a mail server or for the database, and hardly compute; each that sends has a connection to the mail server
 * for itself, and two processes together keep to ten.
 */
const CONCURRENCY = 5
const SIGN_OF_LIFE_MS = 30_000
const PAUSE_AFTER_TROUBLE_MS = 2_000
/** The library waits on its way out for what it says in batches, and not for what it says at once. */
const AWAITED = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } }

/** One connection to listen on, one for each job at once, and one to ask for the next. */
export function openWorkerPool(url: string, log: JobServices['log']): Pool {
  return openPool({
    url,
    applicationName: 'worker',
    connections: CONCURRENCY + 2,
    onError: (error) => log.error({ err: error }, 'a connection of the worker broke'),
  })
}

export interface Worker {
  /** Takes no new job, and waits for the one it has for as long as `patienceMs`; what is not done then is done by another worker. */
  stop(): Promise<void>
}

/**
 * Runs jobs as they come, until it is stopped. When the database goes away it waits, and goes on by itself once it is
 * back. Takes a pool of its own: one of its connections listens for new jobs all the time.
 */
export function startWorker(every: Task[], services: JobServices, pool: Pool): Worker {
  const tasks = every.filter(({ needsRetention }) => !needsRetention || services.retention)
  const { log } = services
  let isStopping = false
  let runner: Runner | undefined
  const keepRunning = async (): Promise<void> => {
    while (!isStopping) {
      try {
        const events: WorkerEvents = new EventEmitter()
        const alive = showSignsOfLife(events, services)
        try {
          runner = await run({
            ...options(services, pool, tasks),
            events,
            crontab: crontab(tasks),
            concurrency: CONCURRENCY,
          })
          if (isStopping) await runner.stop()
          await runner.promise
        } finally {
          await alive.end()
        }
      } catch (error) {
        if (!isStopping) log.error({ err: error }, 'the worker stopped, and begins again')
      }
      if (!isStopping) await pause(PAUSE_AFTER_TROUBLE_MS)
    }
  }
  const finished = keepRunning()
  return {
    stop: async () => {
      isStopping = true
      // already stopping, or never begun
      await runner?.stop().catch(() => {})
      await finished
    },
  }
}

/** Runs everything that is due, and returns when nothing is left. */
export function runDueJobs(tasks: Task[], services: JobServices, pool: Pool): Promise<void> {
  return runOnce({ ...options(services, pool, tasks), useNodeTime: false })
}

function options(services: JobServices, pgPool: Pool, tasks: Task[]) {
  return {
    pgPool,
    taskList: taskList(tasks, services),
    noHandleSignals: true,
    pollInterval: 2_000,
    preset: AWAITED,
    logger: quietLogger(services),
  }
}

function taskList(tasks: Task[], services: JobServices): TaskList {
  return Object.fromEntries(
    tasks.map((task) => [
      task.name,
      async (payload, { job }) => {
        try {
          await task.run(payload, services, { number: job.attempts, isLast: job.attempts >= job.max_attempts })
        } catch (error) {
          services.log.error({ err: error, task: task.name, attempt: job.attempts }, 'a job failed')
          // the queue keeps what a job failed with, and an error's words may be somebody's: it keeps its kind alone
          throw new Error(error instanceof Error ? error.name : 'Error')
        }
      },
    ]),
  )
}

function crontab(tasks: Task[]): string {
  return tasks.flatMap(({ name, cron }) => (cron ? [`${cron} ${name} ?fill=1h&max=3`] : [])).join('\n')
}

/** Its own log may quote a job: what matters is logged here. */
function quietLogger({ log }: JobServices): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' && !message.startsWith('Failed task')) log.error({}, message.slice(0, 200))
  })
}

function showSignsOfLife(events: WorkerEvents, { db, log }: JobServices) {
  let id: string | undefined
  const report = (error: unknown) => log.warn({ err: error }, 'a worker could not show that it is alive')
  const show = async () => {
    if (id === undefined) return
    await noteWorker(db, id)
    await releaseAbandonedJobs(db)
  }
  events.on('pool:create', ({ workerPool }) => {
    id = workerPool.id
    show().catch(report)
  })
  const timer = setInterval(() => void show().catch(report), SIGN_OF_LIFE_MS)
  timer.unref()
  return {
    end: async () => {
      clearInterval(timer)
      if (id !== undefined) await forgetWorker(db, id).catch(report)
    },
  }
}
