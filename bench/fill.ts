import pg from 'pg'
import { makeIccid, makeImei, makeTestNhsNumber } from '../seeds/identifiers.ts'
import { hashPassword } from '../src/lib/passwords.ts'

export const password = 'a bench of eight champions'

export function championEmail(number: number): string {
  return `champion-${number}@bench.example`
}

/** Somebody of information governance. */
export const READER_EMAIL = 'staff-60@bench.example'

const CHAMPIONS = 8
const WARDS = 40
const LINES_AN_ITEM = 10

/**
 * Fills a migrated, empty database with one organisation and `lines` loan lines: a tenth as many items, which go out two
 * by two (a device and its charger), ten times each in three years. So a scheme of a hundred times the size has a hundred
 * times of everything, and one item's story is as long in both. Half of the items are out now, and every state an item can
 * have is there, in shares that are as good as exact: the smallest scheme that is measured (10,000 lines) has more than a
 * page of 50 under each heading, or a full page would be compared with half of one.
 *
 * Written by the superuser with triggers and foreign keys off, which makes it minutes in place of hours; `invariants.ts`
 * then asks whether it is what they would have let through.
 */
export async function fillDatabase(adminUrl: string, lines: number, log: (message: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench fill' })
  await client.connect()
  try {
    await client.query(`
      set session_replication_role = replica;
      set maintenance_work_mem = '512MB';
      set work_mem = '256MB';
      set synchronous_commit = off;
    `)
    const items = lines / LINES_AN_ITEM
    for (const [title, work] of steps(items)) {
      const start = performance.now()
      if (typeof work === 'string') await client.query(work)
      else await work(client)
      log(`${title}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
    }
  } finally {
    await client.end()
  }
}

type Step = [title: string, work: string | ((client: pg.Client) => Promise<void>)]

function steps(items: number): Step[] {
  const pairs = items / 2
  const people = Math.max(20, items / 2)
  return [
    ['organisation, staff, wards', fillOrganisation],
    ['models and kits', modelsAndKits(pairs)],
    ['service users', (client) => fillPeople(client, people)],
    ['items', (client) => fillItems(client, pairs)],
    ['the story of every loan', stories(pairs, people)],
    ['loans', loans],
    ['loan lines', loanLines],
    ['holds', holds],
    ['turnaround steps', turnaroundSteps],
    ['plans to come', plansToCome(pairs)],
    ['visits to come', visitsToCome],
    ['what has left the stock', left],
    ['repairs, incidents, what was agreed', records],
    ['audit', audit],
    ['keys of forms that were sent', submissions],
    ['plans never overlap', plansNeverOverlap],
    ['numbering', numbering],
    ['vacuum and analyze', (client) => vacuum(client)],
  ]
}

/** As good as random and the same every time: a number from 0 up to 1, another for each `salt`. */
function chance(of: string, salt: number): string {
  return `(((${of})::bigint * 2654435761 + ${salt * 97_003} + (${of})::bigint / 7 * ${salt * 40_503 + 1}) % 4294967291 / 4294967291.0)`
}

async function fillOrganisation(client: pg.Client): Promise<void> {
  const hash = await hashPassword(password)
  await client.query(`
    insert into organisations (id, code, name, created_at) overriding system value
      values (1, 'BENCH', 'Bench NHS Foundation Trust', now() - interval '3 years');
    insert into sites (id, organisation_id, name) overriding system value
      select n, 1, 'Site ' || n from generate_series(1, 5) n;
    insert into wards (id, organisation_id, site_id, code, name, kind, longest_cable_cm) overriding system value
      select n, 1, 1 + n % 5, 'ward-' || n, 'Ward ' || n,
             (array['inpatient ward', 'community team', 'hub'])[1 + n % 3], 100
      from generate_series(1, ${WARDS}) n;
    insert into agreement_versions (id, organisation_id, number, body, created_at) overriding system value
      values (1, 1, 1, repeat('Look after it. Tell us if it is lost. Bring it back when we ask. ', 20), now() - interval '3 years');
    insert into loan_lengths (organisation_id, category, weeks)
      select 1, code, 12 from item_categories;
  `)
  await client.query(
    `insert into staff (id, organisation_id, name, email, role, password_hash, created_at) overriding system value
     select n, 1, 'Staff ' || n, case when n <= ${CHAMPIONS} then 'champion-' || n else 'staff-' || n end || '@bench.example',
            case when n <= ${CHAMPIONS} then 'champion' when n = 60 then 'information-governance' else 'care-team' end, $1, now() - interval '3 years'
     from generate_series(1, 60) n`,
    [hash],
  )
}

/** Six models for each category that is lent. The security updates of two tablets and a smartphone end or have ended. */
function modelsAndKits(pairs: number): string {
  return `
    insert into models (id, organisation_id, category, maker, name, operating_system, support_ends_on, connector,
                        is_suitable_for_video, created_at) overriding system value
    select row_number() over (order by sort_order, n), 1, code, 'Maker ' || n, name || ' ' || n,
           case when sort_order <= 3 then 'System ' || n else '' end,
           case when sort_order <= 2 and n = 1 then current_date - 60
                when sort_order = 1 and n = 2 then current_date + 60
                when sort_order <= 3 then current_date + 700 end,
           'usb-c', sort_order <= 3, now() - interval '3 years'
    from item_categories, generate_series(1, 6) n
    where sort_order <= 8;

    insert into kits (id, organisation_id, tag, name, created_at) overriding system value
    select p / 5 + 1, 1, 'KIT-' || lpad((p / 5 + 1)::text, 5, '0'), 'Device and charger ' || p / 5 + 1, now() - interval '3 years'
    from generate_series(1, ${pairs}) p where p % 5 = 1;
  `
}

async function fillPeople(client: pg.Client, people: number): Promise<void> {
  await client.query(`
    insert into service_users (id, organisation_id, created_at) overriding system value
      select n, 1, now() - interval '3 years' from generate_series(1, ${people}) n;
  `)
  const nhsNumbers = Array.from({ length: people }, (_, n) => makeTestNhsNumber(n))
  await client.query(
    `insert into service_user_details (service_user_id, organisation_id, name, date_of_birth, nhs_number, phone)
     select n, 1, 'Given' || n % 997 || ' Example' || n % 7919, date '1940-01-01' + (n % 25000)::int, nhs,
            '07700 900' || lpad((n % 1000)::text, 3, '0')
     from unnest($1::text[]) with ordinality as given (nhs, n)`,
    [nhsNumbers],
  )
}

/** Pair p is the items 2p - 1, a device (or one in ten times a headset), and 2p, its charger (or an accessory). */
async function fillItems(client: pg.Client, pairs: number): Promise<void> {
  const imeis = Array.from({ length: pairs }, (_, n) => makeImei(n))
  const iccids = Array.from({ length: pairs }, (_, n) => makeIccid(n))
  await client.query(
    `
    insert into items (id, organisation_id, model_id, category, tag, serial, imei, iccid, kept_at_ward_id, kit_id, bought_on,
                       cost_pence, created_at) overriding system value
    select made.id, 1, models.id, models.category, 'DL-' || lpad(made.id::text, 6, '0'),
           'SN' || upper(substr(md5(made.id::text), 1, 10)),
           case when models.category in ('smartphone', 'hotspot') then imei end,
           case when models.category in ('smartphone', 'hotspot') then iccid end,
           1 + p % ${WARDS}, case when p % 5 = 1 then p / 5 + 1 end, current_date - 1100, 19900, now() - interval '3 years'
    from (
      select p, 2 * p - half as id, imei, iccid, 1 + (p / 11) % 6 as place,
             case when half = 0 then case when p % 10 = 9 then 'accessory' else 'charger' end
                  when p % 10 < 5 then 'tablet' when p % 10 < 7 then 'smartphone' when p % 10 < 8 then 'laptop'
                  when p % 10 < 9 then 'hotspot' else 'headset' end as category
      from unnest($1::text[], $2::text[]) with ordinality as given (imei, iccid, p), generate_series(0, 1) half
    ) made
    join models on models.category = made.category and models.name like '% ' || made.place
    order by made.id
    `,
    [imeis, iccids],
  )
}

/**
 * One row for each loan there ever was, in the order they were made. The tenth loan of a pair is the last one, and how
 * it stands today is drawn from the pair's number; the nine before it came back after some 80 days.
 * `apart`: in one pair of twenty-five the device goes out without its charger, which is then lent to somebody else.
 */
function stories(pairs: number, people: number): string {
  return `
    create unlogged table bench_stories as
    select row_number() over (order by lent_at, p, part) as loan_id, made.*,
           (lent_at at time zone 'Europe/London')::date + 84 as due_on,
           case
             when k < 10 then lent_at + interval '76 days' + ${chance('p + k', 5)} * interval '10 days'
             when fate in ('making-ready', 'repair') then now() - interval '2 days' - ${chance('p', 6)} * interval '6 hours'
             when fate in ('ready', 'visit', 'lost', 'retired') then least(lent_at + interval '70 days', now() - interval '20 days')
           end::timestamptz(3) as ended_at,
           case when k < 10 or fate not in ('lost') then 'returned' else fate end as ended_as,
           case when k = 10 and fate = 'placed' then 1 + p % ${WARDS} end as ward_id,
           case when p % 333 = 0 and fate <> 'placed' then 9 + p % 50 end as staff_id,
           1 + floor(${chance('p * 10 + k + part', 3)} * ${people})::bigint as person
    from (
      select p, k, part, p % 25 = 7 as apart, fate,
             (date_trunc('day', now()) + interval '9 hours' - (10 - k) * interval '98 days'
              - case when fate in ('ready', 'visit', 'lost', 'retired') then interval '95 days'
                     when fate in ('making-ready', 'repair') then interval '80 days'
                     when fate = 'overdue' then (85 + floor(${chance('p', 1)} * 30)) * interval '1 day'
                     when fate = 'due-soon' then (77 + floor(${chance('p', 1)} * 7)) * interval '1 day'
                     else (1 + floor(${chance('p', 1)} * 75)) * interval '1 day' end
              + (p % 400) * interval '1 minute')::timestamptz(3) as lent_at
      from (
        select p, case when draw < 0.12 then 'overdue' when draw < 0.24 then 'due-soon' when draw < 0.44 then 'out'
                       when draw < 0.50 then 'placed' when draw < 0.56 then 'making-ready' when draw < 0.62 then 'repair'
                       when draw < 0.68 then 'lost' when draw < 0.70 then 'retired' when draw < 0.82 then 'visit'
                       else 'ready' end as fate
        from (
          select p, (row_number() over (order by ${chance('p', 2)}, p) - 0.5) / ${pairs} as draw
          from generate_series(1, ${pairs}) p
        ) drawn
      ) fates, generate_series(1, 10) k, generate_series(0, 1) part
      where part = 0 or p % 25 = 7
    ) made
    order by 1;
    create unique index on bench_stories (loan_id);
    analyze bench_stories;
  `
}

const loans = `
  insert into loans (id, organisation_id, service_user_id, ward_id, staff_id, lent_at, lent_by, agreement_version_id,
                     agreement_how, lent_without_charger, lacks_charger, version) overriding system value
  select loan_id, 1, case when ward_id is null and staff_id is null then person end, ward_id, staff_id, lent_at,
         1 + p % ${CHAMPIONS}, case when ward_id is null then 1 end, case when ward_id is null then 'paper' end,
         apart and part = 0 and p % 10 < 9, apart and part = 0 and p % 10 < 9 and ended_at is null,
         case when ended_at is null then 1 else 2 end
  from bench_stories order by loan_id;
`

const loanLines = `
  insert into loan_lines (id, organisation_id, loan_id, item_id, placed_with_ward_id, from_at, due_on, taken_at, ended_at,
                          ended_as) overriding system value
  select row_number() over (order by loan_id, item_id), 1, loan_id, item_id, ward_id, lent_at, due_on, lent_at, ended_at,
         case when ended_at is not null then ended_as end
  from bench_stories,
       lateral (select 2 * p - 1 as item_id where part = 0 union all select 2 * p where apart = (part = 1)) items
  order by loan_id, item_id;
  analyze loan_lines;
  update loans set has_charger = true
  from loan_lines line join items on items.id = item_id
  where line.loan_id = loans.id and items.category = 'charger' and coalesce(ended_as, 'given') = 'given';
`

/** A hold for each line that is no placement, and a turnaround after each return; in the order in which they began. */
const holds = `
    alter table item_holds drop constraint plans_never_overlap;
    insert into item_holds (id, organisation_id, item_id, kind, loan_line_id, plan, taken_at, ended_at, ended_as)
      overriding system value
    select row_number() over (order by taken_at, item_id), 1, made.*
    from (
      select item_id, 'loan' as kind, id as loan_line_id, loan_line_plan(from_at, due_on, ended_at) as plan, taken_at,
             ended_at, ended_as
      from loan_lines where placed_with_ward_id is null
      union all
      select item_id, 'turnaround', null, null, line.ended_at,
             case when k = 10 and fate in ('making-ready', 'lost') then null
                  else line.ended_at + interval '1 day' end,
             case when k = 10 and fate in ('making-ready', 'lost') then null else 'ready' end
      from loan_lines line join bench_stories story using (loan_id)
      where line.ended_as = 'returned'
      union all
      select item_id, 'repair', null, null, line.ended_at + interval '30 hours', null, null
      from loan_lines line join bench_stories story using (loan_id) where k = 10 and fate = 'repair'
    ) made
    order by taken_at, item_id;

    insert into item_holds (id, organisation_id, item_id, kind, ward_id, plan, taken_at) overriding system value
    select (select max(id) from item_holds) + row_number() over (), 1, item_id, 'booking', placed_with_ward_id,
           tstzrange(date_trunc('hour', now()), date_trunc('hour', now()) + interval '2 hours'), date_trunc('hour', now())
    from loan_lines where placed_with_ward_id is not null and ended_at is null and item_id % 8 = 1;
    analyze item_holds;
  `

/** Of the last four months only: nothing reads older ones, and they would be half of the database. */
const turnaroundSteps = `
  insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by, method)
  select 1, hold.id, rule.step, hold.ended_at, 1, case when rule.step = 'wiped' then 'factory-reset' end
  from item_holds hold join items on items.id = hold.item_id join turnaround_step_rules rule using (category)
  where kind = 'turnaround' and ended_at > now() - interval '120 days';
`

/** Wards that want, tomorrow or next week, what is out today. Some of it is overdue: those plans are at risk. */
function plansToCome(pairs: number): string {
  return `
    insert into item_holds (id, organisation_id, item_id, kind, plan) overriding system value
    select (select max(id) from item_holds) + row_number() over (), 1, line.item_id, 'booking',
           tstzrange(start, start + interval '1 hour')
    from loan_lines line,
         lateral (select date_trunc('day', now()) + interval '34 hours' + line.item_id % 8 * interval '1 hour' as start) wanted
    where line.ended_at is null and line.placed_with_ward_id is null and line.due_on < current_date and line.item_id % 2 = 1
    order by line.id
    limit ${Math.ceil(pairs * 0.1)};
  `
}

/** From today on, twenty visits a day for what is ready. */
const visitsToCome = `
  create unlogged table bench_visits as
  select p, person, (select max(id) from loans) + row_number() over (order by p) as loan_id,
         (current_date + (row_number() over (order by p) / 20)::int)::timestamp at time zone 'Europe/London' as from_at
  from bench_stories where k = 10 and part = 0 and fate = 'visit';
  insert into loans (id, organisation_id, service_user_id, lent_at, lent_by, agreement_version_id, agreement_how, visit_time)
    overriding system value
  select loan_id, 1, person, now() - interval '1 day', 1 + p % ${CHAMPIONS}, 1, 'paper', time '09:00' + p % 8 * interval '1 hour'
  from bench_visits order by loan_id;
  insert into loan_lines (id, organisation_id, loan_id, item_id, from_at, due_on) overriding system value
  select (select max(id) from loan_lines) + row_number() over (order by loan_id, item_id), 1, loan_id, item_id, from_at,
         (from_at at time zone 'Europe/London')::date + 84
  from bench_visits, lateral (values (2 * p - 1), (2 * p)) items (item_id);
  insert into item_holds (id, organisation_id, item_id, kind, loan_line_id, plan) overriding system value
  select (select max(id) from item_holds) + row_number() over (order by id), 1, item_id, 'loan', id,
         loan_line_plan(from_at, due_on, null)
  from loan_lines where taken_at is null;
  drop table bench_visits;
`

const left = `
  update items set left_at = now() - interval '10 days', left_as = fate
  from bench_stories where k = 10 and fate in ('lost', 'retired') and items.id in (2 * p - 1, 2 * p);
`

/**
 * What a repair, a loss and a retirement have besides the hold or the item. Each thing that was lost has an incident of its
 * own, with a task that is late and one that is not. For a third of what is due soon the next step is agreed.
 */
const records = `
  insert into repairs (hold_id, organisation_id, reason, place, expected_back_on, sent_by)
  select id, 1, 'The screen is cracked', 'Repair shop ' || item_id % 5, current_date - 20 + (id % 60)::int, 1 + item_id % ${CHAMPIONS}
  from item_holds where kind = 'repair';

  create unlogged table bench_losses as
  select row_number() over (order by items.id) as incident_id, items.id as item_id, line.id as line_id, line.loan_id, items.left_at
  from items join loan_lines line on line.item_id = items.id and line.ended_as = 'lost'
  where items.left_as = 'lost';
  insert into incidents (id, organisation_id, kind, loan_id, reported_at, reported_by) overriding system value
  select incident_id, 1, 'lost', loan_id, left_at, 1 from bench_losses order by 1;
  insert into incident_items (organisation_id, incident_id, kind, item_id, loan_line_id)
  select 1, incident_id, 'lost', item_id, line_id from bench_losses order by incident_id;
  insert into incident_tasks (organisation_id, incident_id, task, item_id, due_at, owned_by, done_at, done_by)
  select 1, incident_id, task, item_id, left_at + after + incident_id % 7000 * interval '1 minute', 1,
         case when task = 'reach-person' then left_at + interval '1 hour' end,
         case when task = 'reach-person' then 1 end
  from bench_losses, (values ('reach-person', interval '4 hours'), ('search', interval '5 days'),
                             ('replacement', interval '20 days')) tasks (task, after)
  order by incident_id;
  drop table bench_losses;

  insert into disposals (organisation_id, item_id, how, to_whom, wiped_how, disposed_on, retired_at, retired_by)
  select 1, id, 'recycled', 'The recycling centre', 'nothing-on-it', current_date - 10, left_at, 1 from items where left_as = 'retired' order by id;

  insert into onward_plans (organisation_id, loan_id, choices, agreed_with, agreed_on, to_keep, covers_until, recorded_at, recorded_by)
  select 1, loan_id, array['extend'], 'person', current_date - 3, 'nothing', max(due_on), now() - interval '3 days', 1
  from loan_lines
  where taken_at is not null and ended_at is null and due_on between current_date and current_date + 28 and loan_id % 3 = 0
  group by loan_id order by loan_id;
`

/** Every loan and return, and every item that was added, in the order they happened, with what was personal in them. */
const audit = `
  create unlogged table bench_events as
  select row_number() over (order by at, verb, subject_id) as id, at, verb, subject_type, subject_id, person, details
  from (
    select story.lent_at as at, 'loan:lent' as verb, 'loan' as subject_type, loan_id as subject_id,
           case when ward_id is null and staff_id is null then person end as person,
           jsonb_build_object('items', jsonb_build_array('DL-' || lpad((2 * p - 1)::text, 6, '0')), 'dueOn', due_on) as details
    from bench_stories story
    union all
    select ended_at, 'loan:returned', 'loan', loan_id, case when ward_id is null and staff_id is null then person end,
           jsonb_build_object('items', jsonb_build_array('DL-' || lpad((2 * p - 1)::text, 6, '0')), 'returnedAt', ended_at)
    from bench_stories story where ended_as = 'returned' and ended_at is not null
    union all
    select created_at, 'item:created', 'item', id, null, null from items
  ) happened;

  insert into audit_events (id, at, organisation_id, staff_id, verb, subject_type, subject_id, service_user_id, request_id)
    overriding system value
  select id, at, 1, 1 + id % ${CHAMPIONS}, verb, subject_type, subject_id, person, md5(id::text)::uuid::text
  from bench_events order by id;
  insert into audit_details (audit_event_id, details)
  select id, details from bench_events where details is not null order by id;
  drop table bench_events;
`

const submissions = `
  insert into submissions (form_key, staff_id, location, at)
  select md5(loan_id::text)::uuid, 1 + p % ${CHAMPIONS}, '/loans/' || loan_id, lent_at from bench_stories;
  drop table bench_stories;
`

/** Put back at the end: built at once it is faster, and it fails if any two plans for one item meet. */
const plansNeverOverlap = `
  alter table item_holds add constraint plans_never_overlap
    exclude using gist (item_id with =, plan with &&) where (cancelled_at is null);
`

const numbering = `
  do $$
  declare
    entry record;
  begin
    for entry in
      select table_name, column_name from information_schema.columns
      where table_schema = 'public' and is_identity = 'YES'
    loop
      execute format('select setval(pg_get_serial_sequence(%L, %L), (select coalesce(max(%I), 0) + 1 from %I), false)',
                     entry.table_name, entry.column_name, entry.column_name, entry.table_name);
    end loop;
  end $$;
`

async function vacuum(client: pg.Client): Promise<void> {
  // what was changed above would stand together at the end of its table, which it does in no scheme that grew
  await client.query(
    'cluster items using items_pkey; cluster loans using loans_pkey; cluster loan_lines using loan_lines_pkey',
  )
  await client.query('vacuum (analyze, freeze)')
  await client.query('checkpoint')
}
