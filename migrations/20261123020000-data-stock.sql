-- Numbered SIMs and voucher codes that we have, brought in by spreadsheet and handed out one by one. A code is kept encrypted
-- with a key that is not in the database, beside a keyed hash that tells whether it came in before.
create table data_stock (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  import_id bigint not null,
  kind text not null constraint data_stock_kind_word check (kind in ('sim', 'esim', 'voucher', 'hotspot')),
  provider text not null check (trim(provider) <> '' and length(provider) <= 100),
  network text not null default '' check (length(network) <= 100),
  megabytes integer constraint stock_is_a_sane_amount check (megabytes between 1 and 1000000),
  period text not null constraint data_stock_period_word check (period in ('once', 'day', 'week', 'month')),
  -- the last day on which it can be started; null: it keeps
  use_by date check (isfinite(use_by)),
  funder text not null default '' check (length(funder) <= 100),
  cost_pence integer check (cost_pence between 0 and 100000000),
  sim_number text constraint stock_sim_number_check_digit check (sim_number ~ '^89[0-9]{17,18}$' and is_luhn(sim_number)),
  code_hash bytea check (length(code_hash) = 32),
  code_sealed bytea,
  made_at timestamptz(3) not null check (isfinite(made_at)),
  made_by bigint not null,
  -- handed out: written by PostgreSQL when data is given from it
  taken_at timestamptz(3) check (taken_at >= made_at),
  unique (organisation_id, id),
  constraint one_sim_in_stock_once unique (organisation_id, sim_number),
  constraint one_code_in_stock_once unique (organisation_id, code_hash),
  constraint stock_has_a_number_or_a_code check (
    (kind = 'voucher') = (code_sealed is not null) and (code_sealed is null) = (code_hash is null)
    and (kind = 'voucher') = (sim_number is null)
  ),
  foreign key (organisation_id, import_id) references imports (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
-- What there is to hand out, of each sort the oldest first.
create index data_stock_to_hand_out
  on data_stock (organisation_id, kind, provider, network, period, megabytes, use_by, id) where taken_at is null;

create function data_stock_stays_as_it_came() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'taken_at' is distinct from to_jsonb(old) - 'taken_at'
    or old.taken_at is not null and new.taken_at is distinct from old.taken_at then
    raise exception 'stock % stays as it came in, and is handed out once', old.id
      using errcode = '23514', constraint = 'data_stock_stays_as_it_came', table = 'data_stock';
  end if;
  return new;
end $$;
create trigger data_stock_stays_as_it_came before update on data_stock
  for each row execute function data_stock_stays_as_it_came();

alter table data_allowances
  -- what of our stock it is; null: it came from elsewhere, or the record is emptied
  add column stock_id bigint unique,
  -- what a funder asks for, as somebody answered it; null: not asked. It decides nothing
  add column is_adult boolean,
  add column has_low_income boolean,
  add column lacks_access boolean,
  add foreign key (organisation_id, stock_id) references data_stock (organisation_id, id);

-- Of two who hand out the last one, the second waits for the row, and then finds it taken.
create function data_stock_is_handed_out_once() returns trigger language plpgsql as $$
begin
  update data_stock set taken_at = new.made_at
  where id = new.stock_id and taken_at is null and kind = new.kind and megabytes is not distinct from new.megabytes
    and period = new.period and sim_number is not distinct from new.sim_number
    and (use_by is null or use_by >= new.starts_on);
  if not found then
    raise exception 'stock % is handed out, another sort, or too old', new.stock_id
      using errcode = '23514', constraint = 'data_stock_is_handed_out_once', table = 'data_allowances';
  end if;
  return new;
end $$;
create trigger takes_from_stock before insert on data_allowances
  for each row when (new.stock_id is not null) execute function data_stock_is_handed_out_once();

create function data_stock_of_allowance_stays() returns trigger language plpgsql as $$
begin
  raise exception 'data allowance % stays what it is of our stock', old.id
    using errcode = '23514', constraint = 'data_stock_of_allowance_stays', table = 'data_allowances';
end $$;
create trigger stock_stays before update on data_allowances
  for each row when (old.stock_id is distinct from new.stock_id and not retention_is_at_work())
  execute function data_stock_of_allowance_stays();

-- Each look at a voucher's code. Whoever gave the voucher sees it once; after that, and for anybody else, with a reason.
create table data_code_views (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  data_allowance_id bigint not null,
  at timestamptz(3) not null check (isfinite(at)),
  made_by bigint not null,
  reason text not null default '' check (length(reason) <= 500),
  unique (organisation_id, id),
  foreign key (organisation_id, data_allowance_id) references data_allowances (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
create index data_code_views_in_order on data_code_views (data_allowance_id, at, id);

create function second_look_at_a_code_says_why() returns trigger language plpgsql as $$
begin
  perform from data_allowances where id = new.data_allowance_id for no key update;
  if new.reason !~ '[[:alpha:]]' and (
    exists (select from data_code_views where data_allowance_id = new.data_allowance_id)
    or not exists (select from data_allowances where id = new.data_allowance_id and made_by = new.made_by)
  ) then
    raise exception 'the code of % was shown before', new.data_allowance_id
      using errcode = '23514', constraint = 'second_look_at_a_code_says_why', table = 'data_code_views';
  end if;
  return new;
end $$;
create trigger second_look_says_why before insert on data_code_views
  for each row execute function second_look_at_a_code_says_why();

-- What a provider's file says is left.
alter table data_readings
  drop constraint data_reading_source_word,
  add constraint data_reading_source_word check (source in ('start', 'typed', 'imported')) not valid;
alter table data_readings validate constraint data_reading_source_word;

alter table imports
  drop constraint imports_kind_check,
  add constraint imports_kind_check
    check (kind in ('items', 'loans', 'people', 'counts', 'appointments', 'data-stock', 'data-readings')) not valid;
alter table imports validate constraint imports_kind_check;
