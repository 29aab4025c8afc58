-- What is placed with a ward was in nobody's hands when that began. So no turnaround is written down afterwards that would
-- have been under way then, as the return of an item would be that somebody takes for another by a correction.
create function bench_is_over_before_a_placement() returns trigger language plpgsql as $$
begin
  if exists (
    select from loan_lines
    where item_id = new.item_id and placed_with_ward_id is not null
      and taken_at > new.taken_at and taken_at < coalesce(new.ended_at, 'infinity')
  ) then
    raise exception 'item % was placed with a ward then', new.item_id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'item_holds';
  end if;
  return null;
end $$;
create trigger bench_is_over_before_a_placement after insert on item_holds
  for each row when (new.kind = 'turnaround') execute function bench_is_over_before_a_placement();
