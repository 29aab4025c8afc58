-- What members of staff were trained in, and when: from it is worked out who on each ward is in date. What was written down
-- wrong is taken off, and stays readable.

create table staff_trainings (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  topic text not null constraint staff_training_topic_word check (topic in ('remote', 'safety', 'inclusion', 'devices')),
  trained_on date not null constraint staff_training_is_of_our_time check (trained_on between '2015-01-01' and '2100-01-01'),
  recorded_at timestamptz(3) not null check (isfinite(recorded_at)),
  recorded_by bigint not null,
  cancelled_at timestamptz(3) check (isfinite(cancelled_at)),
  cancelled_by bigint,
  unique (organisation_id, id),
  constraint staff_training_is_over_when_it_is_written_down check (
    trained_on <= (recorded_at at time zone 'Europe/London')::date
  ),
  constraint staff_training_is_cancelled_by_somebody check (num_nulls(cancelled_at, cancelled_by) in (0, 2)),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id),
  foreign key (organisation_id, cancelled_by) references staff (organisation_id, id)
);
-- The same day is written down once, and the newest of each topic is found by it.
create unique index one_staff_training_a_day on staff_trainings (staff_id, topic, trained_on) where cancelled_at is null;
create index staff_trainings_newest on staff_trainings (organisation_id, recorded_at desc, id desc);

create function staff_training_goes_on() returns trigger language plpgsql as $$
begin
  if old.cancelled_at is not null
    or to_jsonb(new) - array['cancelled_at', 'cancelled_by'] is distinct from to_jsonb(old) - array['cancelled_at', 'cancelled_by']
  then
    raise exception 'staff training % is taken off once, and stays as it was', old.id
      using errcode = '23514', constraint = 'staff_training_goes_on', table = 'staff_trainings';
  end if;
  return new;
end $$;
create trigger staff_training_goes_on before update on staff_trainings
  for each row execute function staff_training_goes_on();
