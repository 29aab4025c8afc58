-- What somebody puts into a locker of a ward by name is of somebody on that ward. It may stay there when they leave.
create function deposit_is_of_somebody_on_the_ward() returns trigger language plpgsql as $$
begin
  if not exists (
    select from service_users where id = new.service_user_id and state = 'admitted' and ward_id = new.ward_id
  ) then
    raise exception 'person % is not on ward %', new.service_user_id, new.ward_id
      using errcode = '23514', constraint = 'deposit_is_of_somebody_on_the_ward', table = 'locker_deposits';
  end if;
  return new;
end $$;
create trigger deposit_is_of_somebody_on_the_ward before insert on locker_deposits
  for each row when (new.service_user_id is not null) execute function deposit_is_of_somebody_on_the_ward();
