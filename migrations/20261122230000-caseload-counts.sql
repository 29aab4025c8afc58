-- How many people are on the caseload, by group: what rates are worked out of. Counts of many, so nobody stands in them; but
-- a small one may still point to somebody, so only those who bring them in see them as they are.

create table caseload_counts (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations (id),
  -- null: of the whole organisation
  ward_id bigint,
  counted_on date not null check (isfinite(counted_on)),
  breakdown text not null,
  people_group text not null,
  people integer not null constraint people_are_counted check (people between 0 and 1000000),
  import_id bigint not null,
  constraint counted_once unique nulls not distinct (organisation_id, counted_on, ward_id, breakdown, people_group),
  constraint counted_group_word check (
    people_group = 'not-known' and breakdown <> 'everybody' or case breakdown
      when 'everybody' then people_group = 'everybody'
      when 'age' then people_group in ('0-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75-and-over')
      when 'gender' then people_group in ('woman', 'man', 'non-binary', 'other')
      when 'ethnicity' then people_group in ('asian', 'black', 'mixed', 'white', 'other')
      when 'disability' then people_group in ('yes', 'no')
      when 'language' then people_group in ('no', 'spoken', 'signed')
      when 'housing' then people_group in ('settled', 'supported', 'temporary', 'someone-elses', 'rough')
      when 'asylum' then people_group in ('seeking', 'refugee', 'no')
      when 'inpatient' then people_group in ('yes', 'no')
      when 'deprivation' then people_group in ('1', '2', '3', '4', '5', '6', '7', '8', '9', '10')
      else false
    end
  ),
  foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, import_id) references imports (organisation_id, id)
);

alter table imports
  drop constraint imports_kind_check,
  add constraint imports_kind_check check (kind in ('items', 'loans', 'people', 'counts')) not valid;
alter table imports validate constraint imports_kind_check;
