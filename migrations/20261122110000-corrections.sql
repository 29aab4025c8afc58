-- What was written down wrongly about a loan can be put right, by somebody, for a reason, and what stood there before stays
-- on record. PostgreSQL writes the record itself, from the change: nobody can correct without it, or tell it differently.

create table loan_corrections (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  loan_id bigint not null,
  -- returned: the day; return: it never came back, or was never given
  kind text not null check (kind in ('borrower', 'lent', 'review', 'returned', 'item', 'return')),
  -- where the true story of some of its lines is told from now on
  other_loan_id bigint,
  at timestamptz(3) not null check (isfinite(at)),
  corrected_by bigint not null,
  -- which change it belongs to; whatever is sent, it is this one
  transaction_id xid8 not null default pg_current_xact_id(),
  unique (organisation_id, id),
  constraint correction_leads_to_another_loan check (other_loan_id <> loan_id),
  foreign key (organisation_id, loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, other_loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, corrected_by) references staff (organisation_id, id)
);
create index loan_corrections_by_loan on loan_corrections (loan_id, id);

-- Free text may name anybody, so it stands apart, where a retention role may empty it one day.
create table loan_correction_reasons (
  correction_id bigint primary key,
  organisation_id bigint not null,
  reason text not null check (trim(reason) <> ''),
  foreign key (organisation_id, correction_id) references loan_corrections (organisation_id, id)
);

-- What stood there and what stands there now, by the names of the columns; of a line, or without one of the loan itself.
create table loan_correction_changes (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  correction_id bigint not null,
  line_id bigint,
  before jsonb not null,
  after jsonb not null,
  foreign key (organisation_id, correction_id) references loan_corrections (organisation_id, id),
  foreign key (organisation_id, line_id) references loan_lines (organisation_id, id)
);
create index loan_correction_changes_by_correction on loan_correction_changes (correction_id);

-- A line that never was, because its item was lent to somebody else, names the line that tells what was.
alter table loan_lines
  add column moved_to_line_id bigint,
  add constraint loan_lines_moved_to_fkey foreign key (organisation_id, moved_to_line_id)
    references loan_lines (organisation_id, id),
  add constraint only_what_never_was_moved check (moved_to_line_id is null or cancelled_at is not null),
  -- as before, but for a placement that never was
  drop constraint placement_begins_when_it_is_made,
  add constraint placement_begins_when_it_is_made check (
    placed_with_ward_id is null or taken_at is not null or cancelled_at is not null
  );

create trigger loan_corrections_only_grow before update or delete on loan_corrections
  for each row execute function refuse_change();
create trigger loan_corrections_are_never_emptied before truncate on loan_corrections
  for each statement execute function refuse_change();
create trigger loan_correction_changes_only_grow before update or delete on loan_correction_changes
  for each row execute function refuse_change();
create trigger loan_correction_changes_are_never_emptied before truncate on loan_correction_changes
  for each statement execute function refuse_change();

create function correction_belongs_to_its_transaction() returns trigger language plpgsql as $$
begin
  new.transaction_id := pg_current_xact_id();
  return new;
end $$;
create trigger correction_belongs_to_its_transaction before insert on loan_corrections
  for each row execute function correction_belongs_to_its_transaction();

create function correction_change_is_written_by_the_change() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() = 1 then
    raise exception 'what a correction changed is written by the change itself'
      using errcode = '23514', constraint = 'correction_change_is_written_by_the_change', table = 'loan_correction_changes';
  end if;
  return new;
end $$;
create trigger correction_change_is_written_by_the_change before insert on loan_correction_changes
  for each row execute function correction_change_is_written_by_the_change();

-- The correction of this loan that this transaction makes; it has its reason, or it is none.
create function correction_under_way(loan bigint) returns bigint language sql stable as $$
  select loan_corrections.id
  from loan_corrections join loan_correction_reasons on correction_id = loan_corrections.id
  where loan_id = loan and transaction_id = pg_current_xact_id()
  order by loan_corrections.id desc
  limit 1
