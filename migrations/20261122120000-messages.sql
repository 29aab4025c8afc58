-- What leaves the service: who it is for, why, and what became of it. It is written in the transaction of what causes
-- it, and a job sends it afterwards.

-- One message for one cause: whatever asks for it twice gets the first. Ids and kinds only; what it says is in
-- message_contents, which may be emptied one day without the story changing.
create table messages (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  cause text not null check (cause ~ '^[a-z-]+:[a-z0-9:-]+$'),
  kind text not null check (kind ~ '^[a-z-]+$'),
  channel text not null check (channel in ('email')),
  staff_id bigint,
  created_at timestamptz(3) not null,
  -- after this it is worth nothing to whoever gets it
  send_until timestamptz(3) not null check (send_until > created_at),
  -- what it says opens a door: shown to nobody, and emptied once it is sent
  is_secret boolean not null default false,
  unique (organisation_id, id),
  unique (cause),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id)
);
create index messages_by_time on messages (organisation_id, id desc);

create table message_contents (
  message_id bigint primary key references messages,
  to_name text,
  to_address text,
  subject text,
  body text
);

-- What was tried and how it went. It only grows.
create table deliveries (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  message_id bigint not null,
  at timestamptz(3) not null,
  outcome text not null check (outcome in ('trying', 'sent', 'failed', 'refused', 'gave-up', 'too-late', 'kept', 'again')),
  -- the mail server's code and the kind of error: never an address, never its words
  reason text,
  foreign key (organisation_id, message_id) references messages (organisation_id, id)
);
create index deliveries_by_message on deliveries (message_id, id desc);
create index deliveries_that_stuck on deliveries (organisation_id, message_id) where outcome in ('refused', 'gave-up', 'too-late');
create index deliveries_that_tell on deliveries (id desc) where outcome in ('sent', 'failed', 'gave-up', 'kept');
-- Sent is sent, and once.
create unique index message_is_sent_once on deliveries (message_id) where outcome in ('sent', 'kept');

create trigger deliveries_only_grow before update or delete on deliveries
  for each row execute function refuse_change();
create trigger deliveries_are_never_emptied before truncate on deliveries
  for each statement execute function refuse_change();

-- Which workers are alive. A worker that was killed leaves its job locked, for four hours as the queue has it; one that
-- is silent for two minutes here gives its jobs back.
create table job_workers (
  id text primary key,
  seen_at timestamptz(3) not null
);
