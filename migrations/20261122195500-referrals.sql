-- Somebody asks for help for a person: a care team or a ward on their own page, or a champion who types a letter or a call.
-- Ids, days and chosen words stand here; what is in somebody's own words, or leads to a person, stands beside it, where
-- retention may empty it.

create table referrals (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  source text not null constraint referral_source_word
    check (source in ('care-team', 'ward-staff', 'letter', 'call', 'email', 'in-person')),
  -- the ward or team it came from, where that is one of ours
  team_id bigint,
  -- the day it was asked for, which for a letter is before it was typed
  referred_on date not null check (isfinite(referred_on)),
  made_at timestamptz(3) not null,
  made_by bigint not null,
  barriers text[] not null default '{}' constraint referral_barrier_words check (barriers <@ array[
    'no-device', 'old-device', 'no-data', 'cost', 'skills', 'confidence', 'no-private-place', 'language', 'access', 'no-power'
  ]),
  -- what the person said about ways of reaching them, as it was told
  contact_said text[] not null default '{}' constraint referral_contact_words check (contact_said <@ array[
    'call-allowed', 'call-not-allowed', 'voicemail-allowed', 'voicemail-not-allowed', 'text-allowed', 'text-not-allowed',
    'email-allowed', 'email-not-allowed', 'post-allowed', 'post-not-allowed'
  ]),
  first_appointment_on date check (isfinite(first_appointment_on)),
  ended_at timestamptz(3),
  ended_as text check (ended_as in ('declined', 'withdrawn')),
  ended_why text,
  ended_by bigint,
  -- something of what is asked for is still to be met; kept by PostgreSQL, see referral_knows_whether_it_is_open
  is_open boolean not null default true,
  version integer not null default 1,
  unique (organisation_id, id),
  constraint referral_ends_whole check (num_nonnulls(ended_at, ended_as, ended_why, ended_by) in (0, 4)),
  constraint referral_ends_for_a_reason check (
    case coalesce(ended_as, '')
      when 'declined' then ended_why in ('nothing-suitable', 'has-own', 'other-service', 'elsewhere', 'other')
      when 'withdrawn' then ended_why in ('not-wanted', 'has-own', 'moved', 'died', 'mistake', 'other')
      else ended_why is null
    end
  ),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, team_id) references wards (organisation_id, id),
  foreign key (organisation_id, made_by) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id)
);
-- The waiting list: the first appointment first, those without one last, and then by the day it was asked for.
create index referrals_waiting on referrals
  (organisation_id, (coalesce(first_appointment_on, 'infinity'::date)), referred_on, id) where is_open;
create index referrals_over on referrals (organisation_id, (coalesce(ended_as, 'met')), id desc) where not is_open;
create index referrals_by_person on referrals (service_user_id, id desc);
create index referrals_by_maker on referrals (made_by, id desc);
create index referrals_by_team on referrals (team_id, id desc) where team_id is not null;

create table referral_words (
  referral_id bigint primary key,
  organisation_id bigint not null,
  -- who asked, where a champion typed it
  referrer text not null default '',
  barrier_words text not null default '',
  contact_words text not null default '',
  -- the NHS number that was given, where the record could not have it: somebody else has it already
  nhs_number_given text,
  ended_words text not null default '',
  foreign key (organisation_id, referral_id) references referrals (organisation_id, id)
);

-- What is asked for, one row each. What is lent meets some of it by itself; the rest is met when somebody says so.
create table referral_asks (
  referral_id bigint not null,
  organisation_id bigint not null,
  ask text not null constraint referral_ask_word
    check (ask in ('device', 'data', 'charger', 'headset', 'skills', 'trial-call', 'private-place', 'talk')),
  met_at timestamptz(3),
  met_by bigint,
  primary key (referral_id, ask),
  constraint ask_is_met_by_somebody check ((met_at is null) = (met_by is null)),
  foreign key (organisation_id, referral_id) references referrals (organisation_id, id),
  foreign key (organisation_id, met_by) references staff (organisation_id, id)
);

alter table loans add column referral_id bigint;
alter table loans add constraint loan_referral_fkey
  foreign key (organisation_id, referral_id) references referrals (organisation_id, id) not valid;
alter table loans add constraint only_a_person_is_referred check (referral_id is null or service_user_id is not null) not valid;
create index loans_by_referral on loans (referral_id) where referral_id is not null;

-- What an item has to be for its loan to meet this; none: no loan meets it.
create function categories_that_meet(ask text) returns text[] language sql immutable as $$
  select case ask
    when 'device' then array['tablet', 'smartphone', 'laptop']
    when 'data' then array['hotspot', 'sim']
    when 'charger' then array['charger']
    when 'headset' then array['headset']
    else array[]::text[]
  end
$$;

-- Whether what is asked for was lent by a loan that names the referral and got to them, or somebody says that it is met.
create function is_ask_met(referral bigint, asked text, said_at timestamptz) returns boolean language sql stable as $$
  select said_at is not null or exists (
    select from loans
    join loan_lines line on line.loan_id = loans.id and line.taken_at is not null
    join items on items.id = line.item_id
    where loans.referral_id = referral and items.category = any(categories_that_meet(asked))
  )
$$;

create function referral_is_open(referral bigint, over_at timestamptz) returns boolean language sql stable as $$
  select over_at is null and (
    not exists (select from referral_asks where referral_id = referral)
    or exists (select from referral_asks where referral_id = referral and not is_ask_met(referral_id, ask, met_at))
  )
$$;

