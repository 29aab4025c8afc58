-- The gate between two borrowers: which steps a returned item of each category needs, in the order of the sheet on the
-- bench. src/turnaround/rules.ts holds the same table with its words; a test holds the two against each other.
create table turnaround_step_rules (
  category text not null references item_categories,
  step text not null,
  position integer not null check (position > 0),
  primary key (category, step),
  unique (category, position)
);
insert into turnaround_step_rules (category, step, position)
select category, step, row_number() over (partition by category order by place)
from (values
  (1, 'inspected', array['tablet', 'smartphone', 'laptop', 'hotspot', 'charger', 'headset', 'accessory', 'locker-bay', 'private-room']),
  (2, 'accessories-complete', array['tablet', 'smartphone', 'laptop', 'hotspot', 'headset']),
  (3, 'sim-checked', array['tablet', 'smartphone', 'hotspot', 'sim']),
  (4, 'storage-card-out', array['tablet', 'smartphone', 'laptop']),
  (5, 'signed-out', array['tablet', 'smartphone', 'laptop']),
  (6, 'wiped', array['tablet', 'smartphone', 'laptop', 'hotspot']),
  (7, 'cleaned', array['tablet', 'smartphone', 'laptop', 'hotspot', 'charger', 'headset', 'accessory', 'locker-bay', 'private-room']),
  (8, 'charged', array['tablet', 'smartphone', 'laptop', 'hotspot'])
) sheet (place, step, needed_by)
cross join unnest(needed_by) category;

-- How it was wiped; why it needed no wiping stands in the note. Not valid: what was ticked before anybody was asked for
-- the method stays as it is.
alter table turnaround_steps add column method text;
alter table turnaround_steps
  add constraint turnaround_wipe_has_its_method check (
    case when step = 'wiped'
      then method is not null and method in ('factory-reset', 'device-management', 'not-needed')
      else method is null
    end
  ) not valid,
  add constraint turnaround_wipe_left_out_has_a_reason check (method is distinct from 'not-needed' or note <> '') not valid;

-- A turnaround ends when every step its item's category needs is done, and in no other way, whoever asks.
-- The trigger that takes the item's row comes before this one in the alphabet and so runs before it: what is read here
-- is what stands after whoever had the row has finished.
create function turnaround_ends_complete() returns trigger language plpgsql as $$
declare
  missing text;
begin
  if tg_op = 'UPDATE' and old.kind = 'turnaround' and (new.kind <> 'turnaround' or new.item_id <> old.item_id) then
    raise exception 'turnaround % cannot be made into something else', new.id
      using errcode = '23514', constraint = 'turnaround_stays_one', table = 'item_holds';
  end if;
  if new.kind <> 'turnaround' or new.ended_at is null then
    return new;
  end if;

  select string_agg(rule.step, ', ' order by rule.position) into missing
  from items join turnaround_step_rules rule on rule.category = items.category
  where items.id = new.item_id
    and not exists (select from turnaround_steps where hold_id = new.id and step = rule.step);
  if missing is not null then
    raise exception 'item % is not ready: %', new.item_id, missing
      using errcode = '23514', constraint = 'turnaround_has_all_its_steps', table = 'item_holds';
  end if;
  return new;
end $$;
create trigger turnaround_ends_complete before insert or update on item_holds
  for each row execute function turnaround_ends_complete();

-- The steps of a turnaround that has ended are the record of it: none is added, changed or taken back any more, and none
-- moves from one turnaround to another. The item's row is taken here too, so that nobody ends a turnaround while somebody
-- else takes one of its steps back.
create function turnaround_steps_of_open_turnarounds() returns trigger language plpgsql as $$
declare
  asked bigint := case when tg_op = 'INSERT' then new.hold_id else old.hold_id end;
  hold record;
begin
  perform from items where id = (select item_id from item_holds where id = asked) for no key update;
  select kind, taken_at, ended_at into hold from item_holds where id = asked;
  if hold.kind <> 'turnaround' or hold.taken_at is null or hold.ended_at is not null
    or tg_op = 'UPDATE' and new.hold_id <> old.hold_id then
    raise exception 'hold % is no turnaround under way', asked
      using errcode = '23514', constraint = 'turnaround_step_of_open_turnaround', table = 'turnaround_steps';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger turnaround_steps_of_open_turnarounds before insert or update or delete on turnaround_steps
  for each row execute function turnaround_steps_of_open_turnarounds();

-- What waits on the bench, the longest first.
create index open_turnarounds on item_holds (organisation_id, taken_at, id)
  where kind = 'turnaround' and taken_at is not null and ended_at is null;
