-- The audit only grows. It holds ids and verbs; what was personal in a change sits beside it in audit_details, which a
-- retention role may empty one day without the story of who did what changing.

create table audit_events (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  organisation_id bigint references organisations,
  staff_id bigint,
  verb text not null check (verb ~ '^[a-z-]+:[a-z-]+$'),
  subject_type text,
  subject_id bigint,
  service_user_id bigint,
  request_id text,
  check ((subject_type is null) = (subject_id is null)),
  check (staff_id is null or organisation_id is not null),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id)
);
create index audit_events_by_time on audit_events (organisation_id, at desc, id desc);
create index audit_events_by_kind on audit_events (organisation_id, split_part(verb, ':', 1), at desc, id desc);
create index audit_events_by_subject on audit_events (subject_type, subject_id, id desc);
create index audit_events_by_staff on audit_events (staff_id, at desc, id desc);
create index audit_events_by_service_user on audit_events (service_user_id, id desc) where service_user_id is not null;

create table audit_details (
  audit_event_id bigint primary key references audit_events,
  details jsonb not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% only grows: % is refused', tg_table_name, tg_op using errcode = '42501';
end $$;

create trigger audit_events_only_grow before update or delete on audit_events
  for each row execute function refuse_change();
create trigger audit_events_are_never_emptied before truncate on audit_events
  for each statement execute function refuse_change();

-- Any number of audit rows, and what is personal in them, in one statement.
create function record_audit(at timestamptz, organisation bigint, staff bigint, request text, entries jsonb)
returns void language plpgsql as $$
declare
  entry jsonb;
  event_id bigint;
begin
  for entry in select jsonb_array_elements(entries) loop
    insert into audit_events
      (at, organisation_id, staff_id, verb, subject_type, subject_id, service_user_id, request_id)
    values
      (at, organisation, staff, entry->>'verb', entry->>'subject_type', (entry->>'subject_id')::bigint,
       (entry->>'service_user_id')::bigint, request)
    returning id into event_id;
    if jsonb_typeof(entry->'details') = 'object' then
      insert into audit_details (audit_event_id, details) values (event_id, entry->'details');
    end if;
  end loop;
end $$;
