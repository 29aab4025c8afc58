-- As the app has it: where two records became one, whoever said yes on the one may not have known of a no on the other. So a no
-- from before the merge stands until somebody who sees both answers again, also for what is handed over.
create or replace function contact_refusal(person bigint, helper bigint, way text, sent_to text, sent_for text)
returns text language sql stable as $$
  select case
    when who.state = 'died' then 'died'
    when who.state = 'admitted' and sent_for = 'chase' then 'admitted'
    when helper is not null and not exists (
      select from supporters
      where id = helper and service_user_id = person and consent = 'given' and ended_at is null
        and may_be_told && array['everything', case sent_for
          when 'appointment' then 'appointments' when 'training' then 'training' when 'chase' then 'devices'
        end]
    ) then 'supporter'
    when helper is not null and who.parent_contact in ('not-safe', 'not-known') then 'parent'
    when coalesce((
      select answer from contact_answers
      where service_user_id = person and supporter_id is not distinct from helper and channel = way
      order by coalesce(at > merged.last_at, true) desc,
               coalesce(at > merged.last_at, true) or answer = 'not-allowed' desc, id desc
      limit 1
    ), 'not-asked') <> 'allowed' then 'not-allowed'
    when not exists (
      select from service_user_details details
      where details.service_user_id = person and helper is null and contact_address_key(sent_to) in (
        contact_address_key(details.phone), contact_address_key(details.call_back_number),
        contact_address_key(details.email), contact_address_key(details.address)
      )
      union all
      select from supporter_details theirs
      where theirs.supporter_id = helper
        and contact_address_key(sent_to) in (contact_address_key(theirs.phone), contact_address_key(theirs.email))
    ) then 'no-address'
    when not coalesce(confirmed.is_safe, true) then 'not-safe'
    when paused.id is not null and confirmed.pause_id is distinct from paused.id then 'paused'
  end
  from service_users who
  cross join lateral (
    select max(merged_at) as last_at from service_user_merges where kept_id = who.id and undone_at is null
  ) merged
  left join lateral (
    select is_safe, pause_id from contact_address_answers
    where service_user_id = person and address_key = contact_address_key(sent_to)
    order by coalesce(at > merged.last_at, true) desc, coalesce(at > merged.last_at, true) or not is_safe desc, id desc
    limit 1
  ) confirmed on true
  left join lateral (
    select max(id) as id from contact_pauses where service_user_id = person
  ) paused on true
  where who.id = person
$$;
