-- What was published, for good: each number once, as it stood when its period came out. What is written down or put right later
-- changes nothing of it, so that nobody learns anything by taking today's number from yesterday's. There is no number here that
-- was not meant to be seen: a hidden one is null.
create table published_figures (
  organisation_id bigint not null references organisations,
  -- the figures that came out together, and so hang together
  line_set text not null,
  period text not null check (period ~ '^(month|quarter|year)-\d{4}'),
  line text not null,
  shown integer check (shown >= 0),
  published_at timestamptz(3) not null,
  primary key (organisation_id, line_set, period, line)
);
create trigger published_figures_only_grow before update or delete on published_figures
  for each row execute function refuse_change();
create trigger published_figures_are_never_emptied before truncate on published_figures
  for each statement execute function refuse_change();
