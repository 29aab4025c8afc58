-- An entry that is about nobody, such as that of a group, never becomes one about somebody: what is written beside it is then on nobody's
-- record either.
create or replace function diary_entry_goes_on() returns trigger language plpgsql as $$
declare
  may_change text[] := array['service_user_id', 'note'];
begin
  if (new.id, new.organisation_id, new.made_at, new.made_by, new.group_entry_id, new.service_user_id is null) is distinct from
     (old.id, old.organisation_id, old.made_at, old.made_by, old.group_entry_id, old.service_user_id is null)
    or old.cancelled_at is not null and to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
    raise exception 'diary entry % stays as it was made, and is over once it is cancelled', old.id
      using errcode = '23514', constraint = 'diary_entry_goes_on', table = 'diary_entries';
  end if;
  return new;
end $$;
