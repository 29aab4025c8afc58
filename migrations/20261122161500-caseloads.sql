-- A community champion may be limited to a caseload: the people they look after, and nobody else.

alter table staff add column caseload_only boolean not null default false;
-- Whoever leads the others sees everybody; no other role has people of its own.
alter table staff add constraint only_a_champion_has_a_caseload
  check (not caseload_only or (role = 'champion' and not is_lead_champion));

-- Who looks after whom, since when and until when. It is only ended, never changed: whose caseload somebody was on then
-- stays to be told.
create table caseload_entries (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  staff_id bigint not null,
  service_user_id bigint not null,
  began_at timestamptz(3) not null,
  -- null: nobody did it, the service took over what was so
  began_by bigint,
  ended_at timestamptz(3),
  ended_by bigint,
  unique (organisation_id, id),
  constraint caseload_entry_ends_after_it_begins check (ended_at >= began_at),
  constraint caseload_entry_is_ended_by_somebody check (ended_by is null or ended_at is not null),
  foreign key (organisation_id, staff_id) references staff (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, began_by) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id)
);
-- Two who take the same person on in the same moment: the second is refused.
create unique index one_champion_a_person on caseload_entries (service_user_id) where ended_at is null;
create index caseload_entries_by_staff on caseload_entries (staff_id, service_user_id) where ended_at is null;
create index caseload_entries_by_person on caseload_entries (service_user_id, id desc);

create function caseload_is_of_a_champion() returns trigger language plpgsql as $$
begin
  if not exists (select from staff where id = new.staff_id and role = 'champion' and disabled_at is null for share) then
    raise exception 'staff % is no champion', new.staff_id
      using errcode = '23514', constraint = 'caseload_is_of_a_champion', table = 'caseload_entries';
  end if;
  return new;
end $$;
create trigger caseload_is_of_a_champion before insert on caseload_entries
  for each row execute function caseload_is_of_a_champion();

create function caseload_entry_only_ends() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null or new.ended_at is null
    or (new.id, new.organisation_id, new.staff_id, new.service_user_id, new.began_at) is distinct from
       (old.id, old.organisation_id, old.staff_id, old.service_user_id, old.began_at)
    or new.began_by is distinct from old.began_by then
    raise exception 'an entry of a caseload is ended once, and stays as it was'
      using errcode = '23514', constraint = 'caseload_entry_only_ends', table = 'caseload_entries';
  end if;
  return new;
end $$;
create trigger caseload_entry_only_ends before update on caseload_entries
  for each row execute function caseload_entry_only_ends();
