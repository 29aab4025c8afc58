-- Looking round a place with a scanner: what should be there, what was scanned, and what became of the difference.

create table stock_checks (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  ward_id bigint not null,
  started_at timestamptz(3) not null,
  started_by bigint not null,
  finished_at timestamptz(3),
  finished_by bigint,
  unique (organisation_id, id),
  constraint finished_says_by_whom check ((finished_at is null) = (finished_by is null)),
  constraint stock_check_has_real_times check (
    isfinite(started_at) and isfinite(coalesce(finished_at, started_at)) and started_at <= coalesce(finished_at, started_at)
  ),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, started_by) references staff (organisation_id, id),
  foreign key (organisation_id, finished_by) references staff (organisation_id, id)
);
-- Two people who look round one place at one time do it in one check.
create unique index one_open_stock_check_a_place on stock_checks (ward_id) where finished_at is null;
create index stock_checks_by_organisation on stock_checks (organisation_id, id desc);
create index stock_checks_by_ward on stock_checks (ward_id, id desc);

-- What should be there when the check begins, and what else of ours was scanned: one row an item. src/stock-checks/rules.ts
-- has the words for each outcome, which is only known when the check ends.
create table stock_check_items (
  organisation_id bigint not null,
  stock_check_id bigint not null,
  item_id bigint not null,
  is_expected boolean not null,
  scanned_at timestamptz(3),
  scanned_by bigint,
  outcome text check (
    outcome in ('found', 'moved', 'found-again', 'unexpected', 'reported', 'elsewhere', 'missing', 'went-out')
  ),
  -- where it is said to be instead, or where it belongs
  note text not null default '' check (length(note) <= 200),
  incident_id bigint,
  primary key (stock_check_id, item_id),
  constraint scanned_says_by_whom check ((scanned_at is null) = (scanned_by is null)),
  constraint scanned_at_a_real_time check (isfinite(scanned_at)),
  constraint unexpected_was_scanned check (is_expected or scanned_at is not null),
  constraint outcome_fits_the_scan check (
    (scanned_at is not null) = (outcome in ('found', 'moved', 'found-again', 'unexpected'))
  ),
  constraint expected_is_no_surprise check (not is_expected or outcome not in ('moved', 'found-again', 'unexpected')),
  constraint elsewhere_says_where check (note <> '' or outcome <> 'elsewhere'),
  constraint reported_has_its_incident check (
    (incident_id is not null) = (coalesce(outcome, '') in ('reported', 'found-again'))
  ),
  foreign key (organisation_id, stock_check_id) references stock_checks (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, scanned_by) references staff (organisation_id, id),
  foreign key (organisation_id, incident_id) references incidents (organisation_id, id),
  foreign key (incident_id, item_id) references incident_items (incident_id, item_id)
);
create index stock_check_items_by_item on stock_check_items (item_id, stock_check_id desc);
create index stock_check_scans on stock_check_items (stock_check_id, scanned_at desc, item_id)
  where scanned_at is not null;

-- What was scanned and means nothing to us, as it was typed: somebody else's, or ours before it was ever added.
create table stock_check_unknown_codes (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  stock_check_id bigint not null,
  code text not null check (code <> '' and length(code) <= 200),
  code_key text generated always as (lower(trim(code))) stored not null,
  scanned_at timestamptz(3) not null check (isfinite(scanned_at)),
  scanned_by bigint not null,
  constraint unknown_code_once_a_check unique (stock_check_id, code_key),
  foreign key (organisation_id, stock_check_id) references stock_checks (organisation_id, id),
  foreign key (organisation_id, scanned_by) references staff (organisation_id, id)
);

-- Nothing is written to a check that is finished. Many may scan at once, so each only shares the check's row; whoever
-- finishes it waits for them, and whoever scans after that is told.
create function stock_check_is_open() returns trigger language plpgsql as $$
declare
  asked bigint[] := case tg_op when 'INSERT' then array[new.stock_check_id]
                               when 'DELETE' then array[old.stock_check_id]
                               else array[old.stock_check_id, new.stock_check_id] end;
  finished bigint;
begin
  perform from stock_checks where id = any (asked) order by id for share;
  select id into finished from stock_checks where id = any (asked) and finished_at is not null limit 1;
  if finished is not null then
    raise exception 'stock check % is finished', finished
      using errcode = '23514', constraint = 'stock_check_is_open', table = tg_table_name;
  end if;
  return coalesce(new, old);
end $$;
create trigger stock_check_is_open before insert or update or delete on stock_check_items
  for each row execute function stock_check_is_open();
create trigger stock_check_is_open before insert or update or delete on stock_check_unknown_codes
  for each row execute function stock_check_is_open();

-- What was expected when the check began stays on its list, scanned or not. Whoever scanned a thing first stays who did,
-- until the scan as a whole is taken back.
create function stock_check_item_stays_itself() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.is_expected then
      raise exception 'item % was expected, and stays on the list', old.item_id
        using errcode = '23514', constraint = 'expected_stays_on_the_list', table = 'stock_check_items';
    end if;
    return old;
  end if;
  if (new.organisation_id, new.stock_check_id, new.item_id, new.is_expected)
    is distinct from (old.organisation_id, old.stock_check_id, old.item_id, old.is_expected) then
    raise exception 'a line of a stock check is about the item it was made for'
      using errcode = '23514', constraint = 'stock_check_item_stays_itself', table = 'stock_check_items';
  end if;
  if old.scanned_at is not null and new.scanned_at is not null
    and (new.scanned_at, new.scanned_by) is distinct from (old.scanned_at, old.scanned_by) then
    raise exception 'item % was scanned already', old.item_id
      using errcode = '23514', constraint = 'scan_stays_whose_it_is', table = 'stock_check_items';
  end if;
  return new;
end $$;
create trigger stock_check_item_stays_itself before update or delete on stock_check_items
  for each row execute function stock_check_item_stays_itself();

create function stock_check_stays_itself() returns trigger language plpgsql as $$
declare
  undecided bigint;
begin
  if (new.organisation_id, new.ward_id, new.started_at, new.started_by)
    is distinct from (old.organisation_id, old.ward_id, old.started_at, old.started_by) then
    raise exception 'stock check % stays one of the place it was begun for', old.id
      using errcode = '23514', constraint = 'stock_check_stays_itself', table = 'stock_checks';
  end if;
  if old.finished_at is not null then
    raise exception 'stock check % is finished', old.id
      using errcode = '23514', constraint = 'stock_check_stays_finished', table = 'stock_checks';
  end if;
  if new.finished_at is null then
    return new;
  end if;
  select item_id into undecided from stock_check_items where stock_check_id = new.id and outcome is null limit 1;
  if undecided is not null then
    raise exception 'nobody has said what becomes of item %', undecided
      using errcode = '23514', constraint = 'stock_check_ends_decided', table = 'stock_checks';
  end if;
  return new;
end $$;
create trigger stock_check_stays_itself before update on stock_checks
  for each row execute function stock_check_stays_itself();
