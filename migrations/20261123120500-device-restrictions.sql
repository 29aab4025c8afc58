-- A care plan may keep kinds of things from somebody: a phone while they are harassed by it, a cable, a camera. Until somebody ends it,
-- nothing of that kind is lent to them, booked for them or handed out to them, in whichever way. On a ward the nurse in charge may let
-- one thing through with their own PIN, a reason and an end. It does not end by itself when it is to be looked at again.

create table device_restrictions (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  -- kinds of things, as models have them
  categories text[] not null constraint restriction_is_of_things_to_lend check (
    cardinality(categories) > 0 and categories <@ array[
      'tablet', 'smartphone', 'laptop', 'hotspot', 'sim', 'charger', 'headset', 'accessory'
    ]
  ),
  -- what whoever hands something out has to know; why stands in the care plan
  words text not null check (words ~ '\S' and length(words) <= 500),
  review_on date not null check (isfinite(review_on)),
  written_at timestamptz(3) not null check (isfinite(written_at)),
  written_by bigint not null,
  reviewed_at timestamptz(3) check (reviewed_at >= written_at),
  reviewed_by bigint,
  ended_at timestamptz(3) check (ended_at >= written_at),
  ended_by bigint,
  ended_because text not null default '' check (length(ended_because) <= 500),
  version integer not null default 1,
  check ((ended_at is null) = (ended_by is null)),
  check ((reviewed_at is null) = (reviewed_by is null)),
  constraint restriction_says_why_it_ended check ((ended_at is not null) = (ended_because ~ '\S')),
  constraint restriction_is_looked_at_again check (
    review_on <= (coalesce(reviewed_at, written_at) at time zone 'Europe/London')::date + 366
  ),
  unique (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, written_by) references staff (organisation_id, id),
  foreign key (organisation_id, reviewed_by) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id)
);
create index device_restrictions_of on device_restrictions (service_user_id) where ended_at is null;
create index device_restrictions_by_person on device_restrictions (service_user_id, id);
create index device_restrictions_to_review on device_restrictions (organisation_id, review_on) where ended_at is null;

create trigger follow_merge before insert or update of service_user_id on device_restrictions
  for each row execute function follow_merge();

create table restriction_permits (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  restriction_id bigint not null,
  item_id bigint not null,
  ward_id bigint not null,
  because text not null check (because ~ '\S' and length(because) <= 500),
  signed_at timestamptz(3) not null check (isfinite(signed_at)),
  -- who signed with their own PIN, and at whose screen
  signed_by bigint not null,
  asked_by bigint not null,
  until timestamptz(3) not null,
  constraint restriction_permit_ends_in_time check (until > signed_at and until <= signed_at + interval '9 days'),
  unique (organisation_id, id),
  foreign key (organisation_id, restriction_id) references device_restrictions (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, signed_by) references staff (organisation_id, id),
  foreign key (organisation_id, asked_by) references staff (organisation_id, id)
);
create index restriction_permits_by_item on restriction_permits (restriction_id, item_id, until);

-- An ended restriction stays as it was.
create function restriction_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null
    and (new.ended_at, new.categories, new.review_on) is distinct from (old.ended_at, old.categories, old.review_on) then
    raise exception 'restriction % has ended', old.id
      using errcode = '23514', constraint = 'restriction_goes_on', table = 'device_restrictions';
  end if;
  return new;
end $$;
create trigger restriction_goes_on before update on device_restrictions
  for each row execute function restriction_goes_on();

-- The nurse in charge works on the ward the person is on, and has a PIN to sign with.
create function restriction_permit_is_signed_on_their_ward() returns trigger language plpgsql as $$
begin
  if not exists (
    select from device_restrictions restriction
    join service_users person on person.id = restriction.service_user_id
    join staff_wards own on own.staff_id = new.signed_by and own.ward_id = new.ward_id
    join staff on staff.id = new.signed_by
    join staff_pins pins on pins.staff_id = staff.id and pins.ended_at is null and pins.locked_at is null
    where restriction.id = new.restriction_id and restriction.ended_at is null
      and person.state = 'admitted' and person.ward_id = new.ward_id
      and staff.role = 'ward-staff' and staff.disabled_at is null
  ) then
    raise exception 'staff member % does not sign for restriction %', new.signed_by, new.restriction_id
      using errcode = '23514', constraint = 'restriction_permit_is_signed_on_their_ward', table = 'restriction_permits';
  end if;
  return new;
