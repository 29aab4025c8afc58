-- A ward's shared tablet, enrolled by an administrator, on which its staff sign in with a PIN or a badge for one task.

create table ward_tablets (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  ward_id bigint not null,
  name text not null check (name <> ''),
  made_at timestamptz(3) not null,
  made_by bigint not null,
  -- What is typed once on the tablet to enrol it, and until when. Only its hash is kept, and nothing once it is used.
  code_hash bytea unique,
  code_until timestamptz(3),
  code_by bigint not null,
  enrolled_at timestamptz(3),
  -- What the tablet then shows with each request. It stays when the tablet is taken off, to tell it so.
  token_hash bytea unique,
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  revoked_by bigint,
  constraint tablet_code_has_an_end check ((code_hash is null) = (code_until is null)),
  constraint tablet_code_is_for_enrolling check (code_hash is null or (token_hash is null and revoked_at is null)),
  constraint tablet_is_enrolled_with_a_token check ((token_hash is null) = (enrolled_at is null)),
  constraint tablet_is_revoked_by_somebody check ((revoked_at is null) = (revoked_by is null)),
  unique (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id),
  foreign key (organisation_id, code_by) references staff (organisation_id, id),
  foreign key (organisation_id, revoked_by) references staff (organisation_id, id)
);
create unique index ward_tablets_name_key on ward_tablets (organisation_id, lower(name)) where revoked_at is null;

-- Whatever asks: a tablet stays with its ward, is enrolled once and in time, and what was revoked stays so.
create function tablet_goes_on() returns trigger language plpgsql as $$
begin
  if old.revoked_at is not null
    or new.organisation_id <> old.organisation_id or new.ward_id <> old.ward_id
    or (old.token_hash is not null and new.token_hash is distinct from old.token_hash)
    or (old.token_hash is null and new.token_hash is not null
        and not coalesce(old.code_hash is not null and new.enrolled_at < old.code_until, false))
  then
    raise exception 'a tablet is enrolled once, in time, for one ward, and is not taken up again once it was revoked'
      using errcode = '23514', constraint = 'tablet_goes_on', table = 'ward_tablets';
  end if;
  return new;
end $$;
create trigger tablet_goes_on before update on ward_tablets for each row execute function tablet_goes_on();

-- The ward's own staff, and nobody whose account is closed or whose role or ward has changed.
create function may_use_tablet(of_staff bigint, of_tablet bigint) returns boolean language sql stable as $$
  select exists (
    select from ward_tablets tablet
    join staff_wards on staff_wards.ward_id = tablet.ward_id and staff_wards.staff_id = of_staff
    join staff on staff.id = staff_wards.staff_id
    where tablet.id = of_tablet and tablet.enrolled_at is not null and tablet.revoked_at is null
      and staff.role = 'ward-staff' and staff.disabled_at is null
  )
$$;

-- A session by PIN or badge is short, and only for whoever may use the tablet. It ends by losing both, and never gets them back.
alter table sessions add column tablet_id bigint references ward_tablets;
alter table sessions add constraint tablet_session_is_short check (
  tablet_id is null or (
    staff_id is not null
    and idle_until <= seen_at + interval '1 minute' and ends_at <= created_at + interval '1 hour'
  )
);
create function tablet_session_is_theirs() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' or not may_use_tablet(new.staff_id, new.tablet_id) then
    raise exception 'nobody is signed in on this tablet who is not of its ward'
      using errcode = '23514', constraint = 'tablet_session_is_theirs', table = 'sessions';
  end if;
  return new;
end $$;
create trigger tablet_session_is_theirs before insert on sessions
  for each row when (new.tablet_id is not null) execute function tablet_session_is_theirs();
create trigger tablet_session_stays_theirs before update on sessions
  for each row when (
    new.tablet_id is not null
    and (new.tablet_id is distinct from old.tablet_id or new.staff_id is distinct from old.staff_id)
  ) execute function tablet_session_is_theirs();

