-- A long cable can be used to self-harm. Each ward has a longest permitted cable; a longer one goes there only where the nurse in
-- charge has signed for it, with a reason and for a time. Asked of what a ward is lent, what somebody admitted there is lent, and what
-- the ward books and hands out: so it does not matter whether it is lent alone, in a kit, by a swap, a transfer or a spreadsheet.

-- the level of the area, as the ward's own assessment of ligature risks has it: 1 is the lowest
alter table wards add column area_level integer constraint ward_area_level_is_known check (area_level between 1 and 5);

create table cable_permits (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  ward_id bigint not null,
  item_id bigint not null,
  because text not null check (because ~ '\S' and length(because) <= 500),
  signed_at timestamptz(3) not null check (isfinite(signed_at)),
  -- who signed with their own PIN, and at whose screen
  signed_by bigint not null,
  asked_by bigint not null,
  until timestamptz(3) not null,
  constraint cable_permit_ends_in_time check (until > signed_at and until <= signed_at + interval '85 days'),
  unique (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, signed_by) references staff (organisation_id, id),
  foreign key (organisation_id, asked_by) references staff (organisation_id, id)
);
create index cable_permits_by_item on cable_permits (item_id, ward_id, until);
create index cable_permits_by_ward on cable_permits (ward_id, until);

-- Only somebody who works on that ward, and has a PIN to sign with, signs for it.
create function cable_permit_is_signed_on_the_ward() returns trigger language plpgsql as $$
begin
  if not exists (
    select from staff
    join staff_wards own on own.staff_id = staff.id and own.ward_id = new.ward_id
    join staff_pins pins on pins.staff_id = staff.id and pins.ended_at is null and pins.locked_at is null
    where staff.id = new.signed_by and staff.role = 'ward-staff' and staff.disabled_at is null
  ) then
    raise exception 'staff member % does not sign for ward %', new.signed_by, new.ward_id
      using errcode = '23514', constraint = 'cable_permit_is_signed_on_the_ward', table = 'cable_permits';
  end if;
  return new;
end $$;
create trigger cable_permit_is_signed_on_the_ward before insert on cable_permits
  for each row execute function cable_permit_is_signed_on_the_ward();
create trigger closed_ward_takes_nothing before insert on cable_permits
  for each row execute function closed_ward_takes_nothing('ward_id');

create function refuse_long_cable(item bigint, ward bigint, at timestamptz) returns void language plpgsql as $$
begin
  if exists (
    select from items
    join models on models.id = items.model_id
    join wards on wards.id = ward
    where items.id = item and models.cable_length_cm > wards.longest_cable_cm
  ) and not exists (
    select from cable_permits where item_id = item and ward_id = ward and until > at
  ) then
    raise exception 'the cable of item % is longer than ward % permits', item, ward
      using errcode = '23514', constraint = 'cable_is_short_enough';
  end if;
end $$;

create function lent_cable_is_short_enough() returns trigger language plpgsql as $$
declare
  goes_to bigint;
begin
  -- what was over when it was written down is as it was; a gift, which is over at once, goes there like anything else
  if new.ended_at is not null and (tg_op = 'UPDATE' or new.ended_as <> 'given') or new.cancelled_at is not null
    or tg_op = 'UPDATE' and new.item_id = old.item_id and (new.taken_at is null or old.taken_at is not null) then
    return new;
  end if;
  select coalesce(loans.ward_id, case when person.state = 'admitted' then person.ward_id end) into goes_to
    from loans left join service_users person on person.id = loans.service_user_id
    where loans.id = new.loan_id;
  if goes_to is not null then
    perform refuse_long_cable(new.item_id, goes_to, coalesce(new.taken_at, new.from_at));
  end if;
  return new;
end $$;
create trigger lent_cable_is_short_enough before insert or update of item_id, taken_at on loan_lines
  for each row execute function lent_cable_is_short_enough();

-- A booking is asked when it is made or moved, and once more when it is handed out: the ward may permit less by then.
create function booked_cable_is_short_enough() returns trigger language plpgsql as $$
begin
  if new.kind <> 'booking' or new.ward_id is null or new.ended_at is not null or new.cancelled_at is not null
    or tg_op = 'UPDATE' and (
      old.taken_at is not null
      or new.taken_at is null and lower(new.plan) = lower(old.plan)
    ) then
    return new;
  end if;
  perform refuse_long_cable(new.item_id, new.ward_id, coalesce(new.taken_at, lower(new.plan)));
  return new;
end $$;
create trigger booked_cable_is_short_enough before insert or update of taken_at, plan on item_holds
  for each row execute function booked_cable_is_short_enough();
