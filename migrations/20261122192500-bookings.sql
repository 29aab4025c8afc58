-- A ward books what is in its pool, and what is kept there and in no pool, such as its rooms. A booking is who wants things
-- and what for; each thing it takes is a hold, which alone says when. So what is planned never overlaps, as ever.

create table bookings (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  ward_id bigint not null,
  -- Whom it is for: somebody we know, somebody by their initials alone, or neither, and then it is for the ward itself.
  service_user_id bigint,
  initials text not null default '',
  purpose text not null constraint booking_has_a_known_purpose check (purpose in (
    'not-said', 'family', 'appointment', 'leisure', 'ward-work', 'tribunal', 'care-review', 'family-emergency'
  )),
  -- The last minutes of each of its plans, in which the thing is cleaned.
  cleaning_minutes integer not null check (cleaning_minutes between 0 and 120),
  made_at timestamptz(3) not null constraint booking_is_made_at_a_time check (isfinite(made_at)),
  made_by bigint not null,
  -- What of it was not handed out by then never will be.
  cancelled_at timestamptz(3),
  cancelled_as text check (cancelled_as in ('cancelled', 'not-collected')),
  version integer not null default 1,
  unique (organisation_id, id),
  unique (id, ward_id),
  constraint booking_is_for_one check (service_user_id is null or initials = ''),
  constraint booking_initials_are_short check (length(initials) <= 10),
  constraint booking_is_cancelled_in_a_way check ((cancelled_at is null) = (cancelled_as is null)),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
create index bookings_by_service_user on bookings (service_user_id, id desc) where service_user_id is not null;

create trigger closed_ward_takes_nothing before insert on bookings
  for each row execute function closed_ward_takes_nothing('ward_id');

-- A booking stays with its ward; and what was cancelled stays so, or a plan that was given up would come back unasked.
create function booking_goes_on() returns trigger language plpgsql as $$
begin
  if new.ward_id <> old.ward_id or new.organisation_id <> old.organisation_id
    or (old.cancelled_at is not null
        and (new.cancelled_at, new.cancelled_as) is distinct from (old.cancelled_at, old.cancelled_as)) then
    raise exception 'booking % stays with its ward, and what was cancelled stays so', new.id
      using errcode = '23514', constraint = 'booking_goes_on', table = 'bookings';
  end if;
  return new;
end $$;
create trigger booking_goes_on before update on bookings for each row execute function booking_goes_on();

-- No row has one yet, so nothing need be checked now: what comes is.
alter table item_holds
  add column booking_id bigint,
  add constraint item_holds_booking_fkey foreign key (organisation_id, booking_id)
    references bookings (organisation_id, id) not valid,
  add constraint booked_hold_is_with_its_ward foreign key (booking_id, ward_id) references bookings (id, ward_id) not valid,
  add constraint only_a_booking_is_of_a_booking check (booking_id is null or (kind = 'booking' and ward_id is not null)) not valid;
create index item_holds_by_booking on item_holds (booking_id) where booking_id is not null;

create trigger follow_merge before insert or update of service_user_id on bookings
  for each row execute function follow_merge();

-- The timetable of a ward on a day: what begins on it, and a little before.
create index ward_bookings_by_time on item_holds (ward_id, lower(plan)) where kind = 'booking' and cancelled_at is null;

-- What a ward may book: what is placed with it, and what is kept there and placed with nobody.
create index items_by_place on items (kept_at_ward_id, tag_key) where kept_at_ward_id is not null and left_at is null;

-- As before, and in two things more: a booking of what is in no pool is of the ward where that is kept, or of none; and a hold
-- keeps its booking, and what was cancelled stays so.
create or replace function hold_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
  pool record;
  is_closed boolean := new.ended_at is not null or new.cancelled_at is not null;
  is_taken boolean := new.taken_at is not null and not is_closed;
  is_gift boolean := tg_op = 'INSERT' and new.ended_as = 'given';
  begins_in_pool boolean;
  home bigint;
begin
  if 'loan' in (new.kind, old.kind) and pg_trigger_depth() = 1 then
    raise exception 'the hold of a loan line is written from the line'
      using errcode = '23514', constraint = 'loan_hold_follows_its_line', table = 'item_holds';
  end if;
  if tg_op = 'UPDATE' and old.booking_id is not null and (
    (new.booking_id, new.item_id, new.kind) is distinct from (old.booking_id, old.item_id, old.kind)
    or old.cancelled_at is not null and new.cancelled_at is null
    or old.ended_at is not null and new.ended_at is null
  ) then
    raise exception 'hold % stays with its booking, and is over when it is over', new.id
      using errcode = '23514', constraint = 'booked_hold_goes_on', table = 'item_holds';
  end if;

  select left_at, left_as, kept_at_ward_id into item from items where id = new.item_id for no key update;
  if item.left_at is not null and (not is_closed or is_gift) then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'item_holds';
  end if;
  -- The index sees two who have it now. What is written down later, or was over at once as a gift is, must not have been
  -- in somebody else's hands meanwhile either.
  if new.taken_at is not null and new.ended_as is distinct from 'not-returned' and exists (
    select from item_holds
    where item_id = new.item_id and id <> new.id
      and ended_at > new.taken_at and taken_at < coalesce(new.ended_at, 'infinity')
      and ended_as <> 'not-returned'
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
  home := case when pool is null then item.kept_at_ward_id else pool.placed_with_ward_id end;
  if new.kind = 'loan' and new.taken_at is not null
    and (tg_op = 'INSERT' and is_closed or tg_op = 'UPDATE' and new.item_id <> old.item_id) then
    new.ward_id := (
      select placed_with_ward_id from loan_lines
      where item_id = new.item_id and placed_with_ward_id is not null
        and taken_at <= new.taken_at and coalesce(ended_at, 'infinity') > new.taken_at
      limit 1
    );
  elsif new.kind = 'loan' and (tg_op = 'INSERT' or is_taken and (old.taken_at is null or old.ended_at is not null)) then
    new.ward_id := case when begins_in_pool then pool.placed_with_ward_id end;
  elsif new.kind = 'booking' and not is_closed and new.ward_id is distinct from home
    and (begins_in_pool or new.ward_id is not null) then
    raise exception 'item % is not in that ward''s pool', new.item_id
      using errcode = '23P01', constraint = 'item_in_another_pool', table = 'item_holds';
  end if;
  return new;
end $$;