-- A waiting list that worked this out for every referral there ever was would be slow: each knows it of itself, whatever
-- happens to its loans and by whomever.
create function referral_knows_whether_it_is_open() returns trigger language plpgsql as $$
begin
  new.is_open := referral_is_open(new.id, new.ended_at);
  return new;
end $$;
create trigger referral_knows_whether_it_is_open before insert or update on referrals
  for each row execute function referral_knows_whether_it_is_open();

create function ask_tells_its_referral() returns trigger language plpgsql as $$
begin
  update referrals set is_open = is_open where id = new.referral_id;
  return null;
end $$;
create trigger ask_tells_its_referral after insert or update on referral_asks
  for each row execute function ask_tells_its_referral();

create function lines_tell_their_referrals() returns trigger language plpgsql as $$
begin
  update referrals set is_open = is_open
  where id in (
    select loans.referral_id from loans
    where loans.referral_id is not null and loans.id in (select loan_id from changed)
  ) and is_open <> referral_is_open(id, ended_at);
  return null;
end $$;
create trigger new_lines_tell_their_referrals after insert on loan_lines
  referencing new table as changed for each statement execute function lines_tell_their_referrals();
create trigger changed_lines_tell_their_referrals after update on loan_lines
  referencing new table as changed for each statement
  when (not retention_is_at_work()) execute function lines_tell_their_referrals();

create function loan_tells_its_referral() returns trigger language plpgsql as $$
begin
  update referrals set is_open = is_open where id in (old.referral_id, new.referral_id);
  return null;
end $$;
create trigger loan_tells_its_referral after update on loans
  for each row when (old.referral_id is distinct from new.referral_id) execute function loan_tells_its_referral();

-- A loan that turns out to have been somebody else's no longer meets what was asked for this person.
create function loan_leaves_its_referral() returns trigger language plpgsql as $$
begin
  if new.service_user_id is null or not merge_under_way(old.service_user_id, new.service_user_id) then
    new.referral_id := null;
  end if;
  return new;
end $$;
-- its name puts it after follow_merge: triggers fire in the order of theirs
create trigger loan_leaves_its_referral before update on loans
  for each row when (
    old.referral_id is not null and new.referral_id is not distinct from old.referral_id
    and old.service_user_id is distinct from new.service_user_id
  ) execute function loan_leaves_its_referral();

-- When a transaction ends, a loan and its referral are about one person; within a merge each moves by itself.
create function loan_is_for_whom_it_was_asked() returns trigger language plpgsql as $$
begin
  if exists (
    select from loans join referrals on referrals.id = loans.referral_id
    where loans.id = new.id and loans.service_user_id is distinct from referrals.service_user_id
  ) then
    raise exception 'referral % was made for somebody else', new.referral_id
      using errcode = '23514', constraint = 'loan_is_for_whom_it_was_asked', table = 'loans';
  end if;
  return null;
end $$;
create constraint trigger loan_is_for_whom_it_was_asked after update on loans
  deferrable initially deferred for each row
  when (new.referral_id is not null and (
    old.referral_id is distinct from new.referral_id or old.service_user_id is distinct from new.service_user_id
  )) execute function loan_is_for_whom_it_was_asked();
create constraint trigger new_loan_is_for_whom_it_was_asked after insert on loans
  deferrable initially deferred for each row when (new.referral_id is not null)
  execute function loan_is_for_whom_it_was_asked();

-- A merge is undone, and the referral goes back to the other record: what was lent meanwhile stays with whom it was lent to.
create function referral_lets_go_of_loans() returns trigger language plpgsql as $$
begin
  update loans set referral_id = null
  where referral_id = new.id
    and service_user_id is distinct from (select service_user_id from referrals where id = new.id);
  return null;
end $$;
create constraint trigger referral_lets_go_of_loans after update on referrals
  deferrable initially deferred for each row when (old.service_user_id is distinct from new.service_user_id)
  execute function referral_lets_go_of_loans();

create function referral_asks_for_something() returns trigger language plpgsql as $$
begin
  if not exists (select from referral_asks where referral_id = new.id) then
    raise exception 'referral % asks for nothing', new.id
      using errcode = '23514', constraint = 'referral_asks_for_something', table = 'referrals';
  end if;
  return null;
end $$;
create constraint trigger referral_asks_for_something after insert on referrals
  deferrable initially deferred for each row execute function referral_asks_for_something();

-- Who asked, when and for whom stays; it ends while something is open, in one way, until somebody takes that back.
create function referral_goes_on() returns trigger language plpgsql as $$
begin
  if (new.id, new.organisation_id, new.source, new.referred_on, new.made_at, new.made_by) is distinct from
     (old.id, old.organisation_id, old.source, old.referred_on, old.made_at, old.made_by)
    or old.service_user_id <> new.service_user_id and not merge_under_way(old.service_user_id, new.service_user_id)
    or old.ended_at is not null and new.ended_at is not null
       and (old.ended_at, old.ended_as, old.ended_why, old.ended_by) is distinct from
           (new.ended_at, new.ended_as, new.ended_why, new.ended_by)
    or old.ended_at is null and new.ended_at is not null and not old.is_open then
    raise exception 'referral % stays as it was made, and ends while something is open', old.id
      using errcode = '23514', constraint = 'referral_goes_on', table = 'referrals';
  end if;
  return new;
end $$;
create trigger referral_goes_on before update on referrals for each row execute function referral_goes_on();

create trigger follow_merge before insert or update of service_user_id on referrals
  for each row execute function follow_merge();
