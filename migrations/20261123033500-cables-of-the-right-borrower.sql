-- What was lent to one and turns out to be with another is asked of that other: a correction of the borrower is no way round the
-- longest cable of a ward. A merge moves loans with their person, who stays where they are.
create function right_borrower_may_have_the_cable() returns trigger language plpgsql as $$
declare
  goes_to bigint;
  line record;
begin
  if (new.service_user_id, new.ward_id) is not distinct from (old.service_user_id, old.ward_id)
    or merge_under_way(old.service_user_id, new.service_user_id) then
    return new;
  end if;
  goes_to := coalesce(
    new.ward_id, (select ward_id from service_users where id = new.service_user_id and state = 'admitted')
  );
  if goes_to is null then
    return new;
  end if;
  for line in
    select item_id, coalesce(taken_at, from_at) as at from loan_lines
    where loan_id = new.id and ended_at is null and cancelled_at is null
  loop
    perform refuse_long_cable(line.item_id, goes_to, line.at);
  end loop;
  return new;
end $$;
-- its name puts it after follow_merge: triggers fire in the order of theirs
create trigger right_borrower_may_have_the_cable before update of service_user_id, ward_id on loans
  for each row execute function right_borrower_may_have_the_cable();
