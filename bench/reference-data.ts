import pg from 'pg'

const HISTORY_AN_ITEM = 20

/** What the reference pages read and write: so many items, each with its last loans, in a schema of their own. */
export async function fillReference(adminUrl: string, items: number): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench fill' })
  await client.connect()
  try {
    await client.query(tables)
    await client.query(`
      insert into staff select n, 'Staff ' || n from generate_series(1, 60) n;
      insert into models select n, 'Maker ' || n % 7, 'Model ' || n from generate_series(1, 60) n;
      insert into places select n, 'Ward ' || n from generate_series(1, 40) n;
      insert into sessions select sha256(('session-' || n)::bytea), n, now() + interval '1 year' from generate_series(1, 8) n;
      insert into items
        select n, 'DL-' || lpad(n::text, 6, '0'), 1 + n % 60, 1 + n % 40, 'SN' || upper(substr(md5(n::text), 1, 10)),
               now() - n % 900 * interval '1 day', current_date + (n % 100)::int, (array['on loan', 'available', 'overdue'])[1 + n % 3]
        from generate_series(1, ${items}) n;
      insert into loans (item_id, person_id, lent_at, due_on, returned_at, lent_by)
        select item, 1 + (item * 31 + k) % 50000, now() - (${HISTORY_AN_ITEM} - k) * interval '50 days',
               current_date - (${HISTORY_AN_ITEM} - k) * 50 + 40, now() - (${HISTORY_AN_ITEM} - k) * interval '50 days' + interval '39 days',
               1 + k % 60
        from generate_series(1, ${HISTORY_AN_ITEM / 2}) k, generate_series(1, ${items}) item;
      insert into loans (item_id, person_id, lent_at, due_on, returned_at, lent_by)
        select item_id, person_id, lent_at - interval '3 years', due_on - 1000, returned_at, lent_by from loans
        where item_id % 100 = 0;
      create index loans_by_item on loans (item_id, id desc);
    `)
    await client.query('vacuum (analyze, freeze)')
  } finally {
    await client.end()
  }
}

const tables = `
  create schema reference;
  set search_path = reference;
  grant usage on schema reference to loans_app;
  create table staff (id bigint primary key, name text not null);
  create table models (id bigint primary key, maker text not null, name text not null);
  create table places (id bigint primary key, name text not null);
  create table sessions (id_hash bytea primary key, staff_id bigint not null references staff, ends_at timestamptz not null);
  create table items (
    id bigint primary key, tag text not null unique, model_id bigint not null references models,
    place_id bigint not null references places, serial text not null, bought_at timestamptz not null,
    due_on date not null, state text not null, version integer not null default 1
  );
  create table loans (
    id bigint generated always as identity primary key, item_id bigint not null references items,
    person_id bigint not null, lent_at timestamptz not null, due_on date not null, returned_at timestamptz,
    lent_by bigint not null references staff
  );
  create table events (
    id bigint generated always as identity primary key, at timestamptz not null, verb text not null,
    loan_id bigint not null, staff_id bigint not null
  );
  create index events_by_loan on events (loan_id);
  grant select, insert, update on all tables in schema reference to loans_app;
`
