-- What everything is done for: one day, at one time, one person meets their clinician. What is chosen from a list, and when,
-- stands in appointments, where counts go on being true after retention; whatever names somebody, leads to them or is in
-- somebody's own words stands in appointment_details, which retention may empty.

create table appointments (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  is_first boolean not null,
  purpose text not null constraint appointment_purpose_word check (
    purpose in ('assessment', 'therapy', 'review', 'medication', 'group', 'crisis', 'other')
  ),
  way text not null constraint way_of_meeting_word check (way in ('face-to-face', 'home-visit', 'phone', 'video', 'text')),
  -- since when it is to be in this way, and who said so: each one is kept in appointment_ways
  way_since timestamptz(3) not null check (isfinite(way_since)),
  way_by bigint not null,
  starts_at timestamptz(3) not null,
  -- the minutes that a first remote one takes longer are in it
  ends_at timestamptz(3) not null,
  extra_minutes smallint not null default 0 constraint extra_minutes_are_few check (extra_minutes between 0 and 60),
  -- the team it is with, where one is named
  team_id bigint,
  interpreter text constraint appointment_interpreter_word check (interpreter in ('not-needed', 'to-book', 'booked')),
  -- what was agreed for when it fails; null: nothing is agreed yet
  back_up text constraint back_up_word check (back_up in ('phone', 'text', 'video', 'face-to-face', 'another-time')),
  made_at timestamptz(3) not null check (isfinite(made_at)),
  made_by bigint not null,
  cancelled_at timestamptz(3) check (isfinite(cancelled_at)),
  cancelled_by text constraint cancelled_by_word check (cancelled_by in ('person', 'team')),
  -- how it went; that nobody could get through is an outcome of its own
  outcome text constraint appointment_outcome_word check (outcome in ('attended', 'could-not-connect', 'did-not-attend')),
  outcome_at timestamptz(3) check (isfinite(outcome_at)),
  outcome_by bigint,
  met_by text constraint way_in_fact_word check (met_by in ('face-to-face', 'home-visit', 'phone', 'video', 'text')),
  disruption text constraint disruption_word check (
    disruption in ('none', 'small', 'back-up', 'abandoned', 'moved-face-to-face')
  ),
  version integer not null default 1,
  unique (organisation_id, id),
  constraint appointment_has_a_length check (
    isfinite(starts_at) and isfinite(ends_at) and extract(epoch from ends_at - starts_at) between 300 and 43200
  ),
  constraint appointment_is_to_come_when_it_is_made check (starts_at > made_at),
  constraint appointment_is_cancelled_by_somebody check ((cancelled_at is null) = (cancelled_by is null)),
  constraint appointment_has_one_end check (cancelled_at is null or outcome is null),
  constraint outcome_is_written_by_somebody check (num_nulls(outcome, outcome_at, outcome_by) in (0, 3)),
  constraint outcome_comes_after_the_beginning check (outcome_at is null or outcome_at >= starts_at),
  constraint who_attended_met_in_a_way check ((met_by is not null) = (outcome is not distinct from 'attended')),
  constraint only_a_meeting_is_disrupted check (
    (disruption is not null) = (outcome is not distinct from 'attended')
  ),
  constraint person_in_one_appointment_at_a_time exclude using gist (
    service_user_id with =, tstzrange(starts_at, ends_at) with &&
  ) where (cancelled_at is null),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, way_by) references staff (organisation_id, id),
  foreign key (organisation_id, team_id) references wards (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id),
  foreign key (organisation_id, outcome_by) references staff (organisation_id, id)
);
create index appointments_by_person on appointments (service_user_id, starts_at);
-- The list of what is to come, and of what is over and waits for its outcome; and the list of what has an end.
create index appointments_open on appointments (organisation_id, starts_at, id)
  where cancelled_at is null and outcome is null;
create index appointments_over on appointments (organisation_id, starts_at, id)
  where cancelled_at is not null or outcome is not null;

create table appointment_details (
  appointment_id bigint primary key,
  organisation_id bigint not null,
  clinician text not null default '' check (length(clinician) <= 200),
  -- whoever has it may come in: it is in no list, no log and no audit
  join_link text not null default '' constraint join_link_is_https check (
    join_link = '' or join_link ~ '^https://[^\s]+$' and length(join_link) <= 1000
  ),
  number_shown text not null default '' check (length(number_shown) <= 100),
  back_up_number text not null default '' check (length(back_up_number) <= 40),
  call_back_number text not null default '' check (length(call_back_number) <= 40),
  -- of one in person: where, and what makes it work, such as a way in without steps
  place text not null default '' check (length(place) <= 500),
  in_person_needs text not null default '' check (length(in_person_needs) <= 1000),
  -- camera off, more time, large print
  adaptations text not null default '' check (length(adaptations) <= 1000),
  others text not null default '' check (length(others) <= 500),
  persons_words text not null default '' check (length(persons_words) <= 1000),
  outcome_note text not null default '' check (length(outcome_note) <= 1000),
  foreign key (organisation_id, appointment_id) references appointments (organisation_id, id)
);

-- In which way it was to be from when on. It is written by the appointment itself and only added to.
create table appointment_ways (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  appointment_id bigint not null,
  way text not null,
  since timestamptz(3) not null,
  chosen_by bigint not null,
  unique (organisation_id, id),
  foreign key (organisation_id, appointment_id) references appointments (organisation_id, id),
  foreign key (organisation_id, chosen_by) references staff (organisation_id, id)
);
create index appointment_ways_by_appointment on appointment_ways (appointment_id, id);

create function appointment_goes_on() returns trigger language plpgsql as $$
declare
  may_change text[] := array['service_user_id'];
begin
  if (new.id, new.organisation_id, new.made_at, new.made_by) is distinct from
     (old.id, old.organisation_id, old.made_at, old.made_by) then
    raise exception 'appointment % stays as it was made', old.id
      using errcode = '23514', constraint = 'appointment_goes_on', table = 'appointments';
  end if;
  -- what was cancelled stays so; how it went may be put right, and is not taken back
  if old.outcome is not null then
    may_change := may_change || array['outcome', 'outcome_at', 'outcome_by', 'met_by', 'disruption', 'version'];
  end if;
  if (old.cancelled_at is not null or old.outcome is not null)
    and (to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change or old.outcome is not null and new.outcome is null)
  then
    raise exception 'appointment % is over', old.id
      using errcode = '23514', constraint = 'appointment_goes_on', table = 'appointments';
  end if;
  if new.way = old.way and (new.way_since, new.way_by) is distinct from (old.way_since, old.way_by)
    or new.way <> old.way and new.way_since < old.way_since then
    raise exception 'appointment % is in this way since it was chosen', old.id
      using errcode = '23514', constraint = 'appointment_goes_on', table = 'appointments';
  end if;
  return new;
end $$;
create trigger appointment_goes_on before update on appointments for each row execute function appointment_goes_on();

create function keep_way_of_meeting() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.way <> old.way then
    insert into appointment_ways (organisation_id, appointment_id, way, since, chosen_by)
    values (new.organisation_id, new.id, new.way, new.way_since, new.way_by);
  end if;
  return null;
end $$;
create trigger keep_way_of_meeting after insert or update on appointments
  for each row execute function keep_way_of_meeting();

create trigger follow_merge before insert or update of service_user_id on appointments
  for each row execute function follow_merge();
