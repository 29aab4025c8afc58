import { tasks } from '../../src/features.ts'
import type { JobServices } from '../../src/jobs/tasks.ts'
import { openWorkerPool, runDueJobs } from '../../src/jobs/worker.ts'
import type { TestApp } from './app.ts'

/** What the worker works with: the app's own, with the app's clock. */
export function jobServices({ services }: TestApp): JobServices {
  return services
}

/** Does every job there is, also those that wait for their next try. */
export async function doAllJobs(app: TestApp): Promise<void> {
  await app.pool.query(`update graphile_worker._private_jobs set run_at = now() where attempts < max_attempts`)
  const pool = openWorkerPool(app.appUrl, app.services.log)
  try {
    await runDueJobs(tasks, jobServices(app), pool)
  } finally {
    await pool.end()
  }
}

export async function countJobs({ pool }: TestApp): Promise<number> {
  const { rows } = await pool.query<{ jobs: number }>('select count(*)::int as jobs from graphile_worker._private_jobs')
  return rows[0]?.jobs ?? 0
}
