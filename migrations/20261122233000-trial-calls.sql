-- A call that tries out, before the appointment, whether the person gets in and is heard. When it is, with whom and for which
-- appointment stands in the champion's diary; here stands what it is like, and what came of it.

create table trial_calls (
  diary_entry_id bigint primary key,
  organisation_id bigint not null,
  -- of ten minutes, on the day itself, where there is no time for more
  is_check boolean not null default false,
  supporter_joins boolean not null default false,
  interpreter_joins boolean not null default false,
  got_in text check (got_in in ('yes', 'with-help', 'no', 'not-tried')),
  heard text check (heard in ('yes', 'with-help', 'no', 'not-tried')),
  seen text check (seen in ('yes', 'with-help', 'no', 'not-tried')),
  charged text check (charged in ('yes', 'with-help', 'no', 'not-tried')),
  private_place text check (private_place in ('yes', 'with-help', 'no', 'not-tried')),
  light text check (light in ('yes', 'with-help', 'no', 'not-tried')),
  location text check (location in ('yes', 'with-help', 'no', 'not-tried')),
  back_up text check (back_up in ('yes', 'with-help', 'no', 'not-tried')),
  note text not null default '' check (length(note) <= 1000),
  outcome text constraint trial_call_outcome_word check (
    outcome in ('passed', 'passed-with-help', 'not-passed', 'not-reached')
  ),
  outcome_at timestamptz(3) check (isfinite(outcome_at)),
  outcome_by bigint,
  version integer not null default 1,
  unique (organisation_id, diary_entry_id),
  constraint trial_call_result_is_written_by_somebody check (num_nulls(outcome, outcome_at, outcome_by) in (0, 3)),
  -- whoever passed got in and was heard
  constraint who_passed_was_heard check (
    coalesce(outcome, '') not in ('passed', 'passed-with-help')
    or coalesce(got_in, '') in ('yes', 'with-help') and coalesce(heard, '') in ('yes', 'with-help')
  ),
  foreign key (organisation_id, diary_entry_id) references diary_entries (organisation_id, id),
  foreign key (organisation_id, outcome_by) references staff (organisation_id, id)
);

create function trial_call_goes_on() returns trigger language plpgsql as $$
declare
  entry record;
begin
  select kind, cancelled_at, starts_at into entry from diary_entries where id = new.diary_entry_id for no key update;
  if entry.kind is distinct from 'trial-run-call' then
    raise exception 'diary entry % is no trial-run call', new.diary_entry_id
      using errcode = '23514', constraint = 'trial_call_is_in_the_diary', table = 'trial_calls';
  end if;
  if new.outcome is not null and entry.cancelled_at is not null then
    raise exception 'trial-run call % was cancelled', new.diary_entry_id
      using errcode = '23514', constraint = 'cancelled_call_has_no_result', table = 'trial_calls';
  end if;
  if new.outcome_at < entry.starts_at then
    raise exception 'trial-run call % has not begun', new.diary_entry_id
      using errcode = '23514', constraint = 'result_comes_after_the_beginning', table = 'trial_calls';
  end if;
  if tg_op = 'UPDATE' and (new.diary_entry_id <> old.diary_entry_id or old.outcome is not null and new.outcome is null) then
    raise exception 'the result of trial-run call % stays', old.diary_entry_id
      using errcode = '23514', constraint = 'trial_call_goes_on', table = 'trial_calls';
  end if;
  return new;
end $$;
create trigger trial_call_goes_on before insert or update on trial_calls
  for each row execute function trial_call_goes_on();

-- What took place is neither cancelled nor moved any more.
create function call_with_a_result_stays() returns trigger language plpgsql as $$
begin
  if exists (select from trial_calls where diary_entry_id = new.id and outcome is not null) then
    raise exception 'trial-run call % took place', new.id
      using errcode = '23514', constraint = 'call_with_a_result_stays', table = 'diary_entries';
  end if;
  return new;
end $$;
create trigger call_with_a_result_stays before update on diary_entries
  for each row when (
    new.kind = 'trial-run-call'
    and (new.cancelled_at, new.starts_at, new.ends_at) is distinct from (old.cancelled_at, old.starts_at, old.ends_at)
  )
  execute function call_with_a_result_stays();
