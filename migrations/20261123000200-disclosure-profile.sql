-- How an organisation hides small numbers in what it publishes. Two ways side by side would give away what each hides, so it
-- is chosen once: until it is chosen nothing is published, and from then on anything may have been.
alter table organisations add column disclosure_profile text
  constraint disclosure_profile_word check (disclosure_profile in ('hes', 'mhsds'));

create function disclosure_profile_is_chosen_once() returns trigger language plpgsql as $$
begin
  raise exception 'organisation % publishes as % and goes on so', old.id, old.disclosure_profile
    using errcode = '23514', constraint = 'disclosure_profile_is_chosen_once', table = 'organisations';
end $$;
create trigger disclosure_profile_is_chosen_once before update of disclosure_profile on organisations
  for each row when (old.disclosure_profile is not null and new.disclosure_profile is distinct from old.disclosure_profile)
  execute function disclosure_profile_is_chosen_once();
