-- A long import runs as a job. Each row is one press of the button: who pressed it, what they had seen, and how far it is.
-- How far it is changes while the import holds its own row, so it stands in a table of its own.
create table import_runs (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  import_id bigint not null,
  asked_by bigint not null,
  asked_at timestamptz(3) not null,
  row_count integer not null check (row_count > 0),
  -- the print of the plan that was agreed to, and one of each row, to say which row changed; let go when it is over
  seen text not null,
  seen_rows jsonb,
  stage text not null default 'waiting' check (stage in ('waiting', 'checking', 'writing')),
  done_count integer not null default 0,
  of_count integer not null default 0,
  ended_at timestamptz(3),
  ended_as text check (ended_as in ('done', 'changed', 'not-allowed', 'failed')),
  -- the first rows that changed meanwhile, and how many there are
  problems jsonb,
  problem_count integer not null default 0,
  unique (organisation_id, id),
  foreign key (organisation_id, import_id) references imports (organisation_id, id) on delete cascade,
  foreign key (organisation_id, asked_by) references staff (organisation_id, id),
  check ((ended_at is null) = (ended_as is null)),
  check ((ended_at is null) = (seen_rows is not null)),
  check (problems is null or coalesce(ended_as, '') = 'changed')
);
-- whoever presses twice, and two who press together, have one run
create unique index one_run_of_an_import_at_a_time on import_runs (import_id) where ended_at is null;
create unique index import_comes_in_once on import_runs (import_id) where ended_as = 'done';
create index import_runs_by_import on import_runs (import_id, id desc);

create function import_run_stays_over() returns trigger language plpgsql as $$
begin
  raise exception 'what has ended stays so' using errcode = '23514', constraint = 'import_run_stays_over';
end $$;
create trigger import_run_stays_over before update of ended_at, ended_as, asked_by, import_id on import_runs
  for each row when (old.ended_at is not null) execute function import_run_stays_over();
