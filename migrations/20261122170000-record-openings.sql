-- Somebody opens one record outside their reach, with a reason, for a while. Information governance looks at each.

-- How long such a record stays open.
alter table organisations add column opening_minutes integer not null default 60
  constraint opening_is_short check (opening_minutes between 5 and 480);

create table record_openings (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  service_user_id bigint not null,
  opened_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  -- earlier than that: whoever opened it was done
  closed_at timestamptz(3),
  seen_at timestamptz(3),
  seen_by bigint,
  unique (organisation_id, id),
  constraint opening_ends_by_itself check (
    isfinite(opened_at) and ends_at > opened_at and ends_at <= opened_at + interval '8 hours'
  ),
  constraint opening_is_closed_in_time check (closed_at >= opened_at and closed_at <= ends_at),
  constraint opening_is_seen_by_somebody check ((seen_at is null) = (seen_by is null)),
  constraint opening_is_seen_by_somebody_else check (seen_by <> staff_id),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, seen_by) references staff (organisation_id, id)
);
create index record_openings_by_staff on record_openings (staff_id, ends_at desc);
create index record_openings_by_person on record_openings (service_user_id, id desc);
create index record_openings_by_time on record_openings (organisation_id, id desc);
create index record_openings_to_see on record_openings (organisation_id, id desc) where seen_at is null;

-- What was said about it may name anybody, so it stands apart, where it can be removed.
create table record_opening_words (
  opening_id bigint primary key,
  organisation_id bigint not null,
  reason text not null check (reason ~ '[[:alpha:]]'),
  note text not null default '',
  foreign key (organisation_id, opening_id) references record_openings (organisation_id, id)
);

-- Of those who may see some people at all: nobody else opens a record.
create function opening_is_for_those_who_may() returns trigger language plpgsql as $$
begin
  if not exists (
    select from staff
    where id = new.staff_id and disabled_at is null
      and (role in ('ward-staff', 'information-governance') or role = 'champion' and caseload_only)
  ) then
    raise exception 'staff % opens no record', new.staff_id
      using errcode = '23514', constraint = 'opening_is_for_those_who_may', table = 'record_openings';
  end if;
  return new;
end $$;
create trigger opening_is_for_those_who_may before insert on record_openings
  for each row execute function opening_is_for_those_who_may();

create function opening_needs_a_reason() returns trigger language plpgsql as $$
begin
  if not exists (select from record_opening_words where opening_id = new.id) then
    raise exception 'record opening % has no reason', new.id
      using errcode = '23514', constraint = 'opening_needs_a_reason', table = 'record_openings';
  end if;
  return null;
end $$;
create constraint trigger opening_needs_a_reason after insert on record_openings
  deferrable initially deferred for each row execute function opening_needs_a_reason();

-- It is closed once and seen once. It never lasts longer, and is never somebody else's.
create function opening_stays_as_it_was() returns trigger language plpgsql as $$
begin
  if (new.id, new.organisation_id, new.staff_id, new.service_user_id, new.opened_at, new.ends_at) is distinct from
     (old.id, old.organisation_id, old.staff_id, old.service_user_id, old.opened_at, old.ends_at)
    or old.closed_at is not null and new.closed_at is distinct from old.closed_at
    or old.seen_at is not null and (new.seen_at, new.seen_by) is distinct from (old.seen_at, old.seen_by) then
    raise exception 'a record opening is closed once and seen once, and stays as it was'
      using errcode = '23514', constraint = 'opening_stays_as_it_was', table = 'record_openings';
  end if;
  return new;
end $$;
create trigger opening_stays_as_it_was before update on record_openings
  for each row execute function opening_stays_as_it_was();

create function opening_reason_stays() returns trigger language plpgsql as $$
begin
  raise exception 'the reason of a record opening stays as it was given'
    using errcode = '23514', constraint = 'opening_reason_stays', table = 'record_opening_words';
end $$;
create trigger opening_reason_stays before update on record_opening_words
  for each row when (old.reason <> new.reason) execute function opening_reason_stays();
