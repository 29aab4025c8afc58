-- Loans, and the one place that knows who has an item and who is to have it next.

-- "Due on" a date means until the next midnight in London, whatever the clocks do that night.
create function london_midnight_after(day date) returns timestamptz language sql immutable strict parallel safe as $$
  select (day + 1)::timestamp at time zone 'Europe/London'
$$;

create table agreement_versions (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  number integer not null,
  body text not null check (body <> ''),
  created_at timestamptz(3) not null,
  unique (organisation_id, number),
  unique (organisation_id, id)
);

-- The length a loan starts out with, by category; the lender may set any other.
create table loan_lengths (
  organisation_id bigint not null references organisations,
  category text not null references item_categories,
  weeks integer not null check (weeks between 1 and 520),
  primary key (organisation_id, category)
);

create table loans (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  service_user_id bigint,
  ward_id bigint,
  staff_id bigint,
  lent_at timestamptz(3) not null,
  lent_by bigint not null,
  agreement_version_id bigint,
  agreement_how text check (agreement_how in ('paper', 'screen', 'spoken')),
  agreement_witness text,
  lent_without_charger boolean not null default false,
  notes text not null default '',
  version integer not null default 1,
  unique (organisation_id, id),
  constraint loans_have_one_borrower check (num_nonnulls(service_user_id, ward_id, staff_id) = 1),
  check ((agreement_version_id is null) = (agreement_how is null)),
  constraint spoken_agreement_has_a_witness check (
    agreement_how is distinct from 'spoken' or trim(coalesce(agreement_witness, '')) <> ''
  ),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, lent_by) references staff (organisation_id, id),
  foreign key (organisation_id, agreement_version_id) references agreement_versions (organisation_id, id)
);
create index loans_by_organisation on loans (organisation_id, id desc);
create index loans_by_service_user on loans (service_user_id, id desc) where service_user_id is not null;
create index loans_by_ward on loans (ward_id, id desc) where ward_id is not null;
create index loans_by_staff on loans (staff_id, id desc) where staff_id is not null;

-- A loan line is one item in a loan. Whether a loan is open is derived from its lines and stored nowhere.
-- A line to a ward is a placement: the item joins that ward's pool, and is booked and lent on from there.
create table loan_lines (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  loan_id bigint not null,
  item_id bigint not null,
  placed_with_ward_id bigint,
  from_at timestamptz(3) not null,
  due_on date,
  taken_at timestamptz(3),
  ended_at timestamptz(3),
  ended_as text check (ended_as in ('returned', 'lost', 'stolen', 'damaged', 'given')),
  cancelled_at timestamptz(3),
  unsupported_reason text,
  unique (organisation_id, id),
  check ((ended_at is null) = (ended_as is null)),
  check (ended_at is null or taken_at is not null),
  check (ended_at >= taken_at),
  check (cancelled_at is null or taken_at is null),
  constraint only_a_gift_has_no_due_date check (due_on is not null or coalesce(ended_as, '') = 'given'),
  constraint due_after_start check (london_midnight_after(due_on) > from_at),
  constraint line_has_real_times check (
    isfinite(from_at) and isfinite(coalesce(due_on, '2000-01-01')) and isfinite(coalesce(taken_at, from_at))
    and isfinite(coalesce(ended_at, from_at))
  ),
  constraint placement_begins_when_it_is_made check (placed_with_ward_id is null or taken_at is not null),
  foreign key (organisation_id, loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, placed_with_ward_id) references wards (organisation_id, id)
);
create index loan_lines_by_loan on loan_lines (loan_id);
create index loan_lines_by_item on loan_lines (item_id, id desc);
create index open_loan_lines_by_due_date on loan_lines (organisation_id, due_on, id)
  where taken_at is not null and ended_at is null;
create unique index one_open_placement_an_item on loan_lines (item_id)
  where placed_with_ward_id is not null and taken_at is not null and ended_at is null;
create index open_placements_by_ward on loan_lines (placed_with_ward_id, item_id)
  where placed_with_ward_id is not null and taken_at is not null and ended_at is null;

