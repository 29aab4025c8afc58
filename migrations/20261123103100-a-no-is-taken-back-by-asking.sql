-- Who said that we should stop is asked, by somebody who says so, before anything goes that way again. An old yes that is typed once more, or
-- sent by a script, does not open it.
alter table contact_answers add column asked_again boolean not null default false;

create function no_is_taken_back_by_asking() returns trigger language plpgsql as $$
begin
  if new.answer = 'allowed' and not new.asked_again and (
    select answer from contact_answers
    where service_user_id = new.service_user_id and channel = new.channel and supporter_id is not distinct from new.supporter_id
    order by id desc limit 1
  ) = 'not-allowed' then
    raise exception 'they said no, and nobody says that they were asked again'
      using errcode = '23514', constraint = 'no_is_taken_back_by_asking', table = 'contact_answers';
  end if;
  return new;
end $$;
create trigger no_is_taken_back_by_asking before insert on contact_answers
  for each row execute function no_is_taken_back_by_asking();
