-- On which platform they meet, and which of the person's own supporters join. Neither stops anything: what is said of a platform
-- is a note, and whoever joins is asked about again where it may not be safe.
alter table appointments
  add column platform_id bigint,
  add column supporter_ids bigint[] not null default '{}'
    constraint supporters_of_an_appointment_are_few check (cardinality(supporter_ids) <= 10),
  add foreign key (organisation_id, platform_id) references platforms (organisation_id, id);

-- Somebody joins who supports this person, and whom the person agreed to. That may end later: then the page says so.
create function supporters_of_appointment_are_theirs() returns trigger language plpgsql as $$
begin
  if (tg_op = 'INSERT' or new.supporter_ids <> old.supporter_ids) and exists (
    select from unnest(new.supporter_ids) as asked (id)
    where not exists (
      select from supporters
      where supporters.id = asked.id and supporters.service_user_id = new.service_user_id
        and (supporters.consent = 'given' and supporters.ended_at is null
             or tg_op = 'UPDATE' and asked.id = any (old.supporter_ids))
    )
  ) then
    raise exception 'somebody who joins appointment % does not support this person with consent', new.id
      using errcode = '23514', constraint = 'supporters_of_appointment_are_theirs', table = 'appointments';
  end if;
  return new;
end $$;
create trigger supporters_of_appointment_are_theirs before insert or update of supporter_ids on appointments
  for each row execute function supporters_of_appointment_are_theirs();
