import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Pool } from 'pg'
import { addJob } from '../../src/database/jobs.ts'
import type { Task } from '../../src/jobs/tasks.ts'
import { openWorkerPool, startWorker, type Worker } from '../../src/jobs/worker.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { countJobs } from '../support/jobs.ts'

let app: TestApp
const done: string[] = []
const running: { worker: Worker; pool: Pool }[] = []

const noting: Task = {
  name: 'note',
  run: async (payload) => void done.push((payload as { text: string }).text),
}
const breaking: Task = {
  name: 'break',
  run: async () => {
    throw new Error('Something about Pat Example, 999 123 4567')
  },
}

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())
afterEach(async () => {
  for (const { worker, pool } of running.splice(0)) {
    await worker.stop()
    await pool.end()
  }
  await app.pool.query('delete from graphile_worker._private_jobs')
  done.length = 0
})

function work(tasks: Task[] = [noting, breaking]): Worker {
  const pool = openWorkerPool(app.appUrl, app.services.log)
  const worker = startWorker(tasks, app.services, pool)
  running.push({ worker, pool })
  return worker
}

const add = (task: string, text = '', options = {}) =>
  app.db.transaction().execute((trx) => addJob(trx, task, { text }, options))

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((later) => setTimeout(later, 50))
}

describe('The worker', () => {
  it('runs a job that was committed, as the app’s own role, which owns nothing', async () => {
    work()
    await add('note', 'hello')
    await until(() => done.length === 1)
    expect(done).toEqual(['hello'])
  })

  it('runs each job once, beside another worker on the same database', async () => {
    work()
    work()
    const texts = Array.from({ length: 40 }, (_, at) => `job ${at}`)
    await Promise.all(texts.map((text) => add('note', text)))
    await until(async () => (await countJobs(app)) === 0)
    expect(done.toSorted()).toEqual(texts.toSorted())
  })

  it('goes on with other jobs when one fails, and writes down nothing that was in it', async () => {
    work()
    await add('break')
    await add('note', 'still here')
    await until(() => done.length === 1)
    await until(async () => (await lastErrors()).length === 1)
    expect(await lastErrors()).toEqual(['Error'])
    expect(app.logged()).toContain('a job failed')
    const { rows } = await app.pool.query('select * from graphile_worker._private_jobs')
    expect(JSON.stringify(rows)).not.toContain('Pat Example')
  })

  it('goes on by itself after its connections were cut', async () => {
    work()
    await add('note', 'before')
    await until(() => done.length === 1)
    await app.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'worker' and datname = current_database()`)
    await add('note', 'after')
    await until(() => done.length === 2)
    expect(done).toEqual(['before', 'after'])
  })

  it('takes over what a killed worker left behind, and leaves a living one’s job alone', async () => {
    await add('note', 'left behind')
    await add('note', 'under way')
    await app.pool.query(
      `insert into job_workers (id, seen_at) values ('living', clock_timestamp() + interval '1 hour')`,
    )
    await app.pool.query(`update graphile_worker._private_jobs
      set locked_at = now() - interval '5 minutes',
          locked_by = case payload->>'text' when 'under way' then 'living' else 'killed' end`)
    work()
    await until(async () => (await countJobs(app)) === 1)
    expect(done).toEqual(['left behind'])
  })

  it('waits for the job it has when it is stopped, and takes no new one', async () => {
    let finish = () => {}
    const begun = new Promise<void>((began) => {
      const slow: Task = {
        name: 'slow',
        run: async () => {
          began()
          await new Promise<void>((go) => {
            finish = go
          })
          done.push('slow')
        },
      }
      work([slow])
    })
    await add('slow')
    await begun
    const stopped = running[0]!.worker.stop()
    finish()
    await stopped
    expect(done).toEqual(['slow'])
    expect(await countJobs(app)).toBe(0)
  })
})

async function lastErrors(): Promise<string[]> {
  const { rows } = await app.pool.query<{ last_error: string }>(
    'select last_error from graphile_worker._private_jobs where last_error is not null',
  )
  return rows.map((row) => row.last_error)
}
