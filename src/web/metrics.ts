import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { RequestHandler } from 'express'
import type { LogEvent } from 'kysely'
import type { Pool } from 'pg'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../database/connection.ts'
import { countJobs } from '../database/jobs.ts'
import { isBearer } from './bearer.ts'
import { routeOf } from './log.ts'

/** What is measured while the process runs, and how it is read: Prometheus text, for whoever has the token. */
export interface Metrics {
  countQuery(event: LogEvent): void
  countRequests: RequestHandler
  show(token: string): RequestHandler
}

/** Two processors answer a small page in 2 ms; after 3 s people are told that the service is busy. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10]
const QUERY_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15]

/** Holds no personal data: requests by their route and not their address, queries by how long they took alone. */
export function createMetrics(): Metrics & { watch(pool: Pool, db: Database): void } {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests that were answered, by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  })
  const queries = new Histogram({
    name: 'database_query_duration_seconds',
    help: 'Statements sent to the database',
    buckets: QUERY_SECONDS,
    registers,
  })
  const failures = new Counter({ name: 'database_query_errors_total', help: 'Statements that failed', registers })
  watchProcess(registers)
  let readJobs = async () => {}

  return {
    countQuery: ({ level, queryDurationMillis }) => {
      queries.observe(queryDurationMillis / 1000)
      if (level === 'error') failures.inc()
    },
    countRequests: (req, res, next) => {
      const start = performance.now()
      res.on('finish', () => {
        const labels = { method: req.method, route: routeOf(req, res), status: res.statusCode }
        requests.observe(labels, (performance.now() - start) / 1000)
      })
      next()
    },
    show: (token) => async (req, res, next) => {
      if (!isBearer(req.headers.authorization, token)) return next()
      await readJobs()
      res.set({ 'Cache-Control': 'no-store', 'Content-Type': registry.contentType }).send(await registry.metrics())
    },
    watch: (pool, db) => {
      watchPool(registers, pool)
      readJobs = watchJobs(registers, db)
    },
  }
}

function watchPool(registers: Registry[], pool: Pool): void {
  const help = 'Connections of this process to the database, and who waits for one'
  const gauge = new Gauge({
    name: 'database_pool_connections',
    help,
    labelNames: ['state'] as const,
    registers,
    collect: () => {
      gauge.set({ state: 'total' }, pool.totalCount)
      gauge.set({ state: 'idle' }, pool.idleCount)
      gauge.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
}

/**
 * Gives what to do just before somebody reads the metrics: the queue is counted then, and at no other time. A database that
 * is away is told by `database_up`.
 */
function watchJobs(registers: Registry[], db: Database): () => Promise<void> {
  const jobs = new Gauge({ name: 'jobs', help: 'Jobs in the queue', labelNames: ['state'] as const, registers })
  const help = 'How long the oldest job that is due has waited'
  const oldest = new Gauge({ name: 'jobs_oldest_seconds', help, registers })
  const isUp = new Gauge({ name: 'database_up', help: 'Whether the database answered just now', registers })
  return async () => {
    const counted = await countJobs(db).catch(() => null)
    isUp.set(counted ? 1 : 0)
    jobs.reset()
    oldest.reset()
    if (!counted) return
    jobs.set({ state: 'waiting' }, counted.waiting)
    jobs.set({ state: 'running' }, counted.running)
    jobs.set({ state: 'failed' }, counted.failed)
    oldest.set(counted.oldestSeconds)
  }
}

function watchProcess(registers: Registry[]): void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const loop = new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late the process came to what it had to do, since the metrics were read last',
    labelNames: ['quantile'] as const,
    registers,
    collect: () => {
      loop.set({ quantile: '0.5' }, delay.percentile(50) / 1e9)
      loop.set({ quantile: '0.99' }, delay.percentile(99) / 1e9)
      loop.set({ quantile: '1' }, delay.max / 1e9)
      delay.reset()
    },
  })
  const memory: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory this process takes',
    registers,
    collect: () => {
      memory.set(process.memoryUsage.rss())
    },
  })
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'How long this process has computed',
    registers,
    collect: () => {
      const { user, system } = process.cpuUsage()
      cpu.reset()
      cpu.inc((user + system) / 1e6)
    },
  })
}
