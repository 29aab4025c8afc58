-- Who waits on a ward for something that is not free: for one thing, or for one of each of some kinds together, on a day, between
-- two times. Whoever was written down first is offered it first: that is the order of the ids, which PostgreSQL alone gives.

create table booking_waits (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  ward_id bigint not null,
  -- As of a booking: somebody we know, somebody by their initials alone, or neither, and then it is for the ward itself.
  service_user_id bigint,
  initials text not null default '',
  purpose text not null constraint booking_wait_has_a_known_purpose check (purpose in (
    'not-said', 'family', 'appointment', 'leisure', 'ward-work', 'tribunal', 'care-review', 'family-emergency'
  )),
  -- One thing and its kind; or any of these kinds.
  item_id bigint,
  categories text[] not null,
  connector text constraint booking_wait_connector_word check (connector in ('usb-c', 'lightning', 'micro-usb', 'wireless')),
  minutes integer not null constraint booking_wait_is_for_a_length check (minutes between 15 and 720 and minutes % 15 = 0),
  earliest_at timestamptz(3) not null check (isfinite(earliest_at)),
  latest_at timestamptz(3) not null check (isfinite(latest_at)),
  -- The day in London; when it is over nobody waits any more.
  wanted_on date not null generated always as ((earliest_at at time zone 'Europe/London')::date) stored,
  asked_at timestamptz(3) not null check (isfinite(asked_at)),
  asked_by bigint not null,
  ended_at timestamptz(3),
  -- `twice`: two records became one, and both had waited for it.
  ended_as text constraint booking_wait_ending_word check (ended_as in ('booked', 'not-wanted', 'twice')),
  ended_by bigint,
  booking_id bigint,
  unique (organisation_id, id),
  constraint booking_wait_is_for_one check (service_user_id is null or initials = ''),
  constraint booking_wait_initials_are_short check (length(initials) <= 10),
  constraint booking_wait_is_of_one_kind_where_it_is_of_one_thing check (item_id is null or cardinality(categories) = 1),
  constraint booking_wait_fits_its_times check (
    latest_at - earliest_at <= interval '37 hours'
    and extract(epoch from latest_at - earliest_at) >= minutes * 60
  ),
  constraint booking_wait_ends_in_a_way check (
    (ended_at is null) = (ended_as is null) and (ended_as is not distinct from 'booked') = (booking_id is not null)
    and (ended_at is null or isfinite(ended_at))
  ),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, asked_by) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id),
  foreign key (booking_id, ward_id) references bookings (id, ward_id),
  foreign key (organisation_id, booking_id) references bookings (organisation_id, id)
);

-- Nobody stands in the same queue twice; and the queue of a day is read from here in its order.
create unique index one_open_wait_a_thing on booking_waits (
  ward_id, wanted_on, coalesce(service_user_id, 0), lower(initials), coalesce(item_id, 0), categories
) where ended_at is null;
create index open_waits_of_a_ward on booking_waits (ward_id, wanted_on, id) where ended_at is null;
create index booking_waits_by_service_user on booking_waits (service_user_id, id desc) where service_user_id is not null;
create index booking_waits_by_booking on booking_waits (booking_id) where booking_id is not null;

create trigger closed_ward_takes_nothing before insert on booking_waits
  for each row execute function closed_ward_takes_nothing('ward_id');
create trigger follow_merge before insert or update of service_user_id on booking_waits
  for each row execute function follow_merge();

-- Kinds are sorted, so that a tablet with a headset is the same as a headset with a tablet; and nobody is written down who is not
-- on the ward. (Named to run after follow_merge.)
create function wait_is_asked_for() returns trigger language plpgsql as $$
begin
  if new.item_id is not null then
    select array[category] into new.categories from items where id = new.item_id;
  end if;
  new.categories := array(select distinct kind from unnest(new.categories) kind order by kind);
  if cardinality(new.categories) = 0 or exists (
    select from unnest(new.categories) kind
    where kind is null or kind = 'locker-bay' or not exists (select from item_categories where code = kind)
  ) then
    raise exception 'nothing is waited for that cannot be booked'
      using errcode = '23514', constraint = 'wait_is_asked_for', table = 'booking_waits';
  end if;
  if new.service_user_id is not null and not exists (
    select from service_users where id = new.service_user_id and state = 'admitted' and ward_id = new.ward_id
  ) then
    raise exception 'person % is not on ward %', new.service_user_id, new.ward_id
      using errcode = '23514', constraint = 'waits_on_their_own_ward', table = 'booking_waits';
  end if;
  return new;
end $$;
create trigger wait_is_asked_for before insert on booking_waits
  for each row execute function wait_is_asked_for();

-- Nobody is moved up, and nobody waits for something else than they asked for; what is over stays so.
create function booking_wait_goes_on() returns trigger language plpgsql as $$
declare
  -- what PostgreSQL works out by itself it has not worked out yet
  may_change text[] := array['service_user_id', 'wanted_on'] || case when old.ended_at is null
    then array['ended_at', 'ended_as', 'ended_by', 'booking_id'] else '{}'::text[] end;
begin
  if to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
    raise exception 'whoever waits (%) keeps their place, and what is over stays so', old.id
      using errcode = '23514', constraint = 'booking_wait_goes_on', table = 'booking_waits';
  end if;
  return new;
end $$;
create trigger booking_wait_goes_on before update on booking_waits
  for each row execute function booking_wait_goes_on();

-- Two records that become one wait once for the same thing: what comes over is over. (Named to run after follow_merge.)
create function waits_once() returns trigger language plpgsql as $$
begin
  if new.ended_at is null and exists (
    select from booking_waits other
    where other.service_user_id = new.service_user_id and other.id <> new.id and other.ended_at is null
      and other.ward_id = new.ward_id and other.wanted_on = (new.earliest_at at time zone 'Europe/London')::date
      and other.item_id is not distinct from new.item_id and other.categories = new.categories
  ) then
    new.ended_at := new.asked_at;
    new.ended_as := 'twice';
  end if;
  return new;
end $$;
create trigger waits_once before update of service_user_id on booking_waits
  for each row execute function waits_once();
