-- Accounts are made by inviting somebody, who chooses the password. Nobody else ever knows one.

-- Invited, and not here yet.
alter table staff alter column password_hash drop not null;

-- A link that opens a door, once and for a while. Only its hash is kept: a copy of this table opens nothing.
create table staff_links (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  purpose text not null check (purpose in ('invitation', 'password-reset')),
  token_hash bytea not null unique,
  made_at timestamptz(3) not null,
  -- null: the person asked for it themselves
  made_by bigint,
  expires_at timestamptz(3) not null check (expires_at > made_at),
  used_at timestamptz(3),
  cancelled_at timestamptz(3),
  constraint link_is_used_in_time check (used_at < expires_at),
  constraint link_is_used_or_cancelled check (used_at is null or cancelled_at is null),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
create index staff_links_by_staff on staff_links (staff_id, id desc);

-- Used is used: whatever asks, it opens nothing a second time.
create function link_opens_once() returns trigger language plpgsql as $$
begin
  raise exception 'this link was used or taken back'
    using errcode = '23514', constraint = 'link_opens_once', table = 'staff_links';
end $$;
create trigger link_opens_once before update on staff_links
  for each row when (old.used_at is not null or old.cancelled_at is not null) execute function link_opens_once();

-- An organisation always has an administrator who can sign in. Two who leave in the same moment queue for their
-- organisation's row: the second is refused.
create function last_administrator_stays() returns trigger language plpgsql as $$
begin
  perform from organisations where id = old.organisation_id for no key update;
  if not exists (
    select from staff
    where organisation_id = old.organisation_id and id <> old.id and role = 'administrator'
      and disabled_at is null and password_hash is not null
  ) then
    raise exception 'organisation % would have no administrator', old.organisation_id
      using errcode = '23514', constraint = 'last_administrator_stays', table = 'staff';
  end if;
  return new;
end $$;
create trigger last_administrator_stays before update on staff
  for each row when (
    old.role = 'administrator' and old.disabled_at is null and old.password_hash is not null
    and (new.role <> 'administrator' or new.disabled_at is not null or new.password_hash is null)
  ) execute function last_administrator_stays();

create index staff_by_name on staff (organisation_id, lower(name), id);
