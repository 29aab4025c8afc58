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
  constraint spoken_agreement_has_a_witness check (agreement_how is distinct from 'spoken' or agreement_witness <> ''),
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
  constraint only_a_gift_has_no_due_date check (due_on is not null or ended_as = 'given'),
  constraint due_after_start check (london_midnight_after(due_on) > from_at),
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
  check (not isempty(plan)),
  check (lower_inc(plan) and not upper_inc(plan)),
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
create index item_holds_by_item on item_holds (item_id, id desc);
create index open_item_holds_by_kind on item_holds (organisation_id, kind, item_id)
  where taken_at is not null and ended_at is null;
create index holds_to_come on item_holds (item_id, lower(plan)) where taken_at is null and cancelled_at is null;

-- The item's row is locked before any hold of it is written. Many people after one item then queue for the lock; without
-- it the exclusion constraint makes them wait for each other in a ring (76 s and 78 deadlocks for 40 people after 40
-- items, against 0.4 s and none).
create function hold_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
  pool_ward_id bigint;
begin
  select left_at, left_as into item from items where id = new.item_id for no key update;
  select placed_with_ward_id into pool_ward_id from loan_lines
    where item_id = new.item_id and placed_with_ward_id is not null and taken_at is not null and ended_at is null;

  if new.ended_at is null and new.cancelled_at is null and item.left_at is not null then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'item_holds';
  end if;
  if new.kind = 'loan' and tg_op = 'INSERT' then
    new.ward_id := pool_ward_id;
  elsif new.kind = 'booking' and tg_op = 'INSERT' and new.ward_id is distinct from pool_ward_id then
    raise exception 'item % is not in that ward''s pool', new.item_id
      using errcode = '23P01', constraint = 'item_in_another_pool', table = 'item_holds';
  end if;
  return new;
end $$;
create trigger hold_takes_the_items_row before insert or update on item_holds
  for each row execute function hold_takes_the_items_row();

create function placement_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
begin
  if new.placed_with_ward_id is null or new.taken_at is null or new.ended_at is not null then
    return new;
  end if;
  select left_at, left_as into item from items where id = new.item_id for no key update;
  if item.left_at is not null then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'loan_lines';
  end if;
  if tg_op = 'INSERT' and exists (
    select from item_holds where item_id = new.item_id and taken_at is not null and ended_at is null
  ) then
    raise exception 'item % is in someone''s hands', new.item_id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'loan_lines';
  end if;
  return new;
end $$;
create trigger placement_takes_the_items_row before insert or update on loan_lines
  for each row execute function placement_takes_the_items_row();

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
  hold_id bigint not null references item_holds,
  step text not null,
  done_at timestamptz(3) not null,
  done_by bigint not null references staff,
  note text not null default '',
  primary key (hold_id, step)
);
