import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openPool } from '../src/database/connection.ts'
import { againstList } from './against-list.ts'
import type { KeptDatabase } from './cluster.ts'
import { type Report, type Rounds, runRounds } from './compare.ts'
import type { Target } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { blocksOf, explain, listenTo, type Plan } from './plans.ts'
import { type RunningApp, startApp, startReference } from './servers.ts'
import { formTarget, referenceTargets } from './targets.ts'

/** Wards of their own, on which nothing else is placed. */
const FIRST_WARD = 1_001
const WARDS = 10
const ITEMS_A_WARD = 40
const PAST = 1_000_000
/** How many of the past bookings each item has: some five a day. */
const AN_ITEM = PAST / (WARDS * ITEMS_A_WARD)

/**
 * The day of a ward with 40 items, half of it booked, the week of one of them and a booking, with 1,000,000 bookings in the
 * past, against the list and the write of the reference; and what PostgreSQL reads for each page, by which indexes. They are
 * added to a copy: what else is measured stays what it was.
 */
export async function measureBookings(
  { lines, reference, items, folder }: { lines: KeptDatabase; reference: KeptDatabase; items: number; folder: string },
  asked: Rounds,
): Promise<Report> {
  const bookable = await fillBookings(lines.adminUrl)
  await askForPasswordAlone(lines.adminUrl)
  const plans = await readPlans(lines.appUrl, pagesOf(bookable))
  const started: { stop(): Promise<void> }[] = []
  try {
    const reference_ = await startReference(reference.appUrl)
    started.push(reference_)
    const app = await startApp(lines.appUrl, folder)
    started.push(app)
    const ours = pagesOf(bookable).map(([name, path]): Target => {
      const headers = (connection: number) => ({ cookie: app.people[connection]?.cookie ?? '' })
      return { name, origin: app.origin, status: 200, next: (connection) => ({ path, headers: headers(connection) }) }
    })
    const { list, write } = referenceTargets(reference_, items)
    const windows = await runRounds([list, write, ...ours, bookingTarget(app, bookable)], asked)
    const data = `${PAST.toLocaleString('en-GB')} past bookings, ${ITEMS_A_WARD} items on the ward, ${items} rows in the list`
    const report = againstList(windows, asked, data, ['book'])
    return { ...report, text: `${report.text}\n\n${plans.join('\n')}` }
  } finally {
    for (const server of started) await server.stop()
  }
}

interface Bookable {
  /** Of the ward that is looked at, and of the others, where bookings are made. */
  shown: number[]
  others: number[]
}

/** Tomorrow, so that the same of it is over whenever it is measured. */
const dayAhead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

function pagesOf({ shown }: Bookable): [name: string, path: string][] {
  const tomorrow = dayAhead(1)
  return [
    ['timetable, a part', `/wards/ward-${FIRST_WARD}/timetable?on=${tomorrow}&part=morning`],
    ['timetable, the day', `/wards/ward-${FIRST_WARD}/timetable?on=${tomorrow}&part=day`],
    ['week of an item', `/wards/ward-${FIRST_WARD}/week?item=${shown[0]}&on=${tomorrow}`],
    ['form of a booking', `/bookings/new?ward=ward-${FIRST_WARD}&item=${shown[0]}&on=${tomorrow}&from=13:30`],
  ]
}

/** Each time another item, and then another hour: what is measured is a booking that is made. */
function bookingTarget(app: RunningApp, { others }: Bookable): Target {
  const HOURS = 12
  let nth = 0
  return formTarget(app, 'book', '/bookings', () => {
    const [item, turn] = [nth % others.length, Math.floor(nth / others.length)]
    nth += 1
    const hour = String(8 + (turn % HOURS)).padStart(2, '0')
    return {
      key: randomUUID(),
      ward: `ward-${FIRST_WARD + 1 + Math.floor(item / ITEMS_A_WARD)}`,
      item: others[item] ?? 0,
      on: dayAhead(2 + Math.floor(turn / HOURS)),
      from: `${hour}:00`,
      length: '30',
      for: 'initials',
      initials: 'JB',
      purpose: 'family',
    }
  })
}

