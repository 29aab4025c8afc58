-- Data that was given with an item and still runs, though the item is back. What was given for good keeps its data.
create function data_runs_on_after_return(item bigint, day date) returns boolean language sql stable as $$
  select exists (
    select from loan_lines line join data_allowances allowance on allowance.loan_line_id = line.id
    where line.item_id = item and line.ended_at is not null and line.ended_as <> 'given'
      and allowance.cancelled_at is null and allowance.suspended_at is null
      and (allowance.ends_on is null or allowance.ends_on >= day)
  )
$$;

-- As it was, and no item is ready for the next person while the data of the last one runs on.
create or replace function turnaround_ends_complete() returns trigger language plpgsql as $$
declare
  missing text;
begin
  if tg_op = 'UPDATE' and old.kind = 'turnaround' and (new.kind <> 'turnaround' or new.item_id <> old.item_id) then
    raise exception 'turnaround % cannot be made into something else', new.id
      using errcode = '23514', constraint = 'turnaround_stays_one', table = 'item_holds';
  end if;
  if new.kind = 'turnaround' and 'not-returned' in (new.ended_as, old.ended_as) and (
    new.ended_as is distinct from 'not-returned' or new.ended_at <> new.taken_at
    or exists (select from turnaround_steps where hold_id = new.id)
    or not correction_of_item_under_way(new.item_id)
  ) then
    raise exception 'turnaround % cannot be said never to have begun', new.id
      using errcode = '23514', constraint = 'turnaround_never_began', table = 'item_holds';
  end if;
  if new.kind <> 'turnaround' or new.ended_at is null or new.ended_as in ('to-repair', 'retired', 'not-returned') then
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
  if data_runs_on_after_return(new.item_id, (new.ended_at at time zone 'Europe/London')::date) then
    raise exception 'data that was given with item % still runs', new.item_id
      using errcode = '23514', constraint = 'data_is_stopped_before_it_is_ready', table = 'item_holds';
  end if;
  return new;
end $$;
