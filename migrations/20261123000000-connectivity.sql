-- Where and when a connection failed, so that it is mended where it fails most. What failed is a word from a list: nobody's name
-- need ever stand here. Per ward; its site is known from the ward.
create table connectivity_notes (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  ward_id bigint not null,
  happened_on date not null,
  what text not null constraint connectivity_word check (what in ('no-wifi', 'dropped', 'slow', 'no-signal', 'works')),
  -- as a speed test says; null: nobody measured
  megabits numeric(7, 1) check (megabits between 0 and 10000),
  place text not null default '' check (length(place) <= 100),
  noted_at timestamptz(3) not null check (isfinite(noted_at)),
  noted_by bigint not null,
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, noted_by) references staff (organisation_id, id)
);
create index connectivity_notes_by_ward on connectivity_notes (ward_id, happened_on desc, id desc);
