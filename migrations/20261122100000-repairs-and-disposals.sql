-- Repairs: what was wrong, who mends it, what it costs and when it is expected back, beside the hold that keeps the item
-- away meanwhile. When it went and came back stands in the hold and nowhere else.
create table repairs (
  hold_id bigint primary key,
  organisation_id bigint not null,
  reason text not null check (trim(reason) <> ''),
  place text not null check (trim(place) <> ''),
  -- null until the bill comes, which may be long after the item is back
  cost_pence integer check (cost_pence >= 0),
  expected_back_on date check (isfinite(expected_back_on)),
  sent_by bigint not null,
  version integer not null default 1,
  foreign key (organisation_id, hold_id) references item_holds (organisation_id, id),
  foreign key (organisation_id, sent_by) references staff (organisation_id, id)
);

-- A repair is one and stays one, and one without a record is nobody's to ask after.
create function repair_record_is_of_a_repair() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.hold_id <> old.hold_id
    or not exists (select from item_holds where id = new.hold_id and kind = 'repair') then
    raise exception 'hold % is no repair', new.hold_id
      using errcode = '23514', constraint = 'repair_record_is_of_a_repair', table = 'repairs';
  end if;
  return new;
end $$;
create trigger repair_record_is_of_a_repair before insert or update of hold_id on repairs
  for each row execute function repair_record_is_of_a_repair();

create function repair_has_its_record() returns trigger language plpgsql as $$
begin
  if not exists (select from repairs where hold_id = new.id) then
    raise exception 'repair % says neither what is wrong nor where it is', new.id
      using errcode = '23514', constraint = 'repair_has_its_record', table = 'item_holds';
  end if;
  return null;
end $$;
create constraint trigger repair_has_its_record after insert or update of kind on item_holds
  deferrable initially deferred
  for each row when (new.kind = 'repair') execute function repair_has_its_record();

create function repair_stays_one() returns trigger language plpgsql as $$
begin
  raise exception 'repair % cannot be made into something else', new.id
    using errcode = '23514', constraint = 'repair_stays_one', table = 'item_holds';
end $$;
create trigger repair_stays_one before update of kind, item_id on item_holds
  for each row when (old.kind = 'repair' and (new.kind <> 'repair' or new.item_id <> old.item_id))
  execute function repair_stays_one();

-- Where an item went that we parted with on purpose, and what became of the data on it: a duty under the rules for waste
-- electrical equipment and for personal data. One that was brought back stays on record.
create table disposals (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  item_id bigint not null,
  how text not null check (how in ('recycled', 'charity', 'supplier', 'destroyed')),
  to_whom text not null default '',
  wiped_how text not null check (
    wiped_how in ('factory-reset', 'device-management', 'erasure-software', 'storage-destroyed', 'nothing-on-it')
  ),
  wiped_by text not null default '',
  certificate text not null default '',
  disposed_on date not null check (isfinite(disposed_on)),
  note text not null default '',
  retired_at timestamptz(3) not null check (isfinite(retired_at)),
  retired_by bigint not null,
  undone_at timestamptz(3),
  undone_by bigint,
  unique (organisation_id, id),
  constraint disposal_says_who_took_it check (how = 'destroyed' or trim(to_whom) <> ''),
  constraint disposal_says_who_wiped_it check (wiped_how = 'nothing-on-it' or trim(wiped_by) <> ''),
  constraint disposal_is_not_to_come check (disposed_on <= (retired_at at time zone 'Europe/London')::date),
  check ((undone_at is null) = (undone_by is null)),
  -- 30 days, counted in days of London
  constraint disposal_undone_in_time check (
    (undone_at at time zone 'Europe/London')::date - (retired_at at time zone 'Europe/London')::date between 0 and 30
  ),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, retired_by) references staff (organisation_id, id),
  foreign key (organisation_id, undone_by) references staff (organisation_id, id)
);
create unique index one_disposal_an_item on disposals (item_id) where undone_at is null;
create index disposals_by_item on disposals (item_id, id desc);

-- It is a record: it may be taken back as a whole, once, and is never rewritten.
create function disposal_stays_as_written() returns trigger language plpgsql as $$
begin
  if old.undone_at is not null
    or to_jsonb(new) - array['undone_at', 'undone_by'] <> to_jsonb(old) - array['undone_at', 'undone_by'] then
    raise exception 'disposal % is on record', old.id
      using errcode = '23514', constraint = 'disposal_stays_as_written', table = 'disposals';
  end if;
  return new;