/** Written past the triggers, as `fill.ts` writes the rest; that no two plans meet is asked when the rule is put back. */
export async function fillBookings(adminUrl: string): Promise<Bookable> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench fill' })
  await client.connect()
  try {
    await client.query(`
      set session_replication_role = replica;
      set maintenance_work_mem = '512MB';
      set synchronous_commit = off;

      create temporary table bookable as
      select row_number() over (order by tag) as n, id as item_id,
             ${FIRST_WARD} + (row_number() over (order by tag) - 1) / ${ITEMS_A_WARD} as ward_id
      from items
      where left_at is null and not exists (
        select from item_holds where item_id = items.id and ended_at is null and cancelled_at is null
      ) and not exists (select from loan_lines where item_id = items.id and ended_at is null and cancelled_at is null)
      order by tag limit ${WARDS * ITEMS_A_WARD};
      insert into wards (id, organisation_id, site_id, code, name, kind, longest_cable_cm) overriding system value
      select id, 1, 1, 'ward-' || id, 'Ward ' || id, 'inpatient ward', 100
      from generate_series(${FIRST_WARD}, ${FIRST_WARD + WARDS - 1}) id;
      update items set kept_at_ward_id = ward_id from bookable where items.id = item_id;
      delete from item_holds where item_id in (select item_id from bookable);

      alter table item_holds drop constraint plans_never_overlap;
      create temporary table made as
      select row_number() over (order by at, item_id) + (select coalesce(max(id), 0) from bookings) as id,
             row_number() over (order by at, item_id) + (select max(id) from item_holds) as hold_id,
             item_id, ward_id, at, at < now() as is_past
      from bookable, generate_series(-${Math.ceil(AN_ITEM / 5)}, 1) day, generate_series(0, 4) nth,
           lateral (select (current_date + day + time '08:00' + nth * interval '2 hours' + n % 4 * interval '15 minutes')
                           at time zone 'Europe/London' as at) slot
      where day <> 0 and (day < 0 or ward_id = ${FIRST_WARD});

      insert into bookings (id, organisation_id, ward_id, initials, purpose, cleaning_minutes, made_at, made_by, version)
        overriding system value
      select id, 1, ward_id, 'P' || id % 90, (array['family', 'leisure', 'appointment'])[1 + id % 3], 15,
             least(at, now()) - interval '1 day', 1, case when is_past then 3 else 1 end
      from made order by id;
      insert into item_holds (id, organisation_id, item_id, kind, booking_id, ward_id, plan, taken_at, ended_at, ended_as)
        overriding system value
      select hold_id, 1, item_id, 'booking', id, ward_id, tstzrange(at, at + interval '1 hour'),
             case when is_past then at end, case when is_past then at + interval '45 minutes' end, case when is_past then 'returned' end
      from made order by hold_id;
      alter table item_holds add constraint plans_never_overlap
        exclude using gist (item_id with =, plan with &&) where (cancelled_at is null);
      select setval(pg_get_serial_sequence('bookings', 'id'), (select max(id) from bookings)),
             setval(pg_get_serial_sequence('item_holds', 'id'), (select max(id) from item_holds));
    `)
    await client.query('vacuum (analyze) bookings, item_holds, items')
    const { rows } = await client.query<{ item_id: string; ward_id: string }>('select * from bookable order by n')
    const on = (isShown: boolean) => rows.filter((row) => (Number(row.ward_id) === FIRST_WARD) === isShown)
    return {
      shown: on(true).map(({ item_id }) => Number(item_id)),
      others: on(false).map((row) => Number(row.item_id)),
    }
  } finally {
    await client.end()
  }
}

/** For each page: how much PostgreSQL reads, and by which way it comes to bookings and holds. */
async function readPlans(appUrl: string, pages: [name: string, path: string][]): Promise<string[]> {
  const app = await listenTo(appUrl)
  const pool = openPool({ url: appUrl, applicationName: 'bench plans' })
  const client = await pool.connect()
  try {
    const told: string[] = []
    for (const [name, path] of pages) {
      let blocks = 0
      const ways = new Set<string>()
      for (const statement of await app.statementsOf(path, 'champion')) {
        const plan = await explain(client, statement)
        blocks += blocksOf(plan)
        for (const way of waysOf(plan)) ways.add(way)
      }
      told.push(`${name}: ${blocks} blocks; ${[...ways].sort().join(', ')}`)
    }
    return told
  } finally {
    client.release()
    await pool.end()
    await app.close()
  }
}

/** The nodes of a plan that read what grows with the years. */
function waysOf(plan: Plan): string[] {
  const index = plan['Index Name']
  const relation = plan['Relation Name']
  const isAsked = relation === 'bookings' || relation === 'item_holds'
  const own = isAsked ? [index ?? `${plan['Node Type']} of ${relation}`] : []
  return [...own, ...(plan.Plans ?? []).flatMap(waysOf)]
}