-- What is planned never overlaps; what is in someone's hands is in one pair of hands. One row for a loan line, booking,
-- turnaround or repair. plan: when it is meant to be away, null where nothing promises an end. taken_at, ended_at: when
-- it really was. So a booking can be planned after a due date, an item that is out cannot be handed out, and a late
-- return always works. (One constraint over what really happened would refuse the late return itself.)
create table item_holds (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  item_id bigint not null,
  kind text not null check (kind in ('loan', 'booking', 'turnaround', 'repair')),
  loan_line_id bigint,
  ward_id bigint,
  plan tstzrange,
  taken_at timestamptz(3),
  ended_at timestamptz(3),
  ended_as text,
  cancelled_at timestamptz(3),
  unique (organisation_id, id),
  constraint plan_is_half_open check (not isempty(plan) and lower_inc(plan) and not upper_inc(plan)),
  constraint hold_has_real_times check (
    isfinite(lower(plan)) and isfinite(upper(plan)) and not upper_inf(plan)
    and isfinite(coalesce(taken_at, '2000-01-01')) and isfinite(coalesce(ended_at, '2000-01-01'))
  ),
  constraint hold_is_planned_or_taken check (plan is not null or taken_at is not null),
  constraint hold_kind_has_its_plan check ((plan is null) = (kind in ('turnaround', 'repair'))),
  constraint hold_kind_has_its_line check ((loan_line_id is not null) = (kind = 'loan')),
  check ((ended_at is null) = (ended_as is null)),
  check (ended_at is null or taken_at is not null),
  check (ended_at >= taken_at),
  check (cancelled_at is null or taken_at is null),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, loan_line_id) references loan_lines (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  constraint plans_never_overlap exclude using gist (item_id with =, plan with &&) where (cancelled_at is null)
);
create unique index item_in_one_pair_of_hands on item_holds (item_id) where taken_at is not null and ended_at is null;
create unique index one_hold_a_loan_line on item_holds (loan_line_id) where loan_line_id is not null;
create index item_holds_by_item on item_holds (item_id, ended_at);
create index open_item_holds_by_kind on item_holds (organisation_id, kind, item_id)
  where taken_at is not null and ended_at is null;
create index holds_to_come on item_holds (item_id, lower(plan)) where taken_at is null and cancelled_at is null;

-- The item's row is locked before any hold of it is written. Many people after one item then queue for the lock; without
-- it the exclusion constraint makes them wait for each other in a ring (76 s and 78 deadlocks for 40 people after 40
-- items, against 0.4 s and none). What the lock makes certain is then looked up: is the item still ours, and whose pool
-- is it in?
create function hold_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
  pool record;
  is_closed boolean := new.ended_at is not null or new.cancelled_at is not null;
  is_taken boolean := new.taken_at is not null and not is_closed;
  is_gift boolean := tg_op = 'INSERT' and new.ended_as = 'given';
  begins_in_pool boolean;
begin
  if 'loan' in (new.kind, old.kind) and pg_trigger_depth() = 1 then
    raise exception 'the hold of a loan line is written from the line'
      using errcode = '23514', constraint = 'loan_hold_follows_its_line', table = 'item_holds';
  end if;

  select left_at, left_as into item from items where id = new.item_id for no key update;
  if item.left_at is not null and (not is_closed or is_gift) then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'item_holds';
  end if;
  -- The index sees two who have it now. What is written down later, or was over at once as a gift is, must not have been
  -- in somebody else's hands meanwhile either.
  if new.taken_at is not null and exists (
    select from item_holds
    where item_id = new.item_id and id <> new.id
      and ended_at > new.taken_at and taken_at < coalesce(new.ended_at, 'infinity')
    union all
    select from item_holds
    where item_id = new.item_id and id <> new.id and taken_at is not null and ended_at is null
      and (is_gift or taken_at < new.ended_at)
  ) then
    raise exception 'item % was in someone''s hands', new.item_id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'item_holds';
  end if;

  select placed_with_ward_id, due_on into pool from loan_lines
    where item_id = new.item_id and placed_with_ward_id is not null and taken_at is not null and ended_at is null;
  -- a plan that begins after the ward's review date is nobody's pool yet; what is handed out now is in it, late or not
  begins_in_pool := pool is not null and (is_taken or lower(new.plan) < london_midnight_after(pool.due_on));
  if new.kind = 'loan' and (tg_op = 'INSERT' or is_taken and (old.taken_at is null or old.ended_at is not null)) then
    new.ward_id := case when begins_in_pool then pool.placed_with_ward_id end;
  elsif new.kind = 'booking' and not is_closed and new.ward_id is distinct from pool.placed_with_ward_id
    and (begins_in_pool or new.ward_id is not null) then
    raise exception 'item % is not in that ward''s pool', new.item_id
      using errcode = '23P01', constraint = 'item_in_another_pool', table = 'item_holds';
  end if;
  return new;
end $$;
create trigger hold_takes_the_items_row before insert or update on item_holds
  for each row execute function hold_takes_the_items_row();

-- A line to a ward joins the ward's pool, a line to anyone else joins none, and so it stays.
create function line_follows_its_loan() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' or new.placed_with_ward_id is distinct from (select ward_id from loans where id = new.loan_id) then
    raise exception 'a loan line is with the borrower of its loan, and stays in it'
      using errcode = '23514', constraint = 'line_follows_its_loan', table = 'loan_lines';
  end if;
  return new;
end $$;
create trigger line_follows_its_loan before insert on loan_lines
  for each row execute function line_follows_its_loan();
create trigger line_stays_in_its_loan before update of loan_id, placed_with_ward_id on loan_lines
  for each row when (
    old.loan_id is distinct from new.loan_id or old.placed_with_ward_id is distinct from new.placed_with_ward_id
  ) execute function line_follows_its_loan();

