-- Training of several people at once. The group has one entry in the champion's diary; whoever is invited has one of their own beside
-- it, at the same time, with a training session like any other. So all that is told from somebody's training (whether they are
-- ready, how far they have come, what they are reminded of, what they may ask for) holds for a group as it does for one person,
-- and nothing about one of the group stands on the record of another.

create table group_sessions (
  diary_entry_id bigint primary key,
  organisation_id bigint not null,
  topics text[] not null constraint group_is_about_something check (
    topics <@ array['charge', 'wifi', 'link', 'join', 'sound', 'accounts', 'settings', 'safe', 'other']
    and cardinality(topics) between 1 and 9
  ),
  places smallint not null constraint group_has_a_size check (places between 2 and 30),
  -- where they meet, and what is used: both are about the group and about nobody in it
  place text not null default '' check (length(place) <= 200),
  materials text not null default '' check (length(materials) <= 500),
  version integer not null default 1,
  unique (organisation_id, diary_entry_id),
  foreign key (organisation_id, diary_entry_id) references diary_entries (organisation_id, id)
);

alter table diary_entries add column group_entry_id bigint;
alter table diary_entries add constraint diary_entry_in_a_group
  foreign key (organisation_id, group_entry_id) references diary_entries (organisation_id, id) not valid;
alter table diary_entries validate constraint diary_entry_in_a_group;
alter table diary_entries add constraint place_in_a_group_is_somebodys check (
  group_entry_id is null
  or service_user_id is not null and kind = 'training-session' and travel_minutes = 0 and group_entry_id <> id
) not valid;
alter table diary_entries validate constraint place_in_a_group_is_somebodys;
create index diary_entries_by_group on diary_entries (group_entry_id) where group_entry_id is not null;

-- The champion is where the group is, and so where each of the group is.
alter table diary_entries drop constraint champion_in_one_place_at_a_time;
alter table diary_entries add constraint champion_in_one_place_at_a_time exclude using gist (
  champion_id with =, tstzrange(leaves_at, back_at) with &&
) where (cancelled_at is null and group_entry_id is null);

create or replace function diary_entry_goes_on() returns trigger language plpgsql as $$
declare
  may_change text[] := array['service_user_id', 'note'];
begin
  if (new.id, new.organisation_id, new.made_at, new.made_by, new.group_entry_id) is distinct from
     (old.id, old.organisation_id, old.made_at, old.made_by, old.group_entry_id)
    or old.cancelled_at is not null and to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
    raise exception 'diary entry % stays as it was made, and is over once it is cancelled', old.id
      using errcode = '23514', constraint = 'diary_entry_goes_on', table = 'diary_entries';
  end if;
  return new;
end $$;

create function group_session_goes_on() returns trigger language plpgsql as $$
declare
  entry record;
  taken integer;
begin
  select kind, service_user_id, group_entry_id into entry
  from diary_entries where id = new.diary_entry_id for no key update;
  if entry.kind is distinct from 'training-session' or entry.service_user_id is not null or entry.group_entry_id is not null then
    raise exception 'diary entry % is no session of a group', new.diary_entry_id
      using errcode = '23514', constraint = 'group_session_is_in_the_diary', table = 'group_sessions';
  end if;
  if tg_op = 'UPDATE' and new.diary_entry_id <> old.diary_entry_id then
    raise exception 'group % stays in its time', old.diary_entry_id
      using errcode = '23514', constraint = 'group_session_goes_on', table = 'group_sessions';
  end if;
  select count(*) into taken from diary_entries where group_entry_id = new.diary_entry_id and cancelled_at is null;
  if taken > new.places then
    raise exception 'group % has more people than places', new.diary_entry_id
      using errcode = '23514', constraint = 'group_keeps_to_its_size', table = 'group_sessions';
  end if;
  return new;
end $$;
create trigger group_session_goes_on before insert or update on group_sessions
  for each row execute function group_session_goes_on();

-- A place is at the time and in the way of its group, whatever is written, and there are no more of them than the group has. Whoever
-- takes one holds the group's entry first: of two who take the last one the second waits, and sees that it is gone.
create function a_place_is_in_its_group() returns trigger language plpgsql as $$
declare
  the_group record;
  taken integer;
