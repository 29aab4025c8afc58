-- A person's own data: how long it is kept, who holds on to it, what they asked for a copy of, and what is gone. Whatever is
-- personal goes, and every row stays, so that each count stays true.

-- Whether this is the role that empties (see grants.ts): nobody else may change what stands beside the audit. The owner of the
-- tables is not meant: a migration keeps to the rules.
create function retention_is_at_work() returns boolean language sql stable as $$
  select has_column_privilege(current_user, 'audit_details', 'details', 'update')
    and not pg_has_role(current_user, (select relowner from pg_class where oid = 'audit_details'::regclass), 'usage')
$$;

-- A message of long ago, whose words are gone.
alter table message_contents add column is_emptied boolean not null default false;

-- Years after the last contact, or after what is named. No row: the years of src/retention/rules.ts.
create table retention_periods (
  organisation_id bigint not null references organisations,
  kind text not null check (kind ~ '^[a-z-]{2,30}$'),
  years smallint not null constraint retention_years_are_years check (years between 1 and 100),
  primary key (organisation_id, kind)
);

-- What is held is kept, whatever its age: a court, an inquiry or a complaint needs it.
create table legal_holds (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  reason text not null check (reason ~ '[[:alpha:]]'),
  placed_at timestamptz(3) not null,
  placed_by bigint not null,
  lifted_at timestamptz(3),
  lifted_by bigint,
  lifted_reason text not null default '',
  unique (organisation_id, id),
  constraint hold_is_lifted_by_somebody check ((lifted_at is null) = (lifted_by is null)),
  constraint hold_is_lifted_with_a_reason check (lifted_at is null or lifted_reason ~ '[[:alpha:]]'),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, placed_by) references staff (organisation_id, id),
  foreign key (organisation_id, lifted_by) references staff (organisation_id, id)
);
create index legal_holds_by_person on legal_holds (service_user_id) where lifted_at is null;

create function legal_hold_stays() returns trigger language plpgsql as $$
begin
  if old.lifted_at is not null and to_jsonb(new) - 'service_user_id' is distinct from to_jsonb(old) - 'service_user_id'
    or (new.id, new.organisation_id, new.reason, new.placed_at, new.placed_by)
      is distinct from (old.id, old.organisation_id, old.reason, old.placed_at, old.placed_by) then
    raise exception 'legal hold % stays as it was placed, and is lifted once', old.id
      using errcode = '23514', constraint = 'legal_hold_stays', table = 'legal_holds';
  end if;
  return new;
end $$;
create trigger legal_hold_stays before update on legal_holds
  for each row when (not retention_is_at_work()) execute function legal_hold_stays();
create trigger follow_merge before insert or update of service_user_id on legal_holds
  for each row execute function follow_merge();

-- Somebody asked for a copy of what is kept about them.
create table subject_access_requests (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  asked_by text not null constraint subject_access_asked_by_word check (asked_by in ('person', 'on-their-behalf')),
  -- who that is, and by what right they ask
  asked_by_note text not null default '',
  identity_check text not null constraint subject_access_identity_word check (
    identity_check in ('known', 'documents', 'clinician', 'authority')
  ),
  identity_note text not null,
  received_on date not null check (isfinite(received_on)),
  due_on date not null check (isfinite(due_on)),
  -- why it takes up to two months more, which the person is told within the first
  extended_reason text not null default '',
  recorded_at timestamptz(3) not null,
  recorded_by bigint not null,
  closed_at timestamptz(3),
  closed_by bigint,
  closed_as text constraint subject_access_end_word check (closed_as in ('given', 'withdrawn', 'refused')),
  closed_note text not null default '',
  -- what was personal in it is gone: it was closed long ago
  is_emptied boolean not null default false,
  version integer not null default 1,
  unique (organisation_id, id),
  constraint subject_access_is_closed_as_a_whole check (num_nulls(closed_at, closed_by, closed_as) in (0, 3)),
  constraint subject_access_is_due_afterwards check (due_on > received_on),
  constraint refused_subject_access_says_why check (closed_as is distinct from 'refused' or closed_note ~ '[[:alpha:]]'),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id),
  foreign key (organisation_id, closed_by) references staff (organisation_id, id)
);
create index subject_access_requests_open on subject_access_requests (organisation_id, due_on, id) where closed_at is null;
create index subject_access_requests_closed on subject_access_requests (organisation_id, closed_at, id)
  where closed_at is not null;
create index subject_access_requests_by_person on subject_access_requests (service_user_id, id);
create trigger follow_merge before insert or update of service_user_id on subject_access_requests
  for each row execute function follow_merge();

