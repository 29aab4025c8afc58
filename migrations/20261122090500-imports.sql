-- A spreadsheet on its way in. It is staged here and not on disk, so that any app process can carry on with it.
create table imports (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  -- nobody, where a command brought the file in
  staff_id bigint,
  kind text not null check (kind in ('items')),
  file_name text not null,
  bytes bytea,
  mapping jsonb,
  created_at timestamptz(3) not null,
  applied_at timestamptz(3),
  result jsonb,
  unique (organisation_id, id),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  -- once it is in, the file itself is let go
  check ((applied_at is null) = (bytes is not null)),
  check ((applied_at is null) = (result is null)),
  -- what waits for somebody belongs to somebody
  check (staff_id is not null or applied_at is not null)
);
create index imports_by_time on imports (organisation_id, id desc);