$$;

create function write_correction(loan bigint, line bigint, was jsonb, is_now jsonb, watched text[]) returns void
language plpgsql as $$
declare
  correction bigint := correction_under_way(loan);
begin
  if correction is null then
    raise exception 'loan % is corrected with a reason or not at all', loan
      using errcode = '23514', constraint = 'correction_has_its_reason', table = 'loan_corrections';
  end if;
  insert into loan_correction_changes (organisation_id, correction_id, line_id, before, after)
  select (is_now->>'organisation_id')::bigint, correction, line,
         jsonb_object_agg(key, value), jsonb_object_agg(key, is_now->key)
  from jsonb_each(was)
  where key = any(watched) and value is distinct from is_now->key;
end $$;

-- Whoever had it is corrected; nothing else changes the borrower of a loan, or when it was lent.
create function loan_is_corrected_with_a_reason() returns trigger language plpgsql as $$
begin
  perform write_correction(
    new.id, null, to_jsonb(old), to_jsonb(new), array['service_user_id', 'ward_id', 'staff_id', 'lent_at']
  );
  return null;
end $$;
create trigger loan_is_corrected_with_a_reason after update on loans
  for each row when (
    (old.service_user_id, old.ward_id, old.staff_id, old.lent_at)
    is distinct from (new.service_user_id, new.ward_id, new.staff_id, new.lent_at)
  ) execute function loan_is_corrected_with_a_reason();

-- A line goes forwards by itself: it is taken, extended, ended. Whatever goes back, or says that what was written down was
-- something else, is a correction: another item, another beginning, another end or none, an earlier review. A later review
-- is an extension, unless a correction is under way.
create function line_is_corrected_with_a_reason() returns trigger language plpgsql as $$
begin
  if new.due_on > old.due_on and to_jsonb(new) - 'due_on' = to_jsonb(old) - 'due_on'
    and correction_under_way(new.loan_id) is null then
    return null;
  end if;
  perform write_correction(
    new.loan_id, new.id, to_jsonb(old), to_jsonb(new),
    array['item_id', 'from_at', 'due_on', 'taken_at', 'ended_at', 'ended_as', 'cancelled_at', 'moved_to_line_id']
  );
  return null;
end $$;
create trigger line_is_corrected_with_a_reason after update on loan_lines
  for each row when (
    old.taken_at is not null and (
      (old.item_id, old.from_at, old.taken_at, old.due_on) is distinct from (new.item_id, new.from_at, new.taken_at, new.due_on)
      or old.ended_at is not null and (old.ended_at, old.ended_as) is distinct from (new.ended_at, new.ended_as)
    )
    or old.moved_to_line_id is distinct from new.moved_to_line_id
  ) execute function line_is_corrected_with_a_reason();

-- The turnaround of a return that never was has never begun: it ends where it begins, and nobody has done a step of it. It
-- stays so. No other turnaround ends like that, or begins at another time than it did, unless a loan of its item is corrected.
create function correction_of_item_under_way(item bigint) returns boolean language sql stable as $$
  select exists (select from loan_lines where item_id = item and correction_under_way(loan_id) is not null)
$$;

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
  return new;
end $$;

create function turnaround_begins_with_its_return() returns trigger language plpgsql as $$
begin
  if not correction_of_item_under_way(new.item_id)
    or exists (select from turnaround_steps where hold_id = new.id and done_at < new.taken_at) then
    raise exception 'turnaround % begins when its item came back, and before its steps', new.id
      using errcode = '23514', constraint = 'turnaround_begins_with_its_return', table = 'item_holds';
  end if;
  return new;
end $$;
create trigger turnaround_begins_with_its_return before update of taken_at on item_holds
  for each row when (old.kind = 'turnaround' and old.taken_at is distinct from new.taken_at)
  execute function turnaround_begins_with_its_return();