-- On which tablet something was done. A million rows are not read again for a column that is empty in all of them.
alter table audit_events add column tablet_id bigint;
alter table audit_events add constraint audit_events_tablet_fkey
  foreign key (organisation_id, tablet_id) references ward_tablets (organisation_id, id) not valid;
alter table audit_events add constraint done_on_a_tablet_by_somebody
  check (tablet_id is null or staff_id is not null) not valid;

-- Every change has its audit row in its own transaction: so nothing is changed on a tablet that was revoked meanwhile. Who
-- revokes it waits for what is under way, and what comes after is refused.
create function audit_on_enrolled_tablet() returns trigger language plpgsql as $$
begin
  perform from ward_tablets
  where id = new.tablet_id and enrolled_at is not null and revoked_at is null for share;
  if not found then
    raise exception 'tablet % is not enrolled', new.tablet_id
      using errcode = '23514', constraint = 'audit_on_enrolled_tablet', table = 'audit_events';
  end if;
  return new;
end $$;
create trigger audit_on_enrolled_tablet before insert on audit_events
  for each row when (new.tablet_id is not null) execute function audit_on_enrolled_tablet();

-- As before, with the tablet. The one without stays for processes of the version before.
create function record_audit(at timestamptz, organisation bigint, staff bigint, tablet bigint, request text, entries jsonb)
returns void language plpgsql as $$
declare
  entry jsonb;
  event_id bigint;
begin
  for entry in select jsonb_array_elements(entries) loop
    insert into audit_events
      (at, organisation_id, staff_id, tablet_id, verb, subject_type, subject_id, service_user_id, request_id)
    values
      (at, organisation, staff, tablet, entry->>'verb', entry->>'subject_type', (entry->>'subject_id')::bigint,
       (entry->>'service_user_id')::bigint, request)
    returning id into event_id;
    if jsonb_typeof(entry->'details') = 'object' then
      insert into audit_details (audit_event_id, details) values (event_id, entry->'details');
    end if;
  end loop;
end $$;

-- A member of staff's own PIN: one in use each. A try is taken before it is checked, and given back when it was right, so
-- that many at once are no more than five.
create table staff_pins (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  pin_hash text,
  set_at timestamptz(3) not null,
  tries_left integer not null default 5 check (tries_left between 0 and 5),
  locked_at timestamptz(3),
  ended_at timestamptz(3),
  constraint pin_while_in_use check ((pin_hash is null) = (ended_at is not null)),
  constraint pin_is_locked_after_five_tries check (locked_at is null or tries_left = 0),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id)
);
create unique index one_pin_each on staff_pins (staff_id) where ended_at is null;

create function pin_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null
    or (old.locked_at is not null and (new.locked_at is distinct from old.locked_at or new.tries_left <> 0))
    or (new.pin_hash is distinct from old.pin_hash and new.ended_at is null)
    or new.tries_left not in (old.tries_left, old.tries_left - 1, 5)
    or new.staff_id <> old.staff_id or new.organisation_id <> old.organisation_id
  then
    raise exception 'a PIN that is locked stays locked, and another one takes its place'
      using errcode = '23514', constraint = 'pin_goes_on', table = 'staff_pins';
  end if;
  return new;
end $$;
create trigger pin_goes_on before update on staff_pins for each row execute function pin_goes_on();

-- A badge holds a long code made here, and is read by a scanner.
create table staff_badges (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  code_hash bytea not null unique,
  issued_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  ended_at timestamptz(3),
  ended_by bigint,
  constraint badge_is_ended_by_somebody check ((ended_at is null) = (ended_by is null)),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id)
);
create unique index one_badge_each on staff_badges (staff_id) where ended_at is null;

create function badge_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null or new.code_hash <> old.code_hash
    or new.staff_id <> old.staff_id or new.organisation_id <> old.organisation_id
  then
    raise exception 'a badge that was taken away is not given back'
      using errcode = '23514', constraint = 'badge_goes_on', table = 'staff_badges';
  end if;
  return new;
end $$;
create trigger badge_goes_on before update on staff_badges for each row execute function badge_goes_on();
