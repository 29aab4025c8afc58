-- What comes back by scanning, what goes on from one loan line to another, and who looks after a loan.

-- What somebody scanned because it came back, code by code, with what became of each: done or not, and why not. A page
-- shows it, and a form sent twice leads to it. It only grows.
create table return_batches (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  made_by bigint not null,
  made_at timestamptz(3) not null,
  -- the day it all came back, where that was another
  returned_on date,
  unique (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id)
);
create index return_batches_by_staff on return_batches (made_by, made_at desc, id desc);

create table return_scans (
  organisation_id bigint not null,
  batch_id bigint not null,
  -- in the order of scanning
  place integer not null check (place > 0),
  code text not null check (code <> ''),
  outcome text not null,
  item_id bigint,
  -- what was taken back, or what it could not be taken back from
  loan_line_id bigint,
  primary key (batch_id, place),
  constraint scan_knows_its_item check ((item_id is null) = (outcome in ('unknown', 'several', 'kit'))),
  constraint return_knows_its_line check ((loan_line_id is not null) = (outcome in ('returned', 'too-early'))),
  constraint scan_has_an_outcome check (outcome in (
    'returned', 'repeated', 'unknown', 'several', 'kit', 'not-out', 'turnaround', 'repair', 'booking', 'gone', 'too-early'
  )),
  foreign key (organisation_id, batch_id) references return_batches (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, loan_line_id) references loan_lines (organisation_id, id)
);

-- A line that goes on from another: in the same loan with another item, which is a swap, or in another loan with the same
-- item, which is a transfer. One begins the moment the other ends. Why a device went from one person to the next unwiped
-- stands on the loan it went to.
alter table loan_lines
  add column follows_line_id bigint,
  add foreign key (organisation_id, follows_line_id) references loan_lines (organisation_id, id);
create unique index one_line_follows_another on loan_lines (follows_line_id) where follows_line_id is not null;

alter table loans
  add column unwiped_reason text check (trim(unwiped_reason) <> ''),
  -- whoever lent it looks after it, until it is handed over
  add column looked_after_by bigint,
  add foreign key (organisation_id, looked_after_by) references staff (organisation_id, id);
create index loans_by_who_looks_after_them on loans (coalesce(looked_after_by, lent_by), id desc);

create function line_goes_on_from_another() returns trigger language plpgsql as $$
declare
  before record;
begin
  select loan_id, item_id, placed_with_ward_id, ended_at, ended_as into before
    from loan_lines where id = new.follows_line_id;
  if before.ended_as is distinct from 'returned' or before.ended_at is distinct from new.taken_at
    or (before.loan_id = new.loan_id) = (before.item_id = new.item_id) then
    raise exception 'line % is not what loan % and item % go on from', new.follows_line_id, new.loan_id, new.item_id
      using errcode = '23514', constraint = 'line_goes_on_from_another', table = 'loan_lines';
  end if;
  -- within wards a device goes round unwiped as it is; what belonged to somebody goes to nobody else like that
  if before.item_id = new.item_id and (before.placed_with_ward_id is null or new.placed_with_ward_id is null)
    and (select unwiped_reason from loans where id = new.loan_id) is null
    and exists (
      select from items join turnaround_step_rules rule on rule.category = items.category
      where items.id = new.item_id and rule.step = 'wiped'
    ) then
    raise exception 'item % is not wiped', new.item_id
      using errcode = '23514', constraint = 'wiped_between_two_borrowers', table = 'loan_lines';
  end if;
  return new;
end $$;
create trigger line_goes_on_from_another before insert on loan_lines
  for each row when (new.follows_line_id is not null) execute function line_goes_on_from_another();
create trigger line_goes_on_from_the_same before update of follows_line_id on loan_lines
  for each row when (old.follows_line_id is distinct from new.follows_line_id)
  execute function line_goes_on_from_another();