end $$;
create trigger restriction_permit_is_signed_on_their_ward before insert on restriction_permits
  for each row execute function restriction_permit_is_signed_on_their_ward();

create function refuse_restricted(item bigint, person bigint, at timestamptz) returns void language plpgsql as $$
begin
  if exists (
    select from device_restrictions restriction
    join items on items.id = item
    where restriction.service_user_id = person and restriction.ended_at is null
      and items.category = any(restriction.categories)
      and not exists (
        select from restriction_permits permit
        where permit.restriction_id = restriction.id and permit.item_id = item and permit.until > at
      )
  ) then
    raise exception 'a restriction keeps item % from person %', item, person
      using errcode = '23514', constraint = 'restriction_is_kept';
  end if;
end $$;

-- Whoever restricts waits for a loan to the person that is being written, and the next loan waits for them. Its name puts it before
-- follow_merge: triggers fire in the order of theirs.
create function device_restriction_waits() returns trigger language plpgsql as $$
begin
  perform from service_users where id = survivor_of(new.service_user_id) for update;
  return new;
end $$;
create trigger device_restriction_waits before insert on device_restrictions
  for each row execute function device_restriction_waits();

create function nothing_restricted_is_lent() returns trigger language plpgsql as $$
declare
  person bigint;
begin
  -- what was over when it was written down is as it was; a gift, which is over at once, is given like anything else
  if new.ended_at is not null and (tg_op = 'UPDATE' or new.ended_as <> 'given') or new.cancelled_at is not null
    or tg_op = 'UPDATE' and new.item_id = old.item_id and (new.taken_at is null or old.taken_at is not null) then
    return new;
  end if;
  select service_user_id into person from loans where id = new.loan_id;
  if person is not null then
    perform from service_users where id = person for key share;
    perform refuse_restricted(new.item_id, person, coalesce(new.taken_at, new.from_at));
  end if;
  return new;
end $$;
create trigger nothing_restricted_is_lent before insert or update of item_id, taken_at on loan_lines
  for each row execute function nothing_restricted_is_lent();

-- A booking is asked when it is made or moved, and once more when it is handed out: the care plan may have changed.
create function nothing_restricted_is_booked() returns trigger language plpgsql as $$
declare
  person bigint;
begin
  if new.kind <> 'booking' or new.booking_id is null or new.ended_at is not null or new.cancelled_at is not null
    or tg_op = 'UPDATE' and (
      old.taken_at is not null
      or new.taken_at is null and lower(new.plan) = lower(old.plan)
    ) then
    return new;
  end if;
  select service_user_id into person from bookings where id = new.booking_id;
  if person is not null then
    perform from service_users where id = person for key share;
    perform refuse_restricted(new.item_id, person, coalesce(new.taken_at, lower(new.plan)));
  end if;
  return new;
end $$;
create trigger nothing_restricted_is_booked before insert or update of taken_at, plan on item_holds
  for each row execute function nothing_restricted_is_booked();

-- What was lent to one and turns out to be with another is asked of that other.
create function right_borrower_is_not_restricted() returns trigger language plpgsql as $$
declare
  line record;
begin
  if new.service_user_id is null or new.service_user_id is not distinct from old.service_user_id
    or merge_under_way(old.service_user_id, new.service_user_id) then
    return new;
  end if;
  for line in
    select item_id, coalesce(taken_at, from_at) as at from loan_lines
    where loan_id = new.id and ended_at is null and cancelled_at is null
  loop
    perform refuse_restricted(line.item_id, new.service_user_id, line.at);
  end loop;
  return new;
end $$;
create trigger right_borrower_is_not_restricted before update of service_user_id on loans
  for each row execute function right_borrower_is_not_restricted();
