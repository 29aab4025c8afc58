-- Family and friends who support somebody, and what that person agreed to. That there is one, and since when, stands here;
-- who it is stands beside it.
create table supporters (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  version integer not null default 1,
  consent text not null check (consent in ('given', 'refused', 'not-asked')),
  consent_on date,
  -- what they may be told and invited to, once consent is given
  may_be_told text[] not null default '{}' check (may_be_told <@ array['appointments', 'devices', 'training', 'everything']),
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  unique (organisation_id, id),
  constraint supporter_is_told_with_consent check (cardinality(may_be_told) = 0 or consent = 'given'),
  constraint supporter_consent_has_its_day check (consent <> 'given' or consent_on is not null),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id)
);
create index supporters_by_service_user on supporters (service_user_id);

create table supporter_details (
  supporter_id bigint primary key,
  organisation_id bigint not null,
  name text not null check (name <> ''),
  relation text not null default '',
  phone text not null default '',
  email text not null default '',
  foreign key (organisation_id, supporter_id) references supporters (organisation_id, id)
);

-- Whoever supports somebody goes over with them when two records become one.
create trigger follow_merge before insert or update of service_user_id on supporters
  for each row execute function follow_merge();
