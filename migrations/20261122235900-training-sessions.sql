-- Training with one person, as often as they want it. When it is, who gives it and in which way stand in the champion's diary; here
-- stands what it was about, and how sure the person felt before and after.

create table training_sessions (
  diary_entry_id bigint primary key,
  organisation_id bigint not null,
  topics text[] not null constraint training_is_about_something check (
    topics <@ array['charge', 'wifi', 'link', 'join', 'sound', 'accounts', 'settings', 'safe', 'other']
    and cardinality(topics) between 1 and 9
  ),
  supporter_joins boolean not null default false,
  interpreter_joins boolean not null default false,
  came boolean,
  -- from 1, not sure at all, to 5, very sure; null: not asked
  confidence_before smallint check (confidence_before between 1 and 5),
  confidence_after smallint check (confidence_after between 1 and 5),
  wants_more boolean,
  -- what they practise at home, which guide they were given
  note text not null default '' check (length(note) <= 1000),
  told_at timestamptz(3) check (isfinite(told_at)),
  told_by bigint,
  version integer not null default 1,
  unique (organisation_id, diary_entry_id),
  constraint training_result_is_written_by_somebody check (num_nulls(came, told_at, told_by) in (0, 3)),
  constraint only_who_came_felt_sure check (
    coalesce(came, false) or num_nonnulls(confidence_before, confidence_after, wants_more) = 0
  ),
  foreign key (organisation_id, diary_entry_id) references diary_entries (organisation_id, id),
  foreign key (organisation_id, told_by) references staff (organisation_id, id)
);

create function training_session_goes_on() returns trigger language plpgsql as $$
declare
  entry record;
begin
  select kind, service_user_id, cancelled_at, starts_at into entry
  from diary_entries where id = new.diary_entry_id for no key update;
  if entry.kind is distinct from 'training-session' or entry.service_user_id is null then
    raise exception 'diary entry % is no training session with somebody', new.diary_entry_id
      using errcode = '23514', constraint = 'training_session_is_in_the_diary', table = 'training_sessions';
  end if;
  if new.came is not null and entry.cancelled_at is not null then
    raise exception 'training session % was cancelled', new.diary_entry_id
      using errcode = '23514', constraint = 'cancelled_session_has_no_result', table = 'training_sessions';
  end if;
  if new.told_at < entry.starts_at then
    raise exception 'training session % has not begun', new.diary_entry_id
      using errcode = '23514', constraint = 'attendance_comes_after_the_beginning', table = 'training_sessions';
  end if;
  if tg_op = 'UPDATE' and (new.diary_entry_id <> old.diary_entry_id or old.came is not null and new.came is null) then
    raise exception 'what came of training session % stays', old.diary_entry_id
      using errcode = '23514', constraint = 'training_session_goes_on', table = 'training_sessions';
  end if;
  return new;
end $$;
create trigger training_session_goes_on before insert or update on training_sessions
  for each row execute function training_session_goes_on();

-- What took place is neither cancelled nor moved any more.
create function session_that_took_place_stays() returns trigger language plpgsql as $$
begin
  if exists (select from training_sessions where diary_entry_id = new.id and came is not null) then
    raise exception 'training session % took place', new.id
      using errcode = '23514', constraint = 'session_that_took_place_stays', table = 'diary_entries';
  end if;
  return new;
end $$;
create trigger session_that_took_place_stays before update on diary_entries
  for each row when (
    new.kind = 'training-session'
    and (new.cancelled_at, new.starts_at, new.ends_at) is distinct from (old.cancelled_at, old.starts_at, old.ends_at)
  )
  execute function session_that_took_place_stays();
