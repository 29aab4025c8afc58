import pg from 'pg'
import { againstList } from './against-list.ts'
import type { KeptDatabase } from './cluster.ts'
import { type Report, type Rounds, runRounds } from './compare.ts'
import type { Target } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { startApp, startReference } from './servers.ts'
import { referenceTargets } from './targets.ts'

const CHAMPIONS = 40
const APPOINTMENTS = 5_000

/**
 * The week of a team of 40, the page of the next appointments and the worklist, with 5,000 appointments to come and five things a
 * day in each diary, against the list of the reference. They are added to a copy: what else is measured stays what it was.
 */
export async function measureDiary(
  { lines, reference, items, folder }: { lines: KeptDatabase; reference: KeptDatabase; items: number; folder: string },
  asked: Rounds,
): Promise<Report> {
  await fillDiaries(lines.adminUrl)
  await askForPasswordAlone(lines.adminUrl)
  const started: { stop(): Promise<void> }[] = []
  try {
    const reference_ = await startReference(reference.appUrl)
    started.push(reference_)
    const app = await startApp(lines.appUrl, folder)
    started.push(app)
    const page = (name: string, path: string): Target => ({
      ...{ name, origin: app.origin, status: 200 },
      next: (connection) => ({ path, headers: { cookie: app.people[connection]?.cookie ?? '' } }),
    })
    const { list } = referenceTargets(reference_, items)
    const ours = [page('team week', '/diary?show=team'), page('appointments', '/appointments'), page('worklist', '/')]
    const windows = await runRounds([list, ...ours], asked)
    return againstList(windows, asked, `${CHAMPIONS} diaries, ${APPOINTMENTS} appointments to come`)
  } finally {
    for (const server of started) await server.stop()
  }
}

/** Written past the triggers, as `fill.ts` writes the rest; the constraints are those of the app. */
async function fillDiaries(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench fill' })
  await client.connect()
  try {
    await client.query(`
      set session_replication_role = replica;
      update staff set role = 'champion' where id <= ${CHAMPIONS};

      insert into diary_hours (organisation_id, champion_id, weekday, from_minute, until_minute)
      select 1, champion, weekday, 540, 1020 from generate_series(1, ${CHAMPIONS}) champion, generate_series(1, 5) weekday;

      create temporary table days as
      select row_number() over (order by day) as n, day::date as day
      from generate_series(current_date - 7, current_date + 84, interval '1 day') day where extract(isodow from day) < 6;

      insert into diary_entries (organisation_id, champion_id, service_user_id, kind, way, starts_at, ends_at, leaves_at, back_at, made_at, made_by)
      select 1, champion, 1 + (n * 200 + champion * 5 + nth) % (select count(*) from service_users), 'other', 'phone',
             at, at + interval '30 minutes', at, at + interval '30 minutes', at - interval '30 days', 1
      from days, generate_series(1, ${CHAMPIONS}) champion, generate_series(0, 4) nth,
           lateral (select (day + time '09:00' + nth * interval '90 minutes') at time zone 'Europe/London' as at) slot;

      create temporary table coming as
      select id as person, row_number() over (order by id) as n from service_users order by id limit ${APPOINTMENTS};

      insert into appointments (organisation_id, service_user_id, is_first, purpose, way, way_since, way_by, starts_at, ends_at,
                                extra_minutes, back_up, made_at, made_by)
      select 1, person, n % 3 = 0, (array['assessment', 'therapy', 'review'])[1 + n % 3],
             (array['video', 'phone', 'face-to-face'])[1 + n % 3], now() - interval '9 days', 1, at, at + interval '50 minutes', 0,
             case when n % 2 = 0 then 'phone' end, now() - interval '9 days', 1
      from coming, lateral (select (current_date + 1 + (n % 84)::int + time '09:00' + n % 8 * interval '1 hour')
                            at time zone 'Europe/London' as at) slot;
      insert into appointment_details (appointment_id, organisation_id, join_link, call_back_number)
      select id, 1, case when id % 2 = 0 then 'https://meet.example/' || id else '' end, case when id % 3 = 0 then '01632 960 001' else '' end
      from appointments where starts_at > now();
      analyze;
    `)
  } finally {
    await client.end()
  }
}
