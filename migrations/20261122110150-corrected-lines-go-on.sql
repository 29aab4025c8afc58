-- A line that goes on from another begins the moment that one ends, in the same loan with another item or in another loan
-- with the same item. That was looked at when it was made; a correction of either line leaves it true, or is refused.
create function corrected_line_goes_on() returns trigger language plpgsql as $$
begin
  if exists (
    select from loan_lines line join loan_lines before on before.id = line.follows_line_id
    where new.id in (line.id, before.id) and (
      before.ended_as is distinct from 'returned' or before.ended_at is distinct from line.taken_at
      or (before.loan_id = line.loan_id) = (before.item_id = line.item_id)
    )
  ) then
    raise exception 'line % goes on from another, or another from it', new.id
      using errcode = '23514', constraint = 'line_goes_on_from_another', table = 'loan_lines';
  end if;
  return null;
end $$;
create constraint trigger corrected_line_goes_on after update on loan_lines
  deferrable initially deferred
  for each row when (
    old.taken_at is not null and (
      (old.item_id, old.taken_at) is distinct from (new.item_id, new.taken_at)
      or old.ended_at is not null and (old.ended_at, old.ended_as) is distinct from (new.ended_at, new.ended_as)
    )
  ) execute function corrected_line_goes_on();
