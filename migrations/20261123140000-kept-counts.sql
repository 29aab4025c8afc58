-- True numbers of reports that take long to count, as they were counted at night: for those who may see them, and for nobody
-- else. All of an organisation's are counted at one moment. What is quick to count is counted when it is asked for, and has no
-- rows here.
create table kept_counts (
  organisation_id bigint not null references organisations,
  line_set text not null,
  period text not null check (period ~ '^(month|quarter|year)-\d{4}'),
  counted_at timestamptz(3) not null,
  primary key (organisation_id, line_set, period)
);

-- A line that is not here was nought.
create table kept_figures (
  organisation_id bigint not null,
  line_set text not null,
  period text not null,
  line text not null,
  n integer not null constraint kept_figure_is_a_count check (n >= 0),
  primary key (organisation_id, line_set, period, line),
  foreign key (organisation_id, line_set, period) references kept_counts on delete cascade
);