-- What was decided about each thing that somebody wrote in their own words: it is given, or left out and why. `print` tells
-- whether it still says what it said when it was read.
create table subject_access_decisions (
  request_id bigint not null,
  organisation_id bigint not null,
  table_name text not null,
  row_key text not null,
  column_name text not null,
  print text not null,
  decision text not null constraint subject_access_decision_word check (
    decision in ('give', 'third-party', 'serious-harm', 'other')
  ),
  note text not null default '',
  decided_at timestamptz(3) not null,
  decided_by bigint not null,
  primary key (request_id, table_name, row_key, column_name),
  constraint what_is_left_out_says_why check (decision = 'give' or note ~ '[[:alpha:]]'),
  foreign key (organisation_id, request_id) references subject_access_requests (organisation_id, id),
  foreign key (organisation_id, decided_by) references staff (organisation_id, id)
);

create function closed_subject_access_stays() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'subject_access_decisions' then
    perform from subject_access_requests where id = new.request_id and closed_at is null for key share;
    if found then return new; end if;
  elsif old.closed_at is null or to_jsonb(new) - 'service_user_id' is not distinct from to_jsonb(old) - 'service_user_id' then
    return new;
  end if;
  raise exception 'what was given or refused stays as it was'
    using errcode = '23514', constraint = 'closed_subject_access_stays', table = tg_table_name;
end $$;
create trigger closed_subject_access_stays before update on subject_access_requests
  for each row when (not retention_is_at_work()) execute function closed_subject_access_stays();
create trigger closed_subject_access_stays before insert or update on subject_access_decisions
  for each row when (not retention_is_at_work()) execute function closed_subject_access_stays();

-- Whose record is emptied, when and why. Written by the role that empties, and by no other.
create table anonymisations (
  service_user_id bigint primary key,
  organisation_id bigint not null,
  at timestamptz(3) not null,
  because text not null check (because in ('last-contact', 'death', 'childhood')),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id)
);

-- Not while somebody holds on to it, has something of ours, or waits for a copy. The row of the person is locked first, as a
-- hold or a loan that is written in the same moment does.
create function anonymised_when_nothing_stands_in_the_way() returns trigger language plpgsql as $$
declare
  obstacle text;
begin
  perform from service_users where id = new.service_user_id for update;
  obstacle := case
    when exists (select from legal_holds where service_user_id = new.service_user_id and lifted_at is null) then 'legal hold'
    when exists (
      select from subject_access_requests where service_user_id = new.service_user_id and closed_at is null
    ) then 'subject access'
    when exists (
      select from loans join loan_lines line on line.loan_id = loans.id
      where loans.service_user_id = new.service_user_id and line.ended_at is null and line.cancelled_at is null
    ) then 'loan'
  end;
  if obstacle is not null then
    raise exception 'record % cannot be emptied: %', new.service_user_id, obstacle
      using errcode = '23514', constraint = 'anonymised_when_nothing_stands_in_the_way', table = 'anonymisations';
  end if;
  return new;
end $$;
create trigger anonymised_when_nothing_stands_in_the_way before insert on anonymisations
  for each row execute function anonymised_when_nothing_stands_in_the_way();

-- Each night's work of each organisation, also when there was nothing to do.
create table retention_runs (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  at timestamptz(3) not null,
  people_count integer not null,
  message_count integer not null,
  request_count integer not null
);
create index retention_runs_by_organisation on retention_runs (organisation_id, id desc);

-- What stays as it was written stays so for everybody but the role that empties it.
drop trigger contact_fact_stays on contact_address_answers;
create trigger contact_fact_stays before update on contact_address_answers
  for each row when (not retention_is_at_work()) execute function contact_fact_stays();
drop trigger opening_reason_stays on record_opening_words;
create trigger opening_reason_stays before update on record_opening_words
  for each row when (old.reason <> new.reason and not retention_is_at_work()) execute function opening_reason_stays();
drop trigger incident_task_stays_itself on incident_tasks;
create trigger incident_task_stays_itself before update on incident_tasks
  for each row when (not retention_is_at_work()) execute function incident_task_stays_itself();
drop trigger rescue_stays_itself on rescues;
create trigger rescue_stays_itself before insert or update on rescues
  for each row when (not retention_is_at_work()) execute function rescue_stays_itself();

-- Words beside a line move nothing: no item is taken, no hold written, no loan counted again.
drop trigger placement_takes_the_items_row on loan_lines;
create trigger placement_takes_the_items_row before insert or update on loan_lines
  for each row when (not retention_is_at_work()) execute function placement_takes_the_items_row();
drop trigger loan_line_keeps_its_hold on loan_lines;
create trigger loan_line_keeps_its_hold after insert or update on loan_lines
  for each row when (not retention_is_at_work()) execute function loan_line_keeps_its_hold();
drop trigger changed_lines_tell_their_loans on loan_lines;
create trigger changed_lines_tell_their_loans after update on loan_lines
  referencing new table as changed for each statement
  when (not retention_is_at_work()) execute function loans_know_whether_they_lack_a_charger();