-- What came back is made ready from that moment, also after a correction; and no turnaround is left behind by a return
-- that was at another time, of another item, or never. Line and turnaround are written in either order, so it is looked
-- at when the transaction ends.
create function corrected_return_has_its_turnaround() returns trigger language plpgsql as $$
begin
  if exists (
    select from loan_lines line
    where id = new.id and ended_as = 'returned' and not exists (
      select from item_holds
      where item_id = line.item_id and kind = 'turnaround' and taken_at = line.ended_at
        and ended_as is distinct from 'not-returned'
    )
  ) or old.ended_as = 'returned' and exists (
    select from item_holds
    where item_id = old.item_id and kind = 'turnaround' and taken_at = old.ended_at
      and ended_as is distinct from 'not-returned'
  ) and not exists (
    select from loan_lines where item_id = old.item_id and ended_as = 'returned' and ended_at = old.ended_at
  ) then
    raise exception 'the return of line % and its turnaround tell different stories', new.id
      using errcode = '23514', constraint = 'corrected_return_has_its_turnaround', table = 'loan_lines';
  end if;
  return null;
end $$;
create constraint trigger corrected_return_has_its_turnaround after update on loan_lines
  deferrable initially deferred
  for each row when (
    old.ended_at is not null
    and (old.item_id, old.ended_at, old.ended_as) is distinct from (new.item_id, new.ended_at, new.ended_as)
  ) execute function corrected_return_has_its_turnaround();

-- A gift that was taken back is ours again, and what is given is not: the line and the stock agree when all is written.
create function corrected_gift_agrees_with_the_stock() returns trigger language plpgsql as $$
begin
  if exists (select from items where id = old.item_id and left_as = 'given') and not exists (
    select from loan_lines where item_id = old.item_id and ended_as = 'given'
  ) then
    raise exception 'item % was given to nobody', old.item_id
      using errcode = '23514', constraint = 'corrected_gift_agrees_with_the_stock', table = 'loan_lines';
  end if;
  return null;
end $$;
create constraint trigger corrected_gift_agrees_with_the_stock after update on loan_lines
  deferrable initially deferred
  for each row when (
    old.ended_as = 'given' and (old.item_id, old.ended_as) is distinct from (new.item_id, new.ended_as)
  ) execute function corrected_gift_agrees_with_the_stock();

-- Pools, looked back on. Whoever lends and places now is held by what stands open; a correction may reach into the past,
-- so it is held by all that was. One placement of an item at a time; it begins with an item in nobody's hands; what a ward
-- used from its pool was in it.
create function corrected_line_agrees_with_the_pools() returns trigger language plpgsql as $$
declare
  span tstzrange := tstzrange(new.taken_at, new.ended_at);
  was tstzrange := tstzrange(old.taken_at, old.ended_at);
  rule text;
begin
  perform from items where id in (old.item_id, new.item_id) order by id for no key update;
  if new.placed_with_ward_id is null then
    if exists (
      select from loan_lines placed
      where placed.item_id = new.item_id and placed_with_ward_id is not null
        and placed.taken_at > new.taken_at and placed.taken_at < coalesce(new.ended_at, 'infinity')
    ) then
      rule := 'item_in_one_pair_of_hands';
    end if;
  elsif new.taken_at is not null and exists (
    select from loan_lines placed
    where placed.item_id = new.item_id and placed.id <> new.id and placed_with_ward_id is not null
      and placed.taken_at is not null and tstzrange(placed.taken_at, placed.ended_at) && span
  ) then
    rule := 'one_open_placement_an_item';
  elsif new.taken_at is not null and exists (
    select from item_holds
    where item_id = new.item_id and taken_at is not null and (
      taken_at < new.taken_at and coalesce(ended_at, 'infinity') > new.taken_at
      or kind in ('loan', 'booking') and ward_id is distinct from new.placed_with_ward_id and span @> taken_at
    )
  ) then
    rule := 'item_in_one_pair_of_hands';
  elsif exists (
    select from item_holds
    where item_id = old.item_id and kind in ('loan', 'booking') and ward_id = new.placed_with_ward_id
      and was @> taken_at and (new.item_id <> old.item_id or new.taken_at is null or not span @> taken_at)
  ) then
    rule := 'item_used_from_the_pool';
  end if;
  if rule is not null then
    raise exception 'item % was somewhere else then', new.item_id
      using errcode = '23P01', constraint = rule, table = 'loan_lines';
  end if;
  return null;
