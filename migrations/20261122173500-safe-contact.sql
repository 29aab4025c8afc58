-- How people may safely be reached, and what stands in the way of every message that goes against it. What somebody said is
-- only added to: the newest answer counts, an answer is taken back by another and never by silence, and each has the name of
-- whoever wrote it down. Ids and chosen words stand here; what is in somebody's own words, or leads to them, is in tables
-- that retention may empty: contact_address_answers, service_user_details, contact_risk_notes.

-- What to do, in words for everybody who may be in touch: never why.
alter table service_user_details add column contact_instruction text not null default '';

-- One way of reaching somebody, as it was answered. No row: nobody asked, and nothing is sent.
create table contact_answers (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  -- null: the person themselves
  supporter_id bigint,
  channel text not null constraint contact_channel_word check (channel in ('call', 'voicemail', 'text', 'email', 'post')),
  answer text not null constraint contact_answer_word check (answer in ('allowed', 'not-allowed')),
  -- hours of the clock in London, half open, and days of the week from Monday, 1; no days: any
  from_hour smallint,
  until_hour smallint,
  days smallint[] not null default '{}',
  number_shown text check (number_shown in ('withheld', 'known')),
  names_service boolean not null default false,
  at timestamptz(3) not null,
  recorded_by bigint not null,
  unique (organisation_id, id),
  constraint contact_hours_are_hours check (from_hour between 0 and 23 and until_hour between 1 and 24),
  constraint contact_hours_are_two check ((from_hour is null) = (until_hour is null)),
  constraint contact_hours_begin_before_they_end check (until_hour > from_hour),
  constraint contact_days_are_days check (days <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]),
  constraint no_means_no check (
    answer = 'allowed' or (from_hour is null and days = '{}' and number_shown is null and not names_service)
  ),
  constraint only_a_call_has_a_number check (number_shown is null or channel = 'call'),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, supporter_id) references supporters (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id)
);
create index contact_answers_by_person on contact_answers (service_user_id, channel, id desc);

-- From here on nothing goes to any number or address of theirs, or to a supporter, until each is confirmed as safe. It has no
-- end: a number that is written down later is asked about too.
create table contact_pauses (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  began_at timestamptz(3) not null,
  began_by bigint not null,
  unique (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, began_by) references staff (organisation_id, id)
);
create index contact_pauses_by_person on contact_pauses (service_user_id, id desc);

-- A number or address as it is compared: the same however it was typed.
create function contact_address_key(address text) returns text language sql immutable strict parallel safe as $$
  select case
    when position('@' in address) > 0 then lower(trim(address))
    when address ~ '[[:alpha:]]' then lower(regexp_replace(trim(address), '\s+', ' ', 'g'))
    else phone_digits(address)
  end
$$;

-- Whether a number or address is safe to use, whosever it is in this person's record.
create table contact_address_answers (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  address text not null check (address <> ''),
  address_key text generated always as (contact_address_key(address)) stored not null,
  is_safe boolean not null,
  -- the pause under which it was confirmed; a later one asks again
  pause_id bigint,
  at timestamptz(3) not null,
  recorded_by bigint not null,
  unique (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, pause_id) references contact_pauses (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id)
);
create index contact_address_answers_by_person on contact_address_answers (service_user_id, id desc);

-- That somebody near the person may be a risk to them. Read by src/safe-contact/private-queries.ts and by nothing else.
create table contact_risks (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  recorded_at timestamptz(3) not null,
  recorded_by bigint not null,
  cleared_at timestamptz(3),
  cleared_by bigint,
  unique (organisation_id, id),
  constraint risk_is_cleared_by_somebody check ((cleared_at is null) = (cleared_by is null)),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id),
  foreign key (organisation_id, cleared_by) references staff (organisation_id, id)
);
create index contact_risks_by_person on contact_risks (service_user_id, id desc);

create table contact_risk_notes (
  risk_id bigint primary key,
  organisation_id bigint not null,
  note text not null,
  cleared_note text,
  foreign key (organisation_id, risk_id) references contact_risks (organisation_id, id)
);

-- What was written down stays as it was. It goes along to another record of the same person, whole, and it ends once.
create function contact_fact_stays() returns trigger language plpgsql as $$
declare
  -- a column that is worked out is empty still before a row is written
  may_change text[] := array['service_user_id', 'address_key'] || tg_argv;
  may_end text;
begin
  if to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
    raise exception 'what was written down about contact stays'
      using errcode = '23514', constraint = 'contact_fact_stays', table = tg_table_name;
  end if;
  if tg_nargs = 0 then return new; end if;
  foreach may_end in array tg_argv loop
    if to_jsonb(old) ->> may_end is not null and to_jsonb(new) -> may_end is distinct from to_jsonb(old) -> may_end then
      raise exception 'it has ended already'
        using errcode = '23514', constraint = 'contact_fact_stays', table = tg_table_name;
    end if;
  end loop;
  return new;
