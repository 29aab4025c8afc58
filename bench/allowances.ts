import pg from 'pg'
import { makeIccid } from '../seeds/identifiers.ts'
import { againstList } from './against-list.ts'
import type { KeptDatabase } from './cluster.ts'
import { type Report, type Rounds, runRounds } from './compare.ts'
import type { Target } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { startApp, startReference } from './servers.ts'
import { referenceTargets } from './targets.ts'

const GRANTS = 50_000
/** As many rows as the list of the reference has elsewhere. */
export const REFERENCE_ITEMS = 100_000

/**
 * The list of 50,000 live grants of data, each with its forecast, and the page of one person's, against the list of the
 * reference. They are added to a copy, with the people who have them: what else is measured stays what it was.
 */
export async function measureAllowances(
  { lines, reference, folder }: { lines: KeptDatabase; reference: KeptDatabase; folder: string },
  asked: Rounds,
): Promise<Report> {
  await fillGrants(lines.adminUrl)
  await askForPasswordAlone(lines.adminUrl)
  const started: { stop(): Promise<void> }[] = []
  try {
    const reference_ = await startReference(reference.appUrl)
    started.push(reference_)
    const app = await startApp(lines.appUrl, folder)
    started.push(app)
    let asks = 0
    const page = (name: string, path: (nth: number) => string): Target => ({
      ...{ name, origin: app.origin, status: 200 },
      next: (connection) => {
        asks += 1
        return { path: path((asks * 7_919) % GRANTS), headers: { cookie: app.people[connection]?.cookie ?? '' } }
      },
    })
    const { list } = referenceTargets(reference_, REFERENCE_ITEMS)
    const ours = [
      page('data, first page', () => '/data-allowances'),
      page('data, any page', (nth) => `/data-allowances?after=${60 + nth}`),
      page('worklist', () => '/'),
      page('data, by a number', (nth) => `/data-allowances?sim=${makeIccid(nth + 1).slice(-8)}`),
    ]
    const windows = await runRounds([list, ...ours], asked)
    return againstList(
      windows,
      asked,
      `${GRANTS.toLocaleString('en-GB')} live grants, ${REFERENCE_ITEMS} rows in the list`,
    )
  } finally {
    for (const server of started) await server.stop()
  }
}

/**
 * One grant a person: most a SIM with 20 GB a month, some with no limit, some used up once. Four readings each, the last of
 * most not old; a third were topped up; two in three have a call to come. Written past the triggers, as `fill.ts` writes.
 */
async function fillGrants(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench fill' })
  await client.connect()
  try {
    await client.query(`
      set session_replication_role = replica;
      insert into service_users (id, organisation_id, created_at) overriding system value
        select n, 1, now() - interval '1 year' from generate_series(1, ${GRANTS}) n on conflict do nothing;
      insert into service_user_details (service_user_id, organisation_id, name, phone)
        select n, 1, 'Given' || n % 997 || ' Example' || n % 7919, '' from generate_series(1, ${GRANTS}) n on conflict do nothing;
    `)
    const sims = Array.from({ length: GRANTS }, (_, n) => makeIccid(n + 1))
    await client.query(
      `insert into data_allowances (id, organisation_id, kind, provider, network, megabytes, period, starts_on, ends_on,
                                    service_user_id, sim_number, made_at, made_by) overriding system value
       select n, 1, 'sim', (array['National Databank', 'Vodafone', 'O2'])[1 + n % 3], '',
              case when n % 10 > 0 then 20000 end, case when n % 10 = 1 then 'once' else 'month' end,
              current_date - 60 - (n % 30)::int, case when n % 4 = 0 then current_date + 1 + (n % 211)::int end,
              n, sim, now() - interval '90 days', 1 + n % 8
       from unnest($1::text[]) with ordinality as given (sim, n)`,
      [sims],
    )
    await client.query(`
      insert into data_readings (organisation_id, data_allowance_id, read_at, megabytes_left, source, made_at, made_by)
        select 1, n, at, greatest(0, 19000 - nth * 4500 - n % 900), 'typed', at, 1
        from generate_series(1, ${GRANTS}) n, generate_series(0, 3) nth,
             lateral (select now() - (case when n % 5 = 0 then 40 else 20 end - 6 * nth) * interval '1 day') read (at)
        where n % 10 > 0;
      insert into data_allowance_changes (organisation_id, data_allowance_id, kind, at, made_by, megabytes)
        select 1, n, 'given', now() - interval '90 days', 1, null from generate_series(1, ${GRANTS}) n
        union all
        select 1, n, 'topped-up', now() - interval '1 day', 1, 2000 from generate_series(1, ${GRANTS}) n where n % 3 = 0;
      insert into appointments (organisation_id, service_user_id, is_first, purpose, way, way_since, way_by, starts_at, ends_at,
                                extra_minutes, made_at, made_by)
        select 1, n, false, 'therapy', 'video', now() - interval '9 days', 1, at, at + interval '50 minutes', 0,
               now() - interval '9 days', 1
        from generate_series(1, ${GRANTS}) n, lateral (select (current_date + 1 + (n % 61)::int + time '10:00')
                                                       at time zone 'Europe/London' as at) slot
        where n % 3 < 2;
      select setval(pg_get_serial_sequence('data_allowances', 'id'), ${GRANTS});
      analyze;
    `)
  } finally {
    await client.end()
  }
}
