-- The second step of signing in: a code from a phone, besides the password.

-- The phone that somebody set up. The secret is encrypted with a key that is not in the database. One is in use; those
-- before it are kept without their secret.
create table second_steps (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  secret bytea,
  confirmed_at timestamptz(3) not null,
  -- the half minute whose code was used last: each counts once (RFC 6238, 5.2)
  last_time_step bigint not null,
  ended_at timestamptz(3) check (ended_at >= confirmed_at),
  constraint secret_while_in_use check ((secret is null) = (ended_at is not null)),
  unique (organisation_id, id),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id)
);
create unique index one_second_step_each on second_steps (staff_id) where ended_at is null;

-- Whatever asks: a code that was used works no second time, nor one before it; what has ended stays so.
create function second_step_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null or new.last_time_step < old.last_time_step
    or (new.last_time_step = old.last_time_step and new.ended_at is null)
    or (new.secret is distinct from old.secret and new.ended_at is null)
    or new.staff_id <> old.staff_id or new.organisation_id <> old.organisation_id
  then
    raise exception 'a code works once, and a second step that has ended is not taken up again'
      using errcode = '23514', constraint = 'second_step_goes_on', table = 'second_steps';
  end if;
  return new;
end $$;
create trigger second_step_goes_on before update on second_steps
  for each row execute function second_step_goes_on();

-- For the day without the phone. Kept as a hash that takes the same key to try.
create table recovery_codes (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  second_step_id bigint not null,
  code_hash bytea not null,
  made_at timestamptz(3) not null,
  used_at timestamptz(3),
  cancelled_at timestamptz(3),
  constraint recovery_code_is_used_or_cancelled check (used_at is null or cancelled_at is null),
  unique (second_step_id, code_hash),
  foreign key (organisation_id, second_step_id) references second_steps (organisation_id, id)
);

create function recovery_code_works_once() returns trigger language plpgsql as $$
begin
  raise exception 'this recovery code was used or taken back'
    using errcode = '23514', constraint = 'recovery_code_works_once', table = 'recovery_codes';
end $$;
create trigger recovery_code_works_once before update on recovery_codes
  for each row when (old.used_at is not null or old.cancelled_at is not null) execute function recovery_code_works_once();

-- Who must have one. Where nothing is said, administrators and champions must.
create table second_step_rules (
  organisation_id bigint not null references organisations,
  role text not null check (
    role in ('administrator', 'champion', 'care-team', 'ward-staff', 'information-governance', 'commissioner')),
  is_required boolean not null,
  primary key (organisation_id, role)
);

create function second_step_is_required(organisation bigint, of_role text) returns boolean language sql stable as $$
  select coalesce(
    (select is_required from second_step_rules where organisation_id = organisation and role = of_role),
    of_role in ('administrator', 'champion'))
$$;
