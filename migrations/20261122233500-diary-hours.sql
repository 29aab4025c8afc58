-- When a champion works: the same every week, and what is otherwise on some days. And what an organisation decides about calls.

create table diary_hours (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  champion_id bigint not null,
  -- 1 is Monday
  weekday smallint not null check (weekday between 1 and 7),
  -- as the clocks show it, whether it is summer or winter
  from_minute smallint not null,
  until_minute smallint not null,
  unique (organisation_id, id),
  constraint hours_are_in_a_day check (from_minute >= 0 and until_minute > from_minute and until_minute <= 1440),
  constraint hours_of_a_day_do_not_overlap exclude using gist (
    champion_id with =, weekday with =, int4range(from_minute, until_minute) with &&
  ),
  foreign key (organisation_id, champion_id) references staff (organisation_id, id)
);
create index diary_hours_by_champion on diary_hours (organisation_id, champion_id, weekday, from_minute);

create table diary_exceptions (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  champion_id bigint not null,
  kind text not null constraint diary_exception_kind_word check (kind in ('leave', 'away', 'extra')),
  first_on date not null,
  last_on date not null,
  from_minute smallint,
  until_minute smallint,
  made_at timestamptz(3) not null check (isfinite(made_at)),
  made_by bigint not null,
  cancelled_at timestamptz(3) check (isfinite(cancelled_at)),
  cancelled_by bigint,
  unique (organisation_id, id),
  constraint exception_is_of_a_year_at_most check (
    isfinite(first_on) and isfinite(last_on) and last_on - first_on between 0 and 366
  ),
  constraint leave_is_of_whole_days check (
    case when kind = 'leave' then num_nonnulls(from_minute, until_minute) = 0
    else num_nonnulls(from_minute, until_minute) = 2 and first_on = last_on end
  ),
  constraint exception_is_in_a_day check (from_minute >= 0 and until_minute > from_minute and until_minute <= 1440),
  constraint exception_is_cancelled_by_somebody check (num_nulls(cancelled_at, cancelled_by) in (0, 2)),
  foreign key (organisation_id, champion_id) references staff (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id),
  foreign key (organisation_id, cancelled_by) references staff (organisation_id, id)
);
create index diary_exceptions_to_come on diary_exceptions (organisation_id, champion_id, last_on)
  where cancelled_at is null;

create function diary_exception_goes_on() returns trigger language plpgsql as $$
begin
  if old.cancelled_at is not null
    or to_jsonb(new) - array['cancelled_at', 'cancelled_by'] is distinct from to_jsonb(old) - array['cancelled_at', 'cancelled_by']
  then
    raise exception 'diary exception % is cancelled once, and stays as it was', old.id
      using errcode = '23514', constraint = 'diary_exception_goes_on', table = 'diary_exceptions';
  end if;
  return new;
end $$;
create trigger diary_exception_goes_on before update on diary_exceptions
  for each row execute function diary_exception_goes_on();

alter table organisations add column break_minutes smallint not null default 15;
alter table organisations add constraint break_is_short check (break_minutes between 0 and 60);
-- how many working days before a first remote appointment a trial-run call has to be
alter table organisations add column trial_call_days smallint not null default 2;
alter table organisations add constraint trial_call_days_are_few check (trial_call_days between 0 and 10);
-- how many working days it takes to get an interpreter
alter table organisations add column interpreter_days smallint not null default 3;
alter table organisations add constraint interpreter_days_are_few check (interpreter_days between 0 and 20);
