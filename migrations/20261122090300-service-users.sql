-- The people helped. What names a person lives apart from what happened, so that retention can empty the one and keep
-- the other: service_users is an id with a story, service_user_details is who that is.

-- NHS numbers carry a modulus 11 check digit (NHS Data Dictionary, "NHS NUMBER").
create function is_nhs_number(digits text) returns boolean language sql immutable strict parallel safe as $$
  select digits ~ '^[0-9]{10}$' and substr(digits, 10, 1)::int = (
    select case 11 - sum((11 - place) * substr(digits, place, 1)::int) % 11 when 11 then 0 else 11 - sum((11 - place) * substr(digits, place, 1)::int) % 11 end
    from generate_series(1, 9) place
  )
$$;

-- A name as it is looked for and listed: small letters, no accents, and a space for what joins parts of a name, so that
-- "Jose O'Neill" finds José O’Neill.
create function name_key(name text) returns text language sql immutable strict parallel safe as $$
  select lower(translate(
    regexp_replace(normalize(name, NFD), '[\u0300-\u036f]', '', 'g'),
    U&'''`.,-\2018\2019\02BC\2010\2011\2012\2013',
    repeat(' ', 12)
  ))
$$;

-- A phone number as it is looked for: digits alone, a United Kingdom number beginning with 0 however it was typed
-- (+44 7700 900001, 0044 (0)7700 900001).
create function phone_digits(typed text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(regexp_replace(typed, '[^0-9]', '', 'g'), '^(?:00)?440?', '0')
$$;

create table service_users (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  state text not null default 'community' check (state in ('community', 'admitted', 'discharged', 'moved', 'died')),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  unique (organisation_id, id)
);

create table service_user_details (
  service_user_id bigint primary key,
  organisation_id bigint not null,
  name text not null check (name <> ''),
  date_of_birth date,
  nhs_number text constraint service_user_nhs_number_check_digit check (is_nhs_number(nhs_number)),
  phone text not null default '',
  email text not null default '',
  name_key text generated always as (name_key(name)) stored not null,
  phone_key text collate "C" generated always as (phone_digits(phone)) stored not null,
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id)
);
create unique index service_user_details_nhs_number_key on service_user_details (organisation_id, nhs_number)
  where nhs_number is not null;
create index service_user_details_by_name on service_user_details (organisation_id, name_key, service_user_id);
create index service_user_details_search on service_user_details using gin (name_key gin_trgm_ops);
create index service_user_details_by_phone on service_user_details (organisation_id, phone_key) where phone_key <> '';
create index service_user_details_by_birth on service_user_details (organisation_id, date_of_birth);
