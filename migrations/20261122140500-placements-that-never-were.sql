-- A placement that never was begins nowhere, so what became of its item since is not in its way.
create or replace function placement_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
  begins boolean := tg_op = 'INSERT' or old.ended_at is not null or old.item_id <> new.item_id;
begin
  if new.placed_with_ward_id is null or new.taken_at is null or new.ended_at is not null then
    return new;
  end if;
  select left_at, left_as into item from items where id = new.item_id for no key update;
  if item.left_at is not null then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'loan_lines';
  end if;
  if begins and exists (
    select from item_holds where item_id = new.item_id and taken_at is not null and ended_at is null
  ) then
    raise exception 'item % is in someone''s hands', new.item_id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'loan_lines';
  end if;
  if (begins or old.due_on <> new.due_on) and exists (
    select from item_holds
    where item_id = new.item_id and taken_at is null and cancelled_at is null
      and ward_id is distinct from new.placed_with_ward_id
      and plan && tstzrange(new.from_at, london_midnight_after(new.due_on))
  ) then
    raise exception 'item % is planned for someone else', new.item_id
      using errcode = '23P01', constraint = 'plans_never_overlap', table = 'loan_lines';
  end if;
  return new;
end $$;

-- What is written down as placed when it is over, because somebody corrected who had it, is held by all that was, as any
-- other correction is.
create trigger line_of_the_past_agrees_with_the_pools after insert on loan_lines
  for each row when (new.placed_with_ward_id is not null and new.ended_at is not null)
  execute function corrected_line_agrees_with_the_pools();