end $$;
create trigger contact_fact_stays before update on contact_answers for each row execute function contact_fact_stays();
create trigger contact_fact_stays before update on contact_address_answers
  for each row execute function contact_fact_stays();
create trigger contact_fact_stays before update on contact_pauses for each row execute function contact_fact_stays();
create trigger contact_fact_stays before update on contact_risks
  for each row execute function contact_fact_stays('cleared_at', 'cleared_by');

-- Whoever writes the risk down, everything is paused in the same moment.
create function risk_pauses_contact() returns trigger language plpgsql as $$
begin
  insert into contact_pauses (organisation_id, service_user_id, began_at, began_by)
  values (new.organisation_id, new.service_user_id, new.recorded_at, new.recorded_by);
  return null;
end $$;
create trigger risk_pauses_contact after insert on contact_risks for each row execute function risk_pauses_contact();

-- An address is confirmed under the pause of the moment, whatever is said.
create function pause_of_the_moment() returns trigger language plpgsql as $$
begin
  new.pause_id := (select max(id) from contact_pauses where service_user_id = new.service_user_id);
  return new;
end $$;
-- its name puts it after follow_merge: triggers fire in the order of theirs
create trigger pause_of_the_moment before insert on contact_address_answers
  for each row execute function pause_of_the_moment();

-- Who a message is for: a member of staff, or a person or somebody who supports them.
alter table messages
  add column service_user_id bigint,
  add column supporter_id bigint,
  add column purpose text check (purpose in ('appointment', 'training', 'information', 'chase')),
  add constraint message_is_for_somebody check (num_nonnulls(staff_id, service_user_id) = 1) not valid,
  add constraint only_a_person_has_a_supporter check (supporter_id is null or service_user_id is not null),
  add constraint message_to_a_person_has_a_purpose check ((purpose is null) = (service_user_id is null)),
  add constraint nothing_secret_goes_to_a_person check (not is_secret or service_user_id is null),
  add foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  add foreign key (organisation_id, supporter_id) references supporters (organisation_id, id);
create index messages_to_person on messages (service_user_id, id desc) where service_user_id is not null;

alter table deliveries
  drop constraint deliveries_outcome_check,
  add constraint deliveries_outcome_check check (
    outcome in ('trying', 'sent', 'failed', 'refused', 'gave-up', 'too-late', 'kept', 'again', 'withheld')
  ) not valid;
alter table deliveries validate constraint deliveries_outcome_check;

-- Every no that does not depend on the clock, once more: nothing is handed over against one of them, whoever tries. What it
-- gives is the no, or null.
create function contact_refusal(person bigint, helper bigint, way text, sent_to text, sent_for text)
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
      order by id desc limit 1
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
  left join lateral (
    select is_safe, pause_id from contact_address_answers
    where service_user_id = person and address_key = contact_address_key(sent_to)
    order by id desc limit 1
  ) confirmed on true
  left join lateral (
    select max(id) as id from contact_pauses where service_user_id = person
  ) paused on true
  where who.id = person
$$;

create function message_respects_safe_contact() returns trigger language plpgsql as $$
declare
  refusal text;
begin
  if new.outcome <> 'trying' then return new; end if;
  select contact_refusal(message.service_user_id, message.supporter_id, message.channel, contents.to_address,
                         message.purpose)
  into refusal
  from messages message
  left join message_contents contents on contents.message_id = message.id
  where message.id = new.message_id and message.service_user_id is not null;
  if refusal is not null then
    raise exception 'this message may not be sent: %', refusal
      using errcode = '23514', constraint = 'message_respects_safe_contact', table = 'deliveries';
  end if;
  return new;
end $$;
create trigger message_respects_safe_contact before insert on deliveries
  for each row execute function message_respects_safe_contact();

-- What could not be sent, and is to be done in another way by somebody.
create table contact_tasks (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  supporter_id bigint,
  cause text not null unique check (cause ~ '^[a-z-]+:[a-z0-9:-]+$'),
  kind text not null check (kind ~ '^[a-z-]+$'),
  channel text not null check (channel in ('call', 'voicemail', 'text', 'email', 'post')),
  purpose text not null check (purpose in ('appointment', 'training', 'information', 'chase')),
  reason text not null check (reason ~ '^[a-z-]+$'),
  created_at timestamptz(3) not null,
  done_at timestamptz(3),
  done_by bigint,
  unique (organisation_id, id),
  constraint contact_task_is_done_by_somebody check ((done_at is null) = (done_by is null)),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, supporter_id) references supporters (organisation_id, id),
  foreign key (organisation_id, done_by) references staff (organisation_id, id)
);
create index contact_tasks_open on contact_tasks (organisation_id, id) where done_at is null;
create index contact_tasks_by_person on contact_tasks (service_user_id) where done_at is null;

-- What was said and sent goes along when two records become one, and comes back when that is undone.
create trigger follow_merge before insert or update of service_user_id on contact_answers
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on contact_address_answers
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on contact_pauses
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on contact_risks
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on contact_tasks
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on messages
  for each row execute function follow_merge();