begin
  if new.cancelled_at is not null then
    return new;
  end if;
  select starts_at, ends_at, champion_id, way, cancelled_at into the_group
  from diary_entries where id = new.group_entry_id for no key update;
  if the_group.cancelled_at is not null
    or not exists (select from group_sessions where diary_entry_id = new.group_entry_id) then
    raise exception 'diary entry % takes nobody in', new.group_entry_id
      using errcode = '23514', constraint = 'group_takes_people_in', table = 'diary_entries';
  end if;
  new.starts_at := the_group.starts_at;
  new.leaves_at := the_group.starts_at;
  new.ends_at := the_group.ends_at;
  new.back_at := the_group.ends_at;
  new.champion_id := the_group.champion_id;
  new.way := the_group.way;
  if tg_op = 'INSERT' then
    select count(*) into taken from diary_entries where group_entry_id = new.group_entry_id and cancelled_at is null;
    if taken >= (select places from group_sessions where diary_entry_id = new.group_entry_id) then
      raise exception 'group % is full', new.group_entry_id
        using errcode = '23514', constraint = 'group_keeps_to_its_size', table = 'diary_entries';
    end if;
  end if;
  return new;
end $$;
-- before all others, in the order of their names: they look at the time that it has
create trigger a_place_is_in_its_group before insert or update on diary_entries
  for each row when (new.group_entry_id is not null) execute function a_place_is_in_its_group();

create function places_follow_their_group() returns trigger language plpgsql as $$
begin
  if new.cancelled_at is not null then
    update diary_entries
    set cancelled_at = new.cancelled_at, cancelled_by = new.cancelled_by, version = version + 1
    where group_entry_id = new.id and cancelled_at is null;
  else
    update diary_entries
    set starts_at = new.starts_at, leaves_at = new.starts_at, ends_at = new.ends_at, back_at = new.ends_at,
        champion_id = new.champion_id, version = version + 1
    where group_entry_id = new.id and cancelled_at is null;
  end if;
  return null;
end $$;
create trigger places_follow_their_group after update on diary_entries
  for each row when (
    new.group_entry_id is null and new.kind = 'training-session' and new.service_user_id is null
    and (new.starts_at, new.ends_at, new.champion_id, new.cancelled_at)
      is distinct from (old.starts_at, old.ends_at, old.champion_id, old.cancelled_at)
  )
  execute function places_follow_their_group();

-- What each of a group agreed to, and what somebody can do before and after, on their own or in a group. And sessions for
-- whoever supports somebody: what they learned is not what the person learned.
alter table training_sessions
  add column agreed_ways boolean,
  add column could_before text[],
  add column could_after text[],
  add column supporter_id bigint,
  add constraint could_do_what_it_is_about check (could_before <@ topics and could_after <@ topics) not valid,
  add constraint only_who_came_could check (coalesce(came, false) or num_nonnulls(could_before, could_after) = 0) not valid,
  add constraint session_for_a_supporter
    foreign key (organisation_id, supporter_id) references supporters (organisation_id, id) not valid;
alter table training_sessions
  validate constraint could_do_what_it_is_about,
  validate constraint only_who_came_could,
  validate constraint session_for_a_supporter;
create index training_sessions_by_supporter on training_sessions (supporter_id) where supporter_id is not null;

create function supporter_of_session_is_theirs() returns trigger language plpgsql as $$
begin
  if not exists (
    select from supporters supporter join diary_entries entry on entry.id = new.diary_entry_id
    where supporter.id = new.supporter_id and supporter.service_user_id = entry.service_user_id
      and supporter.ended_at is null and supporter.consent = 'given'
      and supporter.may_be_told && array['training', 'everything']
    for share of supporter
  ) then
    raise exception 'supporter % does not come to session %', new.supporter_id, new.diary_entry_id
      using errcode = '23514', constraint = 'supporter_of_session_is_theirs', table = 'training_sessions';
  end if;
  return new;
end $$;
create trigger supporter_of_session_is_theirs before insert on training_sessions
  for each row when (new.supporter_id is not null) execute function supporter_of_session_is_theirs();
create function supporter_of_session_stays() returns trigger language plpgsql as $$
begin
  raise exception 'session % stays with whom it was for', old.diary_entry_id
    using errcode = '23514', constraint = 'supporter_of_session_stays', table = 'training_sessions';
end $$;
create trigger supporter_of_session_stays before update on training_sessions
  for each row when (new.supporter_id is distinct from old.supporter_id) execute function supporter_of_session_stays();
