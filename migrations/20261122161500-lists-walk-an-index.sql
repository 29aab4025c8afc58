-- Each list is read in the order of an index, as far as its page goes, however much there is of it.

-- What ended last, for the loans that are closed: a loan does not know whether it is, and by number one would count the
-- lines of all that is out before coming to the first.
create index lines_that_are_over on loan_lines (organisation_id, coalesce(ended_at, cancelled_at), id)
  where coalesce(ended_at, cancelled_at) is not null;

-- What is taken, by what for and since when: one index in place of two, of which one was without the time and the other for
-- turnarounds alone.
create index open_holds_by_kind on item_holds (organisation_id, kind, taken_at, id)
  where taken_at is not null and ended_at is null;
drop index open_item_holds_by_kind;
drop index open_turnarounds;

-- With the item in it, PostgreSQL took this index to look items up, ward by ward.
drop index open_placements_by_ward;
create index open_placements_by_ward on loan_lines (placed_with_ward_id)
  where placed_with_ward_id is not null and taken_at is not null and ended_at is null;

-- Of all repairs there ever were, those under way by the day they are expected back. The hold says whether it is over; the
-- record knows it from the hold, whoever ends that.
alter table repairs add column is_under_way boolean not null default true;
update repairs set is_under_way = false where hold_id in (select id from item_holds where ended_at is not null);
create function repair_record_knows_whether_it_is_over() returns trigger language plpgsql as $$
begin
  update repairs set is_under_way = new.ended_at is null
  where hold_id = new.id and is_under_way <> (new.ended_at is null);
  return null;
end $$;
create trigger repair_record_knows_whether_it_is_over after update of ended_at on item_holds
  for each row when (new.kind = 'repair') execute function repair_record_knows_whether_it_is_over();
create function repair_record_agrees_with_its_hold() returns trigger language plpgsql as $$
begin
  new.is_under_way := (select ended_at is null from item_holds where id = new.hold_id);
  return new;
end $$;
create trigger repair_record_agrees_with_its_hold before insert or update of is_under_way on repairs
  for each row execute function repair_record_agrees_with_its_hold();
create index repairs_under_way on repairs (organisation_id, coalesce(expected_back_on, '9999-12-31'), hold_id)
  where is_under_way;

-- A page of people is read from the index alone: in the table they stand anywhere.
drop index service_user_details_by_name;
create index service_user_details_by_name on service_user_details (organisation_id, name_key, service_user_id)
  include (name, date_of_birth, nhs_number, phone);
