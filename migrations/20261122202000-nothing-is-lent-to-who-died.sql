-- Nothing is lent to somebody whose record says that they died, whoever tries: in the app, by a transfer, for a visit. What they
-- had before may still be written down, by a spreadsheet or as a correction.
create function nothing_is_lent_to_who_died() returns trigger language plpgsql as $$
begin
  if exists (
    select from service_users
    where id = new.service_user_id and state = 'died'
      and (state_on is null and new.import_id is null or (new.lent_at at time zone 'Europe/London')::date > state_on)
  ) then
    raise exception 'service user % has died', new.service_user_id
      using errcode = '23514', constraint = 'nothing_is_lent_to_who_died', table = 'loans';
  end if;
  return new;
end $$;
-- its name puts it after follow_merge: triggers fire in the order of theirs
create trigger nothing_is_lent_to_who_died before insert on loans
  for each row when (new.service_user_id is not null) execute function nothing_is_lent_to_who_died();

-- The few whose things are asked for kindly, on the worklist.
create index service_users_who_died on service_users (organisation_id, id) where state = 'died' and merged_into is null;
