-- Somebody is worried about a person: what it is, who was told, how and when, and what was done in the end. Few may read the
-- words of it (src/concerns/queries.ts).

create table concerns (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  what text not null check (what <> ''),
  raised_at timestamptz(3) not null,
  raised_by bigint not null,
  -- until then somebody writes down what came of it, or information governance asks
  due_at timestamptz(3) not null,
  closed_at timestamptz(3),
  closed_by bigint,
  closed_words text not null default '',
  unique (organisation_id, id),
  constraint concern_is_due_afterwards check (due_at > raised_at),
  constraint concern_is_closed_by_somebody check ((closed_at is null) = (closed_by is null)),
  constraint closed_concern_says_what_was_done check ((closed_at is null) = (closed_words = '')),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, raised_by) references staff (organisation_id, id),
  foreign key (organisation_id, closed_by) references staff (organisation_id, id)
);
create index concerns_open on concerns (organisation_id, due_at, id) where closed_at is null;
create index concerns_closed on concerns (organisation_id, id desc) where closed_at is not null;
create index concerns_by_raiser on concerns (raised_by, id desc);
create index concerns_by_person on concerns (service_user_id, id desc);

-- Who was told, how and when: with the concern itself, and as it was followed up.
create table concern_tellings (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  concern_id bigint not null,
  is_follow_up boolean not null,
  who text not null check (who <> ''),
  how text not null constraint telling_how_word check (how in ('in-person', 'phone', 'email', 'record', 'other')),
  told_at timestamptz(3) not null,
  note text not null default '',
  written_at timestamptz(3) not null,
  written_by bigint not null,
  unique (organisation_id, id),
  constraint telling_is_not_to_come check (told_at <= written_at),
  foreign key (organisation_id, concern_id) references concerns (organisation_id, id),
  foreign key (organisation_id, written_by) references staff (organisation_id, id)
);
create index concern_tellings_by_concern on concern_tellings (concern_id, id);

create function concern_goes_on() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - array['service_user_id', 'closed_at', 'closed_by', 'closed_words'] is distinct from
     to_jsonb(old) - array['service_user_id', 'closed_at', 'closed_by', 'closed_words']
    or old.service_user_id <> new.service_user_id and not merge_under_way(old.service_user_id, new.service_user_id)
    or old.closed_at is not null
       and (new.closed_at, new.closed_by, new.closed_words) is distinct from (old.closed_at, old.closed_by, old.closed_words)
  then
    raise exception 'concern % stays as it was raised, and is closed once', old.id
      using errcode = '23514', constraint = 'concern_goes_on', table = 'concerns';
  end if;
  if old.closed_at is null and new.closed_at is not null and not exists (
    select from staff where id = new.closed_by and role = 'information-governance' and disabled_at is null
  ) then
    raise exception 'concern % is closed by information governance', old.id
      using errcode = '23514', constraint = 'concern_is_closed_by_governance', table = 'concerns';
  end if;
  return new;
end $$;
create trigger concern_goes_on before update on concerns
  for each row when (not retention_is_at_work()) execute function concern_goes_on();

create function telling_is_of_an_open_concern() returns trigger language plpgsql as $$
begin
  perform from concerns where id = new.concern_id and closed_at is null for key share;
  if not found or tg_op = 'UPDATE' then
    raise exception 'what was told about concern % stays as it was written', new.concern_id
      using errcode = '23514', constraint = 'telling_is_of_an_open_concern', table = 'concern_tellings';
  end if;
  return new;
end $$;
create trigger telling_is_of_an_open_concern before insert or update on concern_tellings
  for each row when (not retention_is_at_work()) execute function telling_is_of_an_open_concern();

create trigger follow_merge before insert or update of service_user_id on concerns
  for each row execute function follow_merge();
