-- What befell items while they were ours, and what must happen then, in time: lost, stolen, damaged beyond use, damaged
-- and to be repaired, and found again by somebody when nobody had said that it was gone.

create table incidents (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  kind text not null check (kind in ('lost', 'stolen', 'damaged', 'repairable', 'found')),
  -- who had the items: null when nobody did
  loan_id bigint,
  reported_at timestamptz(3) not null,
  reported_by bigint not null,
  happened_on date,
  story text not null default '',
  crime_reference text not null default '',
  replacement_loan_id bigint,
  version integer not null default 1,
  unique (organisation_id, id),
  unique (id, kind),
  constraint incident_has_real_times check (isfinite(reported_at) and isfinite(coalesce(happened_on, '2000-01-01'))),
  constraint incident_happened_before_it_was_reported check (
    happened_on <= (reported_at at time zone 'Europe/London')::date
  ),
  constraint only_what_is_lost_has_a_crime_reference check (crime_reference = '' or kind in ('lost', 'stolen')),
  constraint replacement_is_another_loan check (replacement_loan_id <> loan_id),
  foreign key (organisation_id, loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, replacement_loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, reported_by) references staff (organisation_id, id)
);
create index incidents_by_organisation on incidents (organisation_id, id desc);
create index incidents_by_loan on incidents (loan_id) where loan_id is not null;

-- The items of an incident, each with the line it was in: of a loan, or of the placement with a ward whose pool it was in.
create table incident_items (
  organisation_id bigint not null,
  incident_id bigint not null,
  kind text not null,
  item_id bigint not null,
  loan_line_id bigint,
  pool_line_id bigint,
  found_at timestamptz(3),
  found_by bigint,
  primary key (incident_id, item_id),
  check ((found_at is null) = (found_by is null)),
  constraint only_what_is_gone_is_found check (found_at is null or kind in ('lost', 'stolen', 'found')),
  constraint what_is_found_says_when check (found_at is not null or kind <> 'found'),
  foreign key (organisation_id, incident_id) references incidents (organisation_id, id),
  foreign key (incident_id, kind) references incidents (id, kind),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, loan_line_id) references loan_lines (organisation_id, id),
  foreign key (organisation_id, pool_line_id) references loan_lines (organisation_id, id),
  foreign key (organisation_id, found_by) references staff (organisation_id, id)
);
create index incident_items_by_item on incident_items (item_id, incident_id desc);
create index incident_items_by_line on incident_items (loan_line_id) where loan_line_id is not null;
create index incident_items_by_pool_line on incident_items (pool_line_id) where pool_line_id is not null;
-- Two people who report the same loss make one incident, whatever way they come.
create unique index one_open_loss_an_item on incident_items (item_id) where kind in ('lost', 'stolen') and found_at is null;

-- What to do, by when, by whom. src/incidents/rules.ts says which tasks an incident has, and when each is due.
create table incident_tasks (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  incident_id bigint not null,
  task text not null check (task ~ '^[a-z]+(-[a-z]+)*$'),
  -- the item it is about; null when it is about the incident as a whole
  item_id bigint,
  due_at timestamptz(3) not null check (isfinite(due_at)),
  owned_by bigint not null,
  done_at timestamptz(3),
  done_by bigint,
  note text not null default '',
  -- found again before it was done
  dropped_at timestamptz(3),
  unique (organisation_id, id),
  constraint one_task_of_a_kind unique nulls not distinct (incident_id, task, item_id),
  constraint done_says_by_whom check ((done_at is null) = (done_by is null)),
  constraint only_what_is_done_has_a_note check (note = '' or done_at is not null),
  constraint what_is_done_is_not_dropped check (done_at is null or dropped_at is null),
  foreign key (organisation_id, incident_id) references incidents (organisation_id, id),
  foreign key (incident_id, item_id) references incident_items (incident_id, item_id),
  foreign key (organisation_id, owned_by) references staff (organisation_id, id),
  foreign key (organisation_id, done_by) references staff (organisation_id, id)
);
create index open_incident_tasks on incident_tasks (organisation_id, due_at, id)
  where done_at is null and dropped_at is null;

