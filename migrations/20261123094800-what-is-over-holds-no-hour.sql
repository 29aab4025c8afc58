-- Two records of one person often hold the same meeting, and become one only where nobody would be in two places at once. What
-- is to come can be cancelled first; what is over cannot, and holds no hour any more once it is written down how it went.
alter table appointments drop constraint person_in_one_appointment_at_a_time;
alter table appointments add constraint person_in_one_appointment_at_a_time exclude using gist (
  service_user_id with =, tstzrange(starts_at, ends_at) with &&
) where (cancelled_at is null and outcome is null);

create or replace function person_in_one_place_at_a_time() returns trigger language plpgsql as $$
declare
  is_elsewhere boolean;
begin
  if new.service_user_id is null or new.cancelled_at is not null then
    return new;
  end if;
  if tg_table_name = 'appointments' and to_jsonb(new) ->> 'outcome' is not null then
    return new;
  end if;
  perform from service_users where id = new.service_user_id for no key update;
  if tg_table_name = 'appointments' then
    is_elsewhere := exists (
      select from diary_entries where service_user_id = new.service_user_id and cancelled_at is null
        and tstzrange(starts_at, ends_at) && tstzrange(new.starts_at, new.ends_at)
    );
  else
    is_elsewhere := exists (
      select from appointments where service_user_id = new.service_user_id and cancelled_at is null and outcome is null
        and tstzrange(starts_at, ends_at) && tstzrange(new.starts_at, new.ends_at)
    );
  end if;
  if is_elsewhere then
    raise exception 'person % is elsewhere then', new.service_user_id
      using errcode = '23P01', constraint = 'person_in_one_place_at_a_time', table = tg_table_name;
  end if;
  return new;
end $$;
