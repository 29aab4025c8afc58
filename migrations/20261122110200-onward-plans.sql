-- What comes after a loan, agreed with the person before it ends: people lose access when loans just end. Each plan is kept
-- as it was agreed; the newest counts.
create table onward_plans (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  loan_id bigint not null,
  -- src/onward-plans/rules.ts has the words for each choice
  choices text[] not null,
  notes text not null default '' check (length(notes) <= 1000),
  agreed_with text not null check (agreed_with in ('person', 'somebody-for-them')),
  -- who that was, where it was somebody for them
  agreed_who text not null default '' check (length(agreed_who) <= 200),
  agreed_on date not null,
  to_keep text not null check (to_keep in ('something', 'nothing', 'not-asked', 'no-device')),
  -- the latest review that was agreed about: whatever is kept for longer than that is asked about anew
  covers_until date not null,
  recorded_at timestamptz(3) not null,
  recorded_by bigint not null,
  unique (organisation_id, id),
  constraint onward_choices_are_known check (
    cardinality(choices) > 0
    and choices <@ array['extend', 'give', 'own-device', 'social-tariff', 'device-bank', 'nothing-more']
  ),
  constraint nothing_more_stands_alone check (cardinality(choices) = 1 or not 'nothing-more' = any (choices)),
  constraint agreed_for_them_says_by_whom check ((agreed_with = 'somebody-for-them') = (agreed_who <> '')),
  constraint onward_plan_has_real_times check (
    isfinite(agreed_on) and isfinite(covers_until) and isfinite(recorded_at)
  ),
  foreign key (organisation_id, loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id)
);
create index onward_plans_by_loan on onward_plans (loan_id, id desc);

-- What the person wants to keep of what is on a device: photos, messages, sign-ins. Open until somebody says that it is
-- saved, or that the person does not want it any more.
create table rescues (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  loan_line_id bigint not null,
  item_id bigint not null,
  what text not null check (what <> '' and length(what) <= 500),
  asked_at timestamptz(3) not null,
  asked_by bigint not null,
  closed_at timestamptz(3),
  closed_by bigint,
  closed_as text check (closed_as in ('saved', 'not-wanted')),
  unique (organisation_id, id),
  constraint rescue_is_open_or_closed check (num_nulls(closed_at, closed_by, closed_as) in (0, 3)),
  constraint rescue_has_real_times check (
    isfinite(asked_at) and isfinite(coalesce(closed_at, asked_at)) and asked_at <= coalesce(closed_at, asked_at)
  ),
  foreign key (organisation_id, loan_line_id) references loan_lines (organisation_id, id),
  foreign key (organisation_id, item_id) references items (organisation_id, id),
  foreign key (organisation_id, asked_by) references staff (organisation_id, id),
  foreign key (organisation_id, closed_by) references staff (organisation_id, id)
);
create unique index one_open_rescue_an_item on rescues (item_id) where closed_at is null;
create index rescues_by_loan_line on rescues (loan_line_id, id);

-- A rescue is of the item that is lent in its line. The item's row is taken, so that nobody wipes it in the same moment.
-- What was asked for stays as it was asked, and what is closed stays closed.
create function rescue_stays_itself() returns trigger language plpgsql as $$
begin
  perform from items where id = new.item_id for no key update;
  if tg_op = 'INSERT' then
    if new.item_id is distinct from (select item_id from loan_lines where id = new.loan_line_id) then
      raise exception 'item % is not what is lent in line %', new.item_id, new.loan_line_id
        using errcode = '23514', constraint = 'rescue_is_of_its_line', table = 'rescues';
    end if;
    return new;
  end if;
  if old.closed_at is not null
    or (new.organisation_id, new.loan_line_id, new.item_id, new.what, new.asked_at, new.asked_by)
      is distinct from (old.organisation_id, old.loan_line_id, old.item_id, old.what, old.asked_at, old.asked_by) then
    raise exception 'rescue % stays what it was', old.id
      using errcode = '23514', constraint = 'rescue_stays_itself', table = 'rescues';
  end if;
  return new;
end $$;
create trigger rescue_stays_itself before insert or update on rescues
  for each row execute function rescue_stays_itself();

-- Nothing is signed out or wiped while somebody waits for what is on it. The item's row comes first, as everywhere.
create function photos_are_saved_first() returns trigger language plpgsql as $$
declare
  item bigint := (select item_id from item_holds where id = new.hold_id);
begin
  perform from items where id = item for no key update;
  if exists (select from rescues where item_id = item and closed_at is null) then
    raise exception 'what is on item % is not saved yet', item
      using errcode = '23514', constraint = 'photos_are_saved_first', table = 'turnaround_steps';
  end if;
  return new;
end $$;
create trigger photos_are_saved_first before insert or update on turnaround_steps
  for each row when (new.step in ('signed-out', 'wiped')) execute function photos_are_saved_first();