end $$;
create trigger disposal_stays_as_written before update on disposals
  for each row execute function disposal_stays_as_written();

-- What is retired has its record, nothing else has one, and both tell the same moment. Both are written in one
-- transaction in either order, so it is looked at when that ends. What comes back goes through the gate again.
create function retired_agrees_with_its_record(asked bigint) returns void language plpgsql as $$
begin
  if exists (
    select from items
    left join disposals on disposals.item_id = items.id and disposals.undone_at is null
    where items.id = asked
      and case when items.left_as = 'retired' then items.left_at end is distinct from disposals.retired_at
  ) then
    raise exception 'item % is retired without a record, or has a record and is not retired', asked
      using errcode = '23514', constraint = 'retired_has_its_record', table = 'items';
  end if;
end $$;
create function item_agrees_with_its_disposal() returns trigger language plpgsql as $$
begin
  perform retired_agrees_with_its_record(new.id);
  return null;
end $$;
create function disposal_agrees_with_its_item() returns trigger language plpgsql as $$
begin
  perform retired_agrees_with_its_record(new.item_id);
  if new.undone_at is not null and not exists (
    select from item_holds where item_id = new.item_id and kind = 'turnaround' and taken_at = new.undone_at
  ) then
    raise exception 'item % came back and is not being made ready', new.item_id
      using errcode = '23514', constraint = 'what_comes_back_is_made_ready', table = 'disposals';
  end if;
  return null;
end $$;
create constraint trigger item_is_added_as_retired after insert on items
  deferrable initially deferred
  for each row when (new.left_as = 'retired') execute function item_agrees_with_its_disposal();
create constraint trigger item_agrees_with_its_disposal after update of left_at, left_as on items
  deferrable initially deferred
  for each row when (old.left_as = 'retired' or new.left_as = 'retired')
  execute function item_agrees_with_its_disposal();
create constraint trigger disposal_agrees_with_its_item after insert or update on disposals
  deferrable initially deferred
  for each row execute function disposal_agrees_with_its_item();

-- Two ways off the bench lead to no borrower: to repair and out of the stock. They need no steps, and are looked at when
-- the transaction ends, since an item is in one pair of hands and so leaves the bench before it goes to repair.
create or replace function turnaround_ends_complete() returns trigger language plpgsql as $$
declare
  missing text;
begin
  if tg_op = 'UPDATE' and old.kind = 'turnaround' and (new.kind <> 'turnaround' or new.item_id <> old.item_id) then
    raise exception 'turnaround % cannot be made into something else', new.id
      using errcode = '23514', constraint = 'turnaround_stays_one', table = 'item_holds';
  end if;
  if new.kind <> 'turnaround' or new.ended_at is null or new.ended_as in ('to-repair', 'retired') then
    return new;
  end if;

  select string_agg(rule.step, ', ' order by rule.position) into missing
  from items join turnaround_step_rules rule on rule.category = items.category
  where items.id = new.item_id
    and not exists (select from turnaround_steps where hold_id = new.id and step = rule.step);
  if missing is not null then
    raise exception 'item % is not ready: %', new.item_id, missing
      using errcode = '23514', constraint = 'turnaround_has_all_its_steps', table = 'item_holds';
  end if;
  return new;
end $$;

create function turnaround_leads_where_it_says() returns trigger language plpgsql as $$
begin
  if new.ended_as = 'to-repair' and not exists (
    select from item_holds where item_id = new.item_id and kind = 'repair' and taken_at = new.ended_at
  ) or new.ended_as = 'retired' and not exists (
    select from disposals where item_id = new.item_id and retired_at = new.ended_at
  ) then
    raise exception 'item % did not leave the bench as %', new.item_id, new.ended_as
      using errcode = '23514', constraint = 'turnaround_has_all_its_steps', table = 'item_holds';
  end if;
  return null;
end $$;
create constraint trigger turnaround_leads_where_it_says after insert or update of ended_at, ended_as on item_holds
  deferrable initially deferred
  for each row when (new.kind = 'turnaround' and new.ended_as in ('to-repair', 'retired'))
  execute function turnaround_leads_where_it_says();

-- What one person did at the bench today, the newest first.
create index turnaround_steps_by_whom on turnaround_steps (done_by, done_at);
