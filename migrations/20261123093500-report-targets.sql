-- What an administrator wants the figures of the home of reports to come to, for every quarter of a financial year. A changed
-- target is another row, which says what it replaces, so that what was wanted at any time can be looked up; the one that none
-- replaces counts. One without a value says that there is none any more.
create table report_targets (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  figure text not null constraint target_figure_word
    check (figure in ('people', 'first-people', 'referral-got', 'items', 'gifts', 'trained')),
  -- the year that begins in its April
  year smallint not null constraint target_year check (year between 2015 and 2100),
  replaces bigint,
  good text constraint target_good_word check (good in ('more', 'fewer')),
  quarterly integer constraint target_is_a_number check (quarterly between 0 and 1000000),
  set_at timestamptz(3) not null,
  set_by bigint not null,
  unique (organisation_id, figure, year, id),
  -- a row of them, one after the other: one has nothing before it, and each is replaced once
  constraint target_is_replaced_once unique nulls not distinct (organisation_id, figure, year, replaces),
  foreign key (organisation_id, figure, year, replaces) references report_targets (organisation_id, figure, year, id),
  constraint target_replaces_an_older check (replaces < id),
  foreign key (organisation_id, set_by) references staff (organisation_id, id),
  constraint target_says_which_way check ((good is null) = (quarterly is null))
);
create trigger report_targets_only_grow before update or delete on report_targets
  for each row execute function refuse_change();
create trigger report_targets_are_never_emptied before truncate on report_targets
  for each statement execute function refuse_change();
