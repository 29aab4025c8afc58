import { Logger, runMigrations } from 'graphile-worker'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { storableJson } from '../lib/storable-json.ts'
import type { Database, InTransaction } from './connection.ts'

export interface JobOptions {
  /** A job of the same key that has not begun is replaced by this one. */
  key?: string
  /** Jobs of the same queue run one after the other. */
  queue?: string
  /** Not before then. */
  runAt?: Date
  /** How often it is tried in all; the pause between two tries grows by e each time. */
  maxAttempts?: number
}

/**
 * Puts a job in the queue, in the transaction of what causes it: it runs if that is committed, and never else. The
 * payload holds ids, not what is personal.
 */
export async function addJob(
  trx: InTransaction,
  task: string,
  payload: Record<string, number | string | boolean | null>,
  { key, queue, runAt, maxAttempts }: JobOptions = {},
): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${task}::text, payload => ${storableJson(payload)}::json, queue_name => ${queue ?? null}::text,
    job_key => ${key ?? null}::text,
    run_at => ${runAt ?? null}::timestamptz, max_attempts => ${maxAttempts ?? null}::int
  )`.execute(trx)
}

/** The queue's own tables, made and changed by the library that reads them, as the role that owns ours. */
export async function migrateQueue(ownerUrl: string): Promise<void> {
  await runMigrations({ connectionString: ownerUrl, logger: new Logger(() => () => {}) })
}

/**
 * What the app's role may do in the queue. Its tables have row security and no policy, so that without these a worker
 * that is not their owner sees an empty queue, and waits for ever without a word.
 */
export async function grantQueue(owner: Client, appRole: string): Promise<void> {
  const role = owner.escapeIdentifier(appRole)
  const { rows: guarded } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'graphile_worker'::regnamespace and relrowsecurity`,
  )
  const policies = guarded.map(({ name }) => {
    const table = `graphile_worker.${owner.escapeIdentifier(name)}`
    return `drop policy if exists app_works_here on ${table};
      create policy app_works_here on ${table} to ${role} using (true) with check (true);`
  })
  await owner.query(`
    begin;
    grant usage on schema graphile_worker to ${role};
    grant select, insert, update, delete on all tables in schema graphile_worker to ${role};
    revoke insert, update, delete on graphile_worker.migrations from ${role};
    grant usage on all sequences in schema graphile_worker to ${role};
    ${policies.join('\n')}
    commit;
  `)
}

export interface JobCounts {
  /** Due, and nobody has begun. */
  waiting: number
  running: number
  /** Tried as often as they may be; a person has to look. */
  failed: number
  /** How long the oldest that is due has waited. */
  oldestSeconds: number
}

export async function countJobs(db: Database): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    select count(*) filter (where is_due) as waiting,
           count(*) filter (where locked_at is not null) as running,
           count(*) filter (where attempts >= max_attempts) as failed,
           coalesce(extract(epoch from clock_timestamp() - min(run_at) filter (where is_due)), 0)::float8 as "oldestSeconds"
    from (
      select *, locked_at is null and attempts < max_attempts and run_at <= clock_timestamp() as is_due
      from graphile_worker._private_jobs
    ) as jobs`.execute(db)
  return rows[0] ?? { waiting: 0, running: 0, failed: 0, oldestSeconds: 0 }
}

/** After two minutes without a sign of life, a worker is taken for dead. */
const SILENCE = '2 minutes'

export async function noteWorker(db: Database, id: string): Promise<void> {
  // PostgreSQL's clock and no other: the workers' own may differ
  await sql`insert into job_workers (id, seen_at) values (${id}, clock_timestamp())
    on conflict (id) do update set seen_at = excluded.seen_at`.execute(db)
}

export async function forgetWorker(db: Database, id: string): Promise<void> {
  await db.deleteFrom('job_workers').where('id', '=', id).execute()
}

/** Gives back what workers hold who were killed, so that others do it. */
export async function releaseAbandonedJobs(db: Database): Promise<void> {
  await sql`with alive as (
      select id from job_workers where seen_at > clock_timestamp() - ${SILENCE}::interval
    ), gone as (
      delete from job_workers where seen_at < clock_timestamp() - interval '1 day'
    )
    select graphile_worker.force_unlock_workers(array_agg(distinct locked_by))
    from graphile_worker._private_jobs
    where locked_by is not null and locked_at < clock_timestamp() - ${SILENCE}::interval
      and locked_by not in (select id from alive)
    having count(*) > 0`.execute(db)
}
