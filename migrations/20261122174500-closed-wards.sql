-- Sites and wards are made, changed and closed by administrators. A closed ward keeps its history and takes nothing new.

do $$
declare
  twice text;
begin
  select string_agg(format('organisation %s: %s', organisation_id, names), '; ') into twice from (
    select organisation_id, string_agg(quote_literal(name), ', ') as names
    from wards group by organisation_id, lower(name) having count(*) > 1
  ) same;
  if twice is not null then
    raise exception 'Wards of one organisation have the same name. Give them different names, then migrate again: %', twice;
  end if;
end $$;
create unique index wards_name_key on wards (organisation_id, lower(name));

alter table sites add column version integer not null default 1;

alter table wards
  add column version integer not null default 1,
  add column closed_at timestamptz(3),
  add column closed_by bigint,
  add constraint ward_is_closed_by_somebody check ((closed_at is null) = (closed_by is null)),
  add constraint ward_is_closed_at_a_time check (isfinite(closed_at)),
  add foreign key (organisation_id, closed_by) references staff (organisation_id, id);

-- Waits for whoever is closing the ward, and holds it open until what is put there is saved: a reference alone would not,
-- since a ward that is closed has no other key.
create function is_closed_ward(of_ward bigint) returns boolean language plpgsql as $$
declare
  is_closed boolean;
begin
  select closed_at is not null into is_closed from wards where id = of_ward for share;
  return coalesce(is_closed, false);
end $$;

create function closed_ward_takes_nothing() returns trigger language plpgsql as $$
begin
  if is_closed_ward((to_jsonb(new) ->> tg_argv[0])::bigint) then
    raise exception 'a closed ward takes nothing new'
      using errcode = '23514', constraint = 'closed_ward_takes_nothing', table = tg_table_name;
  end if;
  return new;
end $$;

create trigger closed_ward_takes_nothing
  before insert or update of placed_with_ward_id, taken_at, ended_at, cancelled_at on loan_lines
  for each row when (new.placed_with_ward_id is not null and new.ended_at is null and new.cancelled_at is null)
  execute function closed_ward_takes_nothing('placed_with_ward_id');
create trigger closed_ward_takes_nothing before insert or update of ward_id on staff_wards
  for each row execute function closed_ward_takes_nothing('ward_id');
create trigger closed_ward_takes_nothing before insert on ward_tablets
  for each row execute function closed_ward_takes_nothing('ward_id');
create trigger closed_ward_takes_nothing before insert or update of finished_at on stock_checks
  for each row when (new.finished_at is null) execute function closed_ward_takes_nothing('ward_id');

-- What is found again, or brought back, after its ward was closed is ours all the same: it is kept nowhere in particular.
create function closed_ward_keeps_no_item() returns trigger language plpgsql as $$
begin
  if not is_closed_ward(new.kept_at_ward_id) then
    return new;
  end if;
  if tg_op = 'UPDATE' and old.left_at is not null and old.kept_at_ward_id = new.kept_at_ward_id then
    new.kept_at_ward_id := null;
    return new;
  end if;
  raise exception 'a closed ward takes nothing new'
    using errcode = '23514', constraint = 'closed_ward_takes_nothing', table = 'items';
end $$;
create trigger closed_ward_keeps_no_item before insert or update of kept_at_ward_id, left_at on items
  for each row when (new.kept_at_ward_id is not null and new.left_at is null)
  execute function closed_ward_keeps_no_item();

-- A ward is closed when nothing is there any more. Its row is locked by now, so nothing comes meanwhile; and of two wards
-- that are closed together the second sees the first, or somebody who works on both would be left with neither.
create function ward_closes_empty() returns trigger language plpgsql as $$
begin
  perform from organisations where id = new.organisation_id for no key update;
  if exists (select from items where kept_at_ward_id = new.id and left_at is null)
    or exists (
      select from loan_lines where placed_with_ward_id = new.id and taken_at is not null and ended_at is null
    )
    or exists (select from ward_tablets where ward_id = new.id and revoked_at is null)
    or exists (select from stock_checks where ward_id = new.id and finished_at is null)
    or exists (
      select from staff_wards
      join staff on staff.id = staff_wards.staff_id
      where staff_wards.ward_id = new.id and staff.disabled_at is null and staff.role in ('ward-staff', 'care-team')
        and not exists (
          select from staff_wards other join wards on wards.id = other.ward_id
          where other.staff_id = staff.id and other.ward_id <> new.id and wards.closed_at is null
        )
    ) then
    raise exception 'ward % is not empty', new.id
      using errcode = '23514', constraint = 'ward_closes_empty', table = 'wards';
  end if;
  return new;
end $$;
create trigger ward_closes_empty before update of closed_at on wards
  for each row when (old.closed_at is null and new.closed_at is not null) execute function ward_closes_empty();
