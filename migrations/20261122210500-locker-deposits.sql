-- People on a ward charge their own devices in its locker bays. A bay is an item; what is in it is a deposit, which says whose it
-- is, and how it came out again.

create table locker_deposits (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  ward_id bigint not null,
  bay_id bigint not null,
  -- Whose it is: somebody we know, or somebody by their initials alone.
  service_user_id bigint,
  initials text not null default '' check (length(initials) <= 10),
  -- What it looks like, and never what it is worth.
  description text not null check (description ~ '\S' and length(description) <= 100),
  connector text not null constraint locker_connector_word check (connector in ('usb-c', 'lightning', 'micro-usb', 'wireless')),
  -- Who has the key or the code of the bay meanwhile.
  key_with text not null constraint locker_key_word check (key_with in ('owner', 'staff')),
  ready_at timestamptz(3) not null check (isfinite(ready_at)),
  deposited_at timestamptz(3) not null check (isfinite(deposited_at)),
  deposited_by bigint not null,
  ended_at timestamptz(3),
  ended_as text constraint locker_ending_word check (ended_as in ('collected', 'handed-over', 'opened')),
  ended_by bigint,
  -- Who collected it for the owner, and who allowed that; or who was there when it was opened without the owner, and why.
  handed_to text not null default '' check (length(handed_to) <= 100),
  allowed_by text not null default '' check (length(allowed_by) <= 100),
  witnessed_by bigint,
  opened_because text not null default '' check (length(opened_because) <= 500),
  unique (organisation_id, id),
  constraint locker_deposit_is_somebodys check ((service_user_id is null) = (initials <> '')),
  constraint locker_deposit_is_ready_later check (ready_at > deposited_at),
  constraint locker_deposit_ends_after_it_began check (ended_at >= deposited_at),
  constraint locker_deposit_ends_whole check (
    (ended_at is null) = (ended_as is null) and (ended_at is null) = (ended_by is null)
  ),
  constraint handed_over_with_who_allowed_it check (
    coalesce(ended_as = 'handed-over', false) = (handed_to <> '') and (handed_to <> '') = (allowed_by <> '')
  ),
  -- Two members of staff, and not one of them twice.
  constraint locker_is_opened_by_two check (
    coalesce(ended_as = 'opened', false) = (witnessed_by is not null)
    and (witnessed_by is null or witnessed_by <> ended_by)
    and (witnessed_by is not null) = (opened_because <> '')
  ),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, bay_id) references items (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, deposited_by) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id),
  foreign key (organisation_id, witnessed_by) references staff (organisation_id, id)
);
create unique index one_open_deposit_a_bay on locker_deposits (bay_id) where ended_at is null;
create index open_locker_deposits_by_ward on locker_deposits (ward_id) where ended_at is null;
create index locker_deposits_by_service_user on locker_deposits (service_user_id, id desc) where service_user_id is not null;

create trigger closed_ward_takes_nothing before insert on locker_deposits
  for each row execute function closed_ward_takes_nothing('ward_id');
create trigger follow_merge before insert or update of service_user_id on locker_deposits
  for each row execute function follow_merge();

-- A device goes into a bay of that ward that works and has the right connector. The bay's row is locked, as a hold of it locks it:
-- so a bay that goes into repair in the same moment is seen.
create function deposit_fits_its_bay() returns trigger language plpgsql as $$
declare
  bay record;
begin
  select items.category, items.kept_at_ward_id, items.left_at, items.model_id into bay
    from items where id = new.bay_id for no key update;
  if bay.category <> 'locker-bay' or bay.left_at is not null or bay.kept_at_ward_id is distinct from new.ward_id or exists (
    select from item_holds where item_id = new.bay_id and taken_at is not null and ended_at is null
  ) then
    raise exception 'item % is no bay of that ward that can be used', new.bay_id
      using errcode = '23P01', constraint = 'deposit_is_in_a_bay_that_works', table = 'locker_deposits';
  end if;
  if new.connector is distinct from (select connector from models where id = bay.model_id) then
    raise exception 'bay % has another connector', new.bay_id
      using errcode = '23514', constraint = 'deposit_fits_its_bay', table = 'locker_deposits';
  end if;
  return new;
end $$;
create trigger deposit_fits_its_bay before insert on locker_deposits
  for each row execute function deposit_fits_its_bay();

-- A deposit stays in its bay, and what came out stays so. Its words may be emptied long after.
create function locker_deposit_goes_on() returns trigger language plpgsql as $$
begin
  if (new.organisation_id, new.ward_id, new.bay_id, new.connector, new.deposited_at, new.deposited_by)
      is distinct from (old.organisation_id, old.ward_id, old.bay_id, old.connector, old.deposited_at, old.deposited_by)
    or old.ended_at is not null and (new.ended_at, new.ended_as, new.ended_by, new.witnessed_by)
      is distinct from (old.ended_at, old.ended_as, old.ended_by, old.witnessed_by) then
    raise exception 'deposit % stays in its bay, and is over when it is over', new.id
      using errcode = '23514', constraint = 'locker_deposit_goes_on', table = 'locker_deposits';
  end if;
  return new;
end $$;
create trigger locker_deposit_goes_on before update on locker_deposits
  for each row execute function locker_deposit_goes_on();
