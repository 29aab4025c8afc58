-- Organisations, their places, and the people who sign in.
-- Every table that belongs to an organisation carries organisation_id, and points at its parents with both columns, so
-- that no row can ever join two organisations, whatever a query forgets.

create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create table organisations (
  id bigint generated always as identity primary key,
  code text not null check (code ~ '^[A-Z0-9-]{2,20}$'),
  name text not null check (name <> ''),
  created_at timestamptz(3) not null
);
create unique index organisations_code_key on organisations (code);

create table sites (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  name text not null check (name <> ''),
  unique (organisation_id, id)
);
create unique index sites_name_key on sites (organisation_id, lower(name));

-- A ward is any place that can hold items; kind tells which sort.
create table wards (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  site_id bigint not null,
  code text not null check (code ~ '^[a-z0-9-]{2,30}$'),
  name text not null check (name <> ''),
  kind text not null check (kind in ('inpatient ward', 'community team', 'hub')),
  longest_cable_cm integer check (longest_cable_cm between 0 and 1000),
  unique (organisation_id, id),
  foreign key (organisation_id, site_id) references sites (organisation_id, id)
);
create unique index wards_code_key on wards (organisation_id, code);

create table staff (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  name text not null check (name <> ''),
  email text not null check (email <> '' and email = lower(email)),
  role text not null check (
    role in ('administrator', 'champion', 'care-team', 'ward-staff', 'information-governance', 'commissioner')
  ),
  is_lead_champion boolean not null default false check (not is_lead_champion or role = 'champion'),
  password_hash text not null,
  created_at timestamptz(3) not null,
  disabled_at timestamptz(3),
  last_signed_in_at timestamptz(3),
  version integer not null default 1,
  unique (organisation_id, id)
);
-- One account an address in the whole service: signing in asks for no organisation.
create unique index staff_email_key on staff (email);

create table staff_wards (
  organisation_id bigint not null,
  staff_id bigint not null,
  ward_id bigint not null,
  primary key (staff_id, ward_id),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id)
);

-- Only the hash of a session's id is kept: a copy of this table signs nobody in.
create table sessions (
  id_hash bytea primary key,
  staff_id bigint references staff,
  data jsonb not null,
  created_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  idle_until timestamptz(3) not null,
  ends_at timestamptz(3) not null
);
create index sessions_ends_at on sessions (ends_at);
create index sessions_staff_id on sessions (staff_id);

-- The shape rate-limiter-flexible expects of its table.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

-- One row for each form that created something: the same form sent twice leads to the first result.
create table submissions (
  form_key uuid primary key,
  staff_id bigint not null references staff,
  location text not null,
  at timestamptz(3) not null
);