-- A task stays what it was, and due when it was; what somebody did stays what they did, when and how, unless it is taken
-- back as a whole.
create function incident_task_stays_itself() returns trigger language plpgsql as $$
begin
  if (new.incident_id, new.task, new.item_id, new.due_at) is distinct from (old.incident_id, old.task, old.item_id, old.due_at) then
    raise exception 'task % is another task', old.id
      using errcode = '23514', constraint = 'incident_task_stays_itself', table = 'incident_tasks';
  end if;
  if old.done_at is not null and new.done_at is not null
    and (new.done_at, new.done_by, new.note) is distinct from (old.done_at, old.done_by, old.note) then
    raise exception 'task % was done by somebody already', old.id
      using errcode = '23514', constraint = 'done_stays_whose_it_is', table = 'incident_tasks';
  end if;
  return new;
end $$;
create trigger incident_task_stays_itself before update on incident_tasks
  for each row execute function incident_task_stays_itself();

-- Who had it is read from the line, so the line must be one of this item and of the incident's loan; and it stays so.
create function incident_item_fits_its_lines() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.organisation_id, new.incident_id, new.kind, new.item_id, new.loan_line_id, new.pool_line_id)
    is distinct from (old.organisation_id, old.incident_id, old.kind, old.item_id, old.loan_line_id, old.pool_line_id) then
    raise exception 'an incident is about the item it was reported for'
      using errcode = '23514', constraint = 'incident_item_stays_itself', table = 'incident_items';
  end if;
  if exists (
    select from loan_lines where id in (new.loan_line_id, new.pool_line_id) and item_id <> new.item_id
  ) or exists (
    select from loan_lines line join incidents on incidents.id = new.incident_id
    where line.id = new.loan_line_id and line.loan_id is distinct from incidents.loan_id
  ) then
    raise exception 'that line is about another item or loan'
      using errcode = '23514', constraint = 'incident_item_fits_its_lines', table = 'incident_items';
  end if;
  return new;
end $$;
create trigger incident_item_fits_its_lines before insert or update on incident_items
  for each row execute function incident_item_fits_its_lines();

-- Lost is gone: an item reported lost or stolen has left the stock as that, and is back in it only when it was found.
-- Whoever is first has the item's row; the other sees what stands after it.
create function loss_agrees_with_the_stock() returns trigger language plpgsql as $$
begin
  if not exists (select from items where id = new.item_id and left_as = new.kind for no key update) then
    raise exception 'item % has not left the stock as %', new.item_id, new.kind
      using errcode = '23514', constraint = 'loss_agrees_with_the_stock', table = 'incident_items';
  end if;
  return new;
end $$;
create trigger loss_agrees_with_the_stock before insert on incident_items
  for each row when (new.kind in ('lost', 'stolen') and new.found_at is null)
  execute function loss_agrees_with_the_stock();

create function what_is_lost_stays_gone() returns trigger language plpgsql as $$
begin
  if exists (
    select from incident_items where item_id = new.id and kind in ('lost', 'stolen') and found_at is null
  ) then
    raise exception 'item % is lost, and nobody has found it', new.id
      using errcode = '23514', constraint = 'what_is_lost_stays_gone', table = 'items';
  end if;
  return new;
end $$;
create trigger what_is_lost_stays_gone before update of left_at, left_as on items
  for each row when (old.left_as in ('lost', 'stolen') and new.left_as is distinct from old.left_as)
  execute function what_is_lost_stays_gone();

-- A loss that is over stays over: lost once more is another incident.
create function what_is_found_stays_found() returns trigger language plpgsql as $$
begin
  raise exception 'item % was found again', new.item_id
    using errcode = '23514', constraint = 'what_is_found_stays_found', table = 'incident_items';
end $$;
create trigger what_is_found_stays_found before update on incident_items
  for each row when (
    old.found_at is not null
    and (new.found_at is distinct from old.found_at or new.found_by is distinct from old.found_by)
  )
  execute function what_is_found_stays_found();
