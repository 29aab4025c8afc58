-- What people meet us on, how each person wants to meet for what, and where else there is help. A preference is only added to: for
-- each purpose the newest counts. Its words stand apart, where retention may empty them.

create table platforms (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  name text not null check (name ~ '\S' and length(name) <= 100),
  approval text not null constraint platform_approval_word check (approval in ('approved', 'conditions', 'not-approved')),
  -- who decided so, and when: a board or a person of the trust
  decided_by_words text not null default '' check (length(decided_by_words) <= 200),
  decided_on date check (isfinite(decided_on)),
  settings text not null default '' check (length(settings) <= 2000),
  guidance text not null default '' check (length(guidance) <= 2000),
  mb_per_minute smallint constraint platform_data_is_an_amount check (mb_per_minute between 0 and 100),
  version integer not null default 1,
  unique (organisation_id, id),
  constraint approval_has_a_day check (approval = 'not-approved' or decided_on is not null)
);
create unique index platforms_by_name on platforms (organisation_id, lower(name));

-- Somebody who may decide so takes a risk on, by name. It is only added to.
create table platform_risks (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  platform_id bigint not null,
  risk text not null check (risk ~ '\S' and length(risk) <= 1000),
  accepted_at timestamptz(3) not null,
  accepted_by bigint not null,
  unique (organisation_id, id),
  foreign key (organisation_id, platform_id) references platforms (organisation_id, id),
  foreign key (organisation_id, accepted_by) references staff (organisation_id, id)
);
create index platform_risks_by_platform on platform_risks (platform_id, id desc);

create table meeting_preferences (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  purpose text not null constraint meeting_purpose_word check (
    purpose in ('first-meeting', 'assessment', 'therapy', 'review', 'medication', 'group', 'crisis')
  ),
  -- the ways that suit them, the one they like best first
  ways text[] not null constraint ways_are_ways check (
    ways <@ array['face-to-face', 'home-visit', 'phone', 'video', 'text'] and cardinality(ways) between 1 and 5
  ),
  camera text constraint camera_word check (camera in ('on', 'off', 'either')),
  length text constraint meeting_length_word check (length in ('shorter', 'usual', 'longer')),
  frequency text constraint meeting_frequency_word check (frequency in ('more-often', 'usual', 'less-often')),
  times text[] not null default '{}' check (times <@ array['morning', 'afternoon', 'evening']),
  review_on date not null check (isfinite(review_on)),
  at timestamptz(3) not null,
  recorded_by bigint not null,
  -- asked again since
  superseded_at timestamptz(3),
  unique (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, recorded_by) references staff (organisation_id, id)
);
create index meeting_preferences_newest on meeting_preferences (service_user_id, purpose, id desc);
create index meeting_preferences_to_review on meeting_preferences (organisation_id, review_on, id)
  where superseded_at is null;

create table meeting_preference_words (
  preference_id bigint primary key,
  organisation_id bigint not null,
  joins text not null default '' check (length(joins) <= 200),
  notes text not null default '' check (length(notes) <= 1000),
  foreign key (organisation_id, preference_id) references meeting_preferences (organisation_id, id)
);

-- The platforms that somebody knows, for one purpose.
create table meeting_preference_platforms (
  preference_id bigint not null,
  platform_id bigint not null,
  organisation_id bigint not null,
  primary key (preference_id, platform_id),
  foreign key (organisation_id, preference_id) references meeting_preferences (organisation_id, id),
  foreign key (organisation_id, platform_id) references platforms (organisation_id, id)
);

create trigger meeting_preference_stays before update on meeting_preferences
  for each row execute function contact_fact_stays('superseded_at');
create trigger follow_merge before insert or update of service_user_id on meeting_preferences
  for each row execute function follow_merge();

-- Help beyond the service. `helps`: the factors it is an answer to, by the names the rules give them.
create table signposts (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  kind text not null constraint signpost_kind_word check (
    kind in ('tariff', 'hub', 'library', 'training', 'specialist', 'voluntary')
  ),
  name text not null check (name ~ '\S' and length(name) <= 200),
  about text not null default '' check (length(about) <= 1000),
  phone text not null default '' check (length(phone) <= 100),
  website text not null default '' check (length(website) <= 500),
  address text not null default '' check (length(address) <= 500),
  area text not null default '' check (length(area) <= 100),
  helps text[] not null default '{}' check (cardinality(helps) <= 30),
  checked_on date not null check (isfinite(checked_on)),
  checked_by bigint not null,
  ended_at timestamptz(3),
  version integer not null default 1,
  unique (organisation_id, id),
  foreign key (organisation_id, checked_by) references staff (organisation_id, id)
);
create index signposts_in_use on signposts (organisation_id, kind, name, id) where ended_at is null;

-- How many people each barrier shuts out is counted on the page that champions open first.
create index suggestions_barriers on suggestions (organisation_id, factor, service_user_id)
  where withdrawn_at is null and level = 'barrier' and decision is distinct from 'done';
