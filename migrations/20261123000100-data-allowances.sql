-- Data that was given to somebody: a SIM, an eSIM, a voucher, a hotspot plan; what was read of its balance, and what was done
-- with it since. How long it lasts is worked out from these, and stored nowhere.

create table data_allowances (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  kind text not null constraint data_allowance_kind_word check (kind in ('sim', 'esim', 'voucher', 'hotspot')),
  provider text not null check (trim(provider) <> '' and length(provider) <= 100),
  network text not null default '' check (length(network) <= 100),
  -- a period; null: as much as they like. A terabyte a period is more than any plan gives
  megabytes integer constraint data_is_a_sane_amount check (megabytes between 1 and 1000000),
  -- once: it is used up; else as much again with each new period, and nothing is carried over
  period text not null constraint data_period_word check (period in ('once', 'day', 'week', 'month')),
  starts_on date not null check (isfinite(starts_on)),
  -- the last day; null: no end is agreed
  ends_on date check (isfinite(ends_on)),
  funder text not null default '' check (length(funder) <= 100),
  cost_pence integer check (cost_pence between 0 and 100000000),
  service_user_id bigint,
  ward_id bigint,
  staff_id bigint,
  -- with which item of a loan it was given, if with one
  loan_line_id bigint,
  sim_number text constraint data_sim_number_check_digit check (
    sim_number ~ '^89[0-9]{17,18}$' and is_luhn(sim_number)
  ),
  suspended_at timestamptz(3) check (isfinite(suspended_at)),
  cancelled_at timestamptz(3) check (isfinite(cancelled_at)),
  made_at timestamptz(3) not null check (isfinite(made_at)),
  made_by bigint not null,
  version integer not null default 1,
  unique (organisation_id, id),
  constraint data_allowance_has_one_holder check (num_nonnulls(service_user_id, ward_id, staff_id) = 1),
  constraint data_allowance_ends_after_it_starts check (ends_on >= starts_on),
  constraint data_allowance_was_made_before check (suspended_at >= made_at and cancelled_at >= made_at),
  constraint one_allowance_on_a_sim_at_a_time exclude using gist (
    organisation_id with =, sim_number with =, daterange(starts_on, ends_on, '[]') with &&
  ) where (sim_number is not null and cancelled_at is null),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, loan_line_id) references loan_lines (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
-- The list, newest first; a person's; those of a loan; a SIM by the last digits of its number.
create index data_allowances_in_order on data_allowances (organisation_id, id);
create index data_allowances_by_person on data_allowances (service_user_id, id) where service_user_id is not null;
create index data_allowances_by_line on data_allowances (loan_line_id) where loan_line_id is not null;
create index data_allowances_by_sim on data_allowances (organisation_id, reverse(sim_number) text_pattern_ops)
  where sim_number is not null;

-- How much was left, and when somebody looked. What is newer takes its place, and what was read stays.
create table data_readings (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  data_allowance_id bigint not null,
  read_at timestamptz(3) not null check (isfinite(read_at)),
  megabytes_left integer not null constraint data_left_is_a_sane_amount check (megabytes_left between 0 and 1000000),
  -- start: it was new then, and all of it was there
  source text not null constraint data_reading_source_word check (source in ('start', 'typed')),
  made_at timestamptz(3) not null check (isfinite(made_at)),
  made_by bigint not null,
  unique (organisation_id, id),
  unique (data_allowance_id, read_at),
  constraint nobody_reads_what_is_to_come check (read_at <= made_at),
  foreign key (organisation_id, data_allowance_id) references data_allowances (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);

-- What was done with it, and by whom; of a new SIM, the number that it had until then.
create table data_allowance_changes (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  data_allowance_id bigint not null,
  kind text not null constraint data_change_kind_word check (
    kind in ('given', 'topped-up', 'suspended', 'resumed', 'extended', 'sim-replaced', 'cancelled')
  ),
  at timestamptz(3) not null check (isfinite(at)),
  made_by bigint not null,
  megabytes integer constraint top_up_is_a_sane_amount check (megabytes between 1 and 1000000),
  sim_number text,
  unique (organisation_id, id),
  constraint only_a_top_up_adds check ((megabytes is not null) = (kind = 'topped-up')),
  constraint only_a_new_sim_leaves_one check (sim_number is null or kind = 'sim-replaced'),
  foreign key (organisation_id, data_allowance_id) references data_allowances (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
create index data_allowance_changes_in_order on data_allowance_changes (data_allowance_id, at, id);

-- Of two readings in the same moment the second waits for the first, and then sees it.
create function data_reading_is_the_newest() returns trigger language plpgsql as $$
begin
  perform from data_allowances where id = new.data_allowance_id for no key update;
  if exists (select from data_readings where data_allowance_id = new.data_allowance_id and read_at >= new.read_at) then
    raise exception 'allowance % has a newer reading', new.data_allowance_id
      using errcode = '23514', constraint = 'data_reading_is_the_newest', table = 'data_readings';
  end if;
  return new;
end $$;
create trigger data_reading_is_the_newest before insert on data_readings
  for each row execute function data_reading_is_the_newest();

create function data_allowance_goes_on() returns trigger language plpgsql as $$
begin
  if (new.id, new.organisation_id, new.kind, new.megabytes, new.period, new.starts_on, new.made_at, new.made_by)
    is distinct from
     (old.id, old.organisation_id, old.kind, old.megabytes, old.period, old.starts_on, old.made_at, old.made_by)
    or old.cancelled_at is not null and (new.cancelled_at, new.suspended_at, new.ends_on)
      is distinct from (old.cancelled_at, old.suspended_at, old.ends_on) then
    raise exception 'data allowance % stays as it was given, and is over once it is cancelled', old.id
      using errcode = '23514', constraint = 'data_allowance_goes_on', table = 'data_allowances';
  end if;
  return new;
end $$;
create trigger data_allowance_goes_on before update on data_allowances
  for each row execute function data_allowance_goes_on();

-- It is given with an item that whoever gets it has on loan.
create function data_goes_with_their_loan() returns trigger language plpgsql as $$
begin
  if not exists (
    select from loan_lines line join loans loan on loan.id = line.loan_id
    where line.id = new.loan_line_id and line.ended_at is null and line.cancelled_at is null
      and (loan.service_user_id, loan.ward_id, loan.staff_id) is not distinct from (new.service_user_id, new.ward_id, new.staff_id)
    for share of line
  ) then
    raise exception 'loan line % is not open, or is somebody else''s', new.loan_line_id
      using errcode = '23514', constraint = 'data_goes_with_their_loan', table = 'data_allowances';
  end if;
  return new;
end $$;
create trigger follow_merge before insert or update of service_user_id on data_allowances
  for each row execute function follow_merge();
create trigger goes_with_their_loan before insert on data_allowances
  for each row when (new.loan_line_id is not null) execute function data_goes_with_their_loan();

-- What is taken until somebody knows better: megabytes a minute of a call, and a day of everything else.
alter table organisations
  add column data_mb_video smallint not null default 10
    constraint data_of_video_is_an_amount check (data_mb_video between 1 and 100),
  add column data_mb_phone smallint not null default 0
    constraint data_of_phone_is_an_amount check (data_mb_phone between 0 and 100),
  add column data_mb_text smallint not null default 1
    constraint data_of_text_is_an_amount check (data_mb_text between 0 and 100),
  add column data_mb_day smallint not null default 250
    constraint data_of_a_day_is_an_amount check (data_mb_day between 0 and 10000);