end $$;
create trigger corrected_line_agrees_with_the_pools after update on loan_lines
  for each row when (
    old.taken_at is not null and (
      (old.item_id, old.taken_at) is distinct from (new.item_id, new.taken_at)
      or old.ended_at is not null and old.ended_at is distinct from new.ended_at
    )
  ) execute function corrected_line_agrees_with_the_pools();

-- As before, and in two things more: a turnaround that never began was in nobody's way; and a hold that turns out to be of
-- another item, or is written down when it is over, was in whatever pool that item was in then.
create or replace function hold_takes_the_items_row() returns trigger language plpgsql as $$
declare
  item record;
  pool record;
  is_closed boolean := new.ended_at is not null or new.cancelled_at is not null;
  is_taken boolean := new.taken_at is not null and not is_closed;
  is_gift boolean := tg_op = 'INSERT' and new.ended_as = 'given';
  begins_in_pool boolean;
begin
  if 'loan' in (new.kind, old.kind) and pg_trigger_depth() = 1 then
    raise exception 'the hold of a loan line is written from the line'
      using errcode = '23514', constraint = 'loan_hold_follows_its_line', table = 'item_holds';
  end if;

  select left_at, left_as into item from items where id = new.item_id for no key update;
  if item.left_at is not null and (not is_closed or is_gift) then
    raise exception 'item % has left the stock (%)', new.item_id, item.left_as
      using errcode = '23P01', constraint = 'item_has_left_the_stock', table = 'item_holds';
  end if;
  -- The index sees two who have it now. What is written down later, or was over at once as a gift is, must not have been
  -- in somebody else's hands meanwhile either.
  if new.taken_at is not null and new.ended_as is distinct from 'not-returned' and exists (
    select from item_holds
    where item_id = new.item_id and id <> new.id
      and ended_at > new.taken_at and taken_at < coalesce(new.ended_at, 'infinity')
      and ended_as <> 'not-returned'
    union all
    select from item_holds
    where item_id = new.item_id and id <> new.id and taken_at is not null and ended_at is null
      and (is_gift or taken_at < new.ended_at)
  ) then
    raise exception 'item % was in someone''s hands', new.item_id
      using errcode = '23P01', constraint = 'item_in_one_pair_of_hands', table = 'item_holds';
  end if;

  select placed_with_ward_id, due_on into pool from loan_lines
    where item_id = new.item_id and placed_with_ward_id is not null and taken_at is not null and ended_at is null;
  -- a plan that begins after the ward's review date is nobody's pool yet; what is handed out now is in it, late or not
  begins_in_pool := pool is not null and (is_taken or lower(new.plan) < london_midnight_after(pool.due_on));
  if new.kind = 'loan' and new.taken_at is not null
    and (tg_op = 'INSERT' and is_closed or tg_op = 'UPDATE' and new.item_id <> old.item_id) then
    new.ward_id := (
      select placed_with_ward_id from loan_lines
      where item_id = new.item_id and placed_with_ward_id is not null
        and taken_at <= new.taken_at and coalesce(ended_at, 'infinity') > new.taken_at
      limit 1
    );
  elsif new.kind = 'loan' and (tg_op = 'INSERT' or is_taken and (old.taken_at is null or old.ended_at is not null)) then
    new.ward_id := case when begins_in_pool then pool.placed_with_ward_id end;
  elsif new.kind = 'booking' and not is_closed and new.ward_id is distinct from pool.placed_with_ward_id
    and (begins_in_pool or new.ward_id is not null) then
    raise exception 'item % is not in that ward''s pool', new.item_id
      using errcode = '23P01', constraint = 'item_in_another_pool', table = 'item_holds';
  end if;
  return new;
end $$;
