-- Where a champion is, and with whom: a trial-run call, a training session, a visit or anything else that takes their time. One
-- row for each, so that one rule keeps a champion, and one a person, from two places at once.

create table diary_entries (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  champion_id bigint not null,
  -- null: it is about nobody, or about several people
  service_user_id bigint,
  -- the appointment that it prepares for, where there is one
  appointment_id bigint,
  kind text not null constraint diary_entry_kind_word check (
    kind in ('trial-run-call', 'training-session', 'visit', 'other')
  ),
  way text not null constraint diary_entry_way_word check (way in ('video', 'phone', 'face-to-face', 'home-visit')),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  -- there, and back again
  travel_minutes smallint not null default 0 constraint travel_is_of_some_hours_at_most check (
    travel_minutes between 0 and 240
  ),
  -- from leaving until being back: what the champion is not free in. Kept beside the rest, since an index takes no sum of a
  -- time and an interval
  leaves_at timestamptz(3) not null,
  back_at timestamptz(3) not null,
  note text not null default '' check (length(note) <= 500),
  made_at timestamptz(3) not null check (isfinite(made_at)),
  made_by bigint not null,
  cancelled_at timestamptz(3) check (isfinite(cancelled_at)),
  cancelled_by bigint,
  version integer not null default 1,
  unique (organisation_id, id),
  constraint diary_entry_has_a_length check (
    isfinite(starts_at) and isfinite(ends_at) and extract(epoch from ends_at - starts_at) between 300 and 43200
  ),
  constraint travel_is_on_both_sides check (
    starts_at - leaves_at = make_interval(mins => travel_minutes)
    and back_at - ends_at = make_interval(mins => travel_minutes)
  ),
  constraint nobody_travels_to_a_call check (travel_minutes = 0 or way in ('face-to-face', 'home-visit')),
  constraint trial_run_call_is_with_somebody check (kind <> 'trial-run-call' or service_user_id is not null),
  constraint diary_entry_is_not_over_when_it_is_made check (ends_at > made_at),
  constraint diary_entry_is_cancelled_by_somebody check (num_nulls(cancelled_at, cancelled_by) in (0, 2)),
  constraint champion_in_one_place_at_a_time exclude using gist (
    champion_id with =, tstzrange(leaves_at, back_at) with &&
  ) where (cancelled_at is null),
  constraint person_in_one_call_at_a_time exclude using gist (
    service_user_id with =, tstzrange(starts_at, ends_at) with &&
  ) where (cancelled_at is null and service_user_id is not null),
  foreign key (organisation_id, champion_id) references staff (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, appointment_id) references appointments (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id),
  foreign key (organisation_id, cancelled_by) references staff (organisation_id, id)
);
-- A champion's days; the team's week; what is to come for a person; what prepares for an appointment.
create index diary_entries_by_champion on diary_entries (champion_id, starts_at) where cancelled_at is null;
create index diary_entries_by_day on diary_entries (organisation_id, starts_at) where cancelled_at is null;
create index diary_entries_by_person on diary_entries (service_user_id, starts_at) where service_user_id is not null;
create index diary_entries_by_appointment on diary_entries (appointment_id, starts_at) where appointment_id is not null;

create function diary_is_of_a_champion() returns trigger language plpgsql as $$
begin
  if not exists (select from staff where id = new.champion_id and role = 'champion' and disabled_at is null for share) then
    raise exception 'staff % is no champion', new.champion_id
      using errcode = '23514', constraint = 'diary_is_of_a_champion', table = 'diary_entries';
  end if;
  return new;
end $$;
create trigger diary_is_of_a_champion_made before insert on diary_entries
  for each row execute function diary_is_of_a_champion();
create trigger diary_is_of_a_champion_moved before update on diary_entries
  for each row when (new.champion_id <> old.champion_id) execute function diary_is_of_a_champion();

create function diary_entry_goes_on() returns trigger language plpgsql as $$
declare
  may_change text[] := array['service_user_id', 'note'];
begin
  if (new.id, new.organisation_id, new.made_at, new.made_by) is distinct from
     (old.id, old.organisation_id, old.made_at, old.made_by)
    or old.cancelled_at is not null and to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
    raise exception 'diary entry % stays as it was made, and is over once it is cancelled', old.id
      using errcode = '23514', constraint = 'diary_entry_goes_on', table = 'diary_entries';
  end if;
  return new;
end $$;
create trigger diary_entry_goes_on before update on diary_entries for each row execute function diary_entry_goes_on();

-- A person's appointments and the calls and visits of our own stand in two tables, which no exclusion constraint can see at
-- once. So whoever writes in either takes the person's row first, and then looks in the other: of two who write in the same
-- moment the second waits, and sees what the first wrote.
create function person_in_one_place_at_a_time() returns trigger language plpgsql as $$
declare
  other text := case tg_table_name when 'appointments' then 'diary_entries' else 'appointments' end;
  is_elsewhere boolean;
begin
  if new.service_user_id is null or new.cancelled_at is not null then
    return new;
  end if;
  perform from service_users where id = new.service_user_id for no key update;
  execute format(
    'select exists (select from %I where service_user_id = $1 and cancelled_at is null
       and tstzrange(starts_at, ends_at) && tstzrange($2, $3))', other
  ) into is_elsewhere using new.service_user_id, new.starts_at, new.ends_at;
  if is_elsewhere then
    raise exception 'person % is elsewhere then', new.service_user_id
      using errcode = '23P01', constraint = 'person_in_one_place_at_a_time', table = tg_table_name;
  end if;
  return new;
end $$;
-- in the order of their names: who the person is was settled before, by follow_merge
create trigger follow_merge before insert or update of service_user_id on diary_entries
  for each row execute function follow_merge();
create trigger person_in_one_place_at_a_time
  before insert or update of service_user_id, starts_at, ends_at, cancelled_at on diary_entries
  for each row execute function person_in_one_place_at_a_time();
create trigger person_in_one_place_at_a_time
  before insert or update of service_user_id, starts_at, ends_at, cancelled_at on appointments
  for each row execute function person_in_one_place_at_a_time();