create function loan_keeps_its_ward() returns trigger language plpgsql as $$
begin
  raise exception 'a loan to a ward stays with that ward'
    using errcode = '23514', constraint = 'loan_keeps_its_ward', table = 'loans';
end $$;
create trigger loan_keeps_its_ward before update of ward_id on loans
  for each row when (old.ward_id is distinct from new.ward_id) execute function loan_keeps_its_ward();

-- A placement begins with an item that is in nobody's hands, and never covers what somebody outside the ward planned.
create function placement_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
  begins boolean := tg_op = 'INSERT' or old.ended_at is not null or old.item_id <> new.item_id;
begin
  if new.placed_with_ward_id is null or new.ended_at is not null then
    return new;
  end if;
  select left_at, left_as into item from items where id = new.item_id for no key update;
  if item.left_at is not null then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'loan_lines';
  end if;
  if begins and exists (
    select from item_holds where item_id = new.item_id and taken_at is not null and ended_at is null
  ) then
    raise exception 'item % is in someone''s hands', new.item_id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'loan_lines';
  end if;
  if (begins or old.due_on <> new.due_on) and exists (
    select from item_holds
    where item_id = new.item_id and taken_at is null and cancelled_at is null
      and ward_id is distinct from new.placed_with_ward_id
      and plan && tstzrange(new.from_at, london_midnight_after(new.due_on))
  ) then
    raise exception 'item % is planned for someone else', new.item_id
      using errcode = '23P01', constraint = 'plans_never_overlap', table = 'loan_lines';
  end if;
  return new;
end $$;
create trigger placement_takes_the_items_row before insert or update on loan_lines
  for each row execute function placement_takes_the_items_row();

-- What leaves the stock is with no borrower and in no ward's pool any more. (On the bench it may turn out to be beyond
-- use.) What we part with on purpose is promised to nobody either; what is lost, stolen or broken is gone whatever was
-- planned, and those plans are then at risk.
create function item_leaves_free() returns trigger language plpgsql as $$
begin
  if exists (
    select from item_holds
    where item_id = new.id and kind in ('loan', 'booking') and taken_at is not null and ended_at is null
  ) then
    raise exception 'item % is in someone''s hands', new.id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'items';
  end if;
  if exists (
    select from loan_lines
    where item_id = new.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
  ) then
    raise exception 'item % is in a ward''s pool', new.id
      using errcode = '23P01', constraint = 'one_open_placement_an_item', table = 'items';
  end if;
  if new.left_as in ('given', 'retired') and exists (
    select from item_holds
    where item_id = new.id and taken_at is null and cancelled_at is null and upper(plan) > new.left_at
  ) then
    raise exception 'item % is planned for someone', new.id
      using errcode = '23P01', constraint = 'plans_never_overlap', table = 'items';
  end if;
  return new;
end $$;
create trigger item_leaves_free before update of left_at on items
  for each row when (old.left_at is null and new.left_at is not null) execute function item_leaves_free();

-- When a line is meant to hold its item. Ended early: shortened to what happened, so that the days given back can be
-- planned again. Ended late: the plan stays, because somebody else's may begin where it ends.
create function loan_line_plan(from_at timestamptz, due_on date, ended_at timestamptz) returns tstzrange
language sql immutable parallel safe as $$
  select tstzrange(
    from_at,
    greatest(least(london_midnight_after(due_on), ended_at), from_at + interval '1 millisecond'),
    '[)'
  )
$$;

-- The hold of a loan line is written from the line and by nothing else, so that the two can never tell different stories.
create function loan_line_keeps_its_hold() returns trigger language plpgsql as $$
begin
  if new.placed_with_ward_id is not null then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into item_holds
      (organisation_id, item_id, kind, loan_line_id, plan, taken_at, ended_at, ended_as, cancelled_at)
    values
      (new.organisation_id, new.item_id, 'loan', new.id, loan_line_plan(new.from_at, new.due_on, new.ended_at),
       new.taken_at, new.ended_at, new.ended_as, new.cancelled_at);
  else
    update item_holds
    set item_id = new.item_id, plan = loan_line_plan(new.from_at, new.due_on, new.ended_at), taken_at = new.taken_at,
        ended_at = new.ended_at, ended_as = new.ended_as, cancelled_at = new.cancelled_at
    where loan_line_id = new.id;
  end if;
  return null;
end $$;
create trigger loan_line_keeps_its_hold after insert or update on loan_lines
  for each row execute function loan_line_keeps_its_hold();

-- A returned item is made ready for the next person; each step says who and when.
create table turnaround_steps (
  organisation_id bigint not null,
  hold_id bigint not null,
  step text not null,
  done_at timestamptz(3) not null,
  done_by bigint not null,
  note text not null default '',
  primary key (hold_id, step),
  foreign key (organisation_id, hold_id) references item_holds (organisation_id, id),
  foreign key (organisation_id, done_by) references staff (organisation_id, id)
);
