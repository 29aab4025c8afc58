-- Two records that turn out to be of one person become one. The record that goes is kept, with everything that was written
-- down in it, and says which record it is part of now; what happened to the person moves over, row by row, and each move is
-- noted, so that it can be undone.

alter table service_users add column merged_into bigint;
alter table service_users
  add constraint nobody_is_merged_into_themselves check (merged_into <> id),
  add foreign key (organisation_id, merged_into) references service_users (organisation_id, id);
create index service_users_by_merged_into on service_users (merged_into) where merged_into is not null;

-- Kept the same as merged_into by a trigger: lists, searches and unique numbers are of the table that has the names.
alter table service_user_details add column is_merged boolean not null default false;

drop index service_user_details_nhs_number_key;
create unique index service_user_details_nhs_number_key on service_user_details (organisation_id, nhs_number)
  where nhs_number is not null and not is_merged;
drop index service_user_details_local_id_key;
create unique index service_user_details_local_id_key on service_user_details (organisation_id, lower(local_id))
  where local_id <> '' and not is_merged;

-- The record somebody is known by now: itself, or what it was merged into, and what that was merged into.
create function survivor_of(person bigint) returns bigint language plpgsql stable as $$
declare
  here bigint := person;
  next bigint;
begin
  loop
    select merged_into into next from service_users where id = here;
    exit when next is null;
    here := next;
  end loop;
  return here;
end $$;

-- The record and all that became part of it, the record first.
create function records_of(person bigint) returns bigint[] language sql stable as $$
  with recursive part (id, depth) as (
    select person, 0
    union all
    select service_users.id, depth + 1 from service_users join part on service_users.merged_into = part.id
  )
  select array_agg(id order by depth, id) from part
$$;

create function merge_leads_to_a_record() returns trigger language plpgsql as $$
begin
  if new.merged_into is not null and (
    old.merged_into is not null
    or exists (select from service_users where id = new.merged_into and merged_into is not null)
  ) then
    raise exception 'record % cannot be merged into record %', new.id, new.merged_into
      using errcode = '23514', constraint = 'merge_leads_to_a_record', table = 'service_users';
  end if;
  update service_user_details set is_merged = new.merged_into is not null where service_user_id = new.id;
  return new;
end $$;
create trigger merge_leads_to_a_record before update of merged_into on service_users
  for each row when (old.merged_into is distinct from new.merged_into) execute function merge_leads_to_a_record();

create table service_user_merges (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  kept_id bigint not null,
  merged_id bigint not null,
  merged_at timestamptz(3) not null,
  merged_by bigint not null,
  undone_at timestamptz(3),
  undone_by bigint,
  -- the transaction that moves rows because of this merge, or of its undoing
  transaction_id xid8 not null default pg_current_xact_id(),
  unique (organisation_id, id),
  constraint merge_is_of_two check (kept_id <> merged_id),
  constraint merge_is_undone_by_somebody check ((undone_at is null) = (undone_by is null)),
  constraint merge_is_undone_within_a_month check (undone_at between merged_at and merged_at + interval '31 days'),
  foreign key (organisation_id, kept_id) references service_users (organisation_id, id),
  foreign key (organisation_id, merged_id) references service_users (organisation_id, id),
  foreign key (organisation_id, merged_by) references staff (organisation_id, id),
  foreign key (organisation_id, undone_by) references staff (organisation_id, id)
);
create unique index one_merge_a_record on service_user_merges (merged_id) where undone_at is null;
create index service_user_merges_by_kept on service_user_merges (kept_id) where undone_at is null;

create function merge_is_undone_once() returns trigger language plpgsql as $$
begin
  if old.undone_at is not null or new.undone_at is null
    or (new.id, new.organisation_id, new.kept_id, new.merged_id, new.merged_at, new.merged_by) is distinct from
       (old.id, old.organisation_id, old.kept_id, old.merged_id, old.merged_at, old.merged_by) then
    raise exception 'merge % is undone once, and stays as it was', old.id
      using errcode = '23514', constraint = 'merge_is_undone_once', table = 'service_user_merges';
  end if;
  new.transaction_id := pg_current_xact_id();
  return new;
end $$;
create trigger merge_is_undone_once before update on service_user_merges
  for each row execute function merge_is_undone_once();

-- What moved over, row by row.
create table service_user_merge_moves (
  merge_id bigint not null references service_user_merges,
  table_name text not null check (table_name ~ '^[a-z_]{2,60}$'),
  row_id bigint not null,
  primary key (merge_id, table_name, row_id)
);

-- What the merge changed in the record that stays: as it was before, and as it was put. Personal, so it stands by itself.
create table service_user_merge_values (
  merge_id bigint primary key references service_user_merges,
  before jsonb not null,
  after jsonb not null
);

-- Whether this transaction merges these two records, or undoes that.
create function merge_under_way(from_person bigint, to_person bigint) returns boolean language sql stable as $$
  select exists (
    select from service_user_merges
    where transaction_id = pg_current_xact_id() and (
      (merged_id, kept_id) = (from_person, to_person) and undone_at is null
      or (kept_id, merged_id) = (from_person, to_person) and undone_at is not null
    )
  )
$$;

-- What is written about a record that became part of another, by somebody who had it open still, is about that other. The
-- lock waits for a merge that is under way.
create function follow_merge() returns trigger language plpgsql as $$
begin
  if new.service_user_id is not null then
    perform from service_users where id = new.service_user_id for key share;
    new.service_user_id := survivor_of(new.service_user_id);
  end if;
  return new;
end $$;
create trigger follow_merge before insert or update of service_user_id on loans
  for each row execute function follow_merge();
create trigger follow_merge before insert on caseload_entries
  for each row execute function follow_merge();

-- A loan that moves over with its person is no correction: nothing was written down wrong.
create or replace function loan_is_corrected_with_a_reason() returns trigger language plpgsql as $$
begin
  if (old.ward_id, old.staff_id, old.lent_at) is not distinct from (new.ward_id, new.staff_id, new.lent_at)
    and merge_under_way(old.service_user_id, new.service_user_id) then
    return null;
  end if;
  perform write_correction(
    new.id, null, to_jsonb(old), to_jsonb(new), array['service_user_id', 'ward_id', 'staff_id', 'lent_at']
  );
  return null;
end $$;
